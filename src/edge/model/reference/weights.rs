//! The weights: in the program, with what they were trained to say and by which rules it is said.

use std::collections::BTreeMap;

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::network::{Network, shapes};
use crate::request::hex;

/// The weights that come with Bedside.
const EMBEDDED: &[u8] = include_bytes!("weights.safetensors");
/// SHA-256 of [`EMBEDDED`] as the training program wrote it.
const DIGEST: &str = include_str!("weights.sha256");
/// The key of [`Knowledge`] in the file's header.
const KEY: &str = "knowledge";

/// Why weights cannot be used.
#[derive(Debug, Error)]
pub enum WeightsError {
    /// The file in this program is not the one that was trained.
    #[error("the weights in this program are damaged: their SHA-256 is {0}")]
    Damaged(String),
    /// The file is not one of this network.
    #[error("the weights cannot be read: {0}")]
    Unreadable(String),
}

/// What the weights were trained to say, and by which rules it is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// The diagnoses in the order of the logits, with their ideal urgency.
    pub diagnoses: Vec<Diagnosis>,
    /// What the logits are divided by (Guo et al. 2017).
    pub temperature: f64,
    /// The entropy, as a share of the greatest possible, above which the model abstains where it may.
    pub abstains_above: f64,
    /// The same for what the photographs alone say: above it, an abstaining model asks for new ones.
    pub retakes_above: f64,
    /// The generator's version, the root seeds and the numbers of cases of training and calibration.
    pub trained_on: TrainedOn,
}

/// One diagnosis that the network knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// The canonical id.
    pub id: String,
    /// Its ideal urgency, a word of the default scale.
    pub urgency: String,
}

/// What the weights were made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainedOn {
    /// The version of the phantoms.
    pub phantoms: String,
    /// Seed and number of the cases that the weights were fitted to.
    pub training: (u64, usize),
    /// Seed and number of the cases that epochs, temperature and thresholds were chosen on.
    pub calibration: (u64, usize),
}

/// A network with its knowledge.
#[derive(Debug, Clone)]
pub struct Weights {
    /// The network.
    pub network: Network,
    /// What it says.
    pub knowledge: Knowledge,
    /// SHA-256 of the file.
    pub digest: String,
}

impl Weights {
    /// The weights that come with Bedside.
    ///
    /// # Errors
    /// [`WeightsError::Damaged`] when they are not those that were trained.
    pub fn embedded() -> Result<Self, WeightsError> {
        let weights = Self::read(EMBEDDED)?;
        if weights.digest != DIGEST.trim() {
            return Err(WeightsError::Damaged(weights.digest));
        }
        Ok(weights)
    }

    /// Reads a safetensors file.
    ///
    /// # Errors
    /// [`WeightsError::Unreadable`].
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let unreadable = |error: &dyn core::fmt::Display| WeightsError::Unreadable(error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| unreadable(&error))?;
        let knowledge = header.metadata().as_ref().and_then(|entries| entries.get(KEY));
        let knowledge = knowledge.ok_or_else(|| unreadable(&"they do not say what they know"))?;
        let knowledge: Knowledge = serde_json::from_str(knowledge).map_err(|error| unreadable(&error))?;
        let file = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error))?;
        let weights = weights(&file).map_err(|error| unreadable(&error))?;
        let network = Network::new(weights, knowledge.diagnoses.len()).map_err(|error| unreadable(&error))?;
        Ok(Self { network, knowledge, digest: hex(&Sha256::digest(bytes)) })
    }
}

/// The weights by name; they are stored in half precision and used in single precision.
fn weights(file: &SafeTensors<'_>) -> Result<BTreeMap<String, Vec<f32>>, String> {
    let single = |pair: &[u8]| f16::from_le_bytes([pair[0], pair[1]]).to_f32();
    let weight = |(name, view): (String, TensorView<'_>)| match view.dtype() {
        Dtype::F16 => Ok((name, view.data().chunks_exact(2).map(single).collect())),
        other => Err(format!("`{name}` is stored as {other:?}, not in half precision")),
    };
    file.tensors().into_iter().map(weight).collect()
}

/// The bytes of a file that [`Weights::read`] reads. Weights are rounded to half precision.
///
/// # Errors
/// [`WeightsError::Unreadable`] when a weight has not as many values as its shape says.
pub fn write(weights: &BTreeMap<String, Vec<f32>>, knowledge: &Knowledge) -> Result<Vec<u8>, WeightsError> {
    let unreadable = |error: &dyn core::fmt::Display| WeightsError::Unreadable(error.to_string());
    let half = |values: &Vec<f32>| values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
    let halves: BTreeMap<&String, Vec<u8>> = weights.iter().map(|(name, values)| (name, half(values))).collect();
    let shapes = shapes(knowledge.diagnoses.len());
    let views = shapes.iter().map(|(name, shape)| {
        let bytes = halves.get(name).map(Vec::as_slice).unwrap_or_default();
        TensorView::new(Dtype::F16, shape.clone(), bytes).map(|view| (name, view))
    });
    let views = views.collect::<Result<Vec<_>, _>>().map_err(|error| unreadable(&error))?;
    let text = serde_json::to_string(knowledge).map_err(|error| unreadable(&error))?;
    let header = Some(core::iter::once((KEY.to_owned(), text)).collect());
    safetensors::serialize(views, header).map_err(|error| unreadable(&error))
}

#[cfg(test)]
mod tests {
    use super::Weights;

    #[test]
    fn a_damaged_file_is_refused() {
        let mut bytes = super::EMBEDDED.to_vec();
        bytes.truncate(bytes.len() - 1);
        assert!(Weights::read(&bytes).is_err());
        assert!(Weights::read(b"not weights").is_err());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let Weights { network, knowledge, digest } = Weights::embedded().unwrap();
        let again = Weights::read(&super::write(network.weights(), &knowledge).unwrap()).unwrap();
        assert_eq!((again.knowledge, again.digest), (knowledge, digest));
    }

    #[test]
    fn the_weights_are_those_of_their_digest_and_small_enough_for_a_repository() {
        assert_eq!(Weights::embedded().unwrap().digest, super::DIGEST.trim());
        assert!(super::EMBEDDED.len() <= 4 << 20);
    }
}
