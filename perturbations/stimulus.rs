//! What a model is shown, and all that a corruption may see: photographs, a history, a question.
//!
//! There is no type here for the right answer, a case id or a file name, so none can leak.

use image::RgbImage;
use serde::{Deserialize, Serialize};

/// What a clinician would show a model about one case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stimulus {
    /// Photographs in the order they are shown; none is allowed.
    pub images: Vec<Image>,
    /// The consultation request.
    pub history: History,
    /// What is asked, e.g. "What is the differential diagnosis?".
    pub question: String,
}

/// One photograph: 8-bit sRGB, upright, with what is known of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Interleaved 8-bit sRGB pixels, row by row.
    pub pixels: RgbImage,
    /// How the photograph was framed.
    pub view: View,
    /// What took it.
    pub modality: Modality,
    /// The lesion's box in pixels, where it is known.
    pub lesion: Option<Region>,
    /// The skin tone group of the patient, where it is known; gradability depends on it.
    pub tone: Option<Tone>,
}

/// A box in pixels: left, top, width, height; inside the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge, pixels from the left.
    pub x: u32,
    /// Top edge, pixels from the top.
    pub y: u32,
    /// Width in pixels, at least 1.
    pub w: u32,
    /// Height in pixels, at least 1.
    pub h: u32,
}

impl Region {
    /// The overlap of two boxes in pixels (0 when they do not touch).
    #[must_use]
    pub fn overlap(self, other: Self) -> u64 {
        let span = |a: u32, la: u32, b: u32, lb: u32| {
            let end = (u64::from(a) + u64::from(la)).min(u64::from(b) + u64::from(lb));
            end.saturating_sub(u64::from(a.max(b)))
        };
        span(self.x, self.w, other.x, other.w) * span(self.y, self.h, other.y, other.h)
    }

    /// The area in pixels.
    #[must_use]
    pub fn area(self) -> u64 {
        u64::from(self.w) * u64::from(self.h)
    }
}

/// How a photograph is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The lesion fills much of the frame.
    #[default]
    Close,
    /// The lesion with the body region around it.
    Regional,
    /// From an angle.
    Oblique,
    /// Taken badly; still part of the record.
    Poor,
}

/// What took a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// A camera or a phone.
    #[default]
    ClinicalPhoto,
    /// A dermatoscope.
    Dermoscopy,
}

/// Skin tone in the three groups used for reporting (Fitzpatrick types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tone {
    /// Fitzpatrick I–II.
    #[serde(rename = "I-II")]
    Light,
    /// Fitzpatrick III–IV.
    #[serde(rename = "III-IV")]
    Medium,
    /// Fitzpatrick V–VI.
    #[serde(rename = "V-VI")]
    Dark,
}

/// The clinical history: ordered fields and a note in prose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct History {
    /// Structured facts in the order they are shown.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The consultation request in prose, where there is one.
    #[serde(default)]
    pub note: Option<String>,
}

impl History {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether nothing at all is told: no field with a value and no prose.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.iter().all(|field| field.value == Value::Deleted)
            && self.note.as_deref().is_none_or(|note| note.trim().is_empty())
    }
}

/// One fact of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The name, snake case, e.g. `duration`.
    pub name: String,
    /// What sort of fact it is; decides how it can be falsified.
    pub kind: Kind,
    /// What is known of it.
    pub value: Value,
}

/// What sort of fact a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Age in years.
    Age,
    /// Sex.
    Sex,
    /// Body site.
    Site,
    /// Side of the body.
    Side,
    /// How long it has been there.
    Duration,
    /// How it has changed.
    Evolution,
    /// A complaint that is present or absent.
    Symptom,
    /// How bad it is.
    Severity,
    /// Size in millimetres.
    Diameter,
    /// A drug that is taken.
    Drug,
    /// A dose of a drug.
    Dose,
    /// An allergy.
    Allergy,
    /// Past illness.
    PastHistory,
    /// Illness in the family.
    FamilyHistory,
    /// Sun, chemicals and the like.
    Exposure,
    /// Travel.
    Travel,
    /// Contact with others who are ill.
    Contact,
    /// Work.
    Occupation,
    /// What has been tried.
    PriorTreatment,
    /// A laboratory value with its unit.
    Lab,
    /// A vital sign.
    VitalSign,
    /// An earlier diagnosis.
    PriorDiagnosis,
    /// What the referring clinician thinks it is.
    Impression,
    /// Anything else.
    Other,
}

/// The four states of a history value, never merged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Value {
    /// Asked and affirmed.
    Yes,
    /// Asked and denied.
    No,
    /// Asked, and the answer is not known.
    Unknown,
    /// Not told: the fact is absent from what the model sees.
    #[default]
    Deleted,
    /// Affirmed, in these words.
    Stated(String),
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Yes => serializer.serialize_str("yes"),
            Self::No => serializer.serialize_str("no"),
            Self::Unknown => serializer.serialize_str("unknown"),
            Self::Deleted => serializer.serialize_none(),
            Self::Stated(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map_or(Self::Deleted, Self::from))
    }
}

impl From<String> for Value {
    /// `yes`, `no` and `unknown` are states; anything else is stated.
    fn from(text: String) -> Self {
        match text.as_str() {
            "yes" => Self::Yes,
            "no" => Self::No,
            "unknown" => Self::Unknown,
            _ => Self::Stated(text),
        }
    }
}
