//! A perturbation's card: what it imitates, what a dependable model should then do, and up to where.

use serde::Serialize;

use crate::{Level, Modality, Tone};

/// The printed facts about one perturbation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// The id: snake case, the stem of the source file.
    pub id: &'static str,
    /// The folder below `perturbations/`: the physical or clinical cause, e.g. `image/optics`.
    pub family: &'static str,
    /// A title of a few words.
    pub title: &'static str,
    /// What happens in practice that this imitates; one sentence.
    pub imitates: &'static str,
    /// What it changes.
    pub target: Target,
    /// What it must be given beside the stimulus.
    pub needs: Needs,
    /// What a dependable model should do, and why; checked against a scenario's `expect`.
    pub oracle: Oracle,
    /// Why the oracle is right; one or two sentences.
    pub oracle_reason: &'static str,
    /// Up to where the photograph can still be graded; empty where that question makes no sense.
    pub gradable_to: &'static [Gradable],
    /// Graded or not.
    pub grading: Grading,
    /// What a step may set beside the dose.
    pub parameters: &'static [Parameter],
    /// Where the definition and the scale come from.
    pub references: &'static [&'static str],
}

/// What a perturbation changes; everything else stays identical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The pixels of photographs.
    Image,
    /// Fields and note.
    History,
    /// Which photographs are shown at all.
    ImageSet,
}

/// What a perturbation must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Another patient's stimulus.
    Donor,
    /// A plausible wrong diagnosis.
    Foil,
    /// A photograph whose lesion's box is known.
    LesionBox,
}

/// What a dependable model does under a perturbation (CheckList's INV and DIR, and selective prediction).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oracle {
    /// The answer stays.
    Invariant,
    /// Some quantity may move in one direction only (e.g. confidence down, urgency not down).
    Directional,
    /// The model doubts what it was shown.
    Challenge,
    /// No answer is right or wrong: the effect is measured, never judged.
    MeasureOnly,
}

/// The highest level at which a photograph is still gradable, for one modality and tone group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gradable {
    /// The modality it holds for.
    pub modality: Modality,
    /// The tone group it holds for; `None` for all.
    pub tone: Option<Tone>,
    /// The last level at which a clinician would still give a diagnosis; `None` if none is.
    pub to: Option<Level>,
    /// What the limit rests on.
    pub basis: Basis,
}

/// What a limit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A panel of clinicians looked at it.
    Panel,
    /// A publication named in the card.
    Source,
    /// Our assumption.
    Assumed,
}

/// Graded in five levels, or on/off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grading {
    /// Applied or not.
    Binary,
    /// Five levels with a physical dose.
    Graded {
        /// The name of the dose in a step, e.g. `radius` in `{defocus: {radius: 1%}}`.
        dose: &'static str,
        /// Its unit.
        unit: Unit,
        /// The doses of levels 1–5.
        levels: [f64; 5],
        /// The doses that a step may ask for.
        range: crate::Range,
        /// The quantity that grows with the level; the contract suite measures it.
        monotone_in: Quantity,
    },
}

/// The unit of a dose or parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share, written as a percentage of the image's shorter side.
    ShorterSide,
    /// A share of the lesion's area.
    LesionArea,
    /// A share of a whole (fields, sentences, image side).
    Share,
    /// Photographic stops (factors of two of light).
    Stops,
    /// Kelvin of correlated colour temperature.
    Kelvin,
    /// Degrees of angle.
    Degrees,
    /// JPEG quality, 1–100 (libjpeg's scale).
    Quality,
    /// A plain number.
    Number,
}

/// The quantity in which a graded perturbation is monotone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Mean squared pixel difference from the original (PSNR falls).
    SquaredError,
    /// Mean colour difference ΔE2000.
    ColourDifference,
    /// Loss of fine detail: the share of gradient energy that is gone.
    DetailLost,
    /// Share of the frame that is gone.
    FrameLost,
    /// Share of the picture's pixels that is gone, cut off or merged into fewer.
    PixelsLost,
    /// Mean distance by which the content has moved, in shares of the shorter side; measured on a chart whose colours are
    /// coordinates, which stands for the photograph.
    Displacement,
    /// Share of the lesion's box that is gone, cut off or shrunk.
    LesionLost,
    /// Share of pixels that differ (what an object in front of the scene covers or shades).
    PixelsChanged,
    /// Number of photographs that are gone.
    PhotographsLost,
    /// Number of fields that are gone.
    FieldsLost,
    /// Number of words that differ.
    WordsChanged,
    /// By how many steps the durations in the fields are told less exactly, summed: 0 exact, 1 hedged, 2 a range, 3 an
    /// indefinite count, 4 the unit alone, 5 neither.
    Vagueness,
}

/// Something a step may set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Parameter {
    /// The key in the step.
    pub name: &'static str,
    /// What it is; one sentence.
    pub doc: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether a step may leave it out.
    pub required: bool,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// A number within bounds.
    Number {
        /// Its unit.
        unit: Unit,
        /// Smallest allowed value.
        min: f64,
        /// Largest allowed value.
        max: f64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The name of a history field.
    Field,
    /// Any text.
    Text,
}

impl Card {
    /// The highest gradable level for a photograph, if the card speaks about it.
    #[must_use]
    pub fn gradable(&self, modality: Modality, tone: Option<Tone>) -> Option<Gradable> {
        let of = |wanted: Option<Tone>| {
            self.gradable_to.iter().find(|limit| limit.modality == modality && limit.tone == wanted)
        };
        tone.and_then(|tone| of(Some(tone))).or_else(|| of(None)).copied()
    }

    /// Whether all that it does to a history is to take away what was told.
    #[must_use]
    pub fn removes(&self) -> bool {
        let words_instead = ["vague", "absent_as_no"].contains(&self.id);
        (self.family == "history/omission" && !words_instead) || self.id == "no_history"
    }

    /// The dose behind a level, for graded perturbations.
    #[must_use]
    pub fn dose(&self, level: Level) -> Option<f64> {
        match self.grading {
            Grading::Binary => None,
            Grading::Graded { levels, .. } => Some(level.of(&levels)),
        }
    }
}
