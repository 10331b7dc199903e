//! A contact sheet: labelled pictures in rows and columns.

use bedside_perturbations::Image;
use image::{Rgb, RgbImage, imageops};
use imageproc::drawing::{draw_filled_rect_mut, draw_hollow_rect_mut};
use imageproc::rect::Rect;

/// The width of one picture, in pixels; its height is three quarters of that.
const WIDTH: u32 = 220;
/// The height of a line of labels.
const LABEL: u32 = 18;
/// The gap between pictures.
const GAP: u32 = 6;

/// A sheet that is being filled.
#[derive(Debug)]
pub(super) struct Sheet {
    pixels: RgbImage,
}

impl Sheet {
    /// An empty sheet for that many pictures.
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        let many = |count: usize| u32::try_from(count).unwrap_or(0);
        let (width, height) = (many(columns) * (WIDTH + GAP) + GAP, many(rows) * (WIDTH * 3 / 4 + LABEL + GAP) + GAP);
        Self { pixels: RgbImage::from_pixel(width, height, Rgb([250, 250, 248])) }
    }

    /// The sheet as a PNG file.
    pub(super) fn png(&self) -> Vec<u8> {
        crate::edge::wire::picture(&self.pixels, None).bytes.to_vec()
    }

    /// Puts one labelled picture in its place, the known lesion framed; an empty frame stands for no picture.
    pub(super) fn put(&mut self, column: usize, row: usize, label: &str, image: Option<&Image>) {
        let left = GAP + u32::try_from(column).unwrap_or(0) * (WIDTH + GAP);
        let top = GAP + u32::try_from(row).unwrap_or(0) * (WIDTH * 3 / 4 + LABEL + GAP);
        self.write(left, top, label);
        match image {
            Some(image) => self.show(left, top + LABEL, image),
            None => {
                let empty = Rect::at(place(left), place(top + LABEL)).of_size(WIDTH, WIDTH * 3 / 4);
                draw_filled_rect_mut(&mut self.pixels, empty, Rgb([225, 225, 222]));
            }
        }
    }

    fn show(&mut self, left: u32, top: u32, image: &Image) {
        let (width, height) = image.pixels.dimensions();
        let scale = (f64::from(WIDTH) / f64::from(width)).min(f64::from(WIDTH * 3 / 4) / f64::from(height));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sides of a thumbnail")]
        let side = |length: u32| (f64::from(length) * scale).max(1.0) as u32;
        let small = imageops::resize(&image.pixels, side(width), side(height), imageops::FilterType::Triangle);
        let x = left + (WIDTH - small.width().min(WIDTH)) / 2;
        imageops::overlay(&mut self.pixels, &small, i64::from(x), i64::from(top));
        if let Some(lesion) = image.lesion {
            let frame = Rect::at(place(x + side(lesion.x)), place(top + side(lesion.y)));
            let frame = frame.of_size(side(lesion.w), side(lesion.h));
            draw_hollow_rect_mut(&mut self.pixels, frame, Rgb([20, 110, 200]));
        }
    }

    /// Writes a label in an 8-pixel bitmap font; what it has no letter for becomes a space.
    fn write(&mut self, left: u32, top: u32, label: &str) {
        use font8x8::UnicodeFonts;
        let plain = label.replace('\u{2212}', "-").replace('\u{b0}', " deg").replace('\u{2013}', "-");
        for (place, letter) in (0_u32..).zip(plain.chars().take((WIDTH / 8) as usize)) {
            let Some(glyph) = font8x8::BASIC_FONTS.get(letter) else { continue };
            for (y, bits) in (0_u32..).zip(glyph) {
                for x in (0..8).filter(|x| bits >> x & 1 == 1) {
                    if let Some(pixel) = self.pixels.get_pixel_mut_checked(left + place * 8 + x, top + 4 + y) {
                        *pixel = Rgb([30, 34, 38]);
                    }
                }
            }
        }
    }
}

fn place(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}
