//! The wire form of pictures: how they are sent to a model, and how they are shown in a report.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bedside_perturbations::fitted;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage};

use super::decode::encode_png;
use crate::request::Picture;

/// The longer side of a picture in a report, in pixels.
const THUMBNAIL: u32 = 280;

/// A picture as it is sent: PNG, its longer side at most `max_side` pixels. The same in all arms.
#[must_use]
pub fn picture(pixels: &RgbImage, max_side: Option<u32>) -> Picture {
    let shrunk = max_side.and_then(|side| fitted(pixels, side));
    // Only a picture without pixels cannot be encoded, and no cohort and no operator makes one.
    Picture::png(encode_png(shrunk.as_ref().unwrap_or(pixels)).unwrap_or_default())
}

/// A small JPEG as a data URL, for reports.
#[must_use]
pub fn thumbnail(pixels: &RgbImage) -> String {
    let small = fitted(pixels, THUMBNAIL);
    let small = small.as_ref().unwrap_or(pixels);
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 85);
    let encoded = image::ImageEncoder::write_image(
        encoder,
        small.as_raw(),
        small.width(),
        small.height(),
        ExtendedColorType::Rgb8,
    );
    debug_assert!(encoded.is_ok());
    format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shrunk_only_when_it_is_too_large() {
        let pixels = RgbImage::new(40, 20);
        assert!(fitted(&pixels, 40).is_none());
        assert_eq!(fitted(&pixels, 10).map(|small| small.dimensions()), Some((10, 5)));
        assert_eq!(picture(&pixels, None).mime, "image/png");
    }
}
