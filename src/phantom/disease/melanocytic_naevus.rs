//! Melanocytic naevus: small, round, evenly brown.
//!
//! Triage: a benign naevus needs no referral (NICE NG12 refers suspected melanoma only).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "melanocytic_naevus",
    name: "melanocytic naevus",
    group: "pigmented",
    complaint: "lesion",
    triage: ("routine", "routine"),
    dangerous: false,
    mimics: &[("seborrhoeic_keratosis", 3.0), ("melanoma", 2.0), ("basal_cell_carcinoma", 2.0)],
    who: Who { age: 36.0, spread: 13.0, women: 0.58, children: 0.0 },
    sites: &[
        (&site::UPPER_BACK, 3.0),
        (&site::CHEST, 1.5),
        (&site::ABDOMEN, 1.5),
        (&site::UPPER_ARM, 1.5),
        (&site::THIGH, 1.0),
        (&site::LOWER_LEG, 1.0),
        (&site::CHEEK, 1.0),
        (&site::SOLE, 0.4),
    ],
    both_sides: 0.0,
    story: Story {
        days: (700.0, 11_000.0),
        evolution: &[
            ("unchanged", false, 7.0),
            ("slightly darker than before", false, 2.0),
            ("slowly enlarging", true, 1.0),
        ],
        itch: 0.15,
        pain: 0.04,
        bleeding: 0.05,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.08, &["removal of skin growths"]),
        past: Chance(0.30, &["many moles", "severe sunburns in childhood"]),
        sun: 0.35,
        contact: NO_CONTACT,
        treatment: Chance(0.04, &["an antiseptic cream without effect"]),
    },
    look: Look { diameter: (3.5, 7.5), close: 3.0, least_width: 16.0, arrange, paint },
};

fn arrange(stream: &mut Stream, _: &Form, diameter: f32) -> Vec<Blob> {
    single(stream, diameter, Shape { elongation: 1.14, lobes: 0.018, ragged: 0.006 })
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let depth = (1.1 + 0.3 * (blob.key & 3) as f32) * (1.0 + 0.28 * body.melanin);
    let dome = if blob.key & 4 == 0 { 0.7 } else { 0.12 };
    canvas.blob(blob, [Grain(0.8 * reach, 2), Grain(0.55, 2)], |tissue, spot| {
        let [slow, net] = spot.grain;
        let soft = spot.soft(0.30 * reach);
        let mesh = 1.0 - step(0.0, 0.28, net.abs());
        tissue.melanin += soft * depth * (0.86 + 0.10 * slow + 0.16 * mesh + 0.14 * step(0.7, 0.1, spot.rho));
        tissue.height = tissue.height * (1.0 - 0.4 * soft) + dome * step(1.0, 0.0, spot.rho);
    });
}
