//! Fitting the network, and choosing temperature and thresholds.
//!
//! The network learns the chances that Bayes' rule over the tables that draw the phantoms gives every diagnosis, for the
//! whole case and for either half of it. They teach what the drawn diagnoses would teach in the mean over many more cases
//! (distillation: Hinton et al. 2015). Adam with decoupled weight decay (Loshchilov & Hutter 2019), a short warm-up and a
//! cosine to zero. Every case is shown whole, and in the same step once without its history and once without its
//! photographs, so that either side can speak for itself; besides, the photographs have to tell what was drawn (pattern,
//! region and signs), by a layer that is thrown away. Half of the steps show all photographs of their cases, as when an
//! answer is given; the others one of each. They are flipped and made brighter or darker by at most 6 %; nothing else is
//! done to them, and nothing at all to histories.

use std::collections::BTreeMap;

use bedside_perturbations::Stream;
use candle_core::{DType, Device, Tensor, Var};
use candle_nn::ops::log_softmax;
use candle_nn::{AdamW, Optimizer, ParamsAdamW};
use serde::{Deserialize, Serialize};

use super::cases::{Drawn, Seen};
use super::measures::{calibrate, collapsed, logits_of};
use super::network::{Learner, extra_shapes};
use super::{FITTING_SEED, failed};
use crate::edge::console;
use crate::edge::model::reference::network::{HISTORY, Network, PHOTOGRAPH, shapes};
use crate::edge::model::reference::pixels::Small;
use crate::edge::model::reference::weights::{Diagnosis, Knowledge, TrainedOn};
use crate::error::Error;
use crate::phantom::VERSION;

type Result<T, E = candle_core::Error> = core::result::Result<T, E>;

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        failed(&error)
    }
}

/// Cases in one step.
const STEP: usize = 16;
/// Share of the steps in which the rate rises.
const WARM_UP: f64 = 0.05;
/// The most that a photograph is made brighter or darker, as a share.
const JITTER: f64 = 0.06;

/// What the loss of what was drawn counts for, beside the three of the diagnosis.
const DRAWN_WEIGHT: f64 = 0.3;

/// How to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// How often every case is seen.
    pub(super) epochs: usize,
    /// The highest learning rate.
    pub(super) rate: f64,
    /// Weight decay per step, times the rate.
    pub(super) decay: f64,
    /// Chance that a unit of a description is left out in a step.
    pub(super) dropout: f64,
}

/// What fitting gives.
#[derive(Debug)]
pub(super) struct Fitted {
    pub(super) network: Network,
    pub(super) knowledge: Knowledge,
    pub(super) curve: Vec<Epoch>,
}

/// One point of the loss curve. Losses are cross-entropies in nats; accuracies are on the calibration cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Epoch {
    pub(super) epoch: usize,
    pub(super) training_loss: f64,
    pub(super) calibration_loss: f64,
    pub(super) both: f64,
    pub(super) photographs: f64,
    pub(super) history: f64,
}

/// Fits a network to the training cases.
pub(super) fn fit(training: &Drawn, calibration: &Drawn, settings: Settings) -> Result<Fitted, Error> {
    let diagnoses = diagnoses(training);
    let mut school = School::new(training, diagnoses.len(), settings)?;
    let mut curve = Vec::new();
    for epoch in 1..=settings.epochs {
        let loss = school.epoch(epoch)?;
        let point = point(epoch, loss, &school.network()?, calibration, &diagnoses)?;
        console::say(&format!("{point:?}"));
        curve.push(point);
    }
    let network = school.network()?;
    let rules = calibrate(&network, calibration, &diagnoses)?;
    let trained_on = TrainedOn {
        phantoms: VERSION.into(),
        training: (training.seed, training.cases.len()),
        calibration: (calibration.seed, calibration.cases.len()),
    };
    let knowledge = Knowledge {
        diagnoses,
        temperature: rules.temperature,
        abstains_above: rules.abstains_above,
        retakes_above: rules.retakes_above,
        trained_on,
    };
    Ok(Fitted { network, knowledge, curve })
}

/// A network that is being fitted, and what to.
struct School<'a> {
    training: &'a Drawn,
    diagnoses: usize,
    settings: Settings,
    root: Stream,
    learner: Learner,
    optimiser: AdamW,
    step: usize,
}

impl<'a> School<'a> {
    fn new(training: &'a Drawn, diagnoses: usize, settings: Settings) -> Result<Self> {
        let root = Stream::derive(FITTING_SEED, &["reference"]);
        let drawn = training.cases.first().map_or(0, |case| case.drawn.len());
        let vars = first_weights(diagnoses, drawn, &root)?;
        let weights = vars.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect();
        let parameters = ParamsAdamW { lr: 0.0, weight_decay: settings.decay, ..ParamsAdamW::default() };
        let learner = Learner::new(weights, diagnoses)?;
        let optimiser = AdamW::new(vars.into_values().collect(), parameters)?;
        Ok(Self { training, diagnoses, settings, root, learner, optimiser, step: 0 })
    }

    /// Shows every case once, in a new order; gives the mean loss.
    fn epoch(&mut self, epoch: usize) -> Result<f64> {
        let cases = self.training.cases.len();
        let steps = self.settings.epochs * cases.div_ceil(STEP);
        let mut order: Vec<usize> = (0..cases).collect();
        self.root.fork("order", epoch as u64).shuffle(&mut order);
        let mut total = 0.0;
        for places in order.chunks(STEP) {
            self.optimiser.set_learning_rate(self.settings.rate * pace(self.step, steps));
            let stream = self.root.fork("step", self.step as u64);
            let loss = Batch::new(self.training, places, stream, self.settings.dropout).loss(&self.learner)?;
            self.optimiser.backward_step(&loss)?;
            total += f64::from(loss.to_scalar::<f32>()?) * places.len() as f64;
            self.step += 1;
        }
        Ok(total / cases as f64)
    }

    /// The network as it is now.
    fn network(&self) -> Result<Network> {
        self.learner.answering(self.diagnoses)
    }
}

/// The diagnoses of a cohort in alphabetical order.
fn diagnoses(drawn: &Drawn) -> Vec<Diagnosis> {
    let all: BTreeMap<&str, &Diagnosis> =
        drawn.cases.iter().map(|case| (case.truth.id.as_str(), &case.truth)).collect();
    all.into_values().cloned().collect()
}

/// The share of the highest learning rate at a step: a straight rise, then a cosine to zero.
fn pace(step: usize, steps: usize) -> f64 {
    let (done, rise) = (step as f64 / steps as f64, (step as f64 + 1.0) / (WARM_UP * steps as f64));
    let fall = 0.5 + 0.5 * libm::cos(core::f64::consts::PI * done);
    rise.min(1.0) * fall
}

/// First weights: normal with variance 2 / inputs (He et al. 2015) for what is followed by a rectifier, zero for biases
/// and embeddings, one for scales. The last layer begins small.
fn first_weights(diagnoses: usize, drawn: usize, root: &Stream) -> Result<BTreeMap<String, Var>> {
    let mut vars = BTreeMap::new();
    for (number, (name, shape)) in shapes(diagnoses).into_iter().chain(extra_shapes(drawn)).enumerate() {
        let count: usize = shape.iter().product();
        let inputs = *shape.first().unwrap_or(&1) as f64;
        let size = match name.as_str() {
            "history.embedding" => 0.0,
            "diagnosis.weight" => 0.1,
            _ if name.ends_with(".weight") => libm::sqrt(2.0 / inputs),
            _ => 0.0,
        };
        let base = if name.ends_with(".scale") { 1.0 } else { 0.0 };
        let mut stream = root.fork("weights", number as u64);
        let values: Vec<f32> =
            (0..count).map(|_| (base + if size > 0.0 { size * stream.normal() } else { 0.0 }) as f32).collect();
        vars.insert(name, Var::from_vec(values, shape, &Device::Cpu)?);
    }
    Ok(vars)
}

/// The cases of one step.
struct Batch<'a> {
    cases: Vec<&'a Seen>,
    stream: Stream,
    dropout: f64,
}

impl<'a> Batch<'a> {
    fn new(drawn: &'a Drawn, places: &[usize], stream: Stream, dropout: f64) -> Self {
        Self { cases: places.iter().filter_map(|place| drawn.cases.get(*place)).collect(), stream, dropout }
    }

    /// The loss of the whole cases plus that of their halves and of what was drawn. The half without a history is shown
    /// now as an empty history, now as none at all.
    fn loss(&self, network: &Learner) -> Result<Tensor> {
        let seen = self.dropped(self.photographs(network)?, "seen")?;
        let drawn = unlike(&network.drawn(&seen)?, &self.rows(|case| &case.drawn)?)?;
        let told = self.dropped(self.histories(network, |case| &case.told)?, "told")?;
        let nothing_told = match self.stream.fork("untold", 0).chance(0.5) {
            true => self.histories(network, |case| &case.untold)?,
            false => Tensor::zeros((self.cases.len(), HISTORY), DType::F32, &Device::Cpu)?,
        };
        let loss = |seen: &Tensor, told: &Tensor, best: fn(&Seen) -> &Vec<f32>| {
            apart(&network.diagnoses(seen, told)?, &self.rows(best)?)
        };
        (drawn * DRAWN_WEIGHT)?
            + loss(&seen, &told, |case| &case.best.both)?
            + loss(&seen, &nothing_told, |case| &case.best.photographs)?
            + loss(&seen.zeros_like()?, &told, |case| &case.best.history)?
    }

    /// A row of numbers of every case.
    fn rows(&self, of: fn(&Seen) -> &Vec<f32>) -> Result<Tensor> {
        let rows: Vec<f32> = self.cases.iter().flat_map(|case| of(case)).copied().collect();
        let length = rows.len() / self.cases.len().max(1);
        Tensor::from_vec(rows, (self.cases.len(), length), &Device::Cpu)
    }

    /// What the photographs of each case show: all of them in one half of the steps, one of them in the other. Zero for
    /// a case without any.
    fn photographs(&self, network: &Learner) -> Result<Tensor> {
        let mut stream = self.stream.fork("photographs", 0);
        let all = stream.chance(0.5);
        let (mut pixels, mut owners) = (Vec::new(), Vec::new());
        for (owner, case) in self.cases.iter().enumerate() {
            let one = stream.index(case.photographs.len());
            let shown = if all { Some(&case.photographs[..]) } else { case.photographs.get(one..=one) };
            for small in shown.unwrap_or_default() {
                turned(small, &mut stream, &mut pixels);
            }
            let count = shown.map_or(0, <[Small]>::len);
            owners.extend((0..count).map(|_| (owner, 1.0 / count as f32)));
        }
        let side = self.cases.iter().flat_map(|case| &case.photographs).next();
        let Some(Small { width, height, .. }) = side else {
            return Tensor::zeros((self.cases.len(), PHOTOGRAPH), DType::F32, &Device::Cpu);
        };
        let pixels = Tensor::from_vec(pixels, (owners.len(), *height, *width, 3), &Device::Cpu)?;
        belongs(&owners, self.cases.len())?.matmul(&network.photographs(&pixels)?)
    }

    /// What the history of each case tells.
    fn histories(&self, network: &Learner, of: impl Fn(&Seen) -> &Vec<u32>) -> Result<Tensor> {
        let owners: Vec<(usize, f32)> = self
            .cases
            .iter()
            .enumerate()
            .flat_map(|(owner, case)| of(case).iter().map(move |_| (owner, 1.0)))
            .collect();
        let features: Vec<u32> = self.cases.iter().flat_map(|case| of(case).iter().copied()).collect();
        let features = Tensor::from_vec(features, owners.len(), &Device::Cpu)?;
        network.histories(&features, &belongs(&owners, self.cases.len())?)
    }

    /// The same with some units left out and the others made larger by as much.
    fn dropped(&self, described: Tensor, name: &str) -> Result<Tensor> {
        let mut stream = self.stream.fork(name, 0);
        let kept = (1.0 / (1.0 - self.dropout)) as f32;
        let mask: Vec<f32> =
            (0..described.elem_count()).map(|_| if stream.chance(self.dropout) { 0.0 } else { kept }).collect();
        let mask = Tensor::from_vec(mask, described.shape(), &Device::Cpu)?;
        described * mask
    }
}

/// The mean cross-entropy between chances and those that logits stand for, in nats.
fn apart(logits: &Tensor, chances: &Tensor) -> Result<Tensor> {
    let cases = logits.dim(0)? as f64;
    (log_softmax(logits, 1)? * chances)?.sum_all()? * (-1.0 / cases)
}

/// The binary cross-entropy between ones and zeros and the logits of their chances, summed over a case, the mean over
/// cases, in nats: max(z, 0) − z·y + ln(1 + e^−|z|).
fn unlike(logits: &Tensor, shown: &Tensor) -> Result<Tensor> {
    let softened = ((logits.abs()?.neg()?.exp()? + 1.0)?.log()? + logits.relu()?)?;
    (softened - (logits * shown)?)?.sum_all()? / logits.dim(0)? as f64
}

/// Adds a photograph's levels in −1..1, perhaps flipped and a little brighter or darker.
fn turned(small: &Small, stream: &mut Stream, pixels: &mut Vec<f32>) {
    let (across, down) = (stream.chance(0.5), stream.chance(0.5));
    let bright = (1.0 + stream.between(-JITTER, JITTER)) as f32;
    for row in 0..small.height {
        let row = if down { small.height - 1 - row } else { row };
        for column in 0..small.width {
            let column = if across { small.width - 1 - column } else { column };
            let at = 3 * (row * small.width + column);
            let levels = small.levels.get(at..at + 3).unwrap_or_default();
            pixels.extend(levels.iter().map(|level| (f32::from(*level) * bright).min(255.0) / 127.5 - 1.0));
        }
    }
}

/// Which row belongs to which case, as a matrix `[cases, rows]`.
fn belongs(owners: &[(usize, f32)], cases: usize) -> Result<Tensor> {
    let mut matrix = vec![0.0_f32; cases * owners.len()];
    for (row, (owner, weight)) in owners.iter().enumerate() {
        if let Some(place) = matrix.get_mut(owner * owners.len() + row) {
            *place = *weight;
        }
    }
    Tensor::from_vec(matrix, (cases, owners.len()), &Device::Cpu)
}

/// The state after an epoch.
fn point(
    epoch: usize,
    training_loss: f64,
    network: &Network,
    calibration: &Drawn,
    diagnoses: &[Diagnosis],
) -> Result<Epoch, Error> {
    let logits = logits_of(network, calibration, diagnoses)?;
    let (calibration_loss, both) = collapsed(&logits, |case| &case.all, 1.0);
    Ok(Epoch {
        epoch,
        training_loss,
        calibration_loss,
        both,
        photographs: collapsed(&logits, |case| &case.photographs, 1.0).1,
        history: collapsed(&logits, |case| &case.history, 1.0).1,
    })
}
