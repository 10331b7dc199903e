//! Against an independent implementation of the same mathematics.

use bedside_perturbations::contract::photograph;
use bedside_perturbations::{Context, Setting, Stimulus, Stream, catalogue};
use imageproc::filter::gaussian_blur_f32;

/// Mean difference in grey levels between our blur at that dose and imageproc's at that sigma in pixels.
fn difference(dose: f64, sigma: f32) -> f64 {
    let original = photograph(160, 120, 1);
    let mut stimulus = Stimulus { images: vec![original.clone()], ..Stimulus::default() };
    let entry = catalogue::find("gaussian_blur").unwrap();
    let operator = entry.build(&Setting { dose: Some(dose), ..Setting::default() }).unwrap();
    operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["peer"]))).unwrap();
    let (ours, theirs) = (&stimulus.images[0].pixels, gaussian_blur_f32(&original.pixels, sigma));
    let apart = ours.as_raw().iter().zip(theirs.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)));
    apart.sum::<f64>() / f64::from(160 * 120 * 3)
}

#[test]
fn gaussian_blur_agrees_with_imageproc() {
    // The shorter side is 120 px. imageproc cuts its kernel at two sigma and rounds down between its passes.
    for (dose, sigma) in [(0.0125, 1.5), (0.025, 3.0)] {
        let (same, other) = (difference(dose, sigma), difference(dose, sigma / 2.0));
        assert!(same < 1.2, "sigma {sigma}: {same}");
        assert!(other > 2.0 * same, "sigma {sigma}: {same}, and {other} from half the sigma");
    }
}
