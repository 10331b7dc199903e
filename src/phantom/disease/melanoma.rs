//! Melanoma: asymmetric, ragged, of many colours; on dark skin usually on the sole.
//!
//! Triage: suspected cancer pathway, seen within two weeks (NICE NG12, section 1.7). Look: the ABCD rule (Friedman et al.,
//! CA Cancer J Clin 1985;35:130).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, NO_CONTACT, NO_DRUG, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "melanoma",
    name: "melanoma",
    group: "pigmented",
    complaint: "lesion",
    triage: ("urgent", "urgent"),
    dangerous: true,
    mimics: &[
        ("melanocytic_naevus", 3.0),
        ("seborrhoeic_keratosis", 3.0),
        ("basal_cell_carcinoma", 1.5),
        ("squamous_cell_carcinoma", 1.0),
    ],
    who: Who { age: 61.0, spread: 15.0, women: 0.47, children: 0.0 },
    sites: &[
        (&site::UPPER_BACK, 3.0),
        (&site::LOWER_LEG, 2.0),
        (&site::UPPER_ARM, 1.5),
        (&site::SHOULDER, 1.0),
        (&site::THIGH, 1.0),
        (&site::CHEST, 1.0),
        (&site::CHEEK, 0.7),
        (&site::SOLE, 1.5),
    ],
    both_sides: 0.0,
    story: Story {
        days: (60.0, 1100.0),
        evolution: &[
            ("growing and changing colour", true, 4.0),
            ("slowly enlarging", true, 3.0),
            ("changing shape", false, 2.0),
            ("unchanged", false, 1.0),
        ],
        itch: 0.25,
        pain: 0.08,
        bleeding: 0.30,
        fever: 0.02,
        mouth_sores: 0.02,
        new_drug: NO_DRUG,
        family: Chance(0.20, &["removal of skin growths"]),
        past: Chance(0.35, &["severe sunburns in childhood", "many moles", "removal of an earlier skin growth"]),
        sun: 0.55,
        contact: NO_CONTACT,
        treatment: Chance(0.08, &["an antiseptic cream without effect"]),
    },
    look: Look { diameter: (7.0, 17.0), close: 2.4, least_width: 22.0, arrange, paint },
};

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let mut blobs = single(stream, diameter, Shape { elongation: 1.35, lobes: 0.10, ragged: 0.055 });
    let satellites = Scatter {
        count: (0, 3),
        radius: (0.4, 0.9),
        spread: f64::from(diameter) * 0.55,
        around: (0.0, 0.0),
        gap: 0.2,
        shape: Shape::ROUND,
        part: Part::Minor,
    };
    if stream.chance(0.35) {
        satellites.add(stream, form, &mut blobs);
    }
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let dark = 1.0 + 0.18 * body.melanin;
    let lean = (blob.key & 7) as f32 * 0.785;
    let (lean_x, lean_y) = (libm::cosf(lean) / reach, libm::sinf(lean) / reach);
    let nodule = blob.key & 8 == 0 && blob.part == Part::Main;
    canvas.blob(blob, [Grain(0.75 * reach, 4), Grain(0.6 * reach, 3), Grain(0.5, 2)], |tissue, spot| {
        let [zone, veil, net] = spot.grain;
        let soft = spot.soft(0.10 * reach + 0.15 + 0.25 * zone.max(0.0));
        let side = spot.x * lean_x + spot.y * lean_y;
        let depth = zone + 0.9 * side;
        let inner = step(0.05, 0.4, 1.0 - spot.rho);
        let blue = inner * step(0.20, 0.55, veil + 0.3 * side);
        let pale = inner * step(0.35, 0.6, -veil - 0.4 * side);
        let brown = 0.75 + 1.5 * step(-0.25, 0.15, depth) + 1.6 * step(0.35, 0.75, depth) + 0.30 * net;
        tissue.melanin += soft * dark * brown * (1.0 - 0.75 * pale) * (1.0 - 0.25 * blue);
        tissue.deep += soft * 1.25 * blue;
        tissue.blood += soft * (0.35 * step(0.2, 0.5, -zone) + 0.45 * pale);
        tissue.scale = tissue.scale.max(0.05 * soft * blue.max(pale));
        let bulge = if nodule { step(0.75, 0.0, ((side - 0.3) * (side - 0.3) + 0.3 * spot.rho).sqrt()) } else { 0.0 };
        tissue.height += soft * (0.12 + 1.3 * bulge + 0.06 * zone);
        tissue.wet += 0.25 * soft * bulge;
    });
}
