//! A round kernel that is flat inside: the inside by running sums down the columns, the edge pixel by pixel.
//!
//! A column of the inside costs two look-ups whatever its height; edge pixels that weigh the same are added before they
//! are weighted. Off by at most a tenth of a grey level before rounding.

use std::collections::BTreeMap;

use image::RgbImage;
use multiversion::multiversion;

use super::lanes::add_disc;
use super::{Border, Reach, Rounding, filter};

/// Bits after the point of the result.
const BITS: u32 = 7;

/// So many pixels of 255 fit into a `u16`.
const FIT: usize = 257;

/// A kernel that is the same in all four quadrants, largest and flat in the middle.
#[derive(Debug)]
pub(crate) struct Disc {
    reach: usize,
    /// The weight inside.
    flat: f64,
    /// The sum of the weights, in weights of the inside.
    total: f64,
    /// Of each column of the inside: how far from the centre it is and how far it reaches up and down.
    columns: Vec<(isize, isize)>,
    /// Pixels of the edge by their share of the weight inside.
    edge: BTreeMap<u16, Vec<(isize, isize)>>,
}

impl Disc {
    /// The kernel with that weight so many columns and rows from the centre.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares between 0 and 1")]
    #[expect(clippy::cast_possible_wrap, reason = "a few hundred pixels")]
    pub(crate) fn new(reach: usize, weight: impl Fn(usize, usize) -> f64) -> Self {
        let flat = weight(0, 0);
        let share = |across: usize, down: usize| libm::round(weight(across, down) / flat * 65_536.0) as u32;
        let mut disc = Self { reach, flat, total: 0.0, columns: Vec::new(), edge: BTreeMap::new() };
        for across in 0..=reach {
            let inside = (0..=reach).take_while(|down| share(across, *down) >= 65_535).count();
            if inside > 0 {
                disc.columns.extend(both(across as isize).map(|across| (across, inside as isize - 1)));
            }
            for down in inside..=reach {
                let share = share(across, down).min(65_535) as u16;
                let pixels = both(across as isize).flat_map(|x| both(down as isize).map(move |y| (x, y)));
                disc.edge.entry(share).or_default().extend(pixels);
            }
        }
        disc.edge.remove(&0);
        let inside: isize = disc.columns.iter().map(|(_, half)| 2 * half + 1).sum();
        let edge: f64 = disc.edge.iter().map(|(share, pixels)| f64::from(*share) * pixels.len() as f64).sum();
        disc.total = inside as f64 + edge / 65_536.0;
        disc
    }

    /// Averages over the kernel.
    pub(crate) fn average(&self, source: &RgbImage, border: Border, rounding: Rounding) -> RgbImage {
        let scale = Scale::new(self.total);
        let terms = Terms {
            columns: self.grouped_columns(),
            edge: self.grouped_edge(FIT >> scale.up),
            down: scale.down,
            level: scale.level(self.flat),
            lost: 0,
        }
        .with_lost();
        filter(
            source,
            (Reach { across: self.reach, down: self.reach + 1 }, border),
            (BITS, rounding),
            |plane| {
                plane.numbers.iter_mut().for_each(|number| *number <<= scale.up);
                running_sums(&plane.numbers, plane.stride, &mut plane.second);
            },
            |plane, y, total| add_disc(plane, plane.at(y), &terms, total),
        )
    }

    /// The columns in groups whose sums fit into a `u16`.
    fn grouped_columns(&self) -> Vec<Vec<(isize, isize)>> {
        let mut groups: Vec<Vec<(isize, isize)>> = Vec::new();
        let mut room = 0;
        for column in &self.columns {
            let height = 2 * column.1.unsigned_abs() + 1;
            match groups.last_mut() {
                Some(group) if height <= room => group.push(*column),
                _ => {
                    groups.push(vec![*column]);
                    room = FIT;
                }
            }
            room = room.saturating_sub(height);
        }
        groups
    }

    /// The edge in groups of one weight, so many pixels at most.
    fn grouped_edge(&self, most: usize) -> Vec<(u16, Vec<(isize, isize)>)> {
        let chunks = |(share, pixels): (&u16, &Vec<(isize, isize)>)| {
            pixels.chunks(most.max(1)).map(|chunk| (*share, chunk.to_vec())).collect::<Vec<_>>()
        };
        self.edge.iter().flat_map(chunks).collect()
    }
}

/// How sums are shifted so that the whole kernel's fits into a `u16` and fills it.
struct Scale {
    /// Places to the left, before anything is added.
    up: u32,
    /// Places to the right, after each group.
    down: u32,
}

impl Scale {
    /// For a kernel that weighs as much as that many pixels.
    fn new(total: f64) -> Self {
        let fits = |up: &u32| total * f64::from(1_u32 << *up) <= FIT as f64;
        let up = (0..8).rev().find(fits).unwrap_or(0);
        let down = (0..16).find(|down| total <= FIT as f64 * f64::from(1_u32 << down)).unwrap_or(16);
        Self { up, down }
    }

    /// What a shifted sum is multiplied by, in 65 536ths, to give grey levels with [`BITS`] bits after the point.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before the cast")]
    fn level(&self, flat: f64) -> u16 {
        let unit = f64::from(1_u32 << self.down) / f64::from(1_u32 << self.up);
        libm::round(flat * unit * f64::from(1_u32 << BITS) * 65_536.0).clamp(0.0, 65_535.0) as u16
    }
}

/// The kernel as the inner loop takes it.
pub(super) struct Terms {
    /// Groups of columns of the inside: how far to the side, how far up and down.
    pub columns: Vec<Vec<(isize, isize)>>,
    /// Groups of pixels of the edge with their share of the weight inside.
    pub edge: Vec<(u16, Vec<(isize, isize)>)>,
    /// Bits that the sum of each group loses.
    pub down: u32,
    /// What the sum is multiplied by.
    pub level: u16,
    /// What weighting and shifting cut off on average: half a unit a group.
    pub lost: u16,
}

impl Terms {
    fn with_lost(self) -> Self {
        let shifted = if self.down > 0 { self.columns.len() } else { 0 };
        let lost = u16::try_from(((self.edge.len() + shifted) / 2) >> self.down).unwrap_or(0);
        Self { lost, ..self }
    }
}

/// Sums of each row and all above it, modulo 65 536: differences of them are exact.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn running_sums(numbers: &[u16], stride: usize, sums: &mut Vec<u16>) {
    sums.clear();
    sums.extend_from_slice(numbers);
    for row in (stride..sums.len()).step_by(stride.max(1)) {
        let (above, below) = sums.split_at_mut(row);
        let above = above.get(row - stride..).unwrap_or_default();
        below.iter_mut().zip(above).for_each(|(sum, above)| *sum = sum.wrapping_add(*above));
    }
}

/// A distance to both sides; to none, once.
fn both(away: isize) -> impl Iterator<Item = isize> {
    [away, -away].into_iter().take(if away == 0 { 1 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::{Disc, FIT, Scale};
    use crate::contract::photograph;
    use crate::image::kernels::{Border, Rounding};

    /// A disc with a soft edge, one in sum.
    fn soft(radius: f64) -> (usize, impl Fn(usize, usize) -> f64) {
        let reach = libm::ceil(radius) as usize + 1;
        let at = move |x: usize, y: usize| (radius + 1.0 - (x as f64).hypot(y as f64)).clamp(0.0, 1.0);
        let span = reach as i64;
        let cells = (-span..=span).flat_map(|x| (-span..=span).map(move |y| (x, y)));
        let total: f64 = cells.map(|(x, y)| at(x.unsigned_abs() as usize, y.unsigned_abs() as usize)).sum();
        (reach, move |x, y| at(x, y) / total)
    }

    #[test]
    fn it_is_within_a_tenth_of_a_level_of_the_definition_before_rounding() {
        let image = photograph(90, 70, 3).pixels;
        for radius in [2.0, 3.5, 6.0, 8.3, 15.8, 31.0] {
            let (reach, weight) = soft(radius);
            let ours = Disc::new(reach, &weight).average(&image, Border::Mirror, Rounding::Nearest);
            let near = |at: u32, by: isize, end: u32| Border::Mirror.place(at as isize + by, end as usize) as u32;
            for (x, y, pixel) in ours.enumerate_pixels().step_by(37) {
                let span = reach as isize;
                let cells = (-span..=span).flat_map(|a| (-span..=span).map(move |d| (a, d)));
                let exact: f64 = cells
                    .map(|(a, d)| {
                        let value = image.get_pixel(near(x, a, 90), near(y, d, 70)).0[1];
                        f64::from(value) * weight(a.unsigned_abs(), d.unsigned_abs())
                    })
                    .sum();
                assert!((f64::from(pixel.0[1]) - exact).abs() < 0.6, "radius {radius}, {x} {y}: {exact}");
            }
        }
    }

    #[test]
    fn groups_fit_and_hold_every_column() {
        let (reach, weight) = soft(30.0);
        let disc = Disc::new(reach, weight);
        let groups = disc.grouped_columns();
        assert_eq!(groups.iter().flatten().count(), disc.columns.len());
        assert!(groups.iter().all(|group| group.iter().map(|(_, half)| 2 * half + 1).sum::<isize>() <= FIT as isize));
    }

    #[test]
    fn every_scale_uses_the_upper_half_of_the_numbers() {
        for total in [12.6, 100.0, 257.0, 300.0, 3000.0] {
            let scale = Scale::new(total);
            let filled = total * 255.0 * f64::from(1 << scale.up) / f64::from(1 << scale.down);
            assert!((32_700.0..65_536.0).contains(&filled), "{total}: {filled}");
        }
    }
}
