//! From the bytes of a picture to what a corruption expects: 8-bit sRGB, upright, nothing transparent.
//!
//! Colour profiles are not applied here: that takes a colour engine, which this crate does without. Whoever has photographs
//! with a profile other than sRGB converts them first.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageReader, RgbImage};

/// Decodes a picture in PNG, JPEG, WebP, TIFF or BMP form: EXIF orientation is applied, and the rest is as in [`opaque`].
///
/// # Errors
/// [`ImageError`] for another format, a broken file, or one that takes more memory than the decoder's own limit.
pub fn upright(bytes: &[u8]) -> Result<RgbImage, ImageError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(opaque(picture))
}

/// 8-bit RGB: 16-bit channels are rounded, grey becomes three equal channels, transparent pixels are laid on white.
#[must_use]
pub fn opaque(picture: DynamicImage) -> RgbImage {
    match alpha(&picture) {
        None => picture.into_rgb8(),
        Some(alpha) => {
            let mut pixels = picture.into_rgb8();
            lay_on_white(&mut pixels, &alpha);
            pixels
        }
    }
}

/// How opaque each pixel is, in 8 bits; nothing for a picture without transparency.
#[must_use]
pub fn alpha(picture: &DynamicImage) -> Option<GrayImage> {
    if !picture.color().has_alpha() {
        return None;
    }
    let pixels = picture.to_rgba8();
    let alpha = pixels.pixels().map(|pixel| pixel.0[3]).collect();
    GrayImage::from_raw(pixels.width(), pixels.height(), alpha)
}

/// Lays pixels on white: round(c·a + 255·(1 − a)) with a = alpha / 255.
pub fn lay_on_white(pixels: &mut RgbImage, alpha: &GrayImage) {
    for (pixel, alpha) in pixels.pixels_mut().zip(alpha.pixels()) {
        let alpha = u32::from(alpha.0[0]);
        for channel in &mut pixel.0 {
            let mixed = (u32::from(*channel) * alpha + 255 * (255 - alpha) + 127) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{opaque, upright};
    use image::codecs::jpeg::JpegEncoder;
    use image::{
        DynamicImage, ExtendedColorType, GrayAlphaImage, GrayImage, ImageBuffer, ImageEncoder, ImageFormat, Luma, Rgb,
        RgbImage, Rgba, RgbaImage,
    };

    fn written(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    /// A JPEG whose left half is dark, with an EXIF block that holds nothing but an orientation (TIFF tag 0x0112).
    fn turned(orientation: u8) -> Vec<u8> {
        let pixels = RgbImage::from_fn(32, 16, |x, _| Rgb([if x < 16 { 20 } else { 230 }; 3]));
        let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        encoder.set_exif_metadata(exif).unwrap();
        encoder.write_image(pixels.as_raw(), 32, 16, ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    #[test]
    fn a_photograph_is_turned_as_its_exif_block_says() {
        let dark = |pixels: &RgbImage, x, y| pixels.get_pixel(x, y).0[0] < 100;
        let as_stored = upright(&turned(1)).unwrap();
        assert_eq!((as_stored.dimensions(), dark(&as_stored, 2, 8), dark(&as_stored, 29, 8)), ((32, 16), true, false));
        // 6: turned by 90° clockwise to be upright, so that the left comes to the top; 8: to the bottom; 3: to the right.
        let six = upright(&turned(6)).unwrap();
        assert_eq!((six.dimensions(), dark(&six, 8, 2), dark(&six, 8, 29)), ((16, 32), true, false));
        let eight = upright(&turned(8)).unwrap();
        assert_eq!((eight.dimensions(), dark(&eight, 8, 2), dark(&eight, 8, 29)), ((16, 32), false, true));
        let three = upright(&turned(3)).unwrap();
        assert_eq!((three.dimensions(), dark(&three, 2, 8), dark(&three, 29, 8)), ((32, 16), false, true));
    }

    #[test]
    fn what_is_transparent_lies_on_white() {
        let pixels = RgbaImage::from_fn(3, 1, |x, _| Rgba([10, 20, 30, [0, 128, 255][x as usize]]));
        let shown = upright(&written(&pixels.into())).unwrap();
        assert_eq!(shown.into_raw(), [255, 255, 255, 132, 137, 142, 10, 20, 30]);
        let grey = GrayAlphaImage::from_raw(2, 1, vec![10, 0, 10, 255]).unwrap();
        assert_eq!(opaque(grey.into()).into_raw(), [255, 255, 255, 10, 10, 10]);
    }

    #[test]
    fn grey_and_sixteen_bits_become_eight_bit_rgb() {
        let grey = GrayImage::from_raw(2, 1, vec![7, 200]).unwrap();
        assert_eq!(upright(&written(&grey.into())).unwrap().into_raw(), [7, 7, 7, 200, 200, 200]);
        let deep: ImageBuffer<Rgb<u16>, _> = ImageBuffer::from_raw(1, 1, vec![0_u16, 0xFF00, 0xFFFF]).unwrap();
        assert_eq!(upright(&written(&deep.into())).unwrap().into_raw(), [0, 254, 255]);
        let deep: ImageBuffer<Luma<u16>, _> = ImageBuffer::from_raw(1, 1, vec![0x8000_u16]).unwrap();
        assert_eq!(opaque(deep.into()).into_raw(), [128; 3]);
        let deep: ImageBuffer<Rgba<u16>, _> = ImageBuffer::from_raw(1, 1, vec![0xFFFF_u16, 0, 0, 0]).unwrap();
        assert_eq!(opaque(deep.into()).into_raw(), [255; 3]);
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        assert!(upright(b"not a picture").is_err());
        let whole = turned(1);
        assert!(upright(&whole[..40]).is_err());
    }
}
