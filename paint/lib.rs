//! Draws skin as a photograph shows it: tissue, then light, then camera, then one save as JPEG.
//!
//! What lies on the skin is the caller's, who paints it on a [`canvas::Canvas`] between [`skin::lay`] and [`develop`].
//! Every step is basic `f32` arithmetic, tables and `libm`, so that a picture has the same bytes on every machine.

pub mod camera;
pub mod canvas;
pub mod hair;
pub mod lens;
pub mod light;
pub mod noise;
pub mod outline;
pub mod relief;
pub mod skin;
pub mod tissue;
pub mod vessel;

use bedside_perturbations::image::codec::jpeg::Jpeg;
use bedside_perturbations::{Context, Graded, Image, Modality, Perturbation, Stimulus, Stream, View};
use image::RgbImage;

use camera::Camera;
use canvas::Canvas;
use lens::Lens;
use light::Lighting;
use skin::Body;

/// How one photograph is taken.
#[derive(Debug, Clone)]
pub struct Shot {
    /// Where millimetres land.
    pub lens: Lens,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The light.
    pub lighting: Lighting,
    /// The camera.
    pub camera: Camera,
    /// The randomness of this photograph alone.
    pub stream: Stream,
}

/// The photograph of a body whose skin and lesions are on the canvas.
#[must_use]
pub fn develop(canvas: &Canvas, body: &Body, shot: &Shot) -> RgbImage {
    let mut light = light::shine(canvas, body, &shot.lighting);
    hair::draw(&mut light, shot.size, &shot.lens, body, &mut shot.stream.fork("hair", 0));
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
