//! Squamous cell carcinoma: a firm red nodule with a core of keratin that crusts and bleeds.
//!
//! Triage: suspected cancer pathway, within two weeks (NICE NG12, section 1.7).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "squamous_cell_carcinoma",
    name: "squamous cell carcinoma",
    group: "keratinocyte",
    complaint: "lesion",
    triage: ("urgent", "urgent"),
    dangerous: true,
    mimics: &[
        ("basal_cell_carcinoma", 3.0),
        ("actinic_keratosis", 3.0),
        ("seborrhoeic_keratosis", 1.5),
        ("melanoma", 1.0),
    ],
    who: Who { age: 74.0, spread: 9.0, women: 0.36, children: 0.0 },
    sites: &[
        (&site::TEMPLE, 2.5),
        (&site::CHEEK, 2.0),
        (&site::FOREHEAD, 2.0),
        (&site::FOREARM, 2.5),
        (&site::LOWER_LEG, 2.0),
        (&site::NECK, 1.0),
    ],
    both_sides: 0.0,
    story: Story {
        days: (30.0, 300.0),
        evolution: &[
            ("growing quickly", true, 5.0),
            ("slowly enlarging", true, 3.0),
            ("crusting over again and again", false, 2.0),
        ],
        itch: 0.20,
        pain: 0.50,
        bleeding: 0.50,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.12, &["removal of skin growths"]),
        past: Chance(0.45, &["a kidney transplant", "removal of an earlier skin growth", "rough sun-damaged skin"]),
        sun: 0.75,
        contact: NO_CONTACT,
        treatment: Chance(0.30, &["freezing once without effect", "an antibiotic ointment without effect"]),
    },
    look: Look { diameter: (10.0, 24.0), close: 2.2, least_width: 26.0, arrange, paint },
};

fn arrange(stream: &mut Stream, _: &Form, diameter: f32) -> Vec<Blob> {
    single(stream, diameter, Shape { elongation: 1.2, lobes: 0.05, ragged: 0.02 })
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let core = 0.42 + 0.05 * (blob.key & 3) as f32;
    let purple = step(0.8, 2.2, body.melanin);
    canvas.blob(blob, [Grain(0.45 * reach, 3), Grain(1.5, 3), Grain(0.5, 3)], |tissue, spot| {
        let [slow, rough, fine] = spot.grain;
        let soft = spot.soft(0.30 * reach);
        let dome = step(0.95, 0.35, spot.rho + 0.08 * slow);
        let crust = step(core + 0.10, core - 0.10, spot.rho + 0.22 * slow);
        let blood = crust * step(0.30, 0.55, rough + 0.5 * slow);
        let flake = dome * (1.0 - crust) * step(0.25, 0.9, fine + 0.4 * rough);
        tissue.melanin *= 1.0 - 0.25 * dome;
        tissue.melanin += 0.35 * soft * body.melanin * (1.0 - dome) * 0.5;
        tissue.blood += soft * (0.40 + 0.65 * dome + 0.20 * slow);
        tissue.bruise += soft * 0.30 * purple * dome + 1.1 * blood;
        tissue.height =
            tissue.height * (1.0 - 0.6 * dome) + reach * dome * 0.26 + crust * (0.4 + 0.40 * rough + 0.18 * fine);
        tissue.crust = tissue.crust.max(crust * (0.80 + 0.15 * rough).clamp(0.0, 0.92));
        tissue.scale = tissue.scale.max(0.36 * flake + 0.28 * crust * step(0.1, 0.8, -rough + 0.5 * fine));
        tissue.wet += 0.35 * blood + 0.16 * dome * (1.0 - crust);
    });
}
