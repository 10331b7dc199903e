//! A photograph magnified about its middle, row by row.
//!
//! Not an operator. Where a row of the magnified photograph comes from moves by whole pixels only here and there; between
//! these places it is a plain shift with a weight per pixel, which is worked on many values at a time. Whole numbers
//! throughout: grey levels are kept in 64ths.

use image::RgbImage;

use crate::image::kernels::CHANNELS;

/// Parts of a grey level in a row.
pub(super) const PARTS: i16 = 64;

/// A stretch of pixels that comes from a stretch of equally many.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    start: usize,
    end: usize,
    from: usize,
}

/// Which pixel a place comes from, and how much of the next one, in 2⁻¹⁵.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Source {
    at: usize,
    next: i16,
}

/// The way from a photograph to its magnified self of the same size; the border pixel is repeated.
#[derive(Debug)]
pub(super) struct Magnifier {
    rows: Vec<Source>,
    runs: Vec<Run>,
    /// For each value of a row, how much of the next pixel's.
    next: Vec<i16>,
    mixed: Vec<i16>,
}

impl Magnifier {
    /// Magnifies by that factor (below 1: shrinks).
    pub(super) fn new(source: &RgbImage, factor: f64) -> Self {
        let columns = sources(source.width(), factor);
        let next = columns.iter().flat_map(|column| [column.next; CHANNELS]).collect();
        Self { rows: sources(source.height(), factor), runs: runs(&columns), next, mixed: Vec::new() }
    }

    /// Row `y` of the magnified photograph in 64ths of a grey level.
    pub(super) fn row(&mut self, source: &RgbImage, y: usize, row: &mut [i16]) {
        let stride = source.width() as usize * CHANNELS;
        let Some(&Source { at, next }) = self.rows.get(y) else { return };
        let line = |y: usize| source.get(y * stride..(y + 1) * stride).unwrap_or_default();
        let below = if next > 0 { line(at + 1) } else { line(at) };
        self.mixed.clear();
        let pairs = line(at).iter().zip(below);
        self.mixed.extend(pairs.map(|(a, b)| {
            let (a, b) = (i16::from(*a), i16::from(*b));
            a * PARTS + part((b - a) << 7, next)
        }));
        // The last pixel's next is itself.
        self.mixed.extend_from_within(self.mixed.len().saturating_sub(CHANNELS)..);
        for run in &self.runs {
            let (start, end, from) = (run.start * CHANNELS, run.end * CHANNELS, run.from * CHANNELS);
            let here = self.mixed.get(from..from + end - start).unwrap_or_default();
            let after = self.mixed.get(from + CHANNELS..).unwrap_or_default();
            let weights = self.next.get(start..end).unwrap_or_default();
            let out = row.get_mut(start..end).unwrap_or_default();
            for (((out, a), b), next) in out.iter_mut().zip(here).zip(after).zip(weights) {
                *out = *a + part((*b - *a) * 2, *next);
            }
        }
    }
}

/// That many 2⁻¹⁵ of half a number: the high half of a product, one instruction for eight lanes.
fn part(double: i16, share: i16) -> i16 {
    ((i32::from(double) * i32::from(share)) >> 16) as i16
}

/// Where each place of a line comes from.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the line; a share of 2^15")]
fn sources(count: u32, factor: f64) -> Vec<Source> {
    let last = f64::from(count.saturating_sub(1));
    let source = |at: u32| {
        let place = (last / 2.0 + (f64::from(at) - last / 2.0) / factor).clamp(0.0, last);
        let whole = libm::floor(place);
        Source { at: whole as usize, next: ((place - whole) * 32_768.0) as i16 }
    };
    (0..count).map(source).collect()
}

/// Stretches in which the source moves on pixel by pixel.
fn runs(columns: &[Source]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, source) in columns.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if run.from + (at - run.start) == source.at => run.end = at + 1,
            _ => runs.push(Run { start: at, end: at + 1, from: source.at }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::Magnifier;
    use crate::image::tests::photo;
    use image::RgbImage;

    fn magnified(source: &RgbImage, factor: f64) -> Vec<Vec<f64>> {
        let mut magnifier = Magnifier::new(source, factor);
        let mut row = vec![0; 3 * source.width() as usize];
        (0..source.height() as usize)
            .map(|y| {
                magnifier.row(source, y, &mut row);
                row.iter().map(|value| f64::from(*value) / 64.0).collect()
            })
            .collect()
    }

    #[test]
    fn a_factor_of_one_changes_nothing() {
        let image = photo(37, 21, |x, y| [(x * 6) as u8, (y * 11) as u8, (x * y) as u8]).pixels;
        for (row, wanted) in magnified(&image, 1.0).iter().zip(image.chunks(3 * 37)) {
            assert!(row.iter().zip(wanted).all(|(a, b)| *a == f64::from(*b)));
        }
    }

    #[test]
    fn a_slope_gets_flatter_by_the_factor_about_the_middle() {
        let image = photo(61, 41, |x, y| [(4 * x) as u8, (6 * y) as u8, 255]).pixels;
        for factor in [0.9, 1.01, 1.3, 2.0] {
            for (y, row) in magnified(&image, factor).iter().enumerate() {
                for (x, pixel) in row.chunks(3).enumerate() {
                    let place =
                        |at: usize, last: f64| (last / 2.0 + (at as f64 - last / 2.0) / factor).clamp(0.0, last);
                    let wanted = [4.0 * place(x, 60.0), 6.0 * place(y, 40.0), 255.0];
                    assert!(pixel.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 0.06), "{factor} {x} {y} {pixel:?}");
                }
            }
        }
    }
}
