//! Plaque psoriasis: sharply edged thick plaques under silvery scale; violet-grey on dark skin.
//!
//! Triage: non-urgent specialist opinion when primary care does not suffice (NICE CG153).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "psoriasis",
    name: "psoriasis",
    group: "inflammatory",
    complaint: "rash",
    triage: ("soon", "routine"),
    dangerous: false,
    mimics: &[("atopic_eczema", 4.0), ("tinea_corporis", 3.0), ("actinic_keratosis", 0.5)],
    who: Who { age: 43.0, spread: 15.0, women: 0.5, children: 0.0 },
    sites: &[
        (&site::FOREARM, 2.5),
        (&site::LOWER_LEG, 2.5),
        (&site::LOWER_BACK, 2.5),
        (&site::THIGH, 1.0),
        (&site::UPPER_ARM, 1.0),
        (&site::ABDOMEN, 1.0),
    ],
    both_sides: 0.7,
    story: Story {
        days: (90.0, 5500.0),
        evolution: &[("coming and going", false, 4.0), ("slowly spreading", true, 3.0), ("unchanged", false, 3.0)],
        itch: 0.55,
        pain: 0.15,
        bleeding: 0.15,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: Chance(0.12, &["lithium", "bisoprolol"]),
        family: Chance(0.35, &["a long-standing scaly rash"]),
        past: Chance(0.35, &["joint pain and stiffness", "pitted nails"]),
        sun: 0.30,
        contact: NO_CONTACT,
        treatment: Chance(0.60, &["a steroid cream with partial benefit", "a vitamin D ointment with some benefit"]),
    },
    look: Look { diameter: (22.0, 52.0), close: 1.7, least_width: 70.0, arrange, paint },
};

const SHAPE: Shape = Shape { elongation: 1.3, lobes: 0.05, ragged: 0.02 };

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, SHAPE);
    let others = Scatter {
        count: (2, 8),
        radius: (2.5, 14.0),
        spread: f64::from(diameter) * 0.9,
        around: (0.0, 0.0),
        gap: 2.0,
        shape: SHAPE,
        part: Part::Main,
    };
    others.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let purple = step(0.9, 2.4, body.melanin);
    let edge = canvas.pixel().max(1.3);
    canvas.blob(blob, [Grain(11.0, 3), Grain(3.0, 2), Grain(1.1, 3)], |tissue, spot| {
        let [slow, plate, fine] = spot.grain;
        let plaque = spot.soft(edge);
        let cover = step(-1.0, 0.65, 0.6 * plate + 0.6 * slow + 0.6 * fine) * spot.soft(3.5 * edge);
        let crack = 1.0 - step(0.02, 0.16, (plate + 0.4 * fine).abs());
        tissue.blood += plaque * (0.95 + 0.15 * slow);
        tissue.bruise += plaque * 0.60 * purple;
        tissue.melanin += plaque * 0.55 * purple;
        tissue.scale = tissue.scale.max(plaque * cover * (0.66 - 0.22 * crack + 0.30 * fine).clamp(0.0, 0.90));
        tissue.height = tissue.height * (1.0 - 0.5 * plaque)
            + spot.soft(2.6) * 0.5
            + plaque * cover * (0.14 * plate + 0.17 * fine - 0.12 * crack);
    });
}
