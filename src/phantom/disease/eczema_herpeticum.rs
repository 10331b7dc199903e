//! Eczema herpeticum: crowds of small vesicles of one size that leave punched-out sores, on eczema, with fever.
//!
//! Triage: emergency, same-day treatment and referral (NICE CG57, written for children: systemic aciclovir at once).

use bedside_perturbations::Stream;

use super::atopic_eczema::{SHAPE, inflame};
use super::{Chance, Disease, Look, NO_DRUG, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::{bump, step};
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "eczema_herpeticum",
    name: "eczema herpeticum",
    group: "emergency",
    complaint: "rash",
    triage: ("emergency", "emergency"),
    dangerous: true,
    mimics: &[("atopic_eczema", 4.0), ("stevens_johnson_syndrome", 1.5), ("psoriasis", 0.5), ("urticaria", 0.5)],
    who: Who { age: 27.0, spread: 9.0, women: 0.52, children: 0.5 },
    sites: &[
        (&site::CHEEK, 2.5),
        (&site::NECK, 2.5),
        (&site::FOREARM, 2.0),
        (&site::CHEST, 1.5),
        (&site::UPPER_ARM, 1.0),
        (&site::FOREHEAD, 1.0),
    ],
    both_sides: 0.4,
    story: Story {
        days: (1.0, 7.0),
        evolution: &[
            ("spreading quickly", true, 5.0),
            ("blistering and crusting", false, 4.0),
            ("worsening despite usual creams", false, 1.0),
        ],
        itch: 0.60,
        pain: 0.75,
        bleeding: 0.22,
        fever: 0.60,
        mouth_sores: 0.12,
        new_drug: NO_DRUG,
        family: Chance(0.45, &["asthma and hay fever"]),
        past: Chance(0.75, &["dry itchy skin since childhood", "asthma and hay fever"]),
        sun: 0.20,
        contact: Chance(0.40, &["a relative with sores on the lip"]),
        treatment: Chance(0.60, &["a steroid cream that made it worse", "an oral antibiotic without effect"]),
    },
    look: Look { diameter: (30.0, 52.0), close: 1.15, least_width: 58.0, arrange, paint },
};

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, SHAPE);
    let reach = f64::from(diameter) * 0.5;
    for _ in 0..3 + stream.below(3) {
        let around = ((0.42 * reach * stream.normal()) as f32, (0.42 * reach * stream.normal()) as f32);
        let cluster = Scatter {
            count: (14, 26),
            radius: (1.0, 1.6),
            spread: 0.20 * reach,
            around,
            gap: 0.15,
            shape: Shape::ROUND,
            part: Part::Minor,
        };
        cluster.add(stream, form, &mut blobs);
    }
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    match blob.part {
        Part::Main => inflame(canvas, body, blob, 0.85),
        Part::Minor if blob.key % 5 < 2 => vesicle(canvas, blob),
        _ => sore(canvas, blob),
    }
}

/// A tense vesicle with a dimple.
pub(in crate::phantom) fn vesicle(canvas: &mut Canvas, blob: &Blob) {
    canvas.blob(blob, [], |tissue, spot| {
        let roof = step(0.86, 0.70, spot.rho);
        let dimple = step(0.35, 0.0, spot.rho);
        tissue.blood += 0.55 * bump(0.88, 0.22, spot.rho);
        tissue.blood *= 1.0 - 0.55 * roof;
        tissue.melanin *= 1.0 - 0.35 * roof;
        tissue.scale = tissue.scale.max(0.30 * roof);
        tissue.crust = tissue.crust.max(0.22 * roof + 0.40 * dimple);
        tissue.height = tissue.height * (1.0 - roof) + 0.75 * step(0.88, 0.30, spot.rho) - 0.45 * dimple;
        tissue.wet += 0.5 * roof;
    });
}

/// A punched-out sore with a crust of blood.
fn sore(canvas: &mut Canvas, blob: &Blob) {
    canvas.blob(blob, [Grain(0.8, 2)], |tissue, spot| {
        let [fine] = spot.grain;
        let hole = step(0.84, 0.72, spot.rho);
        let crust = step(0.66, 0.50, spot.rho + 0.25 * fine);
        tissue.melanin *= 1.0 - 0.70 * hole;
        tissue.blood += 0.60 * bump(0.90, 0.20, spot.rho) + hole * 0.85;
        tissue.bruise += 0.9 * crust;
        tissue.crust = tissue.crust.max(crust * 0.75);
        tissue.height = tissue.height * (1.0 - hole) + 0.18 * bump(0.90, 0.18, spot.rho) - 0.38 * hole + 0.22 * crust;
        tissue.wet += 0.45 * hole * (1.0 - crust);
    });
}
