//! Fine lines on a lesion: vessels that branch, and scratch marks.

use core::f64::consts::{PI, TAU};

use bedside_perturbations::Stream;

use crate::canvas::{Blob, Canvas};

/// Draws `count` branching vessels of that width (mm) from the rim of a lesion inwards.
pub fn tree(canvas: &mut Canvas, blob: &Blob, count: u64, width: f32) {
    let mut stream = Stream::derive(blob.key, &["vessels"]);
    for _ in 0..count {
        let angle = stream.between(0.0, TAU) as f32;
        let (cos, sin) = (libm::cosf(angle), libm::sinf(angle));
        let start = 0.82 * blob.outline.radius(cos, sin);
        let root = Twig { at: (blob.x + start * cos, blob.y + start * sin), heading: angle + PI as f32, width };
        grow(canvas, blob, &mut stream, root, 9);
    }
}

struct Twig {
    at: (f32, f32),
    heading: f32,
    width: f32,
}

/// Draws a winding vessel of that many pieces, which may branch once.
fn grow(canvas: &mut Canvas, blob: &Blob, stream: &mut Stream, mut twig: Twig, pieces: u32) {
    let length = 0.11 * blob.outline.reach();
    let fork = stream.below(u64::from(pieces)) as u32;
    for piece in 0..pieces {
        twig.heading += 0.42 * stream.normal() as f32;
        let to = (twig.at.0 + length * libm::cosf(twig.heading), twig.at.1 + length * libm::sinf(twig.heading));
        canvas.stroke(twig.at, to, twig.width, blob, |tissue, strength| {
            tissue.blood += 0.75 * strength;
            tissue.bruise += 0.12 * strength;
            tissue.scale *= 1.0 - 0.5 * strength;
        });
        twig.at = to;
        twig.width *= 0.93;
        if piece == fork && pieces > 4 {
            let branch = Twig { at: to, heading: twig.heading + 0.8 * stream.sign() as f32, width: twig.width * 0.8 };
            grow(canvas, blob, stream, branch, pieces / 2);
        }
    }
}

/// Draws scratch marks: bundles of short parallel crusts.
pub fn scratches(canvas: &mut Canvas, blob: &Blob, count: u64) {
    let mut stream = Stream::derive(blob.key, &["scratches"]);
    let reach = blob.outline.reach();
    let lie = stream.between(0.0, PI) as f32;
    for _ in 0..count {
        let angle = lie + 0.25 * stream.normal() as f32;
        let centre = (0.38 * reach * stream.normal() as f32, 0.38 * reach * stream.normal() as f32);
        let half = stream.between(1.5, 6.0) as f32;
        let (dx, dy) = (half * libm::cosf(angle), half * libm::sinf(angle));
        let (x, y) = (blob.x + centre.0, blob.y + centre.1);
        canvas.stroke((x - dx, y - dy), (x + dx, y + dy), 0.55, blob, |tissue, strength| {
            tissue.crust = tissue.crust.max(0.6 * strength);
            tissue.bruise += 0.5 * strength;
            tissue.blood += 0.5 * strength;
            tissue.height -= 0.05 * strength;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Blob, Canvas, tree};
    use crate::canvas::Part;
    use crate::lens::Lens;
    use crate::outline::{Outline, Shape};
    use crate::tissue::Tissue;
    use bedside_perturbations::Stream;

    #[test]
    fn vessels_redden_a_small_share_of_the_lesion() {
        let lens = Lens { scale_x: 20.0, scale_y: 20.0, centre_x: 100.0, centre_y: 100.0 };
        let mut canvas = Canvas { lens, size: (200, 200), tissue: vec![Tissue::default(); 40_000] };
        let outline = Outline::new(&mut Stream::derive(4, &[]), 4.0, Shape::ROUND);
        let blob = Blob { x: 0.0, y: 0.0, outline, part: Part::Main, key: 5 };
        tree(&mut canvas, &blob, 8, 0.08);
        let red = canvas.tissue.iter().filter(|tissue| tissue.blood > 0.3).count();
        assert!((200..8000).contains(&red), "{red}");
    }
}
