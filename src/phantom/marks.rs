//! The signs of [`super::signs`] on the skin: shows what is present, whatever the pattern, and takes away what is not.

use core::f64::consts::TAU;

use bedside_perturbations::Stream;

use super::disease::eczema_herpeticum::vesicle;
use super::latent::Latent;
use super::paint::canvas::{Blob, Canvas, Grain, Part, Spot};
use super::paint::outline::{Outline, Shape};
use super::paint::skin::Form;
use super::paint::tissue::{Tissue, step};
use super::scene::Scene;
use super::signs::Signs;

/// Gives the main lesion the outline of its signs and lays out what lies on and around it.
pub fn arrange(stream: &mut Stream, latent: &Latent, form: &Form, blobs: &mut Vec<Blob>) {
    let signs = latent.signs;
    let Some(main) = blobs.first_mut() else { return };
    main.outline = Outline::new(stream, 0.5 * latent.diameter, shape(signs));
    let main = main.clone();
    if signs.satellites {
        add(stream, form, blobs, Part::Satellite, (3, 6), |stream, cos, sin| {
            let radius = latent.diameter * stream.between(0.05, 0.11) as f32;
            let away =
                1.15 * main.outline.radius(cos, sin) + radius + latent.diameter * stream.between(0.03, 0.25) as f32;
            (away, radius)
        });
    }
    if signs.blisters && blobs.iter().all(|blob| blob.part != Part::Minor) {
        add(stream, form, blobs, Part::Vesicle, (8, 15), |stream, cos, sin| {
            let away = main.outline.radius(cos, sin) * stream.uniform().sqrt() as f32;
            (away, (0.07 * latent.diameter).min(stream.between(1.0, 1.7) as f32))
        });
    }
}

/// The outline of a lesion with these signs.
fn shape(signs: Signs) -> Shape {
    let (elongation, lobes) = if signs.asymmetric { (1.45, 0.10) } else { (1.1, 0.018) };
    Shape { elongation, lobes, ragged: if signs.ragged { 0.042 } else { 0.006 } }
}

/// Adds from `low` to `high` small round blobs, each as far out and as wide as `place` says.
fn add(
    stream: &mut Stream,
    form: &Form,
    blobs: &mut Vec<Blob>,
    part: Part,
    (low, high): (u64, u64),
    place: impl Fn(&mut Stream, f32, f32) -> (f32, f32),
) {
    for _ in 0..low + stream.below(high - low + 1) {
        let angle = stream.between(0.0, TAU) as f32;
        let (cos, sin) = (libm::cosf(angle), libm::sinf(angle));
        let (away, radius) = place(stream, cos, sin);
        let outline = Outline::new(stream, radius, Shape::ROUND);
        let blob = Blob { x: away * cos, y: away * sin, outline, part, key: stream.bits() };
        if form.holds(blob.x, blob.y, radius) {
            blobs.push(blob);
        }
    }
}

/// Redness around the main lesion, under all else.
pub fn halo(canvas: &mut Canvas, blobs: &[Blob], signs: Signs) {
    let Some(main) = blobs.first().filter(|_| signs.red_halo) else { return };
    let around = Blob { outline: main.outline.grown(1.28, 0.8), ..main.clone() };
    canvas.blob(&around, [Grain(0.5 * main.outline.reach(), 2)], |tissue, spot| {
        let [slow] = spot.grain;
        tissue.blood += step(1.0, 0.72, spot.rho) * (0.62 + 0.18 * slow);
    });
}

/// Draws one blob of a scene with its signs.
pub fn paint(canvas: &mut Canvas, scene: &Scene, blob: &Blob) {
    match blob.part {
        Part::Main => {
            (scene.paint)(canvas, &scene.body, blob);
            let main = scene.blobs.first().is_some_and(|first| first.key == blob.key);
            mark(canvas, blob, scene.signs, scene.body.melanin, main);
        }
        Part::Satellite => {
            let blob = Blob { part: Part::Main, ..blob.clone() };
            (scene.paint)(canvas, &scene.body, &blob);
            mark(canvas, &blob, scene.signs, scene.body.melanin, false);
        }
        Part::Minor => {
            (scene.paint)(canvas, &scene.body, blob);
            if !scene.signs.crusted {
                canvas.blob(blob, [], |tissue, _| tissue.crust *= 0.35);
            }
        }
        Part::Vesicle => vesicle(canvas, blob),
    }
}

/// Scale, crust and colours, present or not. Crust and colours are shown on the main lesion only.
fn mark(canvas: &mut Canvas, blob: &Blob, signs: Signs, melanin: f32, main: bool) {
    let reach = blob.outline.reach();
    let flake = (0.09 * reach).clamp(0.3, 0.8);
    let lean = (blob.key >> 8 & 7) as f32 * 0.785;
    let lean = (0.6 * libm::cosf(lean) / reach, 0.6 * libm::sinf(lean) / reach);
    canvas.blob(blob, [Grain(0.6 * reach, 3), Grain(flake, 2)], |tissue, spot| {
        let soft = spot.soft(0.25 * reach);
        if main || !signs.many_colours {
            let side = spot.x * lean.0 + spot.y * lean.1;
            colours(tissue, spot, signs.many_colours, soft * (1.0 + 0.15 * melanin), side);
        }
        if main || !signs.crusted {
            crust(tissue, spot, signs.crusted, reach);
        }
        scale(tissue, spot, signs.scaly, soft);
    });
}

/// Brown-black on one side, blue-grey and pink on the other.
fn colours(tissue: &mut Tissue, spot: &Spot<2>, present: bool, strength: f32, side: f32) {
    let [slow, fine] = spot.grain;
    if present {
        let zone = slow + side + 0.10 * fine;
        let pink = strength * step(0.35, 0.95, -zone);
        tissue.melanin = (tissue.melanin + 1.0 * strength * step(0.05, 0.65, zone)) * (1.0 - 0.4 * pink.min(1.0));
        tissue.deep += 0.8 * strength * step(0.0, 0.45, -zone) * step(1.0, 0.45, -zone);
        tissue.blood += 0.22 * pink;
    } else {
        tissue.deep *= 0.2;
    }
}

/// A film of fine flakes, thickest where the noise is high, that never covers everything.
fn scale(tissue: &mut Tissue, spot: &Spot<2>, present: bool, soft: f32) {
    let [slow, fine] = spot.grain;
    if present {
        let film = soft * step(-0.9, 0.8, 0.8 * slow + fine);
        let flake = film * step(0.0, 0.8, fine + 0.3 * slow);
        tissue.scale = tissue.scale.max((0.30 * film + 0.24 * flake).min(0.55));
        tissue.height += 0.09 * film * fine;
    } else {
        tissue.scale *= 0.22;
    }
}

fn crust(tissue: &mut Tissue, spot: &Spot<2>, present: bool, reach: f32) {
    let [slow, fine] = spot.grain;
    if present {
        let core = step(0.62, 0.36, spot.rho + 0.28 * slow);
        tissue.crust = tissue.crust.max(core * (0.74 + 0.20 * fine).clamp(0.0, 0.92));
        tissue.bruise += 0.9 * core * step(0.05, 0.45, fine);
        tissue.height += core * (0.03 * reach.min(6.0) + 0.10 * fine);
    } else {
        tissue.crust *= 0.15;
    }
}

#[cfg(test)]
mod tests {
    use super::super::paint::lens::Lens;
    use super::super::paint::tissue::Tissue;
    use super::{Blob, Canvas, Outline, Part, Shape, Signs, mark};
    use bedside_perturbations::Stream;

    /// Sums over a lesion of (scale, crust, deep pigment) that a pattern left there, after its signs.
    fn sums(shown: [bool; 9]) -> [f32; 3] {
        let lens = Lens { scale_x: 10.0, scale_y: 10.0, centre_x: 60.0, centre_y: 60.0 };
        let left = Tissue { scale: 0.3, crust: 0.3, deep: 0.3, ..Tissue::default() };
        let mut canvas = Canvas { lens, size: (120, 120), tissue: vec![left; 14_400] };
        let outline = Outline::new(&mut Stream::derive(1, &[]), 5.0, Shape::ROUND);
        let blob = Blob { x: 0.0, y: 0.0, outline, part: Part::Main, key: 77 };
        mark(&mut canvas, &blob, Signs::of(shown, 0), 0.5, true);
        let sum = |of: fn(&Tissue) -> f32| canvas.tissue.iter().map(of).sum();
        [sum(|t| t.scale), sum(|t| t.crust), sum(|t| t.deep)]
    }

    #[test]
    fn a_sign_is_seen_where_it_is_present_and_not_where_it_is_absent() {
        let none = sums([false; 9]);
        for (shown, which) in [(3, 0), (4, 1), (2, 2)] {
            let mut signs = [false; 9];
            signs[shown] = true;
            let with = sums(signs);
            for k in 0..3 {
                let more = with[k] > 1.15 * none[k];
                assert_eq!(more, k == which, "{shown}: {with:?} and {none:?}");
            }
        }
    }
}
