//! Light on the body: a lamp from the side, a room around it, highlights, and what lies behind.

use crate::canvas::Canvas;
use crate::lens::{Area, Lens};
use crate::noise::Noise;
use crate::skin::{Body, Form};
use crate::tissue::{Fade, Light, Tissue, step};

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
    let lamp = Lamp::new(lighting, canvas, body);
    let mut out = Vec::with_capacity(width * height);
    for row in 0..height {
        let line = canvas.tissue.get(row * width..(row + 1) * width).unwrap_or_default();
        let below = canvas.tissue.get((row + 1) * width..(row + 2) * width).unwrap_or(line);
        lamp.on_line(line, below, row, &mut out);
    }
    if shows_cloth(canvas, body) {
        cover(&mut out, canvas, body, lighting);
    }
    out
}

/// −1 at one edge of the picture, 1 at the other.
fn centred(at: usize, size: usize) -> f32 {
    2.0 * at as f32 / size as f32 - 1.0
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
    form: &'a Form,
    lens: Lens,
    size: (usize, usize),
    half: [f32; 3],
    fade: &'static Fade,
}

/// What changes slowly from pixel to pixel: computed at every [`STRIDE`]th, straight lines between.
#[derive(Clone, Copy)]
struct Ground {
    /// The place across the body, −1 to 1.
    across: f32,
    /// How far the body faces the camera, 0 to 1.
    up: f32,
    /// How much of the light reaches here.
    fall: f32,
}

/// Pixels between two grounds.
const STRIDE: usize = 16;

impl Ground {
    /// The change per pixel on the way to another.
    fn slope(self, to: Self) -> Self {
        let per = 1.0 / STRIDE as f32;
        let (across, up, fall) = (to.across - self.across, to.up - self.up, to.fall - self.fall);
        Self { across: across * per, up: up * per, fall: fall * per }
    }
}

/// Share of light reflected by the surface itself, without entering the skin.
const VEIL: f32 = 0.013;

impl<'a> Lamp<'a> {
    fn new(lighting: &'a Lighting, canvas: &Canvas, body: &'a Body) -> Self {
        let [x, y, z] = lighting.lamp;
        let length = (x * x + y * y + (z + 1.0) * (z + 1.0)).sqrt();
        let half = [x / length, y / length, (z + 1.0) / length];
        let size = (canvas.size.0 as usize, canvas.size.1 as usize);
        Self { lighting, form: &body.form, lens: canvas.lens, size, half, fade: Fade::table() }
    }

    fn ground(&self, column: usize, row: usize) -> Ground {
        let across = self.form.place(self.lens.mm_x(column), self.lens.mm_y(row)).clamp(-0.995, 0.995);
        let fall = self.lighting.fall(centred(column, self.size.0), centred(row, self.size.1));
        Ground { across, up: (1.0 - across * across).sqrt(), fall }
    }

    fn on_line(&self, line: &[Tissue], below: &[Tissue], row: usize, out: &mut Vec<Light>) {
        let (scale_x, scale_y) = (self.lens.scale_x, self.lens.scale_y);
        let mut before = line.first().map_or(0.0, |tissue| tissue.height);
        let mut next = self.ground(0, row);
        for (k, (line, below)) in line.chunks(STRIDE).zip(below.chunks(STRIDE)).enumerate() {
            let mut ground = next;
            next = self.ground((k + 1) * STRIDE, row);
            let slope = ground.slope(next);
            for (tissue, below) in line.iter().zip(below) {
                let rise = ((tissue.height - before) * scale_x, (below.height - tissue.height) * scale_y);
                before = tissue.height;
                out.push(self.on(tissue, ground, rise));
                ground.across += slope.across;
                ground.up += slope.up;
                ground.fall += slope.fall;
            }
        }
    }

    #[inline]
    fn on(&self, tissue: &Tissue, ground: Ground, rise: (f32, f32)) -> Light {
        let Ground { across, up, fall } = ground;
        let (ax, ay) = self.form.across;
        let (nx, ny) = (ax * across - rise.0, ay * across - rise.1);
        let scale = 1.0 / (nx * nx + ny * ny + up * up).sqrt();
        let dot = |[x, y, z]: [f32; 3]| ((nx * x + ny * y + up * z) * scale).max(0.0);
        let direct = fall * dot(self.lighting.lamp);
        let room = fall * (0.55 + 0.45 * up * scale);
        let gloss = fall * self.gloss(tissue, dot(self.half));
        let [red, green, blue] = tissue.colour(self.fade);
        let (lamp, around) = (&self.lighting.lamp_colour, &self.lighting.room_colour);
        let mix =
            |colour: f32, lamp: f32, around: f32| (colour + VEIL) * (lamp * direct + around * room) + lamp * gloss;
        [mix(red, lamp[0], around[0]), mix(green, lamp[1], around[1]), mix(blue, lamp[2], around[2])]
    }

    /// Highlights: a broad sheen of oily skin and a sharp one where it is wet or tense.
    #[inline]
    fn gloss(&self, tissue: &Tissue, facing: f32) -> f32 {
        // Below this the highlight is nothing, and its powers would be denormal numbers, which are very slow.
        let facing = facing.max(0.6);
        let p2 = facing * facing;
        let p4 = p2 * p2;
        let p8 = p4 * p4;
        let p16 = p8 * p8;
        let p32 = p16 * p16;
        let p128 = p32 * p32 * p32 * p32;
        let matt = 1.0 - 0.8 * tissue.scale.max(tissue.crust);
        matt * (self.lighting.sheen * 0.03 * p16 + (0.035 * self.lighting.sheen + 0.55 * tissue.wet) * p128)
    }
}

/// Whether any of the cloth behind the body is in the picture.
fn shows_cloth(canvas: &Canvas, body: &Body) -> bool {
    let (w, h) = (canvas.size.0 as usize, canvas.size.1 as usize);
    let place = |x: usize, y: usize| body.form.place(canvas.lens.mm_x(x), canvas.lens.mm_y(y)).abs();
    let edge = [(0, 0), (w, 0), (0, h), (w, h), (w / 2, 0), (w / 2, h), (0, h / 2), (w, h / 2)];
    edge.iter().any(|&(x, y)| place(x, y) > 0.98)
}

/// Lays cloth, with the body's shadow on it, where the body does not cover the picture.
fn cover(out: &mut [Light], canvas: &Canvas, body: &Body, lighting: &Lighting) {
    let (w, h) = (canvas.size.0 as usize, canvas.size.1 as usize);
    let folds = Noise::new(body.key ^ 0xC107).field(&canvas.lens, Area { x: 0, y: 0, w, h }, 40.0, 4, 0.55);
    let sharp = body.form.radius * canvas.lens.finest_scale();
    for (k, (light, fold)) in out.iter_mut().zip(&folds).enumerate() {
        let (column, row) = (k % w, k / w);
        let place = body.form.place(canvas.lens.mm_x(column), canvas.lens.mm_y(row)).abs();
        let covered = ((1.0 - place) * sharp + 0.5).clamp(0.0, 1.0);
        if covered < 1.0 {
            let shadow = 0.50 + 0.50 * step(1.0, 1.35, place);
            let bright = shadow * (1.0 + 0.16 * fold) * lighting.fall(centred(column, w), centred(row, h));
            *light = core::array::from_fn(|c| light[c] * covered + lighting.cloth[c] * bright * (1.0 - covered));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lens;
    use super::{Body, Canvas, Form, Lighting, Tissue, shine};

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
        let body = Body { melanin: 0.1, blood: 0.1, furrow: 0.0, damage: 0.0, hair: 0.0, ridged: false, form, key: 1 };
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
