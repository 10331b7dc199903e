//! What is in front of the camera, and how each view of it is taken.

use core::ops::Range;

use bedside_perturbations::{Stream, View};
use image::RgbImage;

use super::latent::Latent;
use super::marks;
use super::paint::camera::Camera;
use super::paint::canvas::{Blob, Canvas};
use super::paint::lens::Lens;
use super::paint::light::Lighting;
use super::paint::skin::{self, Body, Form};
use super::paint::tissue::{Fade, Tissue};
use super::paint::{Shot, develop};
use super::signs::Signs;
use super::site::Region;

/// A body with its lesions.
#[derive(Debug)]
pub struct Scene {
    /// The body.
    pub body: Body,
    /// The lesions, the main one first.
    pub blobs: Vec<Blob>,
    /// Draws one of them.
    pub paint: fn(&mut Canvas, &Body, &Blob),
    /// The signs to show on them.
    pub signs: Signs,
    region: Region,
    close: f32,
    regional: f32,
    stream: Stream,
}

/// Melanin of healthy skin, Fitzpatrick I to VI (optical density in green; fitted by eye).
const MELANIN: [f32; 6] = [0.06, 0.20, 0.48, 0.92, 1.95, 2.85];
/// What may lie behind a body, in linear light: drapes, couch covers, paper.
const CLOTHS: [[f32; 3]; 5] =
    [[0.05, 0.20, 0.22], [0.06, 0.13, 0.30], [0.62, 0.63, 0.66], [0.10, 0.10, 0.12], [0.36, 0.34, 0.30]];

/// What may lie behind a face: hair, paper, a wall.
const HEADRESTS: [[f32; 3]; 5] =
    [[0.02, 0.015, 0.012], [0.07, 0.045, 0.03], [0.60, 0.62, 0.64], [0.35, 0.37, 0.36], [0.12, 0.14, 0.18]];

impl Scene {
    /// The scene of a phantom; the stream is the phantom's own.
    #[must_use]
    pub fn new(latent: &Latent, stream: &Stream) -> Self {
        let look = latent.look();
        let mut lesion = stream.fork("lesion", 0);
        let body = body(latent, &mut stream.fork("body", 0));
        let mut blobs = (look.arrange)(&mut lesion, &body.form, latent.diameter);
        marks::arrange(&mut stream.fork("marks", 0), latent, &body.form, &mut blobs);
        let span = blobs.first().map_or(10.0, |blob| blob.extent().span());
        let room = if latent.signs.satellites { look.close.max(1.9) } else { look.close };
        let close = (room * span).max(look.least_width);
        let (region, signs) = (latent.site().region, latent.signs);
        let stream = stream.fork("view", 0);
        let Range { start, end } = region.regional();
        let regional = (stream.fork("regional", 0).between(start, end) as f32).max(1.35 * close);
        Self { body, blobs, paint: look.paint, signs, region, close, regional, stream }
    }

    /// Draws all lesions on skin.
    pub fn draw(&self, canvas: &mut Canvas) {
        marks::halo(canvas, &self.blobs, self.signs);
        for blob in &self.blobs {
            marks::paint(canvas, self, blob);
        }
    }

    /// The photograph of a shot.
    #[must_use]
    pub fn picture(&self, shot: &Shot) -> RgbImage {
        let mut canvas = skin::lay(&self.body, shot.lens, shot.size);
        self.draw(&mut canvas);
        develop(&canvas, &self.body, shot)
    }

    /// How that view is taken, `size` pixels wide and high.
    #[must_use]
    pub fn shot(&self, view: View, size: (u32, u32)) -> Shot {
        let stream = self.stream.fork(name(view), 0);
        let lens = self.lens(view, size, &mut stream.fork("frame", 0));
        let mut light = stream.fork("light", 0);
        Shot {
            lens,
            size,
            lighting: lighting(view, self.region, &mut light),
            camera: self.camera(view, &mut light),
            stream,
        }
    }

    /// The box of all lesions in the picture of a shot, in pixels; none when they lie outside.
    #[must_use]
    pub fn lesion(&self, shot: &Shot) -> Option<[u32; 4]> {
        let areas = self.blobs.iter().filter_map(|blob| shot.lens.visible(blob.points(), shot.size));
        let edges = areas.map(|a| [a.x, a.y, a.x + a.w as u32, a.y + a.h as u32]);
        let [left, top, right, bottom] =
            edges.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
        Some([left, top, right - left, bottom - top])
    }

    fn lens(&self, view: View, size: (u32, u32), stream: &mut Stream) -> Lens {
        let zoom = stream.between(0.92, 1.12) as f32;
        let width = zoom * if view == View::Regional { self.regional } else { self.close };
        let tilt = if view == View::Oblique { 0.62 } else { 1.0 };
        let scale = size.0 as f32 / width;
        let mut off = |side: u32| side as f32 * (0.5 + stream.between(-0.07, 0.07) as f32);
        Lens { scale_x: scale, scale_y: scale * tilt, centre_x: off(size.0), centre_y: off(size.1) }
    }

    /// A phone that mostly, not wholly, makes up for dark skin and a tint of the light.
    fn camera(&self, view: View, stream: &mut Stream) -> Camera {
        let skin = Tissue { melanin: self.body.melanin, blood: self.body.blood, ..Tissue::default() };
        let [red, green, blue] = skin.colour(Fade::table());
        let seen = 0.25 * red + 0.65 * green + 0.10 * blue + 0.02;
        let poor = view == View::Poor;
        let stops = stream.between(-0.22, 0.22) - if poor { 1.0 } else { 0.0 };
        let gain = libm::powf(0.34 / seen, 0.18) * libm::exp2(stops) as f32 * 1.08;
        let warm = stream.between(-0.035, 0.035) as f32 + if poor { 0.10 } else { 0.0 };
        Camera {
            gain: [gain * (1.0 + warm), gain, gain * (1.0 - warm)],
            blur: if poor { 7 } else { 1 },
            noise: stream.between(0.018, 0.038) as f32 * if poor { 2.0 } else { 1.0 },
            quality: if poor { 60.0 } else { stream.between(84.0, 95.0) },
        }
    }
}

/// The view's name in paths and recipes.
#[must_use]
pub fn name(view: View) -> &'static str {
    match view {
        View::Close => "close",
        View::Regional => "regional",
        View::Oblique => "oblique",
        View::Poor => "poor",
    }
}

/// Nothing of the body follows from the disease but region and signs, so that skin tells no more than they do.
fn body(latent: &Latent, stream: &mut Stream) -> Body {
    let region = latent.site().region;
    let base = MELANIN.get(usize::from(latent.tone)).copied().unwrap_or(0.5);
    let melanin = base * region.melanin() * stream.between(0.88, 1.12) as f32;
    let weathered = if latent.signs.weathered { stream.between(0.6, 1.0) } else { stream.between(0.0, 0.08) } as f32;
    let fair = (1.2 - 0.55 * base).clamp(0.35, 1.0);
    Body {
        melanin,
        blood: stream.between(0.16, 0.27) as f32,
        furrow: 0.014 + 0.016 * weathered,
        damage: weathered * fair,
        hair: stream.between(region.hair().start, region.hair().end) as f32,
        ridged: region == Region::Sole,
        form: form(latent, stream),
        key: stream.bits(),
    }
}

/// The limb lies mostly along the picture; the lesion keeps clear of its edges.
fn form(latent: &Latent, stream: &mut Stream) -> Form {
    let Range { start, end } = latent.site().region.radius();
    let radius = stream.between(start, end) as f32;
    let angle = stream.between(-0.5, 0.5) + if stream.chance(0.7) { 1.571 } else { 0.0 };
    let room = (0.80 - 0.75 * latent.diameter / radius).clamp(0.0, 0.55);
    Form {
        radius,
        across: (libm::cos(angle) as f32, libm::sin(angle) as f32),
        offset: radius * room * stream.between(-1.0, 1.0) as f32,
        bend: stream.between(-4e-4, 4e-4) as f32,
    }
}

fn lighting(view: View, region: Region, stream: &mut Stream) -> Lighting {
    let turn = stream.between(0.0, core::f64::consts::TAU);
    let height = stream.between(0.75, 1.25);
    let low = libm::cos(height) as f32;
    let lamp = [low * libm::cos(turn) as f32, low * libm::sin(turn) as f32, libm::sin(height) as f32];
    let warm = stream.between(-0.06, 0.10) as f32;
    let cool = stream.between(-0.05, 0.05) as f32;
    let key = stream.between(0.55, 0.78) as f32;
    let tint = |level: f32, warm: f32| [level * (1.0 + warm), level, level * (1.0 - 1.2 * warm)];
    let uneven = if view == View::Oblique { 0.30 } else { 0.16 };
    let cloths = if region == Region::Face { &HEADRESTS } else { &CLOTHS };
    let cloth = cloths.get(stream.index(cloths.len())).copied().unwrap_or([0.4; 3]);
    Lighting {
        lamp,
        lamp_colour: tint(key, warm),
        room_colour: tint(0.92 - key, cool),
        slope: (uneven * lamp[0] / low.max(0.1), uneven * lamp[1] / low.max(0.1)),
        vignette: stream.between(0.02, 0.10) as f32,
        cloth,
        sheen: stream.between(0.15, 1.0) as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::super::deal::Card;
    use super::super::disease::{COUNT, nth};
    use super::super::site;
    use super::super::tables::Tables;
    use super::{Latent, Scene, Stream, View};

    /// What the best reader of photographs is said to know rests on this.
    #[test]
    fn a_photograph_shows_the_region_and_no_more_of_the_site() {
        let picture = |latent: &Latent, k| {
            let scene = Scene::new(latent, &Stream::derive(k, &["scene"]));
            [View::Close, View::Regional].map(|view| scene.picture(&scene.shot(view, (64, 48))))
        };
        for (k, disease) in (0..COUNT).filter_map(nth).enumerate() {
            let (card, k) = (Card { disease, tone: 2, patient: 0 }, k as u64);
            let here = Latent::draw(Tables::get(), card, &Stream::derive(k, &["t"]), &Stream::derive(k, &["p"]));
            let seen = picture(&here, k);
            for site in site::ALL {
                let same = picture(&here.elsewhere(site.name), k) == seen;
                assert_eq!(same, site.region == here.site().region, "{} for {}", site.name, here.site().name);
            }
        }
    }
}
