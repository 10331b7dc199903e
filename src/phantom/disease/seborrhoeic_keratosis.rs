//! Seborrhoeic keratosis: stuck on, sharply cut, with ridges, furrows and plugs of keratin.
//!
//! Triage: benign; no referral needed once recognised (Primary Care Dermatology Society, seborrhoeic keratosis).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "seborrhoeic_keratosis",
    name: "seborrhoeic keratosis",
    group: "keratinocyte",
    complaint: "lesion",
    triage: ("routine", "routine"),
    dangerous: false,
    mimics: &[
        ("melanocytic_naevus", 2.5),
        ("melanoma", 2.5),
        ("actinic_keratosis", 2.0),
        ("basal_cell_carcinoma", 1.5),
        ("squamous_cell_carcinoma", 1.0),
    ],
    who: Who { age: 66.0, spread: 11.0, women: 0.5, children: 0.0 },
    sites: &[
        (&site::UPPER_BACK, 3.0),
        (&site::CHEST, 2.0),
        (&site::ABDOMEN, 1.5),
        (&site::TEMPLE, 1.5),
        (&site::LOWER_BACK, 1.5),
        (&site::FOREHEAD, 1.0),
        (&site::LOWER_LEG, 0.7),
    ],
    both_sides: 0.0,
    story: Story {
        days: (300.0, 5500.0),
        evolution: &[
            ("unchanged", false, 5.0),
            ("slowly enlarging", true, 3.0),
            ("crumbling at the surface", false, 2.0),
        ],
        itch: 0.40,
        pain: 0.06,
        bleeding: 0.12,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.15, &["a tendency to brown warty spots"]),
        past: Chance(0.25, &["other brown warty spots"]),
        sun: 0.45,
        contact: NO_CONTACT,
        treatment: Chance(0.15, &["freezing once without effect"]),
    },
    look: Look { diameter: (9.0, 22.0), close: 2.2, least_width: 24.0, arrange, paint },
};

fn arrange(stream: &mut Stream, _: &Form, diameter: f32) -> Vec<Blob> {
    single(stream, diameter, Shape { elongation: 1.28, lobes: 0.03, ragged: 0.014 })
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let depth = (0.85 + 0.35 * (blob.key & 3) as f32) * (1.0 + 0.22 * body.melanin);
    let edge = canvas.pixel().max(0.18);
    canvas.blob(blob, [Grain(4.0, 3), Grain(0.75, 2), Grain(0.62, 1)], |tissue, spot| {
        let [slow, fold, plug] = spot.grain;
        let body = spot.soft(edge);
        let ridge = step(0.0, 0.42, fold.abs());
        let stud = step(0.72, 0.85, plug);
        let pearl = step(0.80, 0.95, -plug);
        let furrow = (1.0 - ridge) * spot.soft(1.2);
        tissue.melanin += body * depth * (0.9 + 0.42 * slow + 0.45 * furrow + 1.3 * stud) * (1.0 - 0.6 * pearl);
        tissue.scale = tissue.scale.max(body * (0.06 * ridge + 0.22 * pearl));
        tissue.height += spot.soft(0.9) * (0.55 + 0.17 * ridge - 0.16 * stud + 0.15 * slow);
        tissue.wet += 0.10 * body * ridge;
    });
}
