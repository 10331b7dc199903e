//! The bytes in which a picture leaves: PNG, quickly.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError, RgbImage};

/// Encodes pixels as PNG without metadata: the same pixels always give the same bytes.
///
/// Fast compression with the Paeth filter: about 40 % of the raw size on photographs; the default compression saves a
/// seventh of that and takes over thirty times as long.
///
/// # Errors
/// [`ImageError`] for a picture without pixels, which PNG cannot hold.
pub fn png(pixels: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::with_capacity(pixels.as_raw().len());
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Paeth).write_image(
        pixels.as_raw(),
        pixels.width(),
        pixels.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_pixels_give_the_same_bytes_and_come_back() {
        let pixels = RgbImage::from_fn(31, 17, |x, y| image::Rgb([(x * 7) as u8, (y * 13) as u8, (x ^ y) as u8]));
        let bytes = png(&pixels).unwrap();
        assert_eq!(bytes, png(&pixels).unwrap());
        assert_eq!(image::load_from_memory(&bytes).unwrap().to_rgb8(), pixels);
        assert!(png(&RgbImage::new(0, 5)).is_err());
    }
}
