//! Atopic eczema: ill-defined itchy redness with papules, scratch marks and thickened skin lines.
//!
//! Triage: routine unless severe or infected; "soon" when it has not responded (NICE CG57, written for children).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::paint::vessel;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "atopic_eczema",
    name: "atopic eczema",
    group: "inflammatory",
    complaint: "rash",
    triage: ("soon", "routine"),
    dangerous: false,
    mimics: &[("psoriasis", 3.0), ("tinea_corporis", 2.5), ("urticaria", 1.5), ("eczema_herpeticum", 1.0)],
    who: Who { age: 30.0, spread: 11.0, women: 0.55, children: 0.45 },
    sites: &[
        (&site::FOREARM, 3.0),
        (&site::NECK, 2.0),
        (&site::LOWER_LEG, 1.5),
        (&site::UPPER_ARM, 1.5),
        (&site::CHEEK, 1.0),
        (&site::CHEST, 1.0),
    ],
    both_sides: 0.8,
    story: Story {
        days: (21.0, 4000.0),
        evolution: &[("coming and going", false, 6.0), ("slowly spreading", true, 2.5), ("unchanged", false, 1.5)],
        itch: 0.95,
        pain: 0.20,
        bleeding: 0.20,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.50, &["asthma and hay fever"]),
        past: Chance(0.60, &["asthma and hay fever", "dry itchy skin since childhood"]),
        sun: 0.25,
        contact: NO_CONTACT,
        treatment: Chance(0.65, &["a moisturiser with some benefit", "a steroid cream with partial benefit"]),
    },
    look: Look { diameter: (34.0, 52.0), close: 1.5, least_width: 80.0, arrange, paint },
};

pub(super) const SHAPE: Shape = Shape { elongation: 1.35, lobes: 0.10, ragged: 0.03 };

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, SHAPE);
    let others = Scatter {
        count: (1, 3),
        radius: (8.0, 18.0),
        spread: f64::from(diameter) * 0.8,
        around: (0.0, 0.0),
        gap: -6.0,
        shape: SHAPE,
        part: Part::Main,
    };
    others.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    inflame(canvas, body, blob, 1.0);
    vessel::scratches(canvas, blob, 4 + (blob.key & 7));
}

/// The redness of eczema, shared with eczema that herpes has overrun.
pub(super) fn inflame(canvas: &mut Canvas, body: &Body, blob: &Blob, strength: f32) {
    let reach = blob.outline.reach();
    let dark = step(0.9, 2.4, body.melanin);
    canvas.blob(blob, [Grain(0.5 * reach, 4), Grain(2.2, 2), Grain(0.8, 3)], |tissue, spot| {
        let [slow, papule, fine] = spot.grain;
        let soft = spot.soft(0.55 * reach);
        let patch = strength * soft * (0.75 + 0.75 * slow).clamp(0.0, 1.4);
        let lump = step(0.30, 0.62, papule) * step(0.1, 0.5, patch);
        let flake = step(0.25, 0.8, fine + 0.3 * slow) * step(0.3, 0.8, patch);
        tissue.blood += 0.62 * patch + 0.30 * lump * strength;
        tissue.melanin += dark * (0.40 * patch + 0.20 * lump);
        tissue.scale = tissue.scale.max(flake * (0.20 - 0.05 * dark));
        tissue.height = tissue.height * (1.0 + 1.6 * patch) + 0.20 * lump + 0.04 * patch * fine;
        tissue.wet += 0.05 * patch;
    });
}
