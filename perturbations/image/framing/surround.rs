//! A plausible surrounding for a picture that no longer fills its frame: its outermost colours, carried on more and more
//! smoothly with distance, its outermost detail mirrored at the border and fading away, and its grain.
//!
//! Known colours are averaged into ever coarser layers until one cell is left; then every unknown cell takes what the
//! next coarser layer shows there (pull–push, Gortler et al., SIGGRAPH 1996). Only a ring along the border counts as
//! known, so that the lesion's colours stay out of it. Detail is what the ring has beyond that; just outside the border it
//! is the picture's own, mirrored, so that no seam is left.

use image::RgbImage;

use crate::{Region, Stream};

/// Parts of the shorter side that the ring is wide.
const RING: u32 = 8;

/// A colour in 128ths of a grey level.
type Colour = [u16; 3];

/// One resolution of the colours; cells without colour are unknown.
struct Layer {
    width: usize,
    height: usize,
    cells: Vec<Option<Colour>>,
}

/// A frame of that size with the picture at `place` (whose size is the picture's) and its surrounding everywhere else.
pub(super) fn surround(inner: &RgbImage, place: Region, (width, height): (u32, u32), mut rng: Stream) -> RgbImage {
    let wide = (place.w.min(place.h) / RING).max(1);
    let coarse = filled(ring(inner, place, wide, (width as usize, height as usize)), 2, wide);
    let grain = grain(inner);
    let mut out = RgbImage::new(width, height);
    let stride = width as usize * 3;
    let columns: Vec<Folded> = (0..width).map(|x| Folded::new(x, place.x, place.w, wide)).collect();
    for (y, line) in (0..height).zip(out.chunks_exact_mut(stride.max(1))) {
        let row = Folded::new(y, place.y, place.h, wide);
        let mut bits = 0;
        for ((x, pixel), column) in (0..).zip(line.as_chunks_mut::<3>().0).zip(&columns) {
            bits = if x % 4 == 0 { rng.bits() } else { bits >> 16 };
            let away = (column.away * column.away + row.away * row.away).isqrt();
            let shown = inner.get_pixel_checked(column.at, row.at).map_or([0; 3], |pixel| pixel.0);
            if away == 0 {
                *pixel = shown;
                continue;
            }
            let (kept, most) = (kept(away, wide), strongest(away, wide));
            let here = coarse.near(x as usize, y as usize);
            let there = coarse.near((place.x + column.at) as usize, (place.y + row.at) as usize);
            let noise = (noise(bits, grain) * (256 - kept)) >> 8;
            *pixel = core::array::from_fn(|i| {
                let detail = ((i32::from(shown[i]) << 7) - i32::from(there[i])).clamp(-most, most);
                to_byte(i32::from(here[i]) + ((detail * kept) >> 8) + noise)
            });
        }
    }
    out
}

/// Where in the picture the detail of a place in the frame comes from, along one side.
struct Folded {
    /// The picture's pixel.
    at: u32,
    /// How far outside the picture the place is, in pixels; 0 inside.
    away: u32,
}

impl Folded {
    /// A place in the frame for a picture that begins at `start`: mirrored at the border, and back again at the ring's
    /// inner edge, as often as it takes.
    fn new(place: u32, start: u32, length: u32, wide: u32) -> Self {
        let fold = |beyond: u32| {
            let turn = beyond % (2 * wide);
            turn.min(2 * wide - 1 - turn).min(length.saturating_sub(1))
        };
        match (place.checked_sub(start), start.checked_sub(place + 1)) {
            (Some(at), _) if at < length => Self { at, away: 0 },
            (Some(at), _) => Self { at: length.saturating_sub(1) - fold(at - length), away: at - length + 1 },
            (None, beyond) => Self { at: fold(beyond.unwrap_or(0)), away: beyond.unwrap_or(0) + 1 },
        }
    }
}

/// How much of the detail is kept so far outside, in 256ths: all at the border, nothing from two rings on, before repetitions
/// could be seen; smooth in between (3t² − 2t³).
fn kept(away: u32, wide: u32) -> i32 {
    let left = 256 - (128 * u64::from(away - 1) / u64::from(wide)).min(256);
    ((left * left * (384 - left)) >> 15) as i32
}

/// Detail stronger than this, in 128ths of a grey level, is cut off so far outside: at the border hardly any, so that there
/// is no step, and from half a ring on whatever is stronger than pores, so that no hair and no line grows a twin.
fn strongest(away: u32, wide: u32) -> i32 {
    let near = 64 - (128 * u64::from(away - 1) / u64::from(wide)).min(64);
    (14 + near as i32) << 7
}

/// The sum of two even numbers between about −grain and grain, in 128ths of a grey level.
fn noise(bits: u64, grain: i32) -> i32 {
    let [low, high, ..] = bits.to_le_bytes().map(i32::from);
    ((low + high - 255) * grain) >> 7
}

/// The nearest grey level to a number of 128ths.
#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn to_byte(value: i32) -> u8 {
    ((value + 64) >> 7).clamp(0, 255) as u8
}

/// The first layer, at half the resolution: means of what of the ring lies in each cell.
fn ring(inner: &RgbImage, place: Region, wide: u32, (width, height): (usize, usize)) -> Layer {
    halved(width, height, |x, y| {
        let column = u32::try_from(x).ok()?.checked_sub(place.x).filter(|column| *column < place.w)?;
        let row = u32::try_from(y).ok()?.checked_sub(place.y).filter(|row| *row < place.h)?;
        let from_border = column.min(row).min(place.w - 1 - column).min(place.h - 1 - row);
        (from_border < wide).then(|| inner.get_pixel(column, row).0.map(|value| u16::from(value) << 7))
    })
}

/// A layer of half the resolution: means of the known cells of every two by two.
fn halved(width: usize, height: usize, at: impl Fn(usize, usize) -> Option<Colour>) -> Layer {
    let (columns, rows) = (width.div_ceil(2), height.div_ceil(2));
    let mut cells = Vec::with_capacity(columns * rows);
    for y in 0..rows {
        cells.extend((0..columns).map(|x| {
            let square = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, down)| (2 * x + right, 2 * y + down));
            mean(square.into_iter().filter(|(x, y)| *x < width && *y < height).filter_map(|(x, y)| at(x, y)))
        }));
    }
    Layer { width: columns, height: rows, cells }
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of 16-bit numbers has 16 bits")]
fn mean(colours: impl Iterator<Item = Colour>) -> Option<Colour> {
    let (mut sum, mut count) = ([0_u32; 3], 0);
    for colour in colours {
        sum.iter_mut().zip(colour).for_each(|(sum, value)| *sum += u32::from(value));
        count += 1;
    }
    (count > 0).then(|| sum.map(|sum| ((sum + count / 2) / count) as u16))
}

/// The layer with every unknown cell filled from coarser ones. Cells smaller than `wide` pixels are filled even if known,
/// which smooths them.
fn filled(mut layer: Layer, cell: u32, wide: u32) -> Layer {
    if layer.cells.len() <= 1 {
        return layer;
    }
    let coarse = halved(layer.width, layer.height, |x, y| layer.at(x, y));
    let coarse = filled(coarse, cell.saturating_mul(2), wide);
    for (y, row) in layer.cells.chunks_mut(layer.width).enumerate() {
        for (x, colour) in row.iter_mut().enumerate() {
            *colour = colour.filter(|_| cell >= wide).or_else(|| Some(coarse.near(x, y)));
        }
    }
    layer
}

impl Layer {
    fn at(&self, x: usize, y: usize) -> Option<Colour> {
        self.cells.get(y * self.width + x).copied().flatten()
    }

    /// The colour at a cell of twice the resolution: 9/16 of the cell that it lies in, 3/16 of the two and 1/16 of the
    /// one that are nearest beside it.
    #[expect(clippy::cast_possible_truncation, reason = "a weighted mean of 16-bit numbers has 16 bits")]
    fn near(&self, x: usize, y: usize) -> Colour {
        let beside = |at: usize, length: usize| {
            let cell = at / 2;
            (cell, if at.is_multiple_of(2) { cell.saturating_sub(1) } else { (cell + 1).min(length.saturating_sub(1)) })
        };
        let ((x, left), (y, above)) = (beside(x, self.width), beside(y, self.height));
        let [a, b, c, d] =
            [(x, y), (left, y), (x, above), (left, above)].map(|(x, y)| self.at(x, y).unwrap_or_default());
        core::array::from_fn(|channel| {
            let of = |colour: Colour| u32::from(colour[channel]);
            ((9 * of(a) + 3 * (of(b) + of(c)) + of(d) + 8) / 16) as u16
        })
    }
}

/// Steps beyond this are edges, not grain, in grey levels.
const STEEPEST: i32 = 12;

/// The grain along the upper and lower border: how far an even number reaches, two of which differ from pixel to pixel as
/// much as the green of neighbours there does, in 128ths of a grey level.
///
/// The mean difference of neighbours is 2σ/√π, and two even numbers within ±h have σ = h √⅔: h is 1.085 times the mean
/// difference, and 139/128 of it here.
fn grain(inner: &RgbImage) -> i32 {
    let rows = inner.chunks_exact((inner.width() as usize * 3).max(1));
    let (mut sum, mut count) = (0, 0);
    for row in rows.clone().take(4).chain(rows.rev().take(4)) {
        let pixels = row.as_chunks::<3>().0;
        for (one, next) in pixels.iter().zip(pixels.iter().skip(1)) {
            sum += i32::from(one[1].abs_diff(next[1])).min(STEEPEST);
            count += 1;
        }
    }
    sum * 139 / count.max(1)
}

#[cfg(test)]
mod tests {
    use super::{Folded, filled, grain, kept, ring, strongest, surround};
    use crate::image::tests::photo;
    use crate::{Region, Stream};

    const PLACE: Region = Region { x: 30, y: 20, w: 20, h: 16 };

    #[test]
    fn a_flat_picture_goes_on_flat() {
        let inner = photo(20, 16, |_, _| [200, 150, 120]).pixels;
        let out = surround(&inner, PLACE, (81, 57), Stream::derive(1, &[]));
        assert!(out.pixels().all(|pixel| pixel.0 == [200, 150, 120]));
    }

    #[test]
    fn the_lesion_in_the_middle_stays_out_of_the_surrounding() {
        let inner =
            photo(20, 16, |x, y| if x.abs_diff(10) < 5 && y.abs_diff(8) < 4 { [0; 3] } else { [200; 3] }).pixels;
        let out = surround(&inner, PLACE, (80, 60), Stream::derive(1, &[]));
        let outside = |x: u32, y: u32| !((30..50).contains(&x) && (20..36).contains(&y));
        assert!(out.enumerate_pixels().filter(|(x, y, _)| outside(*x, *y)).all(|(_, _, pixel)| pixel.0[0] > 190));
        assert_eq!(out.get_pixel(40, 28).0, [0; 3]);
    }

    #[test]
    fn there_is_no_seam_at_the_border() {
        let inner = photo(40, 32, |x, y| [(100 + 9 * ((x / 2 + y / 3) % 4) + x) as u8; 3]).pixels;
        let place = Region { x: 30, y: 20, w: 40, h: 32 };
        let out = surround(&inner, place, (100, 72), Stream::derive(1, &[]));
        let step = |a: (u32, u32), b: (u32, u32)| out.get_pixel(a.0, a.1).0[0].abs_diff(out.get_pixel(b.0, b.1).0[0]);
        // The first pixel outside is the last one inside, but for the grain and what the smooth colours differ by.
        assert!((20..52).all(|y| step((29, y), (30, y)) < 8 && step((69, y), (70, y)) < 8));
        assert!((30..70).all(|x| step((x, 19), (x, 20)) < 8 && step((x, 51), (x, 52)) < 8));
        assert!((0..40).all(|x| (0..32).all(|y| out.get_pixel(30 + x, 20 + y) == inner.get_pixel(x, y))));
    }

    #[test]
    fn detail_is_mirrored_at_the_border_and_fades_within_two_rings() {
        let from = |place: u32| Folded::new(place, 10, 20, 4);
        let at: Vec<u32> = (0..10).map(|place| from(place).at).collect();
        assert_eq!(at, [1, 0, 0, 1, 2, 3, 3, 2, 1, 0]);
        let at: Vec<u32> = (30..38).map(|place| from(place).at).collect();
        assert_eq!(at, [19, 18, 17, 16, 16, 17, 18, 19]);
        assert_eq!([9, 10, 29, 30, 33].map(|place| from(place).away), [1, 0, 0, 1, 4]);
        assert_eq!([1, 5, 9, 99].map(|away| kept(away, 4)), [256, 128, 0, 0]);
        assert_eq!([1, 2, 3, 99].map(|away| strongest(away, 4) >> 7), [78, 46, 14, 14]);
    }

    #[test]
    fn each_side_carries_its_own_colour_on() {
        let inner = photo(20, 16, |x, _| if x < 10 { [40; 3] } else { [220; 3] }).pixels;
        let layer = filled(ring(&inner, PLACE, 2, (80, 60)), 2, 2);
        assert!((layer.near(26, 28)[0] >> 7) + 60 < layer.near(54, 28)[0] >> 7);
        assert!((layer.near(2, 28)[0] >> 7) < layer.near(78, 28)[0] >> 7);
        assert!(layer.cells.iter().all(Option::is_some));
    }

    #[test]
    fn the_grain_of_a_noisy_picture_is_measured() {
        let noisy = photo(200, 20, |x, y| [100, 100 + ((x * 7 + y * 13) % 5) as u8, 100]).pixels;
        assert!(grain(&noisy) > 200);
        assert_eq!(grain(&photo(9, 9, |_, _| [7; 3]).pixels), 0);
    }
}
