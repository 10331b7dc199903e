//! The same network as the one that answers, over batches and differentiable.
//!
//! Convolutions are matrix products over shifted copies, because that is what trains fast on a CPU.

use std::collections::BTreeMap;

use candle_core::{Result, Tensor};

use crate::edge::model::reference::network::{LEAST_CONTRAST, LEAST_SIZE, Network, PATCHES, PHOTOGRAPH, shapes};

/// The layer that only training has.
const DRAWN: &str = "drawn";

/// The shapes of the weights that only training has: they tell, from what a photograph shows, what was drawn.
pub(super) fn extra_shapes(drawn: usize) -> Vec<(String, Vec<usize>)> {
    vec![(format!("{DRAWN}.weight"), vec![PHOTOGRAPH, drawn]), (format!("{DRAWN}.bias"), vec![drawn])]
}

/// A network whose weights can be fitted.
#[derive(Debug, Clone)]
pub(super) struct Learner {
    weights: BTreeMap<String, Tensor>,
}

impl Learner {
    /// The network with these weights.
    ///
    /// # Errors
    /// When one is missing or has another shape than [`shapes`] says.
    pub(super) fn new(weights: BTreeMap<String, Tensor>, diagnoses: usize) -> Result<Self> {
        for (name, shape) in shapes(diagnoses) {
            match weights.get(&name) {
                Some(tensor) if tensor.dims() == shape => {}
                _ => candle_core::bail!("the weights hold no `{name}` of shape {shape:?}"),
            }
        }
        Ok(Self { weights })
    }

    /// The network that answers with the weights as they are now.
    pub(super) fn answering(&self, diagnoses: usize) -> Result<Network> {
        let plain = |(name, tensor): (&String, &Tensor)| Ok((name.clone(), tensor.flatten_all()?.to_vec1()?));
        let answers = |(name, _): &(&String, &Tensor)| !name.starts_with(DRAWN);
        let weights = self.weights.iter().filter(answers).map(plain).collect::<Result<_>>()?;
        Network::new(weights, diagnoses).map_err(candle_core::Error::Msg)
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
    pub(super) fn photographs(&self, pixels: &Tensor) -> Result<Tensor> {
        let mut map = centred(pixels, LEAST_CONTRAST)?;
        for (number, side) in PATCHES.into_iter().enumerate() {
            map = self.patches(number, side, &map)?;
            if number > 0 {
                map = self.block(number, &map)?;
            }
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
        centred(map, LEAST_SIZE)?.broadcast_mul(self.weight(&format!("block{number}.scale"))?)
    }

    /// Logits of what was drawn, from what each photograph shows.
    ///
    /// # Errors
    /// When the network has no such layer.
    pub(super) fn drawn(&self, photographs: &Tensor) -> Result<Tensor> {
        self.dense(DRAWN, photographs)
    }

    /// What each history tells: features as places in the embedding `[t]`, and which case each belongs to as a matrix
    /// `[cases, t]` of ones and zeros, to `[cases, HISTORY]`.
    ///
    /// # Errors
    /// When the shapes do not fit or a place is beyond [`BUCKETS`].
    pub(super) fn histories(&self, features: &Tensor, belongs: &Tensor) -> Result<Tensor> {
        let rows = self.weight("history.embedding")?.index_select(features, 0)?;
        let sum = belongs.matmul(&rows)?;
        let hidden = self.dense("history", &sum)?.relu()?;
        Tensor::cat(&[sum, hidden], 1)
    }

    /// Logits over the diagnoses from both sides: `[cases, PHOTOGRAPH]` and `[cases, HISTORY]`.
    ///
    /// # Errors
    /// When the shapes do not fit.
    pub(super) fn diagnoses(&self, photographs: &Tensor, histories: &Tensor) -> Result<Tensor> {
        let both = Tensor::cat(&[photographs, histories], 1)?;
        let fused = self.dense("fused", &both)?.relu()?;
        self.dense("diagnosis", &Tensor::cat(&[&both, &fused], 1)?)
    }
}

/// Each map with every channel's mean over the map taken away, at unit root mean square over the whole map; `least` is
/// added to that root, so that an empty map stays small.
fn centred(map: &Tensor, least: f32) -> Result<Tensor> {
    let around = map.broadcast_sub(&map.mean_keepdim((1, 2))?)?;
    let size = (around.sqr()?.mean_keepdim((1, 2, 3))?.sqrt()? + f64::from(least))?;
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
    use std::collections::BTreeMap;

    use bedside_perturbations::Stream;
    use candle_core::{Device, Tensor};

    use super::Learner;
    use crate::edge::model::reference::network::{GRID, shapes};

    const DIAGNOSES: usize = 5;

    fn learner() -> Learner {
        let mut stream = Stream::derive(1, &["network"]);
        let mut tensor = |shape: &[usize]| {
            let inputs = shape.first().copied().unwrap_or(1) as f64;
            let values: Vec<f32> =
                (0..shape.iter().product()).map(|_| (stream.normal() / inputs.sqrt()) as f32).collect();
            Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
        };
        let weights: BTreeMap<_, _> =
            shapes(DIAGNOSES).into_iter().map(|(name, shape)| (name, tensor(&shape))).collect();
        Learner::new(weights, DIAGNOSES).unwrap()
    }

    fn close(a: &[f32], b: &[f32]) {
        let size = a.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        assert!(size > 0.0 && a.len() == b.len());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5 * size), "{a:?}\n{b:?}");
    }

    #[test]
    fn what_is_fitted_is_what_answers() {
        let learner = learner();
        let answering = learner.answering(DIAGNOSES).unwrap();
        let (height, width) = (2 * GRID, 3 * GRID);
        let mut stream = Stream::derive(2, &["network"]);
        let pixels: Vec<f32> = (0..height * width * 3).map(|_| stream.between(-1.0, 1.0) as f32).collect();
        let batch = Tensor::from_slice(&pixels, (1, height, width, 3), &Device::Cpu).unwrap();
        let seen = learner.photographs(&batch).unwrap();
        let features = [7_u32, 7, 900, 16_000];
        let places = Tensor::from_slice(&features, 4, &Device::Cpu).unwrap();
        let ones = Tensor::ones((1, 4), candle_core::DType::F32, &Device::Cpu).unwrap();
        let told = learner.histories(&places, &ones).unwrap();
        let logits = learner.diagnoses(&seen, &told).unwrap();
        let row = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let (plain_seen, plain_told) = (answering.photograph(pixels, height, width), answering.history(&features));
        close(&row(&seen), &plain_seen);
        close(&row(&told), &plain_told);
        close(&row(&logits), &answering.diagnoses(&plain_seen, &plain_told));
    }
}
