//! The network that answers: the forward pass, in plain single precision.
//!
//! ```text
//! photograph  [h, w, 3] ─► patches of 4 x 4 ─► patches of 2 x 2 ─► block ─► patches of 2 x 2 ─► block ─► mean and maximum
//!                          over the picture ─► dense ─► mean over the photographs of the case ─┐
//! history     features  ─► sum of their embeddings ─► dense, beside the sum ──────────────────┴─► dense ─► logits
//! ```
//!
//! A photograph is standardised first: its mean colour taken away, its contrast brought to one. A block is a 3 x 3
//! convolution of the map, standardised likewise (Ulyanov et al. 2016), with a residual connection. The last dense layer
//! sees both sides and, beside them, units that combine them. Every layer is a matrix product, and one photograph is
//! looked at by itself, so that neither its neighbours nor the number of threads can change what it shows.
//!
//! The program that trains has its own definition of the same network, which can also be differentiated; a test there
//! compares the two.

use std::collections::BTreeMap;

use nalgebra::{DMatrixView, DMatrixViewMut};

/// Channels after each of the three layers of patches; a block follows the second and the third.
pub const CHANNELS: [usize; 3] = [32, 64, 128];
/// Sides of the patches of each layer, in places of the layer before.
pub const PATCHES: [usize; 3] = [4, 2, 2];
/// Numbers that describe the photographs of a case.
pub const PHOTOGRAPH: usize = 64;
/// Numbers of one history feature's embedding.
const EMBEDDING: usize = 24;
/// Hidden units of the history side.
const HIDDEN: usize = 64;
/// Numbers that describe the history of a case.
pub const HISTORY: usize = EMBEDDING + HIDDEN;
/// Units that combine both sides.
const FUSED: usize = 64;
/// How many places history features are hashed to.
pub const BUCKETS: usize = 1 << 14;
/// Sides of pictures are multiples of this many pixels: all patch layers divide them.
pub const GRID: usize = 16;
/// What is added to the contrast of a photograph before it is divided by it, so that an empty one stays empty.
pub const LEAST_CONTRAST: f32 = 0.05;
/// The same for the maps between layers.
pub const LEAST_SIZE: f32 = 0.003;

/// The shapes of all weights, by name, for that many diagnoses. Matrices are `[inputs, outputs]`.
#[must_use]
pub fn shapes(diagnoses: usize) -> Vec<(String, Vec<usize>)> {
    let mut list = Vec::new();
    let mut add = |name: String, shape: &[usize]| list.push((name, shape.to_vec()));
    let mut below = 3;
    for (number, (channels, side)) in CHANNELS.into_iter().zip(PATCHES).enumerate() {
        add(format!("patch{number}.weight"), &[side * side * below, channels]);
        add(format!("patch{number}.bias"), &[channels]);
        if number > 0 {
            add(format!("block{number}.scale"), &[channels]);
            add(format!("block{number}.weight"), &[9 * channels, channels]);
            add(format!("block{number}.bias"), &[channels]);
        }
        below = channels;
    }
    add("photograph.weight".into(), &[2 * below, PHOTOGRAPH]);
    add("photograph.bias".into(), &[PHOTOGRAPH]);
    add("history.embedding".into(), &[BUCKETS, EMBEDDING]);
    add("history.weight".into(), &[EMBEDDING, HIDDEN]);
    add("history.bias".into(), &[HIDDEN]);
    add("fused.weight".into(), &[PHOTOGRAPH + HISTORY, FUSED]);
    add("fused.bias".into(), &[FUSED]);
    add("diagnosis.weight".into(), &[PHOTOGRAPH + HISTORY + FUSED, diagnoses]);
    add("diagnosis.bias".into(), &[diagnoses]);
    list
}

/// A network with its weights.
#[derive(Debug, Clone)]
pub struct Network {
    weights: BTreeMap<String, Vec<f32>>,
    diagnoses: usize,
}

/// A map of places with channels, row by row.
#[derive(Debug, Clone, PartialEq)]
struct Map {
    height: usize,
    width: usize,
    channels: usize,
    values: Vec<f32>,
}

impl Network {
    /// The network with these weights, each row by row, by name.
    ///
    /// # Errors
    /// The name and shape of the first that is missing or has another length than [`shapes`] says.
    pub fn new(weights: BTreeMap<String, Vec<f32>>, diagnoses: usize) -> Result<Self, String> {
        for (name, shape) in shapes(diagnoses) {
            if weights.get(&name).map(Vec::len) != Some(shape.iter().product()) {
                return Err(format!("the weights hold no `{name}` of shape {shape:?}"));
            }
        }
        Ok(Self { weights, diagnoses })
    }

    /// All weights by name, each row by row.
    #[must_use]
    pub fn weights(&self) -> &BTreeMap<String, Vec<f32>> {
        &self.weights
    }

    /// What a photograph shows: `height * width * 3` values in −1..1, sides multiples of [`GRID`], to [`PHOTOGRAPH`] numbers.
    #[must_use]
    pub fn photograph(&self, pixels: Vec<f32>, height: usize, width: usize) -> Vec<f32> {
        let mut map = Map { height, width, channels: 3, values: pixels };
        map.centre(LEAST_CONTRAST);
        for (number, (channels, side)) in CHANNELS.into_iter().zip(PATCHES).enumerate() {
            map = self.patches(number, &map, side, channels);
            if number > 0 {
                self.block(number, &mut map);
            }
        }
        let mut pooled = map.mean();
        pooled.extend(map.maximum());
        self.dense("photograph", &pooled, PHOTOGRAPH)
    }

    /// Patches of `side` x `side` places, each made into one place.
    fn patches(&self, number: usize, map: &Map, side: usize, channels: usize) -> Map {
        let (height, width) = (map.height / side, map.width / side);
        let values = self.dense(&format!("patch{number}"), &map.cut(side), channels);
        Map { height, width, channels, values }
    }

    /// A 3 x 3 convolution of the centred map, added to the map.
    fn block(&self, number: usize, map: &mut Map) {
        let mut even = map.clone();
        even.centre(LEAST_SIZE);
        even.scale(self.weight(&format!("block{number}.scale")));
        let made = self.dense(&format!("block{number}"), &even.neighbourhoods(), map.channels);
        map.values.iter_mut().zip(made).for_each(|(value, made)| *value += made);
    }

    /// What a history tells: its features as places in the embedding, to [`HISTORY`] numbers; places beyond
    /// [`BUCKETS`] say nothing.
    #[must_use]
    pub fn history(&self, features: &[u32]) -> Vec<f32> {
        let embedding = self.weight("history.embedding");
        let mut told = vec![0.0; EMBEDDING];
        for feature in features {
            let row = embedding.chunks_exact(EMBEDDING).nth(*feature as usize).unwrap_or_default();
            told.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let hidden = self.dense("history", &told, HIDDEN);
        told.extend(hidden);
        told
    }

    /// Logits over the diagnoses from what the photographs show and what the history tells.
    #[must_use]
    pub fn diagnoses(&self, photographs: &[f32], history: &[f32]) -> Vec<f32> {
        let mut both = [photographs, history].concat();
        let fused = self.dense("fused", &both, FUSED);
        both.extend(fused);
        self.linear("diagnosis", &both, self.diagnoses)
    }

    /// A linear layer and a rectifier.
    fn dense(&self, name: &str, rows: &[f32], outputs: usize) -> Vec<f32> {
        let mut made = self.linear(name, rows, outputs);
        made.iter_mut().for_each(|value| *value = value.max(0.0));
        made
    }

    /// A linear layer over every row of inputs.
    fn linear(&self, name: &str, rows: &[f32], outputs: usize) -> Vec<f32> {
        let (weight, bias) = (self.weight(&format!("{name}.weight")), self.weight(&format!("{name}.bias")));
        let inputs = (weight.len() / outputs.max(1)).max(1);
        let mut made = bias.repeat(rows.len() / inputs);
        add_product(rows, weight, &mut made, inputs, outputs);
        made
    }

    /// A weight; [`Network::new`] saw to it that there is one.
    fn weight(&self, name: &str) -> &[f32] {
        self.weights.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Adds `rows · weight` to `made`: `[n, inputs] · [inputs, outputs]`, all row by row.
fn add_product(rows: &[f32], weight: &[f32], made: &mut [f32], inputs: usize, outputs: usize) {
    // A matrix that is stored row by row is its transpose, stored column by column.
    let n = rows.len() / inputs.max(1);
    let rows = DMatrixView::from_slice(rows, inputs, n);
    let weight = DMatrixView::from_slice(weight, outputs, inputs);
    DMatrixViewMut::from_slice(made, outputs, n).gemm(1.0, &weight, &rows, 1.0);
}

impl Map {
    /// The mean of every channel over the map.
    fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.channels];
        for place in self.values.chunks_exact(self.channels) {
            sums.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
        }
        let places = (self.height * self.width) as f32;
        sums.iter_mut().for_each(|sum| *sum /= places);
        sums
    }

    /// The greatest value of every channel over the map.
    fn maximum(&self) -> Vec<f32> {
        let mut most = vec![f32::MIN; self.channels];
        for place in self.values.chunks_exact(self.channels) {
            most.iter_mut().zip(place).for_each(|(most, value)| *most = most.max(*value));
        }
        most
    }

    /// Takes every channel's mean away and divides all by their root mean square plus `least`.
    fn centre(&mut self, least: f32) {
        let mean = self.mean();
        let mut squares = 0.0_f64;
        for place in self.values.chunks_exact_mut(self.channels) {
            for (value, mean) in place.iter_mut().zip(&mean) {
                *value -= mean;
                squares += f64::from(*value) * f64::from(*value);
            }
        }
        let size = (squares / self.values.len() as f64).sqrt() as f32 + least;
        self.values.iter_mut().for_each(|value| *value /= size);
    }

    /// Multiplies every channel by its own factor.
    fn scale(&mut self, factors: &[f32]) {
        for place in self.values.chunks_exact_mut(self.channels) {
            place.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
        }
    }

    /// Patches of `side` x `side` places, one after the other, each row by row.
    fn cut(&self, side: usize) -> Vec<f32> {
        let (stride, strip) = (self.width * self.channels, side * self.channels);
        let mut patches = Vec::with_capacity(self.values.len());
        for rows in self.values.chunks_exact(side * stride) {
            for left in (0..stride).step_by(strip) {
                for row in rows.chunks_exact(stride) {
                    patches.extend_from_slice(row.get(left..left + strip).unwrap_or_default());
                }
            }
        }
        patches
    }

    /// Every place with its eight neighbours, row by row; beyond the edge there is zero.
    fn neighbourhoods(&self) -> Vec<f32> {
        let mut around = Vec::with_capacity(9 * self.values.len());
        for row in 0..self.height {
            for column in 0..self.width {
                for above in 0..3 {
                    self.three(row + above, column, &mut around);
                }
            }
        }
        around
    }

    /// The place at that column of the row before `after`, between its two neighbours.
    fn three(&self, after: usize, column: usize, around: &mut Vec<f32>) {
        let Some(row) = after.checked_sub(1).filter(|row| *row < self.height) else {
            around.resize(around.len() + 3 * self.channels, 0.0);
            return;
        };
        let first = column.saturating_sub(1);
        let last = (column + 2).min(self.width);
        let at = |column: usize| (row * self.width + column) * self.channels;
        if column == 0 {
            around.resize(around.len() + self.channels, 0.0);
        }
        around.extend_from_slice(self.values.get(at(first)..at(last)).unwrap_or_default());
        if column + 1 == self.width {
            around.resize(around.len() + self.channels, 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Map, add_product};

    fn map() -> Map {
        Map { height: 2, width: 3, channels: 1, values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] }
    }

    #[test]
    fn a_place_stands_in_the_middle_of_its_neighbours() {
        let around = map().neighbourhoods();
        assert_eq!(around[..9], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 4.0, 5.0]);
        assert_eq!(around[36..45], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.0, 0.0, 0.0]);
        assert_eq!(around.len(), 54);
    }

    #[test]
    fn patches_follow_each_other_row_by_row() {
        let values = (0..16).map(|value| value as f32).collect();
        let patches = Map { height: 2, width: 4, channels: 2, values }.cut(2);
        assert_eq!(patches, [0.0, 1.0, 2.0, 3.0, 8.0, 9.0, 10.0, 11.0, 4.0, 5.0, 6.0, 7.0, 12.0, 13.0, 14.0, 15.0]);
    }

    #[test]
    fn a_centred_map_has_mean_zero_and_size_one_and_an_empty_one_stays_empty() {
        let mut centred = map();
        centred.centre(0.0);
        assert!(centred.mean()[0].abs() < 1e-6);
        let squares: f32 = centred.values.iter().map(|value| value * value).sum();
        assert!((squares / 6.0 - 1.0).abs() < 1e-6);
        let mut empty = Map { values: vec![0.5; 6], ..map() };
        empty.centre(0.05);
        assert_eq!(empty.values, [0.0; 6]);
    }

    #[test]
    fn a_product_is_added_row_by_row() {
        let mut made = vec![100.0, 200.0, 300.0, 400.0];
        add_product(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0], &mut made, 3, 2);
        assert_eq!(made, [104.0, 205.0, 310.0, 411.0]);
    }
}
