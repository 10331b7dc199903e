//! One kernel for everything that moves pixels: every pixel of the new picture is looked up, between four old ones.
//!
//! Places are whole 256ths of a pixel and everything after them is whole numbers, so every machine gives the same bytes. Beyond the border
//! the picture is mirrored (the outermost pixel is its own first neighbour).

use image::RgbImage;

use crate::Region;

/// 256ths of a pixel: the unit of places.
pub(crate) const UNIT: i32 = 1 << BITS;

/// Binary digits of a place behind the point.
const BITS: u32 = 8;

/// Bytes of a pixel.
const CHANNELS: usize = 3;

/// A place in the old picture, in 256ths of a pixel from the middle of its first pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub x: i32,
    pub y: i32,
}

/// A new picture of the same size. `row` writes down, for each pixel of that row, the place that it shows.
pub(crate) fn warp(source: &RgbImage, mut row: impl FnMut(u32, &mut [Place])) -> RgbImage {
    let mut out = RgbImage::new(source.width(), source.height());
    let sampler = Sampler::new(source);
    let mut places = vec![Place::default(); source.width() as usize];
    let lines = out.chunks_exact_mut(sampler.stride.max(1));
    for (y, line) in (0..).zip(lines) {
        row(y, &mut places);
        for (pixel, place) in line.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(&places) {
            *pixel = sampler.at(*place);
        }
    }
    out
}

/// Looks up places in a picture.
struct Sampler<'a> {
    bytes: &'a [u8],
    stride: usize,
    width: i32,
    height: i32,
}

/// Two neighbours in a row: the left pixel in the lowest three bytes, the right one in the next three.
type Pair = u64;

impl<'a> Sampler<'a> {
    fn new(source: &'a RgbImage) -> Self {
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        let stride = source.width() as usize * CHANNELS;
        Self { bytes: source.as_raw(), stride, width: side(source.width()), height: side(source.height()) }
    }

    /// The colour at a place.
    #[inline]
    fn at(&self, place: Place) -> [u8; CHANNELS] {
        let (upper, lower) = self.around(place.x >> BITS, place.y >> BITS);
        mix(upper, lower, place)
    }

    /// The two pixels at that column and the next, in that row and the next.
    #[inline]
    fn around(&self, left: i32, top: i32) -> (Pair, Pair) {
        if left >= 0 && top >= 0 && left < self.width - 1 && top < self.height - 1 {
            let start = offset(left, top, self.stride);
            if let (Some(lower), Some(upper)) = (self.pair(start + self.stride), self.pair(start)) {
                return (upper, lower);
            }
        }
        self.near_border(left, top)
    }

    /// Two neighbours and two bytes more; nothing at the very end of the picture.
    #[inline]
    fn pair(&self, start: usize) -> Option<Pair> {
        self.bytes.get(start..start + 8)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    #[cold]
    #[inline(never)]
    fn near_border(&self, left: i32, top: i32) -> (Pair, Pair) {
        let [first, second] = [left, left + 1].map(|x| mirrored(x, self.width));
        let pair = |y: i32| {
            let row = mirrored(y, self.height);
            self.pixel(first, row) | self.pixel(second, row) << 24
        };
        (pair(top), pair(top + 1))
    }

    fn pixel(&self, x: i32, y: i32) -> u64 {
        let bytes = self.bytes.get(offset(x, y, self.stride)..).and_then(|rest| rest.first_chunk::<CHANNELS>());
        let [r, g, b] = bytes.copied().unwrap_or_default();
        u64::from(r) | u64::from(g) << 8 | u64::from(b) << 16
    }
}

/// Where a pixel begins; both numbers are inside the picture.
#[inline]
#[expect(clippy::cast_sign_loss, reason = "neither is below 0")]
fn offset(x: i32, y: i32, stride: usize) -> usize {
    y as usize * stride + x as usize * CHANNELS
}

/// The pixel that stands for one beyond the border.
fn mirrored(at: i32, length: i32) -> i32 {
    let place = at.rem_euclid(2 * length.max(1));
    if place < length { place } else { 2 * length - 1 - place }
}

/// Every other byte of eight.
const BYTES: u64 = 0x00FF_00FF_00FF_00FF;

/// The mean of four pixels by their nearness to a place, to the nearest grey level.
///
/// Bytes lie 16 bits apart, where 255 × 256 has room, so that one product weighs four of them: first between the rows,
/// then between the columns (red and blue together, 32 bits apart).
#[inline]
#[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "eight binary digits are taken each time")]
fn mix(upper: Pair, lower: Pair, place: Place) -> [u8; CHANNELS] {
    let (right, below) = ((place.x & (UNIT - 1)) as u64, (place.y & (UNIT - 1)) as u64);
    let (left, above) = (UNIT as u64 - right, UNIT as u64 - below);
    let even = (upper & BYTES) * above + (lower & BYTES) * below;
    let odd = ((upper >> 8) & BYTES) * above + ((lower >> 8) & BYTES) * below;
    let first = (even & 0xFFFF) | (even & 0xFFFF_0000) << 16;
    let second = ((odd >> 16) & 0xFFFF) | (odd & 0xFFFF_0000_0000);
    let red_and_blue = first * left + second * right + 0x8000_0000_8000;
    let green = (odd & 0xFFFF) * left + ((even >> 32) & 0xFFFF) * right + 0x8000;
    [(red_and_blue >> 16) as u8, (green >> 16) as u8, (red_and_blue >> 48) as u8]
}

/// A straight map of the plane: the place that column `x` of row `y` shows is `origin + x·across + y·down`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Affine {
    /// The place that the first pixel shows, in pixels.
    pub origin: (f64, f64),
    /// What a step to the right adds, in pixels.
    pub across: (f64, f64),
    /// What a step down adds, in pixels.
    pub down: (f64, f64),
}

/// Binary digits behind the point while steps are added up.
const FINE: u32 = 32;

impl Affine {
    /// Writes down the places of a row, adding one step per pixel.
    pub(crate) fn row(&self, y: u32, places: &mut [Place]) {
        let down = f64::from(y);
        let half = 1_i64 << (FINE - BITS - 1);
        let mut x = fine(self.origin.0 + down * self.down.0) + half;
        let mut y = fine(self.origin.1 + down * self.down.1) + half;
        let (right, below) = (fine(self.across.0), fine(self.across.1));
        for place in places {
            *place = Place { x: coarse(x), y: coarse(y) };
            (x, y) = (x.wrapping_add(right), y.wrapping_add(below));
        }
    }
}

/// A length in pixels as a whole number of 2⁻³² pixels.
#[expect(clippy::cast_possible_truncation, reason = "pictures are far narrower than 2³¹ pixels")]
fn fine(length: f64) -> i64 {
    libm::floor(length * (1_i64 << FINE) as f64 + 0.5) as i64
}

#[expect(clippy::cast_possible_truncation, reason = "pictures are far narrower than 2²³ pixels")]
fn coarse(length: i64) -> i32 {
    (length >> (FINE - BITS)) as i32
}

/// A length in pixels in 256ths, to the nearest.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates; pictures are far narrower than 2²³ pixels")]
pub(crate) fn place_of(length: f64) -> i32 {
    const LIFT: i32 = 1 << 30;
    (length * f64::from(UNIT) + (f64::from(LIFT) + 0.5)) as i32 - LIFT
}

/// Points along a lesion's outline.
const POINTS: u32 = 64;

/// The box of a lesion after its outline (the ellipse in its box) has been moved, or nothing when it is out of the frame.
///
/// `moved` says where a point of the old picture lies in the new one, in pixels from the middle of the first pixel.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the frame before")]
pub(crate) fn moved_box(
    lesion: Region,
    (width, height): (u32, u32),
    moved: impl Fn(f64, f64) -> (f64, f64),
) -> Option<Region> {
    let radius = |length: u32| f64::from(length) / 2.0;
    let middle = |at: u32, length: u32| f64::from(at) + radius(length) - 0.5;
    let (mut left, mut top, mut right, mut bottom) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    for point in 0..POINTS {
        let turn = f64::from(point) * 2.0 * core::f64::consts::PI / f64::from(POINTS);
        let (x, y) = moved(
            middle(lesion.x, lesion.w) + radius(lesion.w) * libm::cos(turn),
            middle(lesion.y, lesion.h) + radius(lesion.h) * libm::sin(turn),
        );
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x), bottom.max(y));
    }
    let edge = |at: f64, side: u32| libm::round(at + 0.5).clamp(0.0, f64::from(side)) as u32;
    let (x, y) = (edge(left, width), edge(top, height));
    let (w, h) = (edge(right, width).saturating_sub(x), edge(bottom, height).saturating_sub(y));
    (w > 0 && h > 0).then_some(Region { x, y, w, h })
}

#[cfg(test)]
mod tests {
    use super::{Affine, Place, UNIT, mirrored, moved_box, place_of, warp};
    use crate::Region;
    use crate::image::tests::photo;
    use image::RgbImage;
    use proptest::prelude::*;

    fn texture(width: u32, height: u32) -> RgbImage {
        photo(width, height, |x, y| [(x * 37 + y * 91) as u8, (x * x + y) as u8, (x * y * 13) as u8]).pixels
    }

    fn moved(source: &RgbImage, x: f64, y: f64) -> RgbImage {
        let map = Affine { origin: (x, y), across: (1.0, 0.0), down: (0.0, 1.0) };
        warp(source, |y, places| map.row(y, places))
    }

    /// The definition in floating point: four pixels, mirrored beyond the border.
    fn by_definition(source: &RgbImage, place: Place) -> [f64; 3] {
        let (x, y) = (f64::from(place.x) / f64::from(UNIT), f64::from(place.y) / f64::from(UNIT));
        let (left, top) = (x.floor(), y.floor());
        let side = |length: u32| length as i32;
        let mut sum = [0.0; 3];
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let share = (1.0 - (x - left - dx).abs()) * (1.0 - (y - top - dy).abs());
            let column = mirrored((left + dx) as i32, side(source.width()));
            let row = mirrored((top + dy) as i32, side(source.height()));
            let pixel = source.get_pixel(column as u32, row as u32).0;
            (0..3).for_each(|channel| sum[channel] += share * f64::from(pixel[channel]));
        }
        sum
    }

    #[test]
    fn whole_steps_move_pixels_and_the_border_is_mirrored() {
        let source = texture(9, 7);
        assert_eq!(moved(&source, 0.0, 0.0), source);
        let out = moved(&source, 2.0, -1.0);
        assert_eq!(out.get_pixel(3, 4), source.get_pixel(5, 3));
        assert_eq!(out.get_pixel(8, 0), source.get_pixel(7, 0));
        assert_eq!([-1, -2, 4, 5, 11, -9].map(|at| mirrored(at, 4)), [0, 1, 3, 2, 3, 0]);
    }

    #[test]
    fn flat_stays_flat_wherever_it_is_looked_up() {
        let flat = photo(13, 5, |_, _| [255, 1, 128]).pixels;
        assert_eq!(moved(&flat, 0.377, 0.829), flat);
    }

    #[test]
    fn one_pixel_is_enough() {
        let dot = texture(1, 1);
        assert_eq!(moved(&dot, 5.3, -9.9), dot);
    }

    #[test]
    fn a_box_turned_by_a_quarter_stands_upright() {
        let lesion = Region { x: 40, y: 45, w: 20, h: 10 };
        let turned = moved_box(lesion, (100, 100), |x, y| (99.0 - y, x));
        assert_eq!(turned, Some(Region { x: 45, y: 40, w: 10, h: 20 }));
        assert_eq!(moved_box(lesion, (100, 100), |x, y| (x, y)), Some(lesion));
        assert_eq!(moved_box(lesion, (100, 100), |x, y| (x - 70.0, y)), None);
        assert_eq!(moved_box(lesion, (100, 100), |x, y| (x - 50.0, y)), Some(Region { x: 0, y: 45, w: 10, h: 10 }));
    }

    #[test]
    fn places_round_to_the_nearest() {
        assert_eq!([0.0, 1.0, -1.0, 0.0021, -0.0021].map(place_of), [0, 256, -256, 1, -1]);
    }

    proptest! {
        #[test]
        fn it_is_bilinear_to_the_nearest_grey_level(x in -90.0..90.0_f64, y in -90.0..90.0_f64, size in 1_u32..40) {
            let source = texture(size, 1 + size / 2);
            let out = moved(&source, x, y);
            for (column, row, pixel) in out.enumerate_pixels() {
                let place = Place { x: place_of(x) + UNIT * column as i32, y: place_of(y) + UNIT * row as i32 };
                let wanted = by_definition(&source, place);
                prop_assert!((0..3).all(|channel| (wanted[channel] - f64::from(pixel.0[channel])).abs() < 0.501));
            }
        }
    }
}
