//! Actinic keratosis: rough, ill-defined, faintly red patches with stuck scale on sun-damaged skin.
//!
//! Triage: managed in primary care (Primary Care Dermatology Society, actinic keratosis pathway).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "actinic_keratosis",
    name: "actinic keratosis",
    group: "keratinocyte",
    complaint: "lesion",
    triage: ("routine", "routine"),
    dangerous: false,
    mimics: &[
        ("squamous_cell_carcinoma", 2.5),
        ("seborrhoeic_keratosis", 2.0),
        ("basal_cell_carcinoma", 1.5),
        ("psoriasis", 1.0),
        ("atopic_eczema", 1.0),
    ],
    who: Who { age: 71.0, spread: 9.0, women: 0.42, children: 0.0 },
    sites: &[
        (&site::FOREHEAD, 3.0),
        (&site::TEMPLE, 2.5),
        (&site::CHEEK, 2.0),
        (&site::FOREARM, 2.5),
        (&site::LOWER_LEG, 0.8),
    ],
    both_sides: 0.0,
    story: Story {
        days: (120.0, 2500.0),
        evolution: &[("unchanged", false, 4.0), ("coming and going", false, 4.0), ("slowly enlarging", true, 2.0)],
        itch: 0.30,
        pain: 0.20,
        bleeding: 0.10,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.12, &["removal of skin growths"]),
        past: Chance(0.45, &["rough sun-damaged skin", "much time outdoors over the years"]),
        sun: 0.85,
        contact: NO_CONTACT,
        treatment: Chance(0.35, &["freezing once with a short improvement", "a moisturiser without effect"]),
    },
    look: Look { diameter: (7.0, 17.0), close: 2.5, least_width: 26.0, arrange, paint },
};

const SHAPE: Shape = Shape { elongation: 1.3, lobes: 0.09, ragged: 0.03 };

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, SHAPE);
    let others = Scatter {
        count: (0, 3),
        radius: (2.0, 4.5),
        spread: f64::from(diameter),
        around: (0.0, 0.0),
        gap: 1.5,
        shape: SHAPE,
        part: Part::Main,
    };
    others.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let brown = 0.2 + 0.15 * body.melanin;
    canvas.blob(blob, [Grain(0.6 * reach, 3), Grain(1.1, 3), Grain(0.4, 2)], |tissue, spot| {
        let [slow, flake, fine] = spot.grain;
        let soft = spot.soft(0.5 * reach);
        let rough = step(0.0, 0.9, flake + 0.45 * slow + 0.35 * fine) * step(0.15, 0.6, soft);
        tissue.blood += soft * (0.55 + 0.30 * slow);
        tissue.melanin += brown * soft * (0.4 + 0.6 * slow.max(0.0));
        tissue.scale = tissue.scale.max(0.52 * rough);
        tissue.crust = tissue.crust.max(0.55 * rough * step(-0.6, 0.5, slow));
        tissue.height += 0.06 * soft * fine + rough * (0.14 + 0.12 * fine);
    });
}
