//! Light on drops: the relief that the reference makes with Canny edges, a distance transform and an emboss filter.
//!
//! Each step follows the definition that OpenCV gives: edges by Sobel gradients in the sum norm (Canny, PAMI 1986),
//! distances by a 5 × 5 chamfer mask (Borgefors, CVGIP 1986). Neighbourhoods are seen through three rows that move down
//! the layer, so that most of the work stays in fast memory.

use multiversion::multiversion;

use crate::image::kernels::Border;
use crate::image::kernels::table::look_up;

/// How far from an edge distances are told apart.
const FAR: f32 = 20.0;

/// The light on each pixel of a grey layer, row by row.
pub(super) fn relief(grey: &[u8], width: usize, height: usize) -> Vec<u8> {
    let sheet = Sheet { width, height };
    let near = sheet.smoothed(&sheet.distances(&sheet.edges(grey)));
    sheet.softened(&sheet.embossed(&near, &equalising(&near)))
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

/// No crest of the gradient; one above the lower threshold; an edge.
const MARKS: [u8; 3] = [0, 1, 2];

/// Rows and columns of a layer of distances beyond each side.
const MARGIN: usize = 2;

/// Steps to neighbours: straight, diagonal, knight's move.
const STEPS: [f32; 3] = [1.0, 1.4, 2.1969];

/// Gradients of a row and, with a column of none on both sides, their sizes.
#[derive(Clone, Default)]
struct Gradients {
    right: Vec<i16>,
    down: Vec<i16>,
    sizes: Vec<i16>,
}

impl Sheet {
    /// Calls `work` for every row with the one above, itself and the one below, each with a column more on both sides.
    /// `fill` makes a row; the border stands for what lies beyond.
    fn each_row<T: Copy + Default>(
        &self,
        border: Border,
        mut fill: impl FnMut(usize, &mut [T]),
        mut work: impl FnMut(usize, [&[T]; 3]),
    ) {
        let width = self.width;
        let ends = [-1, width.cast_signed()].map(|x| 1 + border.place(x, width));
        let mut load = |y: isize, row: &mut Vec<T>| {
            fill(border.place(y, self.height), row.get_mut(1..=width).unwrap_or_default());
            let [before, after] = ends.map(|at| row.get(at).copied().unwrap_or_default());
            row.first_mut().into_iter().for_each(|slot| *slot = before);
            row.last_mut().into_iter().for_each(|slot| *slot = after);
        };
        let mut rows = [(); 3].map(|()| vec![T::default(); width + 2]);
        let [above, here, _] = &mut rows;
        load(-1, above);
        load(0, here);
        for y in 0..self.height {
            load(y.cast_signed() + 1, &mut rows[2]);
            work(y, rows.each_ref().map(Vec::as_slice));
            rows.rotate_left(1);
        }
    }

    /// That row of bytes.
    fn row<'a>(&self, bytes: &'a [u8], y: usize) -> &'a [u8] {
        bytes.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// Marks with a margin of one: edges are crests of the gradient above the upper threshold, and those above the lower
    /// that touch one another down to such a crest.
    fn edges(&self, grey: &[u8]) -> Vec<u8> {
        let stride = self.width + 2;
        let mut marks = vec![MARKS[0]; stride * (self.height + 2)];
        let none = Gradients { right: vec![0; self.width], down: vec![0; self.width], sizes: vec![0; stride] };
        let mut near = [none.clone(), none.clone(), none];
        let mut mark = |[above, here, below]: &[Gradients; 3], y: usize| {
            let line = marks.get_mut((y + 1) * stride..(y + 2) * stride).unwrap_or_default();
            find_crests([&above.sizes, &here.sizes, &below.sizes], (&here.right, &here.down), line);
        };
        self.each_row(
            Border::Repeat,
            |y, row| row.iter_mut().zip(self.row(grey, y)).for_each(|(slot, value)| *slot = i16::from(*value)),
            |y, rows| {
                sobel(rows, &mut near[2]);
                if y > 0 {
                    mark(&near, y - 1);
                }
                near.rotate_left(1);
            },
        );
        near[2].sizes.fill(0);
        mark(&near, self.height.saturating_sub(1));
        link(&mut marks, stride);
        marks
    }

    /// The distance of each pixel from the nearest edge, in [`STEPS`], up to [`FAR`], with a margin.
    fn distances(&self, marks: &[u8]) -> Vec<f32> {
        let stride = self.width + 2 * MARGIN;
        let mut far = vec![FAR; stride * (self.height + 2 * MARGIN)];
        let inner = MARGIN..MARGIN + self.height;
        for y in inner.clone() {
            let (above, rest) = far.split_at_mut(y * stride);
            let mut back = above.rchunks_exact(stride);
            let (first, second) = (back.next().unwrap_or_default(), back.next().unwrap_or_default());
            let line = rest.get_mut(MARGIN..MARGIN + self.width).unwrap_or_default();
            let row = (y - MARGIN + 1) * (self.width + 2) + 1;
            start(marks.get(row..row + self.width).unwrap_or_default(), line);
            hand_on(second, first, line);
            to_the_right(line);
        }
        for y in inner.rev() {
            let (rest, below) = far.split_at_mut((y + 1) * stride);
            let mut on = below.chunks_exact(stride);
            let (first, second) = (on.next().unwrap_or_default(), on.next().unwrap_or_default());
            let line = rest.get_mut(y * stride + MARGIN..y * stride + MARGIN + self.width).unwrap_or_default();
            hand_on(second, first, line);
            to_the_left(line);
        }
        far
    }

    /// Means of 3 × 3 distances as whole levels.
    fn smoothed(&self, far: &[f32]) -> Vec<u8> {
        let stride = self.width + 2 * MARGIN;
        let mut out = vec![0; self.width * self.height];
        let mut lines = out.chunks_exact_mut(self.width.max(1));
        self.each_row(
            Border::Mirror,
            |y, row| {
                let from = (y + MARGIN) * stride + MARGIN;
                row.copy_from_slice(far.get(from..from + row.len()).unwrap_or_default());
            },
            |_, rows| mean_of_nine(rows, lines.next().unwrap_or_default()),
        );
        out
    }

    /// The levels through a table, lit from the upper left.
    fn embossed(&self, levels: &[u8], table: &[u8; 256]) -> Vec<u8> {
        let mut out = vec![0; levels.len()];
        let mut lines = out.chunks_exact_mut(self.width.max(1));
        self.each_row(
            Border::Mirror,
            |y, row| look_up(self.row(levels, y), table, row),
            |_, rows| emboss(rows, lines.next().unwrap_or_default()),
        );
        out
    }

    /// Means of 3 × 3 levels, to the nearest.
    fn softened(&self, levels: &[u8]) -> Vec<u8> {
        let mut out = vec![0; levels.len()];
        let mut lines = out.chunks_exact_mut(self.width.max(1));
        self.each_row(
            Border::Mirror,
            |y, row| row.copy_from_slice(self.row(levels, y)),
            |_, rows| soften(rows, lines.next().unwrap_or_default()),
        );
        out
    }
}

/// Pixels that are looked at side by side.
const LANES: usize = 64;

/// Makes edges of crests that touch an edge, one after another. The outermost marks have to be none.
fn link(marks: &mut [u8], stride: usize) {
    let mut open = Vec::new();
    for (first, block) in (0..).step_by(LANES).zip(marks.chunks(LANES)) {
        if any_edge(block) {
            open.extend((first..).zip(block).filter(|(_, mark)| **mark == MARKS[2]).map(|(at, _)| at));
        }
    }
    while let Some(at) = open.pop() {
        for row in [at - stride, at, at + stride] {
            for next in row - 1..=row + 1 {
                if let Some(mark) = marks.get_mut(next).filter(|mark| **mark == MARKS[1]) {
                    *mark = MARKS[2];
                    open.push(next);
                }
            }
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn any_edge(marks: &[u8]) -> bool {
    marks.iter().fold(0, |most, mark| if *mark > most { *mark } else { most }) == MARKS[2]
}

/// Distances before anything is handed on.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn start(marks: &[u8], line: &mut [f32]) {
    line.iter_mut().zip(marks).for_each(|(far, mark)| *far = if *mark == MARKS[2] { 0.0 } else { FAR });
}

/// The smaller of two numbers, as one instruction.
#[inline(always)]
fn least(one: f32, other: f32) -> f32 {
    if one < other { one } else { other }
}

/// Distances handed on from two rows with a margin: the second next and the next.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn hand_on(second: &[f32], first: &[f32], line: &mut [f32]) {
    let [straight, diagonal, knight] = STEPS;
    for (value, (second, first)) in line.iter_mut().zip(second.windows(5).zip(first.windows(5))) {
        if let ([_, a, _, b, _], [c, d, e, f, g]) = (second, first) {
            let knights = least(least(*a, *b), least(*c, *g)) + knight;
            *value = least(least(*value, knights), least(least(*d, *f) + diagonal, *e + straight));
        }
    }
}

/// Pixels of a row that are handed on one by one, or not at all.
const BLOCK: usize = 16;

/// Distances handed on along a row. Most blocks have nothing to hand on: then none of it is done one by one.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn to_the_right(line: &mut [f32]) {
    let mut last = FAR;
    for block in line.chunks_mut(BLOCK) {
        if block.first().is_some_and(|first| *first > last + STEPS[0]) || any_rises(block) {
            for value in &mut *block {
                *value = least(last + STEPS[0], *value);
                last = *value;
            }
        }
        last = block.last().copied().unwrap_or(last);
    }
}

/// The same from the other end.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn to_the_left(line: &mut [f32]) {
    let mut last = FAR;
    for block in line.rchunks_mut(BLOCK) {
        if block.last().is_some_and(|first| *first > last + STEPS[0]) || any_falls(block) {
            for value in block.iter_mut().rev() {
                *value = least(last + STEPS[0], *value);
                last = *value;
            }
        }
        last = block.first().copied().unwrap_or(last);
    }
}

/// Whether any of these is farther than a step from the one before it.
#[inline(always)]
fn any_rises(block: &[f32]) -> bool {
    let after = block.get(1..).unwrap_or_default();
    block.iter().zip(after).fold(false, |any, (before, after)| any | (*after > *before + STEPS[0]))
}

/// Whether any of these is farther than a step from the one after it.
#[inline(always)]
fn any_falls(block: &[f32]) -> bool {
    let after = block.get(1..).unwrap_or_default();
    block.iter().zip(after).fold(false, |any, (before, after)| any | (*before > *after + STEPS[0]))
}

/// Marks where, in a row with a margin of one, the gradient is above the lower threshold and largest along its own
/// direction, of four.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn find_crests([above, here, below]: [&[i16]; 3], (right, down): (&[i16], &[i16]), marks: &mut [u8]) {
    // tan 22.5° in 15-bit fixed point; tan 67.5° is that plus 2.
    const TANGENT: i32 = 13_573;
    let inner = marks.len().saturating_sub(2);
    let [[a, b, c], [d, here, e], [f, g, h]] =
        [above, here, below].map(|row| [0, 1, 2].map(|from| row.get(from..from + inner).unwrap_or_default()));
    let [right, down] = [right, down].map(|row| row.get(..inner).unwrap_or_default());
    let slots = marks.get_mut(1..=inner).unwrap_or_default();
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
        let crest = (size > THRESHOLDS.0)
            & if flat {
                along
            } else if steep {
                across
            } else {
                slanted
            };
        slots[i] = u8::from(crest) << u8::from(size > THRESHOLDS.1);
    }
}

/// Gradients to the right and down (Sobel) and their sizes in the sum norm, from three rows with a margin of one.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn sobel([above, here, below]: [&[i16]; 3], out: &mut Gradients) {
    let smooth = |a: i16, b: i16, c: i16| a.wrapping_add(b.wrapping_mul(2)).wrapping_add(c);
    let windows = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
    let sizes = out.sizes.get_mut(1..).unwrap_or_default();
    let out = out.right.iter_mut().zip(&mut out.down).zip(sizes);
    for (((above, here), below), ((right, down), size)) in windows.zip(out) {
        if let ([a, b, c], [d, _, e], [f, g, h]) = (above, here, below) {
            *right = smooth(*c, *e, *h).wrapping_sub(smooth(*a, *d, *f));
            *down = smooth(*f, *g, *h).wrapping_sub(smooth(*a, *b, *c));
            *size = right.wrapping_abs().wrapping_add(down.wrapping_abs());
        }
    }
}

/// Means of three rows by three numbers, without their fraction.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn mean_of_nine([above, here, below]: [&[f32]; 3], line: &mut [u8]) {
    let sum = |three: &[f32]| if let [a, b, c] = three { a + b + c } else { 0.0 };
    let windows = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
    for (out, ((above, here), below)) in line.iter_mut().zip(windows) {
        *out = level((sum(above) + sum(here) + sum(below)) / 9.0);
    }
}

/// Differences of levels along the falling diagonal, cut off to levels.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_sign_loss, reason = "between 0 and 255")]
fn emboss([above, here, below]: [&[u8]; 3], line: &mut [u8]) {
    let windows = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
    for (out, ((above, here), below)) in line.iter_mut().zip(windows) {
        if let ([a, b, _], [c, d, e], [_, f, g]) = (above, here, below) {
            let [a, b, c, d, e, f, g] = [a, b, c, d, e, f, g].map(|value| i16::from(*value));
            let bright = d.wrapping_add(e).wrapping_add(f).wrapping_add(g).wrapping_add(g);
            let dark = a.wrapping_add(a).wrapping_add(b).wrapping_add(c);
            *out = bright.wrapping_sub(dark).clamp(0, 255) as u8;
        }
    }
}

/// Means of three rows by three levels, to the nearest.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 255")]
fn soften([above, here, below]: [&[u8]; 3], line: &mut [u8]) {
    let sum = |three: &[u8]| three.iter().fold(0_u16, |sum, value| sum.wrapping_add(u16::from(*value)));
    let windows = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
    for (out, ((above, here), below)) in line.iter_mut().zip(windows) {
        let sum = sum(above).wrapping_add(sum(here)).wrapping_add(sum(below));
        *out = (sum.wrapping_mul(2).wrapping_add(9) / 18) as u8;
    }
}

/// The table that spreads grey levels so that each is as frequent as the next.
#[expect(clippy::cast_possible_truncation, reason = "a number of a table's entry")]
fn equalising(grey: &[u8]) -> [u8; 256] {
    // Four counts in turn, for neighbours are often alike and would wait for each other.
    let mut counts = [[0_u32; 256]; 4];
    let (fours, rest) = grey.as_chunks::<4>();
    for values in fours.iter().map(<[u8; 4]>::as_slice).chain([rest]) {
        counts.iter_mut().zip(values).for_each(|(counts, value)| counts[usize::from(*value)] += 1);
    }
    let counts: [u32; 256] = core::array::from_fn(|i| counts.iter().map(|counts| counts[i]).sum());
    let first = counts.iter().position(|count| *count > 0).unwrap_or(0);
    let others: u32 = counts.iter().skip(first + 1).sum();
    let mut table: [u8; 256] = core::array::from_fn(|i| i as u8);
    if others > 0 {
        let mut sum = 0;
        table.fill(0);
        for (slot, count) in table.iter_mut().zip(counts).skip(first + 1) {
            sum += count;
            *slot = spread(sum, others);
        }
    }
    table
}

/// The whole grey level that has that share of the others below it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn spread(sum: u32, others: u32) -> u8 {
    libm::rint(f64::from(sum) * 255.0 / f64::from(others)) as u8
}

#[cfg(test)]
mod tests {
    use super::{Border, FAR, MARGIN, MARKS, Sheet, emboss, equalising, relief, soften};

    const SHEET: Sheet = Sheet { width: 16, height: 12 };

    /// A bright square.
    fn square() -> Vec<u8> {
        let place = |i: usize| (i % 16, i / 16);
        (0..192).map(place).map(|(x, y)| if (4..11).contains(&x) && (3..9).contains(&y) { 200 } else { 0 }).collect()
    }

    #[test]
    fn the_edges_of_a_square_are_one_pixel_wide() {
        let marks = SHEET.edges(&square());
        let row: Vec<usize> = (0..16).filter(|x| marks[7 * 18 + 1 + x] == MARKS[2]).collect();
        assert_eq!(row.len(), 2, "{row:?}");
        assert!((3..=4).contains(&row[0]) && (10..=11).contains(&row[1]), "{row:?}");
        assert!(SHEET.edges(&[7; 192]).iter().all(|mark| *mark == MARKS[0]));
    }

    #[test]
    fn distances_are_chamfer_steps() {
        let mut marks = vec![MARKS[0]; 18 * 14];
        marks[6 * 18 + 6] = MARKS[2];
        let far = SHEET.distances(&marks);
        let at = |x: usize, y: usize| far[(y + MARGIN) * 20 + x + MARGIN];
        assert!((at(8, 5) - 3.0).abs() < 1e-5 && (at(7, 7) - 2.8).abs() < 1e-5);
        assert!((at(6, 7) - 2.1969).abs() < 1e-5 && (at(3, 4) - 2.1969).abs() < 1e-5);
        assert!((at(0, 5) - 5.0).abs() < 1e-5 && far.iter().all(|far| *far <= FAR));
    }

    #[test]
    fn equalised_levels_span_the_range() {
        let through = |grey: &[u8]| grey.iter().map(|value| equalising(grey)[usize::from(*value)]).collect::<Vec<u8>>();
        assert_eq!(through(&[10, 10, 20, 30]), [0, 0, 128, 255]);
        assert_eq!(through(&[9, 9]), [9, 9]);
    }

    #[test]
    fn rows_are_seen_with_the_border_mirrored() {
        let mut seen = Vec::new();
        let sheet = Sheet { width: 3, height: 1 };
        sheet.each_row(
            Border::Mirror,
            |_, row| row.copy_from_slice(&[1, 2, 5]),
            |y, rows| seen.push((y, rows.map(<[u8]>::to_vec))),
        );
        assert_eq!(seen, [(0, [(); 3].map(|()| vec![2, 1, 2, 5, 2]))]);
    }

    #[test]
    fn neighbours_are_weighted() {
        let rows: [&[u8]; 3] = [&[9, 8, 7], &[6, 50, 40], &[30, 20, 10]];
        let mut out = [[0]; 2];
        emboss(rows, &mut out[0]);
        soften(rows, &mut out[1]);
        assert_eq!(out, [[50 + 40 + 20 + 20 - 18 - 8 - 6], [20]]);
    }

    #[test]
    fn a_drop_is_lit_from_one_side() {
        let light = relief(&square(), 16, 12);
        assert!(light.iter().any(|value| *value > 40) && light.iter().any(|value| *value < 10));
    }
}
