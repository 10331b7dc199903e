//! Stevens–Johnson syndrome: dusky spots and flat targets that run together, blister and shed, days after a new drug.
//!
//! Triage: emergency, same-day admission (Creamer et al., British Association of Dermatologists guideline,
//! Br J Dermatol 2016;174:1194). Culprit drugs: Mockenhaupt et al., J Invest Dermatol 2008;128:35.

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::{bump, step};
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "stevens_johnson_syndrome",
    name: "Stevens-Johnson syndrome",
    group: "emergency",
    complaint: "rash",
    triage: ("emergency", "emergency"),
    dangerous: true,
    mimics: &[("urticaria", 3.0), ("meningococcal_purpura", 2.0), ("eczema_herpeticum", 1.5), ("atopic_eczema", 1.0)],
    who: Who { age: 47.0, spread: 17.0, women: 0.55, children: 0.0 },
    sites: &[
        (&site::CHEST, 3.0),
        (&site::UPPER_BACK, 2.5),
        (&site::ABDOMEN, 2.0),
        (&site::NECK, 1.0),
        (&site::UPPER_ARM, 1.0),
    ],
    both_sides: 0.95,
    story: Story {
        days: (1.0, 5.0),
        evolution: &[
            ("spreading quickly", true, 4.0),
            ("blistering and peeling", false, 4.0),
            ("running together", true, 2.0),
        ],
        itch: 0.15,
        pain: 0.80,
        bleeding: 0.12,
        fever: 0.80,
        mouth_sores: 0.85,
        new_drug: Chance(0.80, &["lamotrigine", "carbamazepine", "allopurinol", "co-trimoxazole", "phenytoin"]),
        family: Chance(0.05, &["asthma and hay fever"]),
        past: Chance(0.40, &["epilepsy", "gout", "HIV infection"]),
        sun: 0.25,
        contact: NO_CONTACT,
        treatment: Chance(0.40, &["paracetamol without effect", "an antihistamine without effect"]),
    },
    look: Look { diameter: (12.0, 26.0), close: 0.0, least_width: 105.0, arrange, paint },
};

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let shape = Shape { elongation: 1.25, lobes: 0.08, ragged: 0.03 };
    let mut blobs = single(stream, diameter, shape);
    let targets = Scatter {
        count: (35, 70),
        radius: (2.5, 11.0),
        spread: 45.0,
        around: (0.0, 0.0),
        gap: -5.0,
        shape,
        part: Part::Main,
    };
    targets.add(stream, form, &mut blobs);
    let blisters = Scatter { count: (5, 12), radius: (2.0, 9.0), spread: 26.0, gap: 1.0, part: Part::Minor, ..targets };
    blisters.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    match blob.part {
        Part::Main => target(canvas, body, blob),
        Part::Minor if blob.key & 1 == 0 => blister(canvas, blob),
        _ => erosion(canvas, blob),
    }
}

/// A flat target: dusky centre, paler ring, red edge.
fn target(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let dark = step(0.9, 2.4, body.melanin);
    canvas.blob(blob, [Grain(0.8 * reach, 3), Grain(1.4, 2)], |tissue, spot| {
        let [slow, fine] = spot.grain;
        let soft = spot.soft(0.28 * reach);
        let dusk = step(0.58, 0.30, spot.rho + 0.20 * slow);
        let ring = bump(0.62, 0.22, spot.rho);
        tissue.blood += soft * (0.60 - 0.28 * ring + 0.15 * slow);
        tissue.bruise += dusk * (0.62 + 0.15 * fine);
        tissue.melanin += dark * 0.35 * dusk;
        tissue.height += 0.05 * soft * fine - 0.04 * dusk;
    });
}

/// A slack blister: thin roof, clear or bloody fluid.
fn blister(canvas: &mut Canvas, blob: &Blob) {
    let reach = blob.outline.reach();
    canvas.blob(blob, [Grain(0.7 * reach, 3)], |tissue, spot| {
        let [slow] = spot.grain;
        let roof = spot.soft(0.5);
        let pool = step(1.0, 0.4, spot.rho);
        tissue.melanin *= 1.0 - 0.25 * roof;
        tissue.bruise = tissue.bruise * (1.0 - 0.4 * roof) + 0.20 * pool;
        tissue.scale = tissue.scale.max(roof * (0.10 + 0.10 * slow));
        tissue.crust = tissue.crust.max(0.14 * pool);
        tissue.height = tissue.height * (1.0 - 0.8 * roof)
            + (0.22 * reach).min(1.6) * step(1.0, 0.45, spot.rho)
            + 0.25 * slow * roof;
        tissue.wet += 0.45 * roof;
    });
}

/// Where the skin has come off: raw, wet, with a rim of shed epidermis.
fn erosion(canvas: &mut Canvas, blob: &Blob) {
    let reach = blob.outline.reach();
    canvas.blob(blob, [Grain(0.7 * reach, 3), Grain(1.0, 2)], |tissue, spot| {
        let [slow, fine] = spot.grain;
        let rim = spot.rim + 0.5 * slow;
        let raw = step(0.5, 0.9, rim);
        let shed = bump(0.55, 0.55, rim) * step(-0.4, 0.2, slow);
        tissue.melanin *= 1.0 - 0.62 * raw;
        tissue.blood = tissue.blood * (1.0 - 0.5 * raw) + raw * (1.35 + 0.2 * fine);
        tissue.bruise *= 1.0 - 0.7 * raw;
        tissue.scale = tissue.scale.max(0.55 * shed);
        tissue.height = tissue.height * (1.0 - 0.6 * raw) - 0.20 * raw + 0.35 * shed + 0.05 * fine * raw;
        tissue.wet += 0.60 * raw;
    });
}
