//! Loss and accuracy of a network on drawn cases, and the rules that are chosen by them.

use super::cases::{Drawn, Seen, in_parallel};
use crate::edge::model::reference::judgement::{entropy, softmax};
use crate::edge::model::reference::network::Network;
use crate::edge::model::reference::weights::Diagnosis;
use crate::edge::model::reference::{logits, look};
use crate::error::Error;

/// The share of clean calibration cases on which the model may abstain.
const ABSTAINS: f64 = 0.05;
/// The share of clean calibration cases whose photographs by themselves count as unclear.
const UNCLEAR: f64 = 0.5;

/// The logits of one case and the place of its diagnosis.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    pub(super) truth: usize,
    /// From everything.
    pub(super) all: Vec<f32>,
    /// With an empty history.
    pub(super) photographs: Vec<f32>,
    /// Without photographs.
    pub(super) history: Vec<f32>,
    /// From the photographs alone, with no request around them.
    pub(super) bare: Vec<f32>,
}

/// The rules of a judgement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) temperature: f64,
    pub(super) abstains_above: f64,
    pub(super) retakes_above: f64,
}

/// The logits of every case.
pub(super) fn logits_of(network: &Network, drawn: &Drawn, diagnoses: &[Diagnosis]) -> Result<Vec<Scored>, Error> {
    let numbers: Vec<usize> = (0..drawn.cases.len()).collect();
    let one = |number: usize| drawn.cases.get(number).map(|case| score(network, case, diagnoses));
    in_parallel(&numbers, |number| one(number).ok_or_else(|| Error::Internal("no such case".into())))
}

fn score(network: &Network, case: &Seen, diagnoses: &[Diagnosis]) -> Scored {
    let shown: Vec<Vec<f32>> = case.photographs.iter().map(|small| look(network, small)).collect();
    let all = logits(network, &shown, &case.told);
    Scored {
        truth: diagnoses.iter().position(|diagnosis| diagnosis.id == case.truth.id).unwrap_or(usize::MAX),
        all: all.all,
        photographs: logits(network, &shown, &case.untold).all,
        history: logits(network, &[], &case.told).all,
        bare: all.photographs.unwrap_or_default(),
    }
}

/// Mean cross-entropy in nats and accuracy of one sort of logits.
pub(super) fn collapsed(scored: &[Scored], of: impl Fn(&Scored) -> &Vec<f32>, temperature: f64) -> (f64, f64) {
    let (mut loss, mut right) = (0.0, 0.0);
    for case in scored {
        let chances = softmax(of(case), temperature);
        let own = chances.get(case.truth).copied().unwrap_or(0.0);
        loss -= libm::log(own.max(1e-12));
        right += f64::from(u8::from(chances.iter().all(|chance| *chance <= own)));
    }
    let n = scored.len().max(1) as f64;
    (loss / n, right / n)
}

/// Chooses temperature (least loss) and thresholds (quantiles of the entropy) on calibration cases.
pub(super) fn calibrate(network: &Network, drawn: &Drawn, diagnoses: &[Diagnosis]) -> Result<Rules, Error> {
    let scored = logits_of(network, drawn, diagnoses)?;
    let loss = |temperature: f64| collapsed(&scored, |case| &case.all, temperature).0;
    let candidates = (10..=60).map(|twentieths| f64::from(twentieths) / 20.0);
    let temperature = candidates.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0);
    let open =
        |of: fn(&Scored) -> &Vec<f32>| scored.iter().map(|case| entropy(&softmax(of(case), temperature))).collect();
    Ok(Rules {
        temperature,
        abstains_above: quantile(open(|case| &case.all), 1.0 - ABSTAINS),
        retakes_above: quantile(open(|case| &case.bare), 1.0 - UNCLEAR),
    })
}

/// The smallest value that is reached by at least that share, to three decimals.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (share * values.len() as f64).ceil() as usize;
    let value = values.get(place.saturating_sub(1).min(values.len().saturating_sub(1))).copied().unwrap_or(1.0);
    (value * 1000.0).round() / 1000.0
}
