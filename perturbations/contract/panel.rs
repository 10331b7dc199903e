//! The synthetic stimuli of the suite: drawn skin with a drawn lesion, and a history that says the same in fields and
//! in prose. Odd sizes on purpose.

use image::{Rgb, RgbImage};

use crate::{Field, History, Image, Kind, Modality, Region, Stimulus, Tone, Value, View};

/// A named stimulus.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What is special about it.
    pub name: &'static str,
    /// The stimulus.
    pub stimulus: Stimulus,
}

/// Every stimulus of the suite.
#[must_use]
pub fn panel() -> Vec<Sample> {
    let sample = |name, images, history| Sample {
        name,
        stimulus: Stimulus { images, history, question: "What is the differential diagnosis?".into() },
    };
    let fields = || History { note: None, ..history() };
    let prose = || History { fields: Vec::new(), ..history() };
    let boxless = || Image { lesion: None, tone: None, ..photograph(64, 48, 3) };
    let dot = |w, h| Image { pixels: RgbImage::from_pixel(w, h, Rgb([190, 140, 120])), ..boxless() };
    vec![
        sample("31 × 31", vec![photograph(31, 31, 1)], history()),
        sample("33 × 47, fields only", vec![photograph(33, 47, 2)], fields()),
        sample("64 × 48, no lesion box, note only", vec![boxless()], prose()),
        sample(
            "three photographs",
            vec![photograph(161, 120, 4), photograph(47, 33, 5), photograph(96, 130, 6)],
            history(),
        ),
        sample("seven photographs", (0..7).map(|seed| photograph(31 + seed, 29, 30 + seed)).collect(), fields()),
        sample("320 × 241", vec![photograph(320, 241, 7)], history()),
        sample("no photograph", Vec::new(), history()),
        sample("no photograph, a note in sections", Vec::new(), sectioned()),
        sample("no history", vec![photograph(110, 90, 8)], History::default()),
        sample("one pixel", vec![dot(1, 1)], History::default()),
        sample("one column and one flat photograph", vec![dot(1, 40), dot(40, 40)], fields()),
        sample("nothing", Vec::new(), History::default()),
    ]
}

/// Another patient.
pub(super) fn donor() -> Stimulus {
    let field = |name: &str, kind, value| Field { name: name.into(), kind, value };
    Stimulus {
        images: vec![photograph(80, 60, 21), photograph(60, 80, 22)],
        history: History {
            fields: vec![
                field("age", Kind::Age, stated("31")),
                field("sex", Kind::Sex, stated("male")),
                field("site", Kind::Site, stated("scalp")),
                field("duration", Kind::Duration, stated("2 years")),
                field("itch", Kind::Symptom, Value::No),
            ],
            note: Some("31-year-old man with a lesion on the scalp for 2 years. No itching.".into()),
        },
        question: "What is the differential diagnosis?".into(),
    }
}

fn stated(text: &str) -> Value {
    Value::Stated(text.into())
}

/// Facts of several kinds and states, most of them told a second time in the note.
fn history() -> History {
    let facts = [
        ("age", Kind::Age, stated("64")),
        ("sex", Kind::Sex, stated("female")),
        ("site", Kind::Site, stated("forearm")),
        ("side", Kind::Side, stated("left")),
        ("duration", Kind::Duration, stated("3 weeks")),
        ("itch", Kind::Symptom, Value::Yes),
        ("bleeding", Kind::Symptom, Value::No),
        ("growth", Kind::Evolution, Value::Yes),
        ("pain", Kind::Symptom, Value::Unknown),
        ("impression", Kind::Impression, stated("melanoma")),
        ("medication", Kind::Drug, stated("lisinopril")),
    ];
    let fields = facts.map(|(name, kind, value)| Field { name: name.into(), kind, value }).to_vec();
    let note = "64-year-old woman with a lesion on the left forearm for 3 weeks. It itches. No bleeding. It has grown. \
                She takes lisinopril. Please advise.";
    History { fields, note: Some(note.into()) }
}

/// Facts of the other kinds, told again in a note with headings.
fn sectioned() -> History {
    let facts = [
        ("age", Kind::Age, stated("57")),
        ("site", Kind::Site, stated("shoulder")),
        ("duration", Kind::Duration, stated("5 months")),
        ("diameter", Kind::Diameter, stated("12 mm")),
        ("severity", Kind::Severity, stated("mild")),
        ("evolution", Kind::Evolution, stated("growing")),
        ("medication", Kind::Drug, stated("prednisone")),
        ("dose", Kind::Dose, stated("20 mg")),
        ("allergy", Kind::Allergy, Value::No),
        ("family_history", Kind::FamilyHistory, Value::No),
        ("haemoglobin", Kind::Lab, stated("13.5 g/dl")),
    ];
    let fields = facts.map(|(name, kind, value)| Field { name: name.into(), kind, value }).to_vec();
    let note = "CC: 57-year-old man with a growing lesion on the shoulder.\nHPI: Present for 5 months. It measures 12 mm. \
                The discomfort is mild.\nMedication: prednisone 20 mg daily.\nAllergies: no known allergies.\nFamily history: \
                nothing runs in the family.\nExamination: Haemoglobin is 13.5 g/dl.\nPlan: biopsy.";
    History { fields, note: Some(note.into()) }
}

/// A drawn photograph of that size: textured skin, an uneven dark lesion right of the middle, a few hairs.
#[must_use]
pub fn photograph(width: u32, height: u32, seed: u32) -> Image {
    let lesion = Region { x: width / 3, y: height / 4, w: (width / 3).max(1), h: (height / 3).max(1) };
    let pixels = RgbImage::from_fn(width, height, |x, y| Rgb(colour(x, y, lesion, seed)));
    Image {
        pixels,
        view: View::Close,
        modality: if seed.is_multiple_of(2) { Modality::Dermoscopy } else { Modality::ClinicalPhoto },
        lesion: Some(lesion),
        tone: Some([Tone::Light, Tone::Medium, Tone::Dark][seed as usize % 3]),
    }
}

/// The colour of one pixel, in whole numbers throughout.
fn colour(x: u32, y: u32, lesion: Region, seed: u32) -> [u8; 3] {
    let rough = noise(x / 8, y / 8, seed) + noise(x / 3, y / 3, seed + 1) / 2 + noise(x, y, seed + 2) / 4;
    let shade = i64::from(x + y) / 12 % 30;
    let base = match depth(x, y, lesion, rough) {
        _ if (x * 3 + y * 2 + seed * 17) % 97 < 2 => [70, 50, 40],
        1.. => [95, 58, 48],
        0 => [130, 84, 70],
        _ => [205, 160, 138],
    };
    base.map(|value: i64| u8::try_from((value + rough - shade).clamp(4, 251)).unwrap_or(128))
}

/// 1 deep inside the lesion, 0 in its margin, −1 outside; its border wanders with the texture.
fn depth(x: u32, y: u32, lesion: Region, rough: i64) -> i64 {
    let part = |at: u32, from: u32, length: u32| {
        (2 * i64::from(at) - 2 * i64::from(from) - i64::from(length)) * 100 / i64::from(length)
    };
    let (across, down) = (part(x, lesion.x, lesion.w), part(y, lesion.y, lesion.h));
    let away = across * across + down * down + 80 * rough;
    if away < 5000 { 1 } else { i64::from(away < 10_000) - 1 }
}

/// A number between −16 and 15 for each place.
fn noise(x: u32, y: u32, seed: u32) -> i64 {
    let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D))
        .wrapping_mul(0x27D4_EB2F);
    i64::from((mixed ^ (mixed >> 15)).wrapping_mul(0x1656_67B1) >> 27) - 16
}

#[cfg(test)]
mod tests {
    use super::{panel, photograph};
    use crate::Stimulus;

    #[test]
    fn the_lesion_is_darker_than_the_skin() {
        let image = photograph(90, 60, 1);
        let mean = |x0: u32, y0: u32| {
            let square = (x0..x0 + 8).flat_map(|x| (y0..y0 + 8).map(move |y| (x, y)));
            square.map(|(x, y)| u32::from(image.pixels.get_pixel(x, y).0[0])).sum::<u32>() / 64
        };
        assert!(mean(41, 21) + 50 < mean(2, 2));
    }

    #[test]
    fn the_panel_covers_the_odd_cases() {
        let has = |test: fn(&Stimulus) -> bool| panel().iter().any(|sample| test(&sample.stimulus));
        assert!(has(|s| s.images.is_empty() && !s.history.is_empty()));
        assert!(has(|s| s.images.len() == 3));
        assert!(has(|s| s.history.fields.len() > 8 && s.history.note.is_some()));
        assert!(has(|s| s.history.is_empty() && !s.images.is_empty()));
        assert!(has(|s| s.images.iter().any(|image| image.lesion.is_none())));
    }
}
