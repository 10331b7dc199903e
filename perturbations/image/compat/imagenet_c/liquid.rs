//! Light on drops: the relief that the reference makes with Canny edges, a distance transform and an emboss filter.
//!
//! Each step follows the definition that OpenCV gives: edges by Sobel gradients in the sum norm (Canny, PAMI 1986),
//! distances by a 5 × 5 chamfer mask (Borgefors, CVGIP 1986).

use multiversion::multiversion;

use crate::image::kernels::Border;

/// How far from an edge distances are told apart.
const FAR: f32 = 20.0;

/// The light on each pixel of a grey layer, row by row.
pub(super) fn relief(grey: &[u8], width: usize, height: usize) -> Vec<u8> {
    let sheet = Sheet { width, height };
    let distances = sheet.distances(&sheet.edges(grey));
    let even = equalised(&sheet.around(&distances, &[1.0; 9], |sum| level(sum / 9.0)));
    let embossed =
        sheet.around(&even, &[-2.0, -1.0, 0.0, -1.0, 1.0, 1.0, 0.0, 1.0, 2.0], |light| light.clamp(0.0, 255.0));
    sheet.around(&embossed, &[1.0; 9], |sum| level(sum / 9.0 + 0.5))
}

/// A number between 0 and 255 without its fraction. Written so that compilers make vector code of it.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
pub(super) fn level(value: f32) -> u8 {
    value as i32 as u8
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
    fn padded<T: Copy, U: Copy + Default>(&self, values: &[T], border: Border, number: impl Fn(T) -> U) -> Vec<U> {
        let (margin, stride) = (MARGIN.cast_signed(), self.stride());
        let mut out = vec![U::default(); stride * (self.height + 2 * MARGIN)];
        for (y, line) in (-margin..).zip(out.chunks_exact_mut(stride)) {
            let start = border.place(y, self.height) * self.width;
            let row = values.get(start..start + self.width).unwrap_or_default();
            let inner = line.get_mut(MARGIN..MARGIN + self.width).unwrap_or_default();
            inner.iter_mut().zip(row).for_each(|(slot, value)| *slot = number(*value));
            for x in (-margin..0).chain(self.width.cast_signed()..self.width.cast_signed() + margin) {
                let value = row.get(border.place(x, self.width)).copied().map(&number);
                if let Some(slot) = line.get_mut((x + margin).unsigned_abs()) {
                    *slot = value.unwrap_or_default();
                }
            }
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

    /// Weighted sums over 3 × 3 neighbours, the border mirrored, and what is made of them.
    fn around<T: Copy + Default>(&self, values: &[f32], weights: &[f32; 9], made: impl Fn(f32) -> T) -> Vec<T> {
        let padded = self.padded(values, Border::Mirror, |value| value);
        let (mut out, mut sums) = (vec![T::default(); values.len()], vec![0.0; self.width]);
        for (y, line) in out.chunks_exact_mut(self.width.max(1)).enumerate() {
            sums.fill(0.0);
            add_rows(self.rows(&padded, y, 1), weights, &mut sums);
            line.iter_mut().zip(&sums).for_each(|(out, sum)| *out = made(*sum));
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
        let mut sizes = vec![0; padded.len()];
        sizes_of(right, down, &mut sizes);
        let mut crests = vec![false; padded.len()];
        for (row, line) in crests.chunks_exact_mut(stride).enumerate().skip(MARGIN).take(self.height) {
            let rows = self.rows(&sizes, row - MARGIN, 1);
            let inner = row * stride..(row + 1) * stride;
            let gradients = (right.get(inner.clone()).unwrap_or_default(), down.get(inner).unwrap_or_default());
            find_crests(rows, gradients, line);
        }
        self.linked(&crests, &sizes)
    }

    /// The crests above the upper threshold, and those that touch them one after another, without the margin.
    fn linked(&self, crests: &[bool], sizes: &[i16]) -> Vec<bool> {
        let stride = self.stride();
        let mut edges: Vec<bool> =
            crests.iter().zip(sizes).map(|(crest, size)| *crest & (*size > THRESHOLDS.1)).collect();
        let mut open: Vec<usize> = Vec::new();
        for (first, block) in (0..).step_by(LANES).zip(edges.chunks(LANES)) {
            if block.contains(&true) {
                open.extend((first..).zip(block).filter(|(_, edge)| **edge).map(|(at, _)| at));
            }
        }
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
        let mut out = vec![false; self.width * self.height];
        let rows = edges.chunks_exact(stride).skip(MARGIN);
        for (line, row) in out.chunks_exact_mut(self.width.max(1)).zip(rows) {
            line.copy_from_slice(row.get(MARGIN..MARGIN + self.width).unwrap_or_default());
        }
        out
    }

    /// The distance of each pixel from the nearest edge, in [`STEPS`], up to [`FAR`].
    fn distances(&self, edges: &[bool]) -> Vec<f32> {
        const NONE: f32 = 65_535.0;
        let mut far = vec![NONE; self.stride() * (self.height + 2 * MARGIN)];
        let rows = edges.chunks_exact(self.width.max(1));
        for (line, edges) in far.chunks_exact_mut(self.stride()).skip(MARGIN).zip(rows) {
            let inner = line.get_mut(MARGIN..).unwrap_or_default().iter_mut().zip(edges);
            inner.for_each(|(far, edge)| *far = if *edge { 0.0 } else { NONE });
        }
        self.sweep(&mut far);
        // The way back is the way there on the layer turned by half a turn.
        far.reverse();
        self.sweep(&mut far);
        far.reverse();
        let rows = far.chunks_exact(self.stride()).skip(MARGIN).take(self.height);
        let mut out = vec![0.0; self.width * self.height];
        for (line, row) in out.chunks_exact_mut(self.width.max(1)).zip(rows) {
            let inner = row.get(MARGIN..).unwrap_or_default();
            line.iter_mut().zip(inner).for_each(|(out, far)| *out = if *far < FAR { *far } else { FAR });
        }
        out
    }

    /// Hands distances on to the right and down.
    fn sweep(&self, far: &mut [f32]) {
        let stride = self.stride();
        for y in MARGIN..self.height + MARGIN {
            let (before, rest) = far.split_at_mut(y * stride);
            let above = |rows: usize| before.get((y - rows) * stride..(y + 1 - rows) * stride).unwrap_or_default();
            let Some(line) = rest.get_mut(MARGIN..MARGIN + self.width) else { continue };
            from_above(above(2), above(1), line);
            from_left(line);
        }
    }
}

/// Pixels that are looked at side by side.
const LANES: usize = 32;

/// Distances handed on along a row. Most blocks have nothing to hand on: then none of it is done one by one.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn from_left(line: &mut [f32]) {
    let mut left = f32::MAX;
    for block in line.chunks_mut(LANES) {
        if block.first().is_some_and(|first| *first > left + STEPS[0]) || any_falls(block) {
            for value in &mut *block {
                *value = if left + STEPS[0] < *value { left + STEPS[0] } else { *value };
                left = *value;
            }
        }
        left = block.last().copied().unwrap_or(left);
    }
}

/// Whether any of these is farther than a step from the one before it.
#[inline(always)]
fn any_falls(block: &[f32]) -> bool {
    let after = block.get(1..).unwrap_or_default();
    block.iter().zip(after).fold(false, |any, (before, after)| any | (*after > *before + STEPS[0]))
}

/// The sum norm of gradients.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn sizes_of(right: &[i16], down: &[i16], sizes: &mut [i16]) {
    for (size, (right, down)) in sizes.iter_mut().zip(right.iter().zip(down)) {
        *size = right.wrapping_abs().wrapping_add(down.wrapping_abs());
    }
}

/// Finds where, in a padded row, the gradient is above the lower threshold and largest along its own direction, of four.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn find_crests([above, here, below]: [&[i16]; 3], (right, down): (&[i16], &[i16]), crests: &mut [bool]) {
    // tan 22.5° in 15-bit fixed point; tan 67.5° is that plus 2.
    const TANGENT: i32 = 13_573;
    let inner = crests.len().saturating_sub(2);
    let [[a, b, c], [d, here, e], [f, g, h]] =
        [above, here, below].map(|row| [0, 1, 2].map(|from| row.get(from..from + inner).unwrap_or_default()));
    let [right, down] = [right, down].map(|row| row.get(1..=inner).unwrap_or_default());
    let slots = crests.get_mut(1..=inner).unwrap_or_default();
    for i in 0..inner.min(slots.len()) {
        let (wide, high) = (i32::from(right[i]).wrapping_abs(), i32::from(down[i]).wrapping_abs().wrapping_shl(15));
        let low = wide.wrapping_mul(TANGENT);
        let (flat, steep) = (high < low, high > low.wrapping_add(wide.wrapping_shl(16)));
        let size = here[i];
        let along = (size > d[i]) & (size >= e[i]);
        let across = (size > b[i]) & (size >= g[i]);
        let falling = (size > a[i]) & (size > h[i]);
        let rising = (size > c[i]) & (size > f[i]);
        let slanted = if (right[i] < 0) == (down[i] < 0) { falling } else { rising };
        slots[i] = (size > THRESHOLDS.0)
            & if flat {
                along
            } else if steep {
                across
            } else {
                slanted
            };
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
fn equalised(grey: &[u8]) -> Vec<f32> {
    // Four counts in turn, for neighbours are often alike and would wait for each other.
    let mut counts = [[0_u32; 256]; 4];
    for values in grey.chunks(4) {
        counts.iter_mut().zip(values).for_each(|(counts, value)| counts[usize::from(*value)] += 1);
    }
    let counts: [u32; 256] = core::array::from_fn(|i| counts.iter().map(|counts| counts[i]).sum());
    let first = counts.iter().position(|count| *count > 0).unwrap_or(0);
    let others: u32 = counts.iter().skip(first + 1).sum();
    let mut table: [f32; 256] = core::array::from_fn(|i| i as f32);
    if others > 0 {
        let mut sum = 0;
        table.fill(0.0);
        for (slot, count) in table.iter_mut().zip(counts).skip(first + 1) {
            sum += count;
            *slot = spread(sum, others);
        }
    }
    grey.iter().map(|value| table[usize::from(*value)]).collect()
}

/// The whole grey level that has that share of the others below it.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 255")]
fn spread(sum: u32, others: u32) -> f32 {
    libm::rint(f64::from(sum) * 255.0 / f64::from(others)) as f32
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
        assert_eq!(equalised(&[10, 10, 20, 30]), [0.0, 0.0, 128.0, 255.0]);
        assert_eq!(equalised(&[9, 9]), [9.0, 9.0]);
    }

    #[test]
    fn sums_mirror_the_border() {
        let sheet = Sheet { width: 3, height: 1 };
        assert_eq!(
            sheet.around(&[1.0, 2.0, 5.0], &[0.0, 0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0], |sum| sum),
            [6.0, 11.0, 6.0]
        );
    }

    #[test]
    fn a_drop_is_lit_from_one_side() {
        let light = relief(&square(), 16, 12);
        assert!(light.iter().any(|value| *value > 40) && light.iter().any(|value| *value < 10));
    }
}
