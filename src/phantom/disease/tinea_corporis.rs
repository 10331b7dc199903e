//! Tinea corporis: a ring that grows outwards, scaly at its edge and clearing in the middle.
//!
//! Triage: treated in primary care (NICE CKS, fungal skin infection: body and groin).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_DRUG, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::{bump, step};
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "tinea_corporis",
    name: "tinea corporis",
    group: "inflammatory",
    complaint: "rash",
    triage: ("routine", "routine"),
    dangerous: false,
    mimics: &[("atopic_eczema", 3.5), ("psoriasis", 3.5), ("urticaria", 0.8)],
    who: Who { age: 34.0, spread: 13.0, women: 0.48, children: 0.3 },
    sites: &[
        (&site::FOREARM, 2.0),
        (&site::THIGH, 2.0),
        (&site::ABDOMEN, 1.5),
        (&site::NECK, 1.5),
        (&site::UPPER_ARM, 1.5),
        (&site::UPPER_BACK, 1.5),
        (&site::SHOULDER, 1.0),
    ],
    both_sides: 0.05,
    story: Story {
        days: (10.0, 120.0),
        evolution: &[
            ("slowly spreading", true, 5.0),
            ("spreading at the edge and clearing in the middle", true, 4.0),
            ("unchanged", false, 1.0),
        ],
        itch: 0.80,
        pain: 0.08,
        bleeding: 0.03,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.06, &["asthma and hay fever"]),
        past: Chance(0.20, &["diabetes", "itchy feet"]),
        sun: 0.30,
        contact: Chance(0.45, &["a new kitten with bald patches", "a wrestling partner with a rash"]),
        treatment: Chance(0.50, &["a steroid cream that made it worse", "a moisturiser without effect"]),
    },
    look: Look { diameter: (18.0, 50.0), close: 1.8, least_width: 50.0, arrange, paint },
};

const SHAPE: Shape = Shape { elongation: 1.12, lobes: 0.04, ragged: 0.014 };

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, SHAPE);
    let others = Scatter {
        count: (0, 2),
        radius: (5.0, 12.0),
        spread: f64::from(diameter),
        around: (0.0, 0.0),
        gap: -2.0,
        shape: SHAPE,
        part: Part::Main,
    };
    others.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let width = (3.5 / reach).clamp(0.10, 0.4);
    let dark = step(0.9, 2.4, body.melanin);
    canvas.blob(blob, [Grain(0.4 * reach, 3), Grain(2.4, 2), Grain(0.9, 3)], |tissue, spot| {
        let [slow, papule, fine] = spot.grain;
        let soft = spot.soft(2.2);
        let band = soft * bump(1.0 - 0.6 * width, 1.5 * width, spot.rho) * (0.72 + 0.70 * slow).clamp(0.12, 1.2);
        let inside = step(1.0, 0.8, spot.rho);
        let lump = step(0.15, 0.5, papule) * band;
        let flake =
            bump(1.0 - 1.0 * width, 1.0 * width, spot.rho) * step(-0.05, 0.85, fine + 0.3 * papule + 0.4 * slow);
        tissue.blood += 0.85 * band + 0.12 * inside * (1.0 + slow) + 0.25 * lump;
        tissue.melanin += 0.10 * inside + dark * (0.45 * band + 0.12 * inside);
        tissue.scale = tissue.scale.max(0.46 * flake);
        tissue.height += 0.26 * band + 0.18 * lump + 0.12 * flake * fine;
    });
}
