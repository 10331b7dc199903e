//! Meningococcal purpura: sharp purple spots of many sizes that do not blanch, with fever.
//!
//! Triage: emergency, admitted at once (NICE NG240: suspected meningococcal disease).

use bedside_perturbations::Stream;

use super::{Chance, Disease, Look, Scatter, Story, Who, single};
use crate::phantom::paint::canvas::{Blob, Canvas, Grain, Part};
use crate::phantom::paint::outline::Shape;
use crate::phantom::paint::skin::{Body, Form};
use crate::phantom::paint::tissue::step;
use crate::phantom::site;

pub(super) static CARD: Disease = Disease {
    id: "meningococcal_purpura",
    name: "meningococcal purpura",
    group: "emergency",
    complaint: "rash",
    triage: ("emergency", "emergency"),
    dangerous: true,
    mimics: &[("urticaria", 2.5), ("stevens_johnson_syndrome", 2.0), ("atopic_eczema", 1.0)],
    who: Who { age: 26.0, spread: 10.0, women: 0.48, children: 0.55 },
    sites: &[
        (&site::LOWER_LEG, 3.5),
        (&site::THIGH, 2.5),
        (&site::ABDOMEN, 1.2),
        (&site::FOREARM, 1.5),
        (&site::UPPER_ARM, 1.0),
    ],
    both_sides: 0.85,
    story: Story {
        days: (0.6, 2.2),
        evolution: &[
            ("spreading within hours", true, 6.0),
            ("spreading quickly", true, 3.0),
            ("darkening", false, 1.0),
        ],
        itch: 0.05,
        pain: 0.35,
        bleeding: 0.08,
        fever: 0.92,
        mouth_sores: 0.05,
        new_drug: Chance(0.08, &["paracetamol", "ibuprofen"]),
        family: Chance(0.05, &["asthma and hay fever"]),
        past: Chance(0.15, &["removal of the spleen"]),
        sun: 0.20,
        contact: Chance(0.35, &["a housemate admitted with fever", "a classmate admitted with fever"]),
        treatment: Chance(0.40, &["paracetamol without effect", "oral fluids without effect"]),
    },
    look: Look { diameter: (7.0, 18.0), close: 0.0, least_width: 78.0, arrange, paint },
};

fn arrange(stream: &mut Stream, form: &Form, diameter: f32) -> Vec<Blob> {
    let stellate = Shape { elongation: 1.3, lobes: 0.10, ragged: 0.035 };
    let mut blobs = single(stream, diameter, stellate);
    let patches = Scatter {
        count: (5, 12),
        radius: (2.2, 6.5),
        spread: 34.0,
        around: (0.0, 0.0),
        gap: 1.0,
        shape: stellate,
        part: Part::Main,
    };
    patches.add(stream, form, &mut blobs);
    let shape = Shape { elongation: 1.2, lobes: 0.06, ragged: 0.03 };
    let spots = Scatter {
        count: (70, 120),
        radius: (0.5, 1.8),
        spread: 40.0,
        gap: 0.3,
        shape,
        part: Part::Minor,
        around: (0.0, 0.0),
    };
    spots.add(stream, form, &mut blobs);
    blobs
}

fn paint(canvas: &mut Canvas, body: &Body, blob: &Blob) {
    let reach = blob.outline.reach();
    let large = step(2.0, 4.5, reach);
    let extra = 1.0 + 0.12 * body.melanin;
    canvas.blob(blob, [Grain(0.7 * reach, 3), Grain(0.7, 2)], |tissue, spot| {
        let [slow, fine] = spot.grain;
        let soft = spot.soft(0.25 + 0.22 * reach);
        let core = large * step(0.70, 0.35, spot.rho + 0.25 * slow);
        tissue.bruise += soft * extra * (0.95 + 0.22 * slow + 0.12 * fine + 0.55 * core);
        tissue.blood += soft * 0.30 * (1.0 - core);
        tissue.bruise += 0.45 * core * extra;
        tissue.height += soft * 0.05 + core * 0.01 * fine;
    });
}
