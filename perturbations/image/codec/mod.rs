//! Codecs: what storage and transport do to a photograph.

pub mod bit_depth;
pub mod downscale;
pub mod downscale_upscale;
pub mod greyscale;
pub mod jpeg;
pub mod repeated_jpeg;
#[cfg(feature = "webp")]
pub mod webp;

use image::RgbImage;

use crate::Unfit;

/// Width and height when every side keeps that share of its pixels, at least one of them.
///
/// # Errors
/// [`Unfit::TooSmall`] when not a single pixel would be lost.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
fn scaled(pixels: &RgbImage, share: f64) -> Result<(u32, u32), Unfit> {
    let kept = |side: u32| (libm::round(f64::from(side) * share) as u32).clamp(1, side.max(1));
    let size = (kept(pixels.width()), kept(pixels.height()));
    if size == pixels.dimensions() {
        let least = libm::ceil(0.5 / (1.0 - share)) as u32;
        return Err(Unfit::TooSmall { side: pixels.width().min(pixels.height()), least });
    }
    Ok(size)
}
