//! The network: one definition, used for training and for answering.
//!
//! ```text
//! photograph  [h, w, 3] ─► patches of 4 x 4 ─► patches of 2 x 2 ─► block ─► patches of 2 x 2 ─► block ─► mean and maximum
//!                          over the picture ─► dense ─► mean over the photographs of the case ─┐
//! history     features  ─► sum of their embeddings ─► dense, beside the sum ──────────────────┴─► dense ─► logits
//! ```
//!
//! A photograph is standardised first: its mean colour taken away, its contrast brought to one. A block is a 3 x 3
//! convolution of the map, standardised likewise (Ulyanov et al. 2016), with a residual connection. The last dense layer sees both sides and, beside them, 64 units that combine them.
//! Convolutions are matrix products over shifted copies, because that is what trains fast on a CPU.

use std::collections::BTreeMap;

use candle_core::{Result, Tensor};

/// Channels after each of the three layers of patches; a block follows the second and the third.
const CHANNELS: [usize; 3] = [32, 48, 96];
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
/// Sides of pictures are multiples of this many pixels: all three patch layers divide them.
pub const GRID: usize = 16;

/// The shapes of all weights, by name, for that many diagnoses.
#[must_use]
pub fn shapes(diagnoses: usize) -> Vec<(String, Vec<usize>)> {
    let mut list = Vec::new();
    let mut add = |name: String, shape: &[usize]| list.push((name, shape.to_vec()));
    let inputs = [16 * 3, 4 * CHANNELS[0], 4 * CHANNELS[1]];
    for (number, (channels, input)) in CHANNELS.into_iter().zip(inputs).enumerate() {
        add(format!("patch{number}.weight"), &[input, channels]);
        add(format!("patch{number}.bias"), &[channels]);
        if number > 0 {
            add(format!("block{number}.scale"), &[channels]);
            add(format!("block{number}.weight"), &[9 * channels, channels]);
            add(format!("block{number}.bias"), &[channels]);
        }
    }
    add("photograph.weight".into(), &[2 * CHANNELS[2], PHOTOGRAPH]);
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
    weights: BTreeMap<String, Tensor>,
}

impl Network {
    /// The network with these weights.
    ///
    /// # Errors
    /// When one is missing or has another shape than [`shapes`] says.
    pub fn new(weights: BTreeMap<String, Tensor>, diagnoses: usize) -> Result<Self> {
        for (name, shape) in shapes(diagnoses) {
            match weights.get(&name) {
                Some(tensor) if tensor.dims() == shape => {}
                _ => candle_core::bail!("the weights hold no `{name}` of shape {shape:?}"),
            }
        }
        Ok(Self { weights })
    }

    fn weight(&self, name: &str) -> Result<&Tensor> {
        self.weights.get(name).ok_or_else(|| candle_core::Error::Msg(format!("no weight `{name}`")))
    }

    fn dense(&self, name: &str, input: &Tensor) -> Result<Tensor> {
        let product = input.matmul(self.weight(&format!("{name}.weight"))?)?;
        product.broadcast_add(self.weight(&format!("{name}.bias"))?)
    }

    /// What each photograph shows: `[n, h, w, 3]` in −1..1 with sides that are multiples of [`GRID`], to `[n, PHOTOGRAPH]`.
    ///
    /// # Errors
    /// When the shape is another.
    pub fn photographs(&self, pixels: &Tensor) -> Result<Tensor> {
        let mut map = self.patches(0, 4, &centred(pixels, 0.05)?)?;
        for number in 1..CHANNELS.len() {
            map = self.patches(number, 2, &map)?;
            map = self.block(number, &map)?;
        }
        let (n, h, w, c) = map.dims4()?;
        let places = map.reshape((n, h * w, c))?;
        let pooled = Tensor::cat(&[places.mean(1)?, places.max(1)?], 1)?;
        self.dense("photograph", &pooled)?.relu()
    }

    /// Patches of `side` x `side` pixels, each made into one place.
    fn patches(&self, number: usize, side: usize, map: &Tensor) -> Result<Tensor> {
        let (n, h, w, c) = map.dims4()?;
        let (rows, columns) = (h / side, w / side);
        let parts = map.reshape(&[n, rows, side, columns, side, c][..])?.transpose(2, 3)?.contiguous()?;
        let flat = parts.reshape((n * rows * columns, side * side * c))?;
        let made = self.dense(&format!("patch{number}"), &flat)?.relu()?;
        let channels = made.dim(1)?;
        made.reshape((n, rows, columns, channels))
    }

    /// A 3 x 3 convolution of the centred map, added to the map.
    fn block(&self, number: usize, map: &Tensor) -> Result<Tensor> {
        let (n, h, w, c) = map.dims4()?;
        let even = self.even(number, map)?;
        let around = neighbourhoods(&even)?.reshape((n * h * w, 9 * c))?;
        let made = self.dense(&format!("block{number}"), &around)?.relu()?;
        map + made.reshape((n, h, w, c))?
    }

    /// The map centred, times a learnt scale per channel.
    fn even(&self, number: usize, map: &Tensor) -> Result<Tensor> {
        centred(map, 0.003)?.broadcast_mul(self.weight(&format!("block{number}.scale"))?)
    }

    /// What each history tells: features as places in the embedding `[t]`, and which case each belongs to as a matrix
    /// `[cases, t]` of ones and zeros, to `[cases, HISTORY]`.
    ///
    /// # Errors
    /// When the shapes do not fit or a place is beyond [`BUCKETS`].
    pub fn histories(&self, features: &Tensor, belongs: &Tensor) -> Result<Tensor> {
        let rows = self.weight("history.embedding")?.index_select(features, 0)?;
        let sum = belongs.matmul(&rows)?;
        let hidden = self.dense("history", &sum)?.relu()?;
        Tensor::cat(&[sum, hidden], 1)
    }

    /// Logits over the diagnoses from both sides: `[cases, PHOTOGRAPH]` and `[cases, HISTORY]`.
    ///
    /// # Errors
    /// When the shapes do not fit.
    pub fn diagnoses(&self, photographs: &Tensor, histories: &Tensor) -> Result<Tensor> {
        let both = Tensor::cat(&[photographs, histories], 1)?;
        let fused = self.dense("fused", &both)?.relu()?;
        self.dense("diagnosis", &Tensor::cat(&[&both, &fused], 1)?)
    }
}

/// Each map with every channel's mean over the map taken away, at unit root mean square over the whole map; `least` is
/// added to that root, so that an empty map stays small.
fn centred(map: &Tensor, least: f64) -> Result<Tensor> {
    let around = map.broadcast_sub(&map.mean_keepdim((1, 2))?)?;
    let size = (around.sqr()?.mean_keepdim((1, 2, 3))?.sqrt()? + least)?;
    around.broadcast_div(&size)
}

/// Every place with its eight neighbours, row by row; beyond the edge there is zero.
fn neighbourhoods(map: &Tensor) -> Result<Tensor> {
    let (_, h, w, _) = map.dims4()?;
    let padded = map.pad_with_zeros(1, 1, 1)?.pad_with_zeros(2, 1, 1)?;
    let mut shifted = Vec::with_capacity(9);
    for row in 0..3 {
        let rows = padded.narrow(1, row, h)?;
        for column in 0..3 {
            shifted.push(rows.narrow(2, column, w)?.contiguous()?);
        }
    }
    Tensor::cat(&shifted, 3)
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use super::neighbourhoods;

    #[test]
    fn a_place_stands_in_the_middle_of_its_neighbours() {
        let map = Tensor::arange(1.0_f32, 7.0, &Device::Cpu).unwrap().reshape((1, 2, 3, 1)).unwrap();
        let around = neighbourhoods(&map).unwrap().reshape((6, 9)).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(around[0], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 4.0, 5.0]);
        assert_eq!(around[4], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.0, 0.0, 0.0]);
    }
}
