//! Weighted sums of many columns at once: linear metrics are quotients of them.

use multiversion::multiversion;

use super::weights::{LANES, Weights};

/// Columns that are summed in one walk through the patients.
const TILE: usize = 8;

/// Lanes that are summed in one walk, so that all sums of a tile stay in registers.
const STRIP: usize = 8;

/// Patients whose weights are used for all tiles before the next ones: 32 kB, which stay in the nearest cache.
const CHUNK: usize = 128;

/// The sums of a tile's columns in each lane, strip by strip.
type Sums = [[[f64; TILE]; STRIP]; LANES / STRIP];

/// Per-patient sums of many quantities: a column each, a number per patient.
///
/// A replicate's total of a column is `Σ_g w_g · x_g`, added in the order of the patients; whole numbers are exact. A mean
/// is the quotient of the total of values and the total of counts.
#[derive(Debug, Clone)]
pub struct Columns {
    patients: usize,
    columns: usize,
    /// Tile by tile, patient by patient: the patient's values of the tile's columns.
    tiles: Vec<Vec<[f64; TILE]>>,
}

impl Columns {
    /// No column yet, of that many patients.
    #[must_use]
    pub fn new(patients: usize) -> Self {
        Self { patients, columns: 0, tiles: Vec::new() }
    }

    /// Adds a column and says its number. Patients beyond the end of the list count 0, and values beyond the last patient
    /// are passed over.
    pub fn push(&mut self, by_patient: &[f64]) -> usize {
        let place = self.columns % TILE;
        if place == 0 {
            self.tiles.push(vec![[0.0; TILE]; self.patients]);
        }
        if let Some(tile) = self.tiles.last_mut() {
            for slot in tile.iter_mut().zip(by_patient).filter_map(|(row, value)| Some((row.get_mut(place)?, value))) {
                *slot.0 = *slot.1;
            }
        }
        self.columns += 1;
        self.columns - 1
    }

    /// The total of every column in every replicate.
    #[must_use]
    pub fn totals(&self, weights: &Weights) -> Vec<[f64; LANES]> {
        let mut sums: Vec<Sums> = vec![[[[0.0; TILE]; STRIP]; LANES / STRIP]; self.tiles.len()];
        for (chunk, rows) in weights.rows().chunks(CHUNK).enumerate() {
            for (sums, tile) in sums.iter_mut().zip(&self.tiles) {
                let values = tile.get(chunk * CHUNK..).unwrap_or_default();
                for (strip, sums) in sums.iter_mut().enumerate() {
                    add_strip(sums, rows, values, strip);
                }
            }
        }
        let mut totals: Vec<[f64; LANES]> = sums.iter().flat_map(by_column).collect();
        totals.truncate(self.columns);
        totals
    }
}

/// A row of lanes for each column of a tile.
fn by_column(sums: &Sums) -> [[f64; LANES]; TILE] {
    std::array::from_fn(|column| std::array::from_fn(|lane| sums[lane / STRIP][lane % STRIP][column]))
}

/// Adds what these patients give to the sums of the tile's columns in each lane of a strip.
///
/// Every lane has a name: as an array of arrays the sums would be kept in memory by way of gathers and scatters.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn add_strip(sums: &mut [[f64; TILE]; STRIP], weights: &[[f64; LANES]], tile: &[[f64; TILE]], strip: usize) {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *sums;
    for (row, values) in weights.iter().zip(tile) {
        let Some(weight) = row.as_chunks::<STRIP>().0.get(strip) else { continue };
        add(&mut a, values, weight[0]);
        add(&mut b, values, weight[1]);
        add(&mut c, values, weight[2]);
        add(&mut d, values, weight[3]);
        add(&mut e, values, weight[4]);
        add(&mut f, values, weight[5]);
        add(&mut g, values, weight[6]);
        add(&mut h, values, weight[7]);
    }
    *sums = [a, b, c, d, e, f, g, h];
}

#[inline(always)]
fn add(sums: &mut [f64; TILE], values: &[f64; TILE], weight: f64) {
    for column in 0..TILE {
        sums[column] += values[column] * weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replicates::Draws;
    use bedside_perturbations::Stream;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn totals_are_sums_over_who_was_drawn(
            patients in 1_usize..40, columns in 1_usize..20, seed in 0_u64..50
        ) {
            let mut stream = Stream::derive(seed, &["columns"]);
            let lists: Vec<Vec<f64>> =
                (0..columns).map(|_| (0..patients).map(|_| stream.between(-2.0, 3.0)).collect()).collect();
            let mut all = Columns::new(patients);
            for (number, list) in lists.iter().enumerate() {
                prop_assert_eq!(all.push(list), number);
            }
            let draws = Draws::new(stream, patients);
            let totals = all.totals(&draws.block(0));
            prop_assert_eq!(totals.len(), columns);
            for (list, total) in lists.iter().zip(&totals) {
                for (replicate, total) in (0..).zip(total) {
                    let known: f64 = draws.indices(replicate).map(|patient| list[patient as usize]).sum();
                    prop_assert!((known - total).abs() < 1e-11, "{known} {total}");
                }
            }
        }
    }

    #[test]
    fn whole_numbers_are_exact_and_short_columns_end_in_zeros() {
        let mut columns = Columns::new(5);
        columns.push(&[1.0, 2.0]);
        columns.push(&[1.0, 2.0, 3.0, 4.0, 5.0, 99.0]);
        let totals = columns.totals(&Weights::of_indices(5, &[vec![0, 0, 1, 4, 4]]));
        assert_eq!((totals[0][0], totals[1][0], totals[1][1]), (4.0, 14.0, 0.0));
    }
}
