//! Light on drops: the relief that the reference makes with Canny edges, a distance transform and an emboss filter.
//!
//! Each step follows the definition that OpenCV gives: edges by Sobel gradients in the sum norm (Canny, PAMI 1986),
//! distances by a 5 × 5 chamfer mask (Borgefors, CVGIP 1986).

use multiversion::multiversion;

use crate::image::kernels::Border;

/// How far from an edge distances are told apart.
const FAR: f32 = 20.0;

/// The light on each pixel of a grey layer, row by row.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
pub(super) fn relief(grey: &[u8], width: usize, height: usize) -> Vec<u8> {
    let sheet = Sheet { width, height };
    let distances: Vec<f32> = sheet.distances(&sheet.edges(grey)).into_iter().map(|far| far.min(FAR)).collect();
    let soft: Vec<u8> = sheet.around(&distances, &[1.0; 9]).into_iter().map(|sum| (sum / 9.0) as u8).collect();
    let even: Vec<f32> = equalised(&soft).into_iter().map(f32::from).collect();
    let embossed = sheet.around(&even, &[-2.0, -1.0, 0.0, -1.0, 1.0, 1.0, 0.0, 1.0, 2.0]);
    let embossed: Vec<f32> = embossed.into_iter().map(|light| light.clamp(0.0, 255.0)).collect();
    sheet.around(&embossed, &[1.0; 9]).into_iter().map(|sum| (sum / 9.0 + 0.5) as u8).collect()
}

/// The shape of the layer.
struct Sheet {
    width: usize,
    height: usize,
}

/// Gradient sizes below which nothing is an edge, and above which every crest is.
const THRESHOLDS: (i16, i16) = (50, 150);

/// Rows and columns that a padded layer has beyond each side.
const MARGIN: usize = 2;

/// Steps to neighbours: straight, diagonal, knight's move.
const STEPS: [f32; 3] = [1.0, 1.4, 2.1969];

impl Sheet {
    /// Numbers per row of a padded layer.
    fn stride(&self) -> usize {
        self.width + 2 * MARGIN
    }

    /// The layer with a margin that continues it.
    fn padded<T: Copy, U: Default>(&self, values: &[T], border: Border, number: impl Fn(T) -> U) -> Vec<U> {
        let margin = MARGIN.cast_signed();
        let mut out = Vec::with_capacity(self.stride() * (self.height + 2 * MARGIN));
        for y in -margin..self.height.cast_signed() + margin {
            let start = border.place(y, self.height) * self.width;
            let row = values.get(start..start + self.width).unwrap_or_default();
            let at = |x: isize| row.get(border.place(x, self.width)).copied().map(&number).unwrap_or_default();
            out.extend((-margin..0).map(at));
            out.extend(row.iter().copied().map(&number));
            out.extend((0..margin).map(|x| at(self.width.cast_signed() + x)));
        }
        out
    }

    /// The rows around row `y` of a padded layer, from `up` above it on.
    fn rows<'a, T, const N: usize>(&self, padded: &'a [T], y: usize, up: usize) -> [&'a [T]; N] {
        let stride = self.stride();
        core::array::from_fn(|i| {
            let start = (y + MARGIN + i - up) * stride;
            padded.get(start..start + stride).unwrap_or_default()
        })
    }

    /// Weighted sums over 3 × 3 neighbours, the border mirrored.
    fn around(&self, values: &[f32], weights: &[f32; 9]) -> Vec<f32> {
        let padded = self.padded(values, Border::Mirror, |value| value);
        let mut out = vec![0.0; values.len()];
        for (y, line) in out.chunks_exact_mut(self.width.max(1)).enumerate() {
            add_rows(self.rows(&padded, y, 1), weights, line);
        }
        out
    }

    /// Which pixels are edges: crests of the gradient above the upper threshold, and those above the lower that touch one.
    fn edges(&self, grey: &[u8]) -> Vec<bool> {
        let padded = self.padded(grey, Border::Repeat, i16::from);
        let stride = self.stride();
        let mut gradients = [0, 1].map(|_: usize| vec![0_i16; padded.len()]);
        let [right, down] = &mut gradients;
        for y in 0..self.height {
            let inner = (y + MARGIN) * stride + MARGIN..(y + MARGIN) * stride + MARGIN + self.width;
            let lines = (right.get_mut(inner.clone()), down.get_mut(inner));
            if let (Some(right), Some(down)) = lines {
                sobel(self.rows(&padded, y, 1), right, down);
            }
        }
        let sizes: Vec<i16> = right.iter().zip(&*down).map(|(right, down)| right.abs() + down.abs()).collect();
        let above = sizes.iter().enumerate().filter(|(_, size)| **size > THRESHOLDS.0);
        let mut crests = vec![false; padded.len()];
        for (at, _) in above {
            let gradient = (right.get(at), down.get(at));
            if let ((Some(right), Some(down)), Some(crest)) = (gradient, crests.get_mut(at)) {
                *crest = is_crest(&sizes, stride, at, (*right, *down));
            }
        }
        self.linked(&crests, &sizes)
    }

    /// The crests above the upper threshold, and those that touch them one after another, without the margin.
    fn linked(&self, crests: &[bool], sizes: &[i16]) -> Vec<bool> {
        let stride = self.stride();
        let mut edges: Vec<bool> =
            crests.iter().zip(sizes).map(|(crest, size)| *crest && *size > THRESHOLDS.1).collect();
        let mut open: Vec<usize> = edges.iter().enumerate().filter(|(_, edge)| **edge).map(|(at, _)| at).collect();
        while let Some(at) = open.pop() {
            for row in [at - stride, at, at + stride] {
                for next in row - 1..=row + 1 {
                    if crests.get(next) == Some(&true)
                        && let Some(edge) = edges.get_mut(next).filter(|edge| !**edge)
                    {
                        *edge = true;
                        open.push(next);
                    }
                }
            }
        }
        let rows = edges.chunks_exact(stride).skip(MARGIN).take(self.height);
        rows.filter_map(|row| row.get(MARGIN..MARGIN + self.width)).flatten().copied().collect()
    }

    /// The distance of each pixel from the nearest edge, in [`STEPS`].
    fn distances(&self, edges: &[bool]) -> Vec<f32> {
        const NONE: f32 = 65_535.0;
        let mut far = vec![NONE; self.stride() * (self.height + 2 * MARGIN)];
        let rows = edges.chunks_exact(self.width.max(1));
        for (line, edges) in far.chunks_exact_mut(self.stride()).skip(MARGIN).zip(rows) {
            let inner = line.iter_mut().skip(MARGIN).zip(edges).filter(|(_, edge)| **edge);
            inner.for_each(|(far, _)| *far = 0.0);
        }
        self.sweep(&mut far);
        // The way back is the way there on the layer turned by half a turn.
        far.reverse();
        self.sweep(&mut far);
        far.reverse();
        let rows = far.chunks_exact(self.stride()).skip(MARGIN).take(self.height);
        rows.filter_map(|row| row.get(MARGIN..MARGIN + self.width)).flatten().copied().collect()
    }

    /// Hands distances on to the right and down.
    fn sweep(&self, far: &mut [f32]) {
        let stride = self.stride();
        for y in MARGIN..self.height + MARGIN {
            let (before, rest) = far.split_at_mut(y * stride);
            let above = |rows: usize| before.get((y - rows) * stride..(y + 1 - rows) * stride).unwrap_or_default();
            let Some(line) = rest.get_mut(MARGIN..MARGIN + self.width) else { continue };
            from_above(above(2), above(1), line);
            let mut left = f32::MAX;
            for value in line {
                *value = value.min(left + STEPS[0]);
                left = *value;
            }
        }
    }
}

/// Whether the gradient is largest here along its own direction, of four.
fn is_crest(sizes: &[i16], stride: usize, at: usize, (right, down): (i16, i16)) -> bool {
    // tan 22.5° in 15-bit fixed point; tan 67.5° is that plus 2.
    const TANGENT: i64 = 13_573;
    let size = |at: usize| sizes.get(at).copied().unwrap_or(0);
    let here = size(at);
    let (wide, high) = (i64::from(right.abs()), i64::from(down.abs()) << 15);
    if high < wide * TANGENT {
        here > size(at - 1) && here >= size(at + 1)
    } else if high > wide * (TANGENT + (2 << 15)) {
        here > size(at - stride) && here >= size(at + stride)
    } else if (right < 0) == (down < 0) {
        here > size(at - stride - 1) && here > size(at + stride + 1)
    } else {
        here > size(at - stride + 1) && here > size(at + stride - 1)
    }
}

/// Gradients to the right and down from three padded rows (Sobel).
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn sobel([above, here, below]: [&[i16]; 3], right: &mut [i16], down: &mut [i16]) {
    let smooth = |a: i16, b: i16, c: i16| a.wrapping_add(b.wrapping_mul(2)).wrapping_add(c);
    let windows = above.windows(5).zip(here.windows(5)).zip(below.windows(5));
    for (((above, here), below), (right, down)) in windows.zip(right.iter_mut().zip(down)) {
        if let ([_, a, b, c, _], [_, d, _, e, _], [_, f, g, h, _]) = (above, here, below) {
            *right = smooth(*c, *e, *h).wrapping_sub(smooth(*a, *d, *f));
            *down = smooth(*f, *g, *h).wrapping_sub(smooth(*a, *b, *c));
        }
    }
}

/// Distances handed on from the two padded rows above.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn from_above(second: &[f32], first: &[f32], line: &mut [f32]) {
    let [straight, diagonal, knight] = STEPS;
    for (value, (second, first)) in line.iter_mut().zip(second.windows(5).zip(first.windows(5))) {
        if let ([_, a, _, b, _], [c, d, e, f, g]) = (second, first) {
            let knights = a.min(*b).min(c.min(*g)) + knight;
            *value = value.min(knights).min(d.min(*f) + diagonal).min(e + straight);
        }
    }
}

/// Three padded rows, weighted.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn add_rows(rows: [&[f32]; 3], weights: &[f32; 9], line: &mut [f32]) {
    for (row, weights) in rows.into_iter().zip(weights.as_chunks::<3>().0) {
        let [left, here, right] = weights;
        for (sum, window) in line.iter_mut().zip(row.windows(5)) {
            if let [_, a, b, c, _] = window {
                *sum += a * left + b * here + c * right;
            }
        }
    }
}

/// Grey levels spread so that each is as frequent as the next.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn equalised(grey: &[u8]) -> Vec<u8> {
    let mut counts = [0_u32; 256];
    grey.iter().for_each(|value| counts[usize::from(*value)] += 1);
    let first = counts.iter().position(|count| *count > 0).unwrap_or(0);
    let others: u32 = counts.iter().skip(first + 1).sum();
    if others == 0 {
        return grey.to_vec();
    }
    let mut sum = 0;
    let mut table = [0; 256];
    for (slot, count) in table.iter_mut().zip(counts).skip(first + 1) {
        sum += count;
        *slot = libm::rint(f64::from(sum) * 255.0 / f64::from(others)) as u8;
    }
    grey.iter().map(|value| table[usize::from(*value)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Sheet, equalised, relief};

    const SHEET: Sheet = Sheet { width: 16, height: 12 };

    /// A bright square.
    fn square() -> Vec<u8> {
        let place = |i: usize| (i % 16, i / 16);
        (0..192).map(place).map(|(x, y)| if (4..11).contains(&x) && (3..9).contains(&y) { 200 } else { 0 }).collect()
    }

    #[test]
    fn the_edges_of_a_square_are_one_pixel_wide() {
        let edges = SHEET.edges(&square());
        let row: Vec<usize> = (0..16).filter(|x| edges[6 * 16 + x]).collect();
        assert_eq!(row.len(), 2, "{row:?}");
        assert!((3..=4).contains(&row[0]) && (10..=11).contains(&row[1]), "{row:?}");
        assert!(SHEET.edges(&[7; 192]).iter().all(|edge| !edge));
    }

    #[test]
    fn distances_are_chamfer_steps() {
        let mut edges = vec![false; 192];
        edges[5 * 16 + 5] = true;
        let far = SHEET.distances(&edges);
        let at = |x: usize, y: usize| far[y * 16 + x];
        assert!((at(8, 5) - 3.0).abs() < 1e-5 && (at(7, 7) - 2.8).abs() < 1e-5);
        assert!((at(6, 7) - 2.1969).abs() < 1e-5 && (at(3, 4) - 2.1969).abs() < 1e-5);
    }

    #[test]
    fn equalised_levels_span_the_range() {
        assert_eq!(equalised(&[10, 10, 20, 30]), [0, 0, 128, 255]);
        assert_eq!(equalised(&[9, 9]), [9, 9]);
    }

    #[test]
    fn sums_mirror_the_border() {
        let sheet = Sheet { width: 3, height: 1 };
        assert_eq!(sheet.around(&[1.0, 2.0, 5.0], &[0.0, 0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0]), [6.0, 11.0, 6.0]);
    }

    #[test]
    fn a_drop_is_lit_from_one_side() {
        let light = relief(&square(), 16, 12);
        assert!(light.iter().any(|value| *value > 40) && light.iter().any(|value| *value < 10));
    }
}
