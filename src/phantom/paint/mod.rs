//! Draws a phantom's photograph: skin, then lesions, then light, then camera, then one save as JPEG.
//!
//! Every step is basic `f32` arithmetic, tables and `libm`, so that a picture has the same bytes on every machine.

pub mod camera;
pub mod canvas;
pub mod hair;
pub mod lens;
pub mod light;
pub mod noise;
pub mod relief;
pub mod skin;
pub mod tissue;
pub mod vessel;

use bedside_perturbations::image::codec::jpeg::Jpeg;
use bedside_perturbations::{Context, Graded, Image, Modality, Perturbation, Stimulus, Stream, View};
use image::RgbImage;

use super::scene::{Scene, Shot};

/// The photograph of a scene.
#[must_use]
pub fn picture(scene: &Scene, shot: &Shot) -> RgbImage {
    let mut canvas = skin::lay(&scene.body, shot.lens, shot.size);
    scene.draw(&mut canvas);
    develop(scene, shot, &canvas)
}

fn develop(scene: &Scene, shot: &Shot, canvas: &canvas::Canvas) -> RgbImage {
    let mut light = light::shine(canvas, &scene.body, &shot.lighting);
    hair::draw(&mut light, shot.size, &shot.lens, &scene.body, &mut shot.stream.fork("hair", 0));
    let picture = camera::take(light, shot.size, &shot.camera, &mut shot.stream.fork("sensor", 0));
    saved(picture, shot.camera.quality)
}

/// The picture after one save as JPEG, as a phone makes it.
fn saved(picture: RgbImage, quality: f64) -> RgbImage {
    let (view, modality) = (View::Close, Modality::ClinicalPhoto);
    let image = Image { pixels: picture, view, modality, lesion: None, tone: None };
    let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
    // A save cannot fail to apply; if it did, the picture would stay as the sensor gave it.
    let _ = Jpeg::at_dose(quality).apply(&mut stimulus, &mut Context::new(Stream::derive(0, &[])));
    stimulus.images.pop().map(|image| image.pixels).unwrap_or_default()
}
