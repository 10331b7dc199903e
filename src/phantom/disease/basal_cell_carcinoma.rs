//! Basal cell carcinoma, nodular: a pearly rolled edge, fine vessels, a centre that breaks down; pigmented on dark skin.
//!
//! Triage: routine referral is accepted unless site or size make delay harmful (NICE NG12, section 1.7); "soon" is
//! therefore ideal and "routine" still safe.

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::{bump, step};
use crate::phantom::paint::vessel;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "basal_cell_carcinoma",
    name: "basal cell carcinoma",
    group: "keratinocyte",
    complaint: "lesion",
    triage: ("soon", "routine"),
    dangerous: true,
    mimics: &[
        ("squamous_cell_carcinoma", 2.0),
        ("melanocytic_naevus", 2.0),
        ("seborrhoeic_keratosis", 1.5),
        ("actinic_keratosis", 1.5),
        ("melanoma", 1.0),
    ],
    who: Who { age: 68.0, spread: 12.0, women: 0.45, children: 0.0 },
    sites: &[
        (&site::CHEEK, 3.0),
        (&site::TEMPLE, 2.5),
        (&site::FOREHEAD, 2.5),
        (&site::NECK, 1.2),
        (&site::UPPER_BACK, 1.2),
        (&site::SHOULDER, 1.0),
        (&site::CHEST, 0.8),
    ],
    both_sides: 0.0,
    story: Story {
        days: (150.0, 1800.0),
        evolution: &[
            ("slowly enlarging", true, 5.0),
            ("healing and breaking down again", false, 3.5),
            ("unchanged", false, 1.5),
        ],
        itch: 0.15,
        pain: 0.10,
        bleeding: 0.50,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.15, &["removal of skin growths"]),
        past: Chance(0.35, &["removal of an earlier skin growth", "much time outdoors over the years"]),
        sun: 0.70,
        contact: NO_CONTACT,
        treatment: Chance(0.30, &["a steroid cream without effect", "an antibiotic ointment without effect"]),
    },
    look: Look { diameter: (6.0, 14.0), close: 2.6, least_width: 20.0, arrange, paint },
};

fn arrange(stream: &mut Stream, _: &Form, diameter: f32) -> Vec<Blob> {
    single(stream, diameter, Shape { elongation: 1.18, lobes: 0.035, ragged: 0.012 })
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let ulcer = if blob.key & 3 == 0 { 0.0 } else { 0.40 };
    let pigment = step(0.8, 1.8, body.melanin) + if blob.key & 112 == 0 { 0.35 } else { 0.0 };
    canvas.blob(blob, [Grain(0.5 * reach, 3), Grain(0.28 * reach, 2), Grain(0.7, 2)], |tissue, spot| {
        let [slow, lump, fine] = spot.grain;
        let soft = spot.soft(0.30 * reach);
        let ring = bump(0.60, 0.36, spot.rho + 0.05 * slow);
        let centre = step(ulcer, ulcer - 0.18, spot.rho + 0.16 * slow) * step(0.0, 0.1, ulcer);
        tissue.melanin *= 1.0 - 0.42 * soft * (0.5 + 0.5 * ring);
        tissue.blood += soft * (0.26 + 0.12 * slow + 0.55 * centre);
        tissue.scale = tissue.scale.max(0.20 * ring * (1.0 - centre));
        tissue.height = tissue.height * (1.0 - 0.8 * soft)
            + reach * soft * (0.12 * ring + 0.05 * lump * ring + 0.10 * (1.0 - spot.rho))
            - 0.05 * reach * centre;
        tissue.wet += 0.55 * ring * soft + 0.2 * centre;
        tissue.crust = tissue.crust.max(centre * step(-0.35, 0.25, fine + 0.4 * lump) * 0.85);
        tissue.bruise += 0.5 * centre * step(0.1, 0.5, -fine);
        let globule = step(0.18, 0.42, lump) * soft * (1.0 - centre);
        tissue.deep += pigment * (1.5 * globule + 0.15 * soft);
        tissue.melanin += pigment * body.melanin * 0.45 * globule;
    });
    vessel::tree(canvas, blob, 7 + (blob.key & 3), 0.075);
}
