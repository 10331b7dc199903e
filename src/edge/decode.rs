//! From the bytes of a picture to upright 8-bit sRGB pixels, and to PNG bytes for requests.
//!
//! Stated behaviour: EXIF orientation is applied; an embedded colour profile is converted to sRGB (a profile that
//! differs from sRGB by at most one level anywhere is left alone); 16-bit channels are rounded to 8 bits; grey becomes
//! RGB; transparent pixels are laid on white. CMYK, floating-point and broken or cut-off pictures are errors. Only
//! profiles made of curves and a matrix are converted; one with colour tables is an error, because guessing colours
//! would change a diagnosis.
//!
//! Pixels without a colour profile are the same on every machine. Converting a profile uses single-precision
//! arithmetic that may differ by one level between processor families; importers therefore convert once and store PNG.

use std::io::Cursor;

use bedside_perturbations::decode::{alpha, lay_on_white};
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use thiserror::Error;

/// The most pixels of a picture: 100 million, twice the largest phone photographs in use.
pub const MOST_PIXELS: u64 = 100_000_000;
/// The longest side of a picture in pixels.
pub const LONGEST_SIDE: u32 = 30_000;
/// The most memory that decoding one picture may take: 1 GiB.
const MOST_MEMORY: u64 = 1 << 30;

/// Why a picture cannot be used. Each message names the way out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Not a format that is read.
    #[error("not a picture in PNG, JPEG, WebP, TIFF or BMP form")]
    Format,
    /// Broken or cut off.
    #[error("the picture is broken: {0}")]
    Broken(String),
    /// Larger than the limits.
    #[error(
        "the picture has {width} x {height} pixels, at most {MOST_PIXELS} pixels and sides of {LONGEST_SIDE} are read"
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Colours of a kind that is not read.
    #[error("{0} colours are not read; convert the picture to 8-bit sRGB")]
    Colours(&'static str),
    /// A colour profile that cannot be applied.
    #[error("its colour profile cannot be applied ({0}); convert the picture to sRGB")]
    Profile(String),
}

/// Decodes a picture to upright 8-bit sRGB.
///
/// # Errors
/// [`DecodeError`]: another format, broken, too large, or colours that cannot be brought to sRGB.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| DecodeError::Format)?;
    let format = reader.format().ok_or(DecodeError::Format)?;
    if format == ImageFormat::Jpeg {
        check_jpeg(bytes)?;
    }
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(broken)?;
    check_size(decoder.dimensions())?;
    check_colours(decoder.original_color_type())?;
    let profile = decoder.icc_profile().map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    let alpha = alpha(&picture);
    let mut pixels = match profile {
        Some(profile) => to_srgb(&picture, &profile)?,
        None => picture.into_rgb8(),
    };
    if let Some(alpha) = alpha {
        lay_on_white(&mut pixels, &alpha);
    }
    Ok(pixels)
}

/// Encodes pixels as PNG ([`bedside_perturbations::encode::png`]).
///
/// # Errors
/// [`DecodeError::Broken`] for a picture without pixels, which PNG cannot hold.
pub fn encode_png(pixels: &RgbImage) -> Result<Vec<u8>, DecodeError> {
    bedside_perturbations::encode::png(pixels).map_err(broken)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: image::ImageError) -> DecodeError {
    DecodeError::Broken(error.to_string())
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn check_size((width, height): (u32, u32)) -> Result<(), DecodeError> {
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    Ok(())
}

fn check_colours(colours: ExtendedColorType) -> Result<(), DecodeError> {
    match colours {
        ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16 => Err(DecodeError::Colours("CMYK")),
        ExtendedColorType::Rgb32F | ExtendedColorType::Rgba32F => Err(DecodeError::Colours("floating-point")),
        _ => Ok(()),
    }
}

/// Refuses what the JPEG decoder would let pass: four inks, and a file that ends before its picture does.
fn check_jpeg(bytes: &[u8]) -> Result<(), DecodeError> {
    if jpeg_components(bytes) == Some(4) {
        return Err(DecodeError::Colours("CMYK"));
    }
    // Inside picture data 0xFF is always followed by 0 or a restart marker, so the last start-of-scan is a real one.
    let last = |marker: u8| bytes.windows(2).rposition(|pair| pair == [0xFF, marker]);
    match (last(0xDA), last(0xD9)) {
        (Some(scan), Some(end)) if end > scan => Ok(()),
        _ => Err(DecodeError::Broken("the file ends before the picture does".into())),
    }
}

/// How many colour components the frame header of a JPEG states (ITU-T T.81, B.2.2).
fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let (marker, length) = match bytes.get(at..at + 4)? {
            [0xFF, 0xFF, ..] => {
                at += 1;
                continue;
            }
            [0xFF, marker, high, low] => (*marker, usize::from(u16::from_be_bytes([*high, *low]))),
            _ => return None,
        };
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            return bytes.get(at + 9).copied();
        }
        at += 2 + length;
    }
}

/// Converts from an embedded profile to sRGB (relative colorimetric).
fn to_srgb(picture: &DynamicImage, profile: &[u8]) -> Result<RgbImage, DecodeError> {
    let failed = |error: moxcms::CmsError| DecodeError::Profile(error.to_string());
    let profile = ColorProfile::new_from_slice(profile).map_err(failed)?;
    let (source, layout) = match profile.color_space {
        DataColorSpace::Rgb => (picture.to_rgb8().into_raw(), Layout::Rgb),
        DataColorSpace::Gray if !picture.color().has_color() => (picture.to_luma8().into_raw(), Layout::Gray),
        _ => return Err(DecodeError::Profile("it is for other colours than the picture's".into())),
    };
    let transform = profile
        .create_transform_8bit(layout, &ColorProfile::new_srgb(), Layout::Rgb, TransformOptions::default())
        .map_err(failed)?;
    if layout == Layout::Rgb && is_srgb(&*transform)? {
        return Ok(picture.to_rgb8());
    }
    let mut pixels = RgbImage::new(picture.width(), picture.height());
    transform.transform(&source, &mut pixels).map_err(failed)?;
    Ok(pixels)
}

/// Whether a conversion moves no colour of a 9 x 9 x 9 grid by more than one level.
fn is_srgb(transform: &dyn moxcms::TransformExecutor<u8>) -> Result<bool, DecodeError> {
    const STEPS: [u8; 9] = [0, 32, 64, 96, 128, 160, 192, 224, 255];
    let grid: Vec<u8> = STEPS
        .iter()
        .flat_map(|r| STEPS.iter().flat_map(move |g| STEPS.iter().flat_map(move |b| [*r, *g, *b])))
        .collect();
    let mut moved = vec![0; grid.len()];
    transform.transform(&grid, &mut moved).map_err(|error| DecodeError::Profile(error.to_string()))?;
    Ok(grid.iter().zip(&moved).all(|(before, after)| before.abs_diff(*after) <= 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::codecs::png::PngEncoder;
    use image::{ImageBuffer, ImageEncoder, Luma, LumaA, Rgb, Rgba};
    use proptest::prelude::*;

    fn scene(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let noise = (x * 7919 + y * 104_729) % 13;
            let channel = |base: u32| u8::try_from((base + x / 5 + y / 7 + noise) % 256).unwrap();
            Rgb([channel(150), channel(110), channel(90)])
        })
    }

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn with_profile(pixels: &RgbImage, profile: &ColorProfile) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile.encode().unwrap()).unwrap();
        encoder.write_image(pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    /// A JPEG with an EXIF block that holds nothing but an orientation.
    fn jpeg(pixels: &RgbImage, orientation: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        encoder.set_exif_metadata(exif).unwrap();
        encoder.encode(pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    #[test]
    fn png_goes_there_and_back_unchanged_and_carries_nothing_else() {
        let pixels = scene(64, 48);
        let bytes = encode_png(&pixels).unwrap();
        assert_eq!(decode(&bytes).unwrap(), pixels);
        assert_eq!(bytes, encode_png(&pixels).unwrap());
        for chunk in [b"tEXt", b"eXIf", b"iCCP", b"tIME", b"iTXt", b"zTXt"] {
            assert!(!bytes.windows(4).any(|window| window == chunk));
        }
    }

    #[test]
    fn exif_orientation_is_applied() {
        let pixels = scene(40, 24);
        assert_eq!(decode(&jpeg(&pixels, 1)).unwrap().dimensions(), (40, 24));
        let turned = decode(&jpeg(&pixels, 6)).unwrap();
        assert_eq!(turned.dimensions(), (24, 40));
        let expected = image::imageops::rotate90(&decode(&jpeg(&pixels, 1)).unwrap());
        assert_eq!(turned, expected);
    }

    #[test]
    fn grey_and_sixteen_bit_pictures_become_eight_bit_rgb() {
        let grey = ImageBuffer::from_pixel(3, 2, Luma([77_u8]));
        assert_eq!(decode(&png(&grey.into())).unwrap(), RgbImage::from_pixel(3, 2, Rgb([77; 3])));
        let deep = ImageBuffer::from_pixel(3, 2, Rgb([257_u16, 257 * 100 + 127, 65_535]));
        assert_eq!(decode(&png(&deep.into())).unwrap(), RgbImage::from_pixel(3, 2, Rgb([1, 100, 255])));
    }

    #[test]
    fn transparent_pixels_are_laid_on_white() {
        let half = ImageBuffer::from_pixel(2, 2, Rgba([100_u8, 0, 200, 128]));
        assert_eq!(decode(&png(&half.into())).unwrap().get_pixel(0, 0), &Rgb([177, 127, 227]));
        let clear = ImageBuffer::from_pixel(2, 2, LumaA([9_u8, 0]));
        assert_eq!(decode(&png(&clear.into())).unwrap().get_pixel(1, 1), &Rgb([255; 3]));
    }

    #[test]
    fn an_srgb_profile_changes_nothing_and_a_wide_one_is_converted() {
        let pixels = scene(32, 32);
        assert_eq!(decode(&with_profile(&pixels, &ColorProfile::new_srgb())).unwrap(), pixels);
        let red = RgbImage::from_pixel(2, 2, Rgb([200, 60, 60]));
        let converted = decode(&with_profile(&red, &ColorProfile::new_display_p3())).unwrap();
        // Display P3 200, 60, 60 is sRGB 217.5, 41.6, 52.3 by the matrices of CSS Color 4.
        let near = |got: u8, want: u8| got.abs_diff(want) <= 1;
        let [r, g, b] = converted.get_pixel(0, 0).0;
        assert!(near(r, 217) && near(g, 42) && near(b, 52), "{r} {g} {b}");
    }

    #[test]
    fn a_broken_profile_is_an_error() {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(vec![7; 200]).unwrap();
        encoder.write_image(&[0; 12], 2, 2, ExtendedColorType::Rgb8).unwrap();
        assert!(matches!(decode(&bytes), Err(DecodeError::Profile(_))));
    }

    #[test]
    fn a_picture_cut_off_anywhere_is_an_error() {
        let pixels = scene(64, 64);
        for bytes in [encode_png(&pixels).unwrap(), jpeg(&pixels, 1)] {
            assert!(decode(&bytes).is_ok());
            for kept in [bytes.len() / 3, bytes.len() / 2, bytes.len() - 20] {
                assert!(decode(&bytes[..kept]).is_err(), "{kept} of {}", bytes.len());
            }
        }
    }

    #[test]
    fn four_inks_are_refused() {
        // Start of image, then a frame header with four components.
        let header = [0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(check_jpeg(&header), Err(DecodeError::Colours("CMYK")));
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let mut bytes = encode_png(&scene(8, 8)).unwrap();
        bytes[16..24].copy_from_slice(&[0, 0, 0x70, 0, 0, 0, 0x70, 0]);
        // The header's checksum has to agree, or it is refused for that.
        let checksum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert_eq!(decode(&bytes), Err(DecodeError::TooLarge { width: 0x7000, height: 0x7000 }));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }

    #[test]
    fn what_is_no_picture_says_so() {
        assert_eq!(decode(b"<html>not found</html>"), Err(DecodeError::Format));
        assert_eq!(decode(b""), Err(DecodeError::Format));
        assert!(encode_png(&RgbImage::new(0, 0)).is_err());
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(at in 0_usize..600, value: u8, kind in 0_u8..2) {
            let pixels = scene(16, 16);
            let mut bytes = if kind == 0 { encode_png(&pixels).unwrap() } else { jpeg(&pixels, 3) };
            let at = at % bytes.len();
            bytes[at] = value;
            let _ = decode(&bytes);
        }
    }
}
