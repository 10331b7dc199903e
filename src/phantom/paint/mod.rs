//! Draws a phantom's photograph: skin, then lesions, then light, then camera.
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
    camera::take(light, shot.size, &shot.camera, &mut shot.stream.fork("sensor", 0))
}
