//! Healthy skin: tone, mottling, furrows, freckles.

use crate::canvas::Canvas;
use crate::lens::{Area, Lens};
use crate::noise::Noise;
use crate::relief::Relief;
use crate::tissue::{Tissue, step};

/// The body under the lens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Body {
    /// Melanin of healthy skin, optical density in green: about 0.1 (Fitzpatrick I) to 3 (VI).
    pub melanin: f32,
    /// Blood of healthy skin.
    pub blood: f32,
    /// Depth of furrows in millimetres.
    pub furrow: f32,
    /// Sun damage, 0 to 1: freckles and mottling.
    pub damage: f32,
    /// Hairs per square centimetre.
    pub hair: f32,
    /// Whether it has the ridges of a sole.
    pub ridged: bool,
    /// The shape of the body.
    pub form: Form,
    /// The key of its noise.
    pub key: u64,
}

/// The body as a slightly bent cylinder lying across the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// Radius in millimetres.
    pub radius: f32,
    /// The direction across the axis, a unit vector.
    pub across: (f32, f32),
    /// Where the lesion's centre lies across the axis, in millimetres from it.
    pub offset: f32,
    /// How much the axis bends, per millimetre.
    pub bend: f32,
}

impl Form {
    /// The place across the cylinder: −1 and 1 are its edges.
    #[must_use]
    pub fn place(&self, x: f32, y: f32) -> f32 {
        let (ax, ay) = self.across;
        let along = y * ax - x * ay;
        (x * ax + y * ay + self.offset + self.bend * along * along) / self.radius
    }

    /// Whether a disc lies wholly on the body, with a margin.
    #[must_use]
    pub fn holds(&self, x: f32, y: f32, radius: f32) -> bool {
        self.place(x, y).abs() + radius / self.radius < 0.9
    }
}

/// Rows laid at a time: their noise fits into the processor's cache.
const BAND: usize = 32;

/// Lays healthy skin under a lens.
#[must_use]
pub fn lay(body: &Body, lens: Lens, size: (u32, u32)) -> Canvas {
    let (w, h) = (size.0 as usize, size.1 as usize);
    let across: Vec<f32> = (0..w).map(|column| lens.mm_x(column)).collect();
    let mut tissue = Vec::with_capacity(w * h);
    for top in (0..h).step_by(BAND) {
        let area = Area { x: 0, y: top as u32, w, h: BAND.min(h - top) };
        lay_band(body, &lens, area, &across, &mut tissue);
    }
    Canvas { lens, size, tissue }
}

fn lay_band(body: &Body, lens: &Lens, area: Area, across: &[f32], tissue: &mut Vec<Tissue>) {
    let field = |salt: u64, cell, octaves| Noise::new(body.key ^ salt).field(lens, area, cell, octaves, 0.62);
    let (pigment, flush) = (field(1, 9.0, 3), field(2, 24.0, 3));
    let (grain, speck) = (field(3, 0.6, 2), field(4, 1.7, 1));
    let relief = Relief::new(0.66, (body.key & 0xFFFF) as f32 / 20_000.0, (0.13, 0.71));
    let depth = body.furrow * if body.ridged { 2.2 } else { 1.0 } * step(2.0, 7.0, lens.finest_scale());
    let mut fields = pigment.iter().zip(&flush).zip(&grain).zip(&speck);
    for row in 0..area.h {
        let y = lens.mm_y(area.y as usize + row);
        for (&x, (((&pigment, &flush), &grain), &speck)) in across.iter().zip(&mut fields) {
            let furrow = match () {
                () if depth <= 0.0 => 0.0,
                () if body.ridged => ridge(x, y, flush),
                () => relief.at(x, y),
            };
            tissue.push(point(body, [pigment, flush, grain, speck], depth * (furrow + 0.35 * grain)));
        }
    }
}

/// The ridges of a sole, half a millimetre apart, winding with a slow noise: 0 in a groove, 1 on a ridge.
fn ridge(x: f32, y: f32, slow: f32) -> f32 {
    let turn = (2.0 * y + 0.5 * x + 3.0 * slow + 4096.0) % 1.0;
    (2.4 * (1.0 - 2.0 * (turn - 0.5).abs())).min(1.0)
}

fn point(body: &Body, [pigment, flush, grain, speck]: [f32; 4], height: f32) -> Tissue {
    let freckle = body.damage * step(0.45, 1.15, speck + 0.25 * grain);
    let mottle = 1.0 + (0.10 + 0.12 * body.damage) * pigment + 0.05 * flush + 0.05 * grain;
    Tissue {
        melanin: body.melanin * mottle + 0.24 * freckle,
        blood: body.blood * (1.0 + 0.30 * flush - 0.18 * pigment + 0.10 * grain),
        height,
        ..Tissue::default()
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn a_disc_is_held_until_the_edge() {
        let form = Form { radius: 40.0, across: (1.0, 0.0), offset: 0.0, bend: 0.0 };
        assert!(form.holds(0.0, 500.0, 30.0));
        assert!(!form.holds(30.0, 0.0, 10.0));
        assert!((form.place(20.0, 7.0) - 0.5).abs() < 1e-6);
    }
}
