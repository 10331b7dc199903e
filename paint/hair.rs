//! Body hair: thin curved strands that cross the picture, lesion and all.

use bedside_perturbations::Stream;

use crate::lens::Lens;
use crate::skin::Body;
use crate::tissue::Light;

/// Most strands in one picture.
const MOST: f32 = 420.0;

/// One strand: a quadratic curve with a width in pixels and a colour.
struct Strand {
    from: (f32, f32),
    bend: (f32, f32),
    to: (f32, f32),
    width: f32,
    colour: Light,
}

/// Draws hair over a picture in linear light.
pub fn draw(light: &mut [Light], size: (u32, u32), lens: &Lens, body: &Body, stream: &mut Stream) {
    let seen = size.0 as f32 * size.1 as f32 / (lens.scale_x * lens.scale_y * 100.0);
    let count = (body.hair * seen).min(MOST) as usize;
    let lie = stream.between(0.0, 6.3) as f32;
    let fair = body.melanin < 0.5 && stream.chance(0.4);
    let colour = if fair { [0.20, 0.12, 0.06] } else { [0.022, 0.014, 0.010] };
    for _ in 0..count {
        let strand = strand(stream, size, lens, lie, colour);
        if on_body(&strand, lens, body) {
            lay(light, size, &strand);
        }
    }
}

fn strand(stream: &mut Stream, size: (u32, u32), lens: &Lens, lie: f32, colour: Light) -> Strand {
    let mut between = |low: f64, high: f64| stream.between(low, high) as f32;
    let from = (between(-0.1, 1.1) * size.0 as f32, between(-0.1, 1.1) * size.1 as f32);
    let angle = lie + between(-0.5, 0.5);
    let length = between(5.0, 14.0) * lens.scale_x;
    let curl = between(-0.25, 0.25);
    let (cos, sin) = (libm::cosf(angle) * length, libm::sinf(angle) * length);
    let bend = (from.0 + 0.5 * cos - curl * sin, from.1 + 0.5 * sin + curl * cos);
    Strand { from, bend, to: (from.0 + cos, from.1 + sin), width: between(0.04, 0.085) * lens.scale_x, colour }
}

fn on_body(strand: &Strand, lens: &Lens, body: &Body) -> bool {
    [strand.from, strand.to].iter().all(|&(x, y)| {
        let (x, y) = ((x - lens.centre_x) / lens.scale_x, (y - lens.centre_y) / lens.scale_y);
        body.form.place(x, y).abs() < 0.97
    })
}

fn lay(light: &mut [Light], size: (u32, u32), strand: &Strand) {
    let span = (strand.to.0 - strand.from.0).abs() + (strand.to.1 - strand.from.1).abs();
    let steps = span.max(2.0) as usize;
    for k in 0..=steps {
        let t = k as f32 / steps as f32;
        let s = 1.0 - t;
        let at = |a: f32, b: f32, c: f32| s * s * a + 2.0 * s * t * b + t * t * c;
        let (x, y) = (at(strand.from.0, strand.bend.0, strand.to.0), at(strand.from.1, strand.bend.1, strand.to.1));
        let width = strand.width * (1.0 - 0.75 * t * t);
        dab(light, size, (x, y), width, strand.colour);
    }
}

/// Darkens the pixels around a point as far as a line of that width covers them.
fn dab(light: &mut [Light], size: (u32, u32), (x, y): (f32, f32), width: f32, colour: Light) {
    let strength = 0.62 * width.min(1.0);
    let half = 0.5 * width.max(1.0) + 0.5;
    let (left, top) = ((x - half).ceil() as i32, (y - half).ceil() as i32);
    for py in top..=(y + half) as i32 {
        for px in left..=(x + half) as i32 {
            if px < 0 || py < 0 || px >= size.0 as i32 || py >= size.1 as i32 {
                continue;
            }
            let (dx, dy) = (px as f32 - x, py as f32 - y);
            let cover = strength * (half - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0);
            if let Some(pixel) = light.get_mut(py as usize * size.0 as usize + px as usize) {
                *pixel = core::array::from_fn(|c| pixel[c] + (colour[c] - pixel[c]) * cover);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Strand, lay};

    #[test]
    fn a_strand_darkens_its_path_only() {
        let mut light = vec![[0.5; 3]; 400];
        let strand = Strand { from: (2.0, 10.0), bend: (10.0, 10.0), to: (18.0, 10.0), width: 1.5, colour: [0.0; 3] };
        lay(&mut light, (20, 20), &strand);
        assert!(light[10 * 20 + 8][0] < 0.2);
        assert!((light[5 * 20 + 8][0] - 0.5).abs() < 1e-6);
    }
}
