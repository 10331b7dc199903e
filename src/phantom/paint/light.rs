//! Light on the body: a lamp from the side, a room around it, highlights, and what lies behind.

use super::canvas::Canvas;
use super::lens::Area;
use super::noise::Noise;
use super::skin::{Body, Form};
use super::tissue::{Fade, Light, Tissue, step};

/// How a picture is lit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lighting {
    /// Direction towards the lamp, a unit vector: right, down, towards the camera.
    pub lamp: [f32; 3],
    /// Colour of the lamp.
    pub lamp_colour: Light,
    /// Colour of the light from all around.
    pub room_colour: Light,
    /// How the light falls off across and down the picture, per half width.
    pub slope: (f32, f32),
    /// How the light falls off towards the corners.
    pub vignette: f32,
    /// Colour of what lies behind the body.
    pub cloth: Light,
    /// Greasy sheen of the skin, 0 to 1.
    pub sheen: f32,
}

/// The canvas in linear light.
#[must_use]
pub fn shine(canvas: &Canvas, body: &Body, lighting: &Lighting) -> Vec<Light> {
    let (width, height) = (canvas.size.0 as usize, canvas.size.1 as usize);
    let lamp = Lamp::new(lighting);
    let cloth = behind(canvas, body, lighting);
    let mut out = Vec::with_capacity(width * height);
    for row in 0..height {
        let y = canvas.lens.mm_y(row);
        let v = 2.0 * row as f32 / height as f32 - 1.0;
        let from = row * width;
        let line = canvas.tissue.get(from..from + width).unwrap_or_default();
        let below = canvas.tissue.get(from + width..from + 2 * width).unwrap_or(line);
        let right = line.iter().skip(1).chain(line.last());
        for (column, ((tissue, right), below)) in line.iter().zip(right).zip(below).enumerate() {
            let place = body.form.place(canvas.lens.mm_x(column), y);
            let u = 2.0 * column as f32 / width as f32 - 1.0;
            let fall = lighting.fall(u, v);
            let slope = ((right.height - tissue.height) * canvas.lens.scale_x,
                (below.height - tissue.height) * canvas.lens.scale_y);
            let lit = lamp.on(tissue, &body.form, place, slope);
            let covered = coverage(canvas, body, place);
            let back = if covered < 1.0 { cloth.get(from + column).copied().unwrap_or([0.5; 3]) } else { [0.0; 3] };
            out.push(core::array::from_fn(|c| fall * (lit[c] * covered + back[c] * (1.0 - covered))));
        }
    }
    out
}

/// How much of a pixel the body covers.
fn coverage(canvas: &Canvas, body: &Body, place: f32) -> f32 {
    ((1.0 - place.abs()) * body.form.radius * canvas.lens.finest_scale() + 0.5).clamp(0.0, 1.0)
}

impl Lighting {
    fn fall(&self, u: f32, v: f32) -> f32 {
        let tilt = 1.0 + self.slope.0 * u + self.slope.1 * v;
        tilt.max(0.2) * (1.0 - self.vignette * (u * u + v * v))
    }
}

/// What does not change from pixel to pixel.
struct Lamp<'a> {
    lighting: &'a Lighting,
    half: [f32; 3],
    fade: &'static Fade,
}

/// Share of light reflected by the surface itself, without entering the skin.
const VEIL: f32 = 0.014;

impl<'a> Lamp<'a> {
    fn new(lighting: &'a Lighting) -> Self {
        let [x, y, z] = lighting.lamp;
        let length = libm::sqrtf(x * x + y * y + (z + 1.0) * (z + 1.0));
        Self { lighting, half: [x / length, y / length, (z + 1.0) / length], fade: Fade::table() }
    }

    fn on(&self, tissue: &Tissue, form: &Form, place: f32, slope: (f32, f32)) -> Light {
        let s = place.clamp(-0.995, 0.995);
        let up = libm::sqrtf(1.0 - s * s);
        let (nx, ny) = (form.across.0 * s - slope.0, form.across.1 * s - slope.1);
        let scale = 1.0 / libm::sqrtf(nx * nx + ny * ny + up * up);
        let dot = |d: [f32; 3]| ((nx * d[0] + ny * d[1] + up * d[2]) * scale).max(0.0);
        let direct = dot(self.lighting.lamp);
        let room = 0.55 + 0.45 * up * scale;
        let gloss = self.gloss(tissue, dot(self.half));
        let colour = tissue.colour(self.fade);
        core::array::from_fn(|c| {
            let lamp = self.lighting.lamp_colour[c];
            let incoming = lamp * direct + self.lighting.room_colour[c] * room;
            (colour[c] + VEIL) * incoming + lamp * gloss
        })
    }

    /// Highlights: a broad sheen of oily skin and a sharp one where it is wet or tense.
    fn gloss(&self, tissue: &Tissue, facing: f32) -> f32 {
        let p4 = facing * facing * facing * facing;
        let p16 = p4 * p4 * p4 * p4;
        let p64 = p16 * p16 * p16 * p16;
        let matt = 1.0 - 0.8 * tissue.scale.max(tissue.crust);
        matt * (self.lighting.sheen * 0.05 * p16 + (0.10 * self.lighting.sheen + 0.55 * tissue.wet) * p64 * p64)
    }
}

/// The cloth behind the body, with the body's shadow on it; empty when none of it shows.
fn behind(canvas: &Canvas, body: &Body, lighting: &Lighting) -> Vec<Light> {
    let (w, h) = (canvas.size.0 as usize, canvas.size.1 as usize);
    let place = |x: usize, y: usize| body.form.place(canvas.lens.mm_x(x), canvas.lens.mm_y(y)).abs();
    let corners = [(0, 0), (w, 0), (0, h), (w, h), (w / 2, 0), (w / 2, h), (0, h / 2), (w, h / 2)];
    if corners.iter().all(|&(x, y)| place(x, y) < 0.98) {
        return Vec::new();
    }
    let area = Area { x: 0, y: 0, w, h };
    let folds = Noise::new(body.key ^ 0xC107).field(&canvas.lens, area, 40.0, 4, 0.55);
    let light = |k: usize, fold: &f32| {
        let shadow = 0.50 + 0.50 * step(1.0, 1.35, place(k % w, k / w));
        lighting.cloth.map(|c| c * shadow * (1.0 + 0.16 * fold))
    };
    folds.iter().enumerate().map(|(k, fold)| light(k, fold)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Body, Canvas, Form, Lighting, Tissue, shine};
    use crate::phantom::paint::lens::Lens;

    const LIGHTING: Lighting = Lighting {
        lamp: [-0.6, 0.0, 0.8],
        lamp_colour: [0.7; 3],
        room_colour: [0.3; 3],
        slope: (0.0, 0.0),
        vignette: 0.0,
        cloth: [0.1, 0.4, 0.3],
        sheen: 0.0,
    };

    fn lit(radius: f32) -> Vec<[f32; 3]> {
        let lens = Lens { scale_x: 1.0, scale_y: 1.0, centre_x: 50.0, centre_y: 5.0 };
        let canvas = Canvas { lens, size: (100, 10), tissue: vec![Tissue::default(); 1000] };
        let form = Form { radius, across: (1.0, 0.0), offset: 0.0, bend: 0.0 };
        let body = Body { melanin: 0.1, blood: 0.1, furrow: 0.0, damage: 0.0, hair: 0.0, form, key: 1 };
        shine(&canvas, &body, &LIGHTING)
    }

    #[test]
    fn the_side_towards_the_lamp_is_brighter() {
        let light = lit(60.0);
        assert!(light[10][1] > 1.2 * light[90][1]);
    }

    #[test]
    fn cloth_shows_beside_a_limb() {
        let light = lit(30.0);
        assert!(light[1][0] < 0.5 * light[1][1], "cloth is green");
        assert!(light[50][0] > light[50][1], "skin is not");
    }
}
