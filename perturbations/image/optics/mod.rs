//! Focus, movement and stray light: what the lens, the hand and the flash do.
//!
//! Blurs average grey levels as stored (as ImageNet-C does), not light. Beyond the border the outermost pixel is
//! repeated. Sums are whole numbers, so every machine gives the same bytes.

pub mod chromatic_aberration;
mod coarse;
pub mod defocus;
pub mod flash_hotspot;
pub mod gaussian_blur;
pub mod glare;
pub mod glass_blur;
pub mod lens_smudge;
mod magnify;
pub mod motion_blur;
pub mod zoom_blur;

use crate::{Basis, Gradable, Level, Modality};
use image::RgbImage;

use crate::{Basis, Gradable, Level, Modality, Tone};

/// Blur hides the network and dots of a dermoscopic image before it hides a clinical lesion's outline.
pub(crate) const SHARP_ENOUGH: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(1), basis: Basis::Assumed },
];

/// Reflected light hides what lies under it; on dark skin it outshines far more, so the limit comes a level earlier.
pub(crate) const NOT_BLINDED: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
    Gradable { modality: Modality::ClinicalPhoto, tone: Some(Tone::Dark), to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
];

/// Bytes of a pixel; channels lie side by side, so a step to the right is this many numbers.
const CHANNELS: usize = 3;

/// The rows around one output row as numbers, with the border pixel repeated; older rows make room for newer ones.
struct Rows<'a> {
    source: &'a RgbImage,
    /// How many rows and columns to each side a pixel's neighbourhood reaches.
    reach: usize,
    /// Applied once to each padded row.
    prepare: fn(&mut Vec<f32>),
    kept: Vec<Vec<f32>>,
    /// How many rows have been prepared.
    ready: usize,
}

impl<'a> Rows<'a> {
    fn new(source: &'a RgbImage, reach: usize, prepare: fn(&mut Vec<f32>)) -> Self {
        let kept = vec![Vec::new(); (2 * reach + 1).min(source.height() as usize)];
        Self { source, reach, prepare, kept, ready: 0 }
    }

    /// Makes the rows that row `y` needs ready.
    fn centre_on(&mut self, y: usize) {
        let height = self.source.height() as usize;
        while self.ready < height.min(y + self.reach + 1) {
            let slot = self.ready % self.kept.len();
            if let Some(row) = self.kept.get_mut(slot) {
                pad_row(self.source, self.ready, self.reach, row);
                (self.prepare)(row);
            }
            self.ready += 1;
        }
    }

    /// The row at that distance below (or above) row `y`; the outermost row stands for those beyond the border.
    fn at(&self, y: usize, distance: isize) -> &[f32] {
        let last = (self.source.height() as usize).saturating_sub(1);
        let row = y.saturating_add_signed(distance).min(last);
        self.kept.get(row % self.kept.len().max(1)).map_or(&[], Vec::as_slice)
    }
}

/// One row as numbers with `reach` border pixels on each side.
fn pad_row(source: &RgbImage, y: usize, reach: usize, row: &mut Vec<f32>) {
    let stride = source.width() as usize * CHANNELS;
    let bytes = source.get(y * stride..(y + 1) * stride).unwrap_or_default();
    let (first, last) = (bytes.first_chunk::<CHANNELS>(), bytes.last_chunk::<CHANNELS>());
    row.clear();
    let edge = |pixel: Option<&[u8; CHANNELS]>| pixel.copied().unwrap_or_default().map(f32::from);
    (0..reach).for_each(|_| row.extend(edge(first)));
    row.extend(bytes.iter().map(|byte| f32::from(*byte)));
    (0..reach).for_each(|_| row.extend(edge(last)));
}

/// Filters row by row: `sum` adds the weighted neighbourhood of row `y` into a row of zeros.
fn filter(
    source: &RgbImage,
    reach: usize,
    prepare: fn(&mut Vec<f32>),
    mut sum: impl FnMut(&Rows<'_>, usize, &mut [f32]),
) -> RgbImage {
    let mut out = source.clone();
    let mut rows = Rows::new(source, reach, prepare);
    let stride = source.width() as usize * CHANNELS;
    let mut total = vec![0.0; stride];
    for (y, line) in out.chunks_exact_mut(stride.max(1)).enumerate() {
        rows.centre_on(y);
        total.fill(0.0);
        sum(&rows, y, &mut total);
        line.iter_mut().zip(&total).for_each(|(byte, value)| *byte = to_byte(*value));
    }
    out
}

/// The nearest grey level.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
fn to_byte(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// A weighted part of a sum: two rows that are joined, number by number, and then weighted.
#[derive(Debug, Clone, Copy)]
struct Term<'a> {
    one: &'a [f32],
    other: &'a [f32],
    weight: f32,
}

impl<'a> Term<'a> {
    /// The two rows from their own numbers on.
    fn new((one, one_from): (&'a [f32], usize), (other, other_from): (&'a [f32], usize), weight: f32) -> Self {
        Self {
            one: one.get(one_from..).unwrap_or_default(),
            other: other.get(other_from..).unwrap_or_default(),
            weight,
        }
    }
}

/// Numbers that are summed together, so that their sums stay in registers.
const LANES: usize = 32;

/// `total += weight × join(one, other)` for every term, in the order of the terms.
fn add_terms(total: &mut [f32], terms: &[Term<'_>], join: impl Fn(f32, f32) -> f32 + Copy) {
    let (blocks, rest) = total.as_chunks_mut::<LANES>();
    let done = blocks.len() * LANES;
    for (block, from) in blocks.iter_mut().zip((0..).step_by(LANES)) {
        let mut sums = *block;
        for term in terms {
            let lanes = |row: &'_ [f32]| row.get(from..).and_then(<[f32]>::first_chunk::<LANES>).copied();
            if let (Some(one), Some(other)) = (lanes(term.one), lanes(term.other)) {
                add_lanes(&mut sums, one.iter().zip(&other), term.weight, join);
            }
        }
        *block = sums;
    }
    for term in terms {
        let row = |row: &'_ [f32]| row.get(done..).unwrap_or_default().to_vec();
        add_lanes(rest, row(term.one).iter().zip(&row(term.other)), term.weight, join);
    }
}

fn add_lanes<'a>(
    sums: &mut [f32],
    pairs: impl Iterator<Item = (&'a f32, &'a f32)>,
    weight: f32,
    join: impl Fn(f32, f32) -> f32,
) {
    sums.iter_mut().zip(pairs).for_each(|(sum, (one, other))| *sum += weight * join(*one, *other));
}

#[cfg(test)]
mod tests {
    use super::{Rows, Term, add_terms, filter};
    use image::{Rgb, RgbImage};

    fn ramp() -> RgbImage {
        RgbImage::from_fn(5, 4, |x, y| Rgb([(10 * x) as u8, (20 * y) as u8, 7]))
    }

    #[test]
    fn the_border_pixel_is_repeated_on_all_sides() {
        let image = ramp();
        let mut rows = Rows::new(&image, 2, |_| {});
        rows.centre_on(0);
        assert_eq!(rows.at(0, -2), rows.at(0, 0));
        assert_eq!(&rows.at(0, 0)[..9], [0.0, 0.0, 7.0, 0.0, 0.0, 7.0, 0.0, 0.0, 7.0]);
        rows.centre_on(3);
        assert_eq!(rows.at(3, 2), rows.at(3, 0));
        assert_eq!(rows.at(3, 0)[10..], rows.at(3, 0)[10..27].to_vec());
    }

    #[test]
    fn a_filter_that_takes_the_middle_changes_nothing() {
        let image = ramp();
        for reach in [0, 1, 7] {
            let same = filter(
                &image,
                reach,
                |_| {},
                |rows, y, total| {
                    let middle = (rows.at(y, 0), 3 * reach);
                    add_terms(total, &[Term::new(middle, middle, 0.5)], |a, b| a + b);
                },
            );
            assert_eq!(same, image);
        }
    }
}
