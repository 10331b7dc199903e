//! Coarse fields spread over a photograph: numbers at the nodes of a square grid, bilinear between them.
//!
//! Not an operator. What varies slowly (a smear, blotches of colour, a photograph seen through grease) is worked out at
//! few nodes and costs little per pixel. Plain `f32` in a fixed order, so every machine gives the same numbers.

use image::RgbImage;

/// Numbers at the nodes of a grid; node (0, 0) lies on pixel (0, 0) and the next one `cell` pixels further.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid<const N: usize> {
    /// Row by row.
    pub nodes: Vec<[f32; N]>,
    /// Nodes in a row.
    pub columns: usize,
    /// Pixels from node to node.
    pub cell: usize,
}

impl<const N: usize> Grid<N> {
    /// A grid that covers so many pixels, its nodes made by a rule on their place in pixels.
    pub(crate) fn new(
        (width, height): (u32, u32),
        cell: usize,
        mut rule: impl FnMut(usize, usize) -> [f32; N],
    ) -> Self {
        let cell = cell.max(1);
        let count = |side: u32| (side as usize).div_ceil(cell) + 1;
        let (columns, rows) = (count(width), count(height));
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column * cell, row * cell)));
        Self { nodes: places.map(|(x, y)| rule(x, y)).collect(), columns, cell }
    }

    /// The nodes of a row; beyond the last row, the last.
    fn row(&self, number: usize) -> &[[f32; N]] {
        let last = (self.nodes.len() / self.columns.max(1)).saturating_sub(1);
        let from = number.min(last) * self.columns;
        self.nodes.get(from..from + self.columns).unwrap_or_default()
    }

    /// The numbers along row `y` of pixels. `nodes` is room to work in.
    pub(crate) fn spread(&self, y: usize, nodes: &mut Vec<[f32; N]>, row: &mut [[f32; N]]) {
        let share = part(y % self.cell, self.cell);
        let pairs = self.row(y / self.cell).iter().zip(self.row(y / self.cell + 1));
        nodes.clear();
        nodes.extend(pairs.map(|(above, below)| mix(*above, *below, share)));
        for (pixels, pair) in row.chunks_mut(self.cell).zip(nodes.windows(2)) {
            let &[left, right] = pair else { continue };
            for (at, pixel) in pixels.iter_mut().enumerate() {
                *pixel = mix(left, right, part(at, self.cell));
            }
        }
    }

    /// Replaces every node by the mean of those up to `reach` nodes away in its row and its column, `times` over.
    pub(crate) fn smooth(&mut self, reach: usize, times: usize) {
        for _ in 0..times {
            let rows = self.nodes.len() / self.columns.max(1);
            self.nodes = means_along(&self.nodes, self.columns, reach);
            self.nodes = turned(&means_along(&turned(&self.nodes, self.columns), rows, reach), rows);
        }
    }
}

/// Which share of the way from one node to the next a pixel lies.
#[expect(clippy::cast_precision_loss, reason = "a few hundred pixels")]
fn part(at: usize, cell: usize) -> f32 {
    at as f32 / cell as f32
}

fn mix<const N: usize>(one: [f32; N], other: [f32; N], share: f32) -> [f32; N] {
    let mut mixed = one;
    mixed.iter_mut().zip(other).for_each(|(value, other)| *value += (other - *value) * share);
    mixed
}

/// Means of windows in lines of that length; at the ends the windows are shorter.
#[expect(clippy::cast_precision_loss, reason = "a few hundred nodes")]
fn means_along<const N: usize>(nodes: &[[f32; N]], length: usize, reach: usize) -> Vec<[f32; N]> {
    let mut means = Vec::with_capacity(nodes.len());
    for line in nodes.chunks_exact(length.max(1)) {
        for at in 0..line.len() {
            let window = line.get(at.saturating_sub(reach)..line.len().min(at + reach + 1)).unwrap_or_default();
            let sum = window.iter().fold([0.0; N], |sum, node| core::array::from_fn(|i| sum[i] + node[i]));
            means.push(sum.map(|sum| sum / window.len() as f32));
        }
    }
    means
}

/// Columns as rows.
fn turned<const N: usize>(nodes: &[[f32; N]], columns: usize) -> Vec<[f32; N]> {
    (0..columns).flat_map(|column| nodes.iter().skip(column).step_by(columns).copied()).collect()
}

/// A photograph as means of the squares around the nodes.
pub(crate) fn reduced(source: &RgbImage, cell: usize) -> Grid<3> {
    let mut sums = Grid::new(source.dimensions(), cell, |_, _| [0.0; 3]);
    let mut counts = vec![0.0_f32; sums.nodes.len()];
    let (cell, columns) = (sums.cell, sums.columns);
    let stride = 3 * source.width() as usize;
    for (y, line) in source.chunks_exact(stride.max(1)).enumerate() {
        let from = (y + cell / 2) / cell * columns;
        let pixels = line.as_chunks::<3>().0;
        // The first square is cut by the border.
        let (first, others) = pixels.split_at(pixels.len().min(cell - cell / 2));
        let squares = core::iter::once(first).chain(others.chunks(cell));
        let nodes = sums.nodes.iter_mut().zip(&mut counts).skip(from);
        for (square, (sum, count)) in squares.zip(nodes) {
            *sum = add(*sum, square);
            #[expect(clippy::cast_precision_loss, reason = "a few thousand pixels")]
            let more = square.len() as f32;
            *count += more;
        }
    }
    for (sum, count) in sums.nodes.iter_mut().zip(counts) {
        *sum = sum.map(|sum| sum / count.max(1.0));
    }
    fill_last(&mut sums, source.dimensions());
    sums
}

/// Sums of a few pixels; whole numbers, exact below 2²⁴.
fn add(sum: [f32; 3], pixels: &[[u8; 3]]) -> [f32; 3] {
    let mut total = [0_u32; 3];
    for pixel in pixels {
        total.iter_mut().zip(pixel).for_each(|(total, value)| *total += u32::from(*value));
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand bytes")]
    let total = total.map(|total| total as f32);
    core::array::from_fn(|i| sum[i] + total[i])
}

/// Nodes beyond the border that no pixel reached take their neighbour's numbers.
fn fill_last(grid: &mut Grid<3>, (width, height): (u32, u32)) {
    let reached = |side: u32| ((side as usize).saturating_sub(1) + grid.cell / 2) / grid.cell;
    let (last_column, last_row) = (reached(width), reached(height));
    let columns = grid.columns;
    for at in 0..grid.nodes.len() {
        let (column, row) = ((at % columns).min(last_column), (at / columns).min(last_row));
        let from = grid.nodes.get(row * columns + column).copied();
        if let (Some(from), Some(node)) = (from, grid.nodes.get_mut(at)) {
            *node = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Grid, reduced};
    use crate::image::tests::photo;

    fn spread<const N: usize>(grid: &Grid<N>, width: usize, y: usize) -> Vec<[f32; N]> {
        let mut row = vec![[0.0; N]; width];
        grid.spread(y, &mut Vec::new(), &mut row);
        row
    }

    #[test]
    fn a_slope_at_the_nodes_is_a_slope_at_the_pixels() {
        for cell in [1, 3, 8] {
            let grid = Grid::new((50, 20), cell, |x, y| [x as f32, (2 * y) as f32]);
            for y in [0, 7, 19] {
                for (x, value) in spread(&grid, 50, y).into_iter().enumerate() {
                    assert!((value[0] - x as f32).abs() < 1e-3 && (value[1] - 2.0 * y as f32).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn smoothing_keeps_what_is_flat_and_spreads_a_spike() {
        let mut flat = Grid::new((20, 10), 2, |_, _| [3.0]);
        flat.smooth(2, 3);
        assert!(flat.nodes.iter().all(|node| (node[0] - 3.0).abs() < 1e-5));
        let mut spike = Grid::new((8, 8), 1, |x, y| [if (x, y) == (4, 4) { 9.0 } else { 0.0 }]);
        spike.smooth(1, 1);
        let at = |x: usize, y: usize| spike.nodes[y * spike.columns + x][0];
        assert!((at(4, 4) - 1.0).abs() < 1e-6 && (at(3, 5) - 1.0).abs() < 1e-6 && at(2, 4) == 0.0);
    }

    #[test]
    fn a_reduced_photograph_has_its_colours_in_its_places() {
        let ramp = photo(61, 43, |x, y| [(4 * x) as u8, (5 * y) as u8, 9]);
        for cell in [1, 4, 7] {
            let grid = reduced(&ramp.pixels, cell);
            for (x, value) in spread(&grid, 61, 21).into_iter().enumerate().skip(8).take(40) {
                assert!((value[0] - 4.0 * x as f32).abs() <= 2.1, "{cell} {x}: {value:?}");
                assert!((value[1] - 105.0).abs() <= 2.6 && value[2] == 9.0);
            }
        }
        assert!(reduced(&ramp.pixels, 100).nodes.iter().all(|node| node[2] == 9.0));
    }
}
