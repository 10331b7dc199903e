//! Defocus: every point of the scene becomes a disc.

use image::RgbImage;

use super::SHARP_ENOUGH;
use super::coarse::{on_coarse, square_for};
use crate::image::kernels::disc::Disc;
use crate::image::kernels::taps::{self, Tap};
use crate::image::kernels::{Border, Rounding};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "defocus",
    family: "image/optics",
    title: "Out of focus",
    imitates: "A phone held too close, or focused on the background, so that the lesion lies outside the depth of field.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "While the outline and colours of the lesion are readable the finding is the same; beyond the \
                    gradable level a dependable model asks for another photograph.",
    gradable_to: SHARP_ENOUGH,
    grading: Grading::Graded {
        dose: "radius",
        unit: Unit::ShorterSide,
        levels: [0.005, 0.01, 0.02, 0.03, 0.05],
        range: Range { mildest: 0.001, severest: 0.15 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): defocus blur as a disc; 3-10 px at 224 px are 1.3-4.5 %",
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): dermatoscope discs of 4-8 px at 224 px are 1.8-3.6 %",
        "Kernel: the share of each pixel that a disc covers, border pixels repeated, on stored grey levels; from 20 px \
         on, worked on means of squares such that the radius still spans 10 of them (within 3 grey levels)",
    ],
};

/// A disc of half a pixel lies inside one pixel: nothing would be averaged.
const SMALLEST_RADIUS_PX: f64 = 0.52;

/// Defocus with a radius in shares of the shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Defocus {
    radius: f64,
}

impl Perturbation for Defocus {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            let radius = length_px(&image.pixels, self.radius, SMALLEST_RADIUS_PX)?;
            Ok(Edited::in_place(image, blur(&image.pixels, radius), [("radius_px", radius)]))
        })
    }
}

impl Operator for Defocus {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Defocus {
    fn at_dose(dose: f64) -> Self {
        Self { radius: Self::range().nearest(dose) }
    }
}

/// A disc of this radius in pixels is round enough; wider ones are worked on a smaller copy.
const WIDE: f64 = 10.0;

/// A disc below this radius in pixels has so little inside that its pixels are added one by one.
const SMALL: f64 = 2.5;

/// Averages over the disc.
fn blur(source: &RgbImage, radius: f64) -> RgbImage {
    let square = square_for(radius, WIDE);
    on_coarse(source, square, |copy| average(copy, radius / f64::from(square)))
}

/// Averages over the disc at this size.
fn average(source: &RgbImage, radius: f64) -> RgbImage {
    let area = core::f64::consts::PI * radius * radius;
    let weight = |across: usize, down: usize| coverage(radius, across, down) / area;
    if radius >= SMALL {
        return Disc::new(reach(radius), weight).average(source, Border::Repeat, Rounding::Nearest);
    }
    taps::once(source, &pixels(reach(radius), weight), Border::Repeat, Rounding::Nearest)
}

/// The columns and rows to each side that a disc touches.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand pixels at most")]
fn reach(radius: f64) -> usize {
    libm::ceil(radius - 0.5).max(0.0) as usize
}

/// A small disc pixel by pixel.
fn pixels(reach: usize, weight: impl Fn(usize, usize) -> f64) -> Vec<Tap> {
    let span = -reach.cast_signed()..=reach.cast_signed();
    let cells = span.clone().flat_map(|across| span.clone().map(move |down| (across, down)));
    let taps = cells.map(|(across, down)| {
        let weight = weight(across.unsigned_abs(), down.unsigned_abs());
        Tap { across, down, weight }
    });
    taps.filter(|tap| tap.weight > 0.0).collect()
}

/// The share of a pixel, that many columns and rows from the centre, that the disc covers.
#[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
fn coverage(radius: f64, across: usize, down: usize) -> f64 {
    let (x, y) = (across as f64, down as f64);
    let corner = |edge: f64, left: f64| area_below(radius, left + 1.0, edge) - area_below(radius, left, edge);
    (corner(y + 0.5, x - 0.5) - corner(y - 0.5, x - 0.5)).clamp(0.0, 1.0)
}

/// The disc's area between x = 0 and `x` (negative to the left), above y = 0 and below `y` (negative below 0).
fn area_below(radius: f64, x: f64, y: f64) -> f64 {
    let (wide, high) = (x.abs().min(radius), y.abs().min(radius));
    let under =
        |x: f64| 0.5 * (x * libm::sqrt((radius * radius - x * x).max(0.0)) + radius * radius * libm::asin(x / radius));
    let bend = libm::sqrt((radius * radius - high * high).max(0.0)).min(wide);
    let area = high * bend + under(wide) - under(bend);
    if (x < 0.0) == (y < 0.0) { area } else { -area }
}

#[cfg(test)]
mod tests {
    use super::{Defocus, average, blur, coverage, pixels, reach};
    use crate::image::tests::photo;
    use crate::{Graded, Level};

    #[test]
    fn level_two_is_a_radius_of_one_percent_and_eight_percent_may_be_asked_for() {
        assert_eq!(Defocus::at(Level::new(2).unwrap()), Defocus::at_dose(0.01));
        assert!(Defocus::range().contains(0.08));
    }

    #[test]
    fn coverage_is_the_area_of_the_disc_in_the_pixel() {
        let radius = 2.3;
        for (across, down) in [(0, 0), (1, 1), (2, 0), (2, 1), (1, 2), (2, 2), (3, 0)] {
            let inside = (0..400 * 400).filter(|i| {
                let x = f64::from(across) - 0.5 + (f64::from(i % 400) + 0.5) / 400.0;
                let y = f64::from(down) - 0.5 + (f64::from(i / 400) + 0.5) / 400.0;
                x * x + y * y <= radius * radius
            });
            let share = inside.count() as f64 / 160_000.0;
            assert!((coverage(radius, across as usize, down as usize) - share).abs() < 1e-3, "{across} {down}");
        }
    }

    #[test]
    fn the_weights_sum_to_one() {
        for radius in [0.52, 0.9, 1.5, 2.4, 9.6, 60.0] {
            let area = core::f64::consts::PI * radius * radius;
            let taps = pixels(reach(radius), |across, down| coverage(radius, across, down) / area);
            let sum: f64 = taps.iter().map(|tap| tap.weight).sum();
            assert!((sum - 1.0).abs() < 1e-9, "radius {radius}: {sum}");
        }
    }

    #[test]
    fn a_dot_becomes_a_disc_of_that_radius() {
        let dot = photo(41, 41, |x, y| [if x.abs_diff(20) <= 1 && y.abs_diff(20) <= 1 { 255 } else { 0 }; 3]);
        let radius = 6.0_f64;
        let out = blur(&dot.pixels, radius);
        let level = 9.0 * 255.0 / (core::f64::consts::PI * radius * radius);
        for (x, y, pixel) in out.enumerate_pixels() {
            let away = (f64::from(x) - 20.0).hypot(f64::from(y) - 20.0);
            let got = f64::from(pixel.0[2]);
            if away < radius - 2.2 {
                assert!((got - level).abs() <= 1.0, "{x} {y}: {got} for {level}");
            }
            if away > radius + 2.2 {
                assert!(got < 0.5, "{x} {y}: {got} outside the disc");
            }
        }
    }

    #[test]
    fn a_wide_disc_on_a_smaller_copy_is_the_disc_on_the_photograph() {
        let image = crate::contract::photograph(230, 200, 1).pixels;
        for radius in [20.0, 32.0, 50.0] {
            let (coarse, exact) = (blur(&image, radius), average(&image, radius));
            assert!(crate::squared_error(&coarse, &exact) < 0.5, "{}", crate::squared_error(&coarse, &exact));
            assert!(coarse.iter().zip(exact.iter()).all(|(a, b)| a.abs_diff(*b) <= 3));
        }
    }

    #[test]
    fn every_pixel_is_the_mean_over_the_disc() {
        for radius in [0.9, 2.4, 3.4] {
            every_pixel_is_the_mean_over(radius);
        }
    }

    fn every_pixel_is_the_mean_over(radius: f64) {
        let image = photo(33, 29, |x, y| [(x * 37 + y * 91) as u8, (x * y) as u8, (x ^ y) as u8]);
        let fast = blur(&image.pixels, radius);
        let near = |v: i64, end: u32| v.clamp(0, i64::from(end) - 1) as u32;
        for (x, y, pixel) in fast.enumerate_pixels() {
            let mut sum = 0.0;
            for (dx, dy) in (-4_i64..=4).flat_map(|dx| (-4_i64..=4).map(move |dy| (dx, dy))) {
                let at = image.pixels.get_pixel(near(i64::from(x) + dx, 33), near(i64::from(y) + dy, 29)).0[0];
                sum += f64::from(at) * coverage(radius, dx.unsigned_abs() as usize, dy.unsigned_abs() as usize);
            }
            let wanted = sum / (core::f64::consts::PI * radius * radius);
            assert!((f64::from(pixel.0[0]) - wanted).abs() < 0.6);
        }
    }
}
