//! Planted models: answers whose true rates are known exactly, put where a run's answers stand.

use bedside_perturbations::Stream;
use serde_json::{Value, json};

use crate::metrics::tests::reading;
use crate::plan::Plan;
use crate::shift::{Slot, Slots};

/// How alike the cases of one patient are: the correlation of their events.
pub(super) const CORRELATION: f64 = 0.3;
/// Control repeats of every case, as in the suites that ship.
const REPEATS: u32 = 3;
const SHAM: u32 = 1;
const POSITIVE: u32 = 2;
const TREATED: u32 = 3;

/// One corner of the experiment: who is asked, and what is true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Design {
    pub(super) patients: u32,
    /// Cases of every patient.
    pub(super) each: u32,
    /// The bound of both claims, on gross and on net flips.
    pub(super) bound: f64,
    /// The true rate of net flips.
    pub(super) rate: f64,
    /// The chance that a single answer deviates of itself.
    pub(super) unrest: f64,
    /// Whether the analysis is told which cases belong to one patient.
    pub(super) clustered: bool,
}

/// What is true of a design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Truth {
    /// How often two control repeats differ.
    pub(super) floor: f64,
    /// The chance that the treatment decides the answer.
    pub(super) moved: f64,
    /// The rate of flips between control and treated.
    pub(super) flips: f64,
    /// The difference of accuracies, treated less control.
    pub(super) accuracy: f64,
}

impl Design {
    pub(super) fn truth(&self) -> Truth {
        let floor = 2.0 * self.unrest * (1.0 - self.unrest);
        // A moved answer differs from both that a control can give: flips = moved + (1 − moved)·floor.
        let moved = self.rate / (1.0 - floor);
        let flips = moved + (1.0 - moved) * floor;
        Truth { floor, moved, flips, accuracy: -moved * (1.0 - self.unrest) }
    }

    /// Whether means are looked at, too: they are the same whatever is planted, and take their time.
    pub(super) fn has_means(&self) -> bool {
        self.unrest == 0.0 && self.clustered && (self.bound, self.rate) == (0.05, 0.05)
    }

    /// The plan: one claim with a line on gross and one on net flips, at one level.
    pub(super) fn plan(&self) -> Plan {
        let scale = ["emergency", "urgent", "soon", "routine"].map(|id| json!({"id": id, "meaning": id}));
        let cases: Vec<Value> = (0..self.patients * self.each).map(|case| self.case(case)).collect();
        let protocol = serde_json::to_value(crate::library::protocol("structured").unwrap().unwrap()).unwrap();
        let plan = json!({
            "format": 1, "version": "0", "suite": "calibration", "seed": 1, "repeats": REPEATS, "draws": 1, "model": {},
            "protocol": protocol,
            "cohort": {"name": "planted", "licence": "none", "citation": null, "synthetic": true,
                "listed": cases.len(), "triage": scale, "exclusions": [], "warnings": []},
            "scenarios": [self.scenario()],
            "treatments": treatments(), "trials": [], "cases": cases,
            "cells": [{"scenario": 0, "treatment": TREATED, "label": "L1", "position": 1.0, "part": "whole"}],
        });
        serde_json::from_value(plan).unwrap()
    }

    fn case(&self, case: u32) -> Value {
        let patient = if self.clustered { case / self.each } else { case };
        json!({"id": format!("c{case:04}"), "patient": format!("p{patient:04}"), "digest": "",
            "truth": {"differential": [["melanoma", 1.0]], "dangerous": true, "must_consider": ["melanoma"],
                "triage": {"ideal": "urgent", "least_urgent_safe": "urgent"}, "source": "planted"},
            "strata": {}, "modalities": ["clinical-photo"], "told": true, "foils": {}})
    }

    fn scenario(&self) -> Value {
        let accept = |net: bool| {
            json!({"metric": "flip", "bound": self.bound, "at_most": true, "up_to": null, "from": null,
            "among": null, "on": "shift", "net": net, "because": "the truth lies exactly here"})
        };
        json!({"id": "planted", "claim": "c", "expect": "invariant", "gate": false, "hazard": null,
            "select": {"modality": [], "strata": {}, "dangerous": null, "urgent": null}, "on": "all", "steps": [],
            "sweep": {"levels": [1]}, "donor": "different", "foil": "nearest", "accept": [accept(false), accept(true)], "references": [],
            "override_reason": null})
    }

    /// The answers of one run, a function of the seed.
    pub(super) fn answers(&self, seed: u64) -> Slots {
        let label = format!("{} × {}, {}, {}, {}", self.patients, self.each, self.bound, self.rate, self.unrest);
        let mut stream = Stream::derive(2_026, &["planted run", &label]).fork("seed", seed);
        let mut slots = Slots::default();
        for patient in 0..self.patients {
            let own = Drawn::from(&mut stream, self.truth().moved);
            for place in 0..self.each {
                let case = Case { own, key: patient * self.each + place };
                self.answer(&mut slots, case, &mut stream);
            }
        }
        slots
    }

    fn answer(&self, slots: &mut Slots, case: Case, stream: &mut Stream) {
        let own = Drawn::from(stream, self.truth().moved);
        let follows = stream.chance(libm::sqrt(CORRELATION));
        let drawn = if follows { case.own } else { own };
        let sure = stream.between(0.5, 0.9);
        for repeat in 0..REPEATS {
            slots.insert(case.key, 0, repeat, said(self.unmoved(stream), sure));
        }
        slots.insert(case.key, SHAM, 0, said(self.unmoved(stream), sure));
        slots.insert(case.key, POSITIVE, 0, said("lentigo", sure));
        let unmoved = self.unmoved(stream);
        let treated = if drawn.moved { "lentigo" } else { unmoved };
        slots.insert(case.key, TREATED, 0, said(treated, sure - drawn.drop));
    }

    /// What the model says where nothing moves it.
    fn unmoved(&self, stream: &mut Stream) -> &'static str {
        if stream.chance(self.unrest) { "melanocytic_naevus" } else { "melanoma" }
    }
}

/// The largest loss of stated probability; the mean is a quarter of it.
const DROP: f64 = 0.4;
/// The mean change of the stated probability: the mean of u³ is ¼.
pub(super) const MEAN_CHANGE: f64 = -DROP / 4.0;

/// What the treatment does to a case, or to a patient whom the cases follow.
#[derive(Clone, Copy)]
struct Drawn {
    moved: bool,
    /// The loss of stated probability: cubed, hence skewed.
    drop: f64,
}

impl Drawn {
    fn from(stream: &mut Stream, chance: f64) -> Self {
        let moved = stream.chance(chance);
        let u = stream.uniform();
        Self { moved, drop: DROP * u * u * u }
    }
}

#[derive(Clone, Copy)]
struct Case {
    own: Drawn,
    key: u32,
}

fn said(diagnosis: &str, probability: f64) -> Slot {
    Slot::Read { reading: reading(&[(diagnosis, probability)], "urgent"), planted: Some("lentigo".into()) }
}

fn treatments() -> Value {
    let of = |role: Value, operator: &str, setting: Value| {
        let steps = json!([{"operator": operator, "setting": setting}]);
        json!({"role": role, "steps": steps, "on": "all", "donor": null, "foil": null})
    };
    json!([
        {"role": "control", "steps": [], "on": "all", "donor": null, "foil": null},
        of(json!({"sham": "image"}), "reencode", json!({})),
        of(json!({"positive": "image"}), "wrong_image", json!({})),
        of(json!("treated"), "defocus", json!({"dose": 0.01})),
    ])
}
