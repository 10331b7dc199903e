//! Urticaria: smooth swollen wheals, pale in the middle, red around, that come and go within hours.
//!
//! Triage: no alarm without angio-oedema or anaphylaxis (NICE CKS, urticaria).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "urticaria",
    name: "urticaria",
    group: "inflammatory",
    complaint: "rash",
    triage: ("soon", "routine"),
    dangerous: false,
    mimics: &[
        ("atopic_eczema", 2.5),
        ("tinea_corporis", 2.0),
        ("stevens_johnson_syndrome", 1.5),
        ("meningococcal_purpura", 0.5),
    ],
    who: Who { age: 36.0, spread: 13.0, women: 0.62, children: 0.25 },
    sites: &[
        (&site::ABDOMEN, 2.0),
        (&site::CHEST, 1.5),
        (&site::UPPER_BACK, 2.0),
        (&site::THIGH, 2.0),
        (&site::UPPER_ARM, 1.5),
        (&site::FOREARM, 1.0),
    ],
    both_sides: 0.8,
    story: Story {
        days: (0.6, 60.0),
        evolution: &[
            ("coming and going within hours", false, 7.0),
            ("spreading quickly", true, 2.0),
            ("coming and going", false, 1.0),
        ],
        itch: 0.95,
        pain: 0.08,
        bleeding: 0.01,
        fever: 0.06,
        mouth_sores: 0.02,
        new_drug: Chance(0.30, &["amoxicillin", "ibuprofen", "naproxen"]),
        family: Chance(0.15, &["asthma and hay fever"]),
        past: Chance(0.30, &["asthma and hay fever", "a recent sore throat"]),
        sun: 0.25,
        contact: NO_CONTACT,
        treatment: Chance(0.50, &["an antihistamine with good effect", "an antihistamine with some benefit"]),
    },
    look: Look { diameter: (18.0, 50.0), close: 2.4, least_width: 90.0, arrange, paint },
};

const SHAPE: Shape = Shape { elongation: 1.3, lobes: 0.09, ragged: 0.012 };

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, SHAPE);
    let others = Scatter {
        count: (6, 16),
        radius: (4.0, 17.0),
        spread: 48.0,
        around: (0.0, 0.0),
        gap: -3.0,
        shape: SHAPE,
        part: Part::Main,
    };
    others.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, _: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let flare = (3.6 / reach).clamp(0.10, 0.28);
    canvas.blob(blob, [Grain(0.5 * reach, 3), Grain(2.0, 2)], |tissue, spot| {
        let [slow, pore] = spot.grain;
        let wheal = step(1.0 - 0.5 * flare, 1.0 - 1.6 * flare, spot.rho);
        let around = step(1.0, 1.0 - 1.5 * flare, spot.rho + 0.04 * slow);
        let pale = step(1.0 - flare, 0.25, spot.rho + 0.22 * slow);
        tissue.blood += 0.52 * around + 0.12 * slow * wheal;
        tissue.blood *= 1.0 - 0.45 * pale * wheal;
        tissue.height = tissue.height * (1.0 - 0.55 * wheal)
            + 0.85 * step(1.0 - 0.6 * flare, 1.0 - 3.6 * flare, spot.rho)
            - 0.05 * wheal * step(0.3, 0.6, pore);
        tissue.wet += 0.10 * wheal;
    });
}
