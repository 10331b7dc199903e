//! What phantoms suffer from: one file per disease, each a table of its story and a way to draw it.
//!
//! The numbers are a teaching picture of each disease, not epidemiology: they were chosen so that photograph and
//! history both inform and neither settles. Given the disease, every fact is drawn independently of the others
//! (except that growth follows from how the lesion evolved, and its size from how it looks), and whether a fact is
//! *told* never depends on the disease.

mod actinic_keratosis;
mod atopic_eczema;
mod basal_cell_carcinoma;
pub(super) mod eczema_herpeticum;
mod melanocytic_naevus;
mod melanoma;
mod meningococcal_purpura;
mod psoriasis;
mod seborrhoeic_keratosis;
mod squamous_cell_carcinoma;
mod stevens_johnson_syndrome;
mod tinea_corporis;
mod urticaria;

use bedside_perturbations::Stream;

use super::paint::canvas::{Blob, Canvas, Part};
use super::paint::outline::{Outline, Shape};
use super::paint::skin::{Body, Form};
use super::site::Site;

/// A disease: its truth, its story and its look.
#[derive(Debug)]
pub struct Disease {
    /// The canonical id.
    pub id: &'static str,
    /// Its name as a referrer would write it.
    pub name: &'static str,
    /// The group that results can be shown by.
    pub group: &'static str,
    /// What the patient complains of: a lesion or a rash.
    pub complaint: &'static str,
    /// The ideal urgency and the least urgent one that is safe, in words of the default scale.
    pub triage: (&'static str, &'static str),
    /// Whether missing it could harm gravely. Such a disease must be on any list.
    pub dangerous: bool,
    /// What it is taken for, in the flesh and in a referrer's mind, with weights.
    pub mimics: &'static [(&'static str, f64)],
    /// Who gets it.
    pub who: Who,
    /// Where it sits, with weights.
    pub sites: &'static [(&'static Site, f64)],
    /// Chance that both sides of the body are affected.
    pub both_sides: f64,
    /// What is told of it.
    pub story: Story,
    /// How it looks.
    pub look: Look,
}

/// Who gets a disease.
#[derive(Debug)]
pub struct Who {
    /// Mean age of adults in years.
    pub age: f64,
    /// Standard deviation of the age of adults, who are 18 to 95.
    pub spread: f64,
    /// Share of women and girls.
    pub women: f64,
    /// Share of children, 1 to 15 years old.
    pub children: f64,
}

/// The chances of each fact.
#[derive(Debug)]
pub struct Story {
    /// Shortest and longest time since it began, in days; drawn evenly on a logarithmic scale.
    pub days: (f64, f64),
    /// How it has evolved, whether that means growth, and the weight.
    pub evolution: &'static [(&'static str, bool, f64)],
    /// Chance that it itches.
    pub itch: f64,
    /// Chance that it hurts.
    pub pain: f64,
    /// Chance that it has bled.
    pub bleeding: f64,
    /// Chance of fever.
    pub fever: f64,
    /// Chance of sores in the mouth.
    pub mouth_sores: f64,
    /// Chance of a new drug, and which.
    pub new_drug: Chance,
    /// Chance of an illness in the family, and which.
    pub family: Chance,
    /// Chance of a telling past illness, and which.
    pub past: Chance,
    /// Chance of much sun, and how.
    pub sun: f64,
    /// Chance of contact with something catching, and what.
    pub contact: Chance,
    /// Chance that something was tried, and what.
    pub treatment: Chance,
}

/// A chance and the wordings it may take.
#[derive(Debug)]
pub struct Chance(pub f64, pub &'static [&'static str]);

/// How a disease is drawn.
#[derive(Debug)]
pub struct Look {
    /// Smallest and largest mean diameter of the main lesion in millimetres.
    pub diameter: (f64, f64),
    /// Width of a close photograph in diameters of the main lesion.
    pub close: f32,
    /// Least width of a close photograph in millimetres.
    pub least_width: f32,
    /// Lays out the lesions; the first is the main one, at the origin.
    pub arrange: fn(&mut Stream, &Form, f32) -> Vec<Blob>,
    /// Draws one of them.
    pub paint: fn(&mut Canvas, &Body, &Blob),
}

/// Drugs that anybody may have started lately.
const COMMON_DRUGS: &[&str] = &["amlodipine", "omeprazole", "sertraline", "ramipril"];

/// Chance of a new drug where it has nothing to do with the disease.
const NO_DRUG: Chance = Chance(0.05, COMMON_DRUGS);
/// Chance of contact where the disease is not catching.
const NO_CONTACT: Chance = Chance(0.03, &["a relative with an itchy rash"]);

/// The diseases that are urgent or worse.
pub static URGENT: [&Disease; 5] = [
    &melanoma::CARD,
    &squamous_cell_carcinoma::CARD,
    &stevens_johnson_syndrome::CARD,
    &eczema_herpeticum::CARD,
    &meningococcal_purpura::CARD,
];

/// The diseases that can wait.
pub static CALM: [&Disease; 8] = [
    &basal_cell_carcinoma::CARD,
    &actinic_keratosis::CARD,
    &melanocytic_naevus::CARD,
    &seborrhoeic_keratosis::CARD,
    &psoriasis::CARD,
    &atopic_eczema::CARD,
    &tinea_corporis::CARD,
    &urticaria::CARD,
];

/// How many diseases there are.
pub const COUNT: usize = URGENT.len() + CALM.len();

/// The disease of that number: the urgent ones first.
#[must_use]
pub fn nth(number: usize) -> Option<&'static Disease> {
    URGENT.iter().chain(&CALM).nth(number).copied()
}

/// The number of the disease of that id.
#[must_use]
pub fn number(id: &str) -> usize {
    URGENT.iter().chain(&CALM).position(|disease| disease.id == id).unwrap_or(0)
}

/// The share of cases that a disease has: half are urgent, and each half is shared evenly.
#[must_use]
pub fn share(number: usize) -> f64 {
    0.5 / if number < URGENT.len() { URGENT.len() as f64 } else { CALM.len() as f64 }
}

/// A single lesion at the origin.
fn single(stream: &mut Stream, diameter: f32, shape: Shape) -> Vec<Blob> {
    vec![blob(stream, (0.0, 0.0), 0.5 * diameter, shape, Part::Main)]
}

fn blob(stream: &mut Stream, (x, y): (f32, f32), radius: f32, shape: Shape, part: Part) -> Blob {
    let outline = Outline::new(stream, radius, shape);
    Blob { x, y, outline, part, key: stream.bits() }
}

/// How further lesions lie around the main one.
struct Scatter {
    count: (u64, u64),
    radius: (f64, f64),
    /// Standard deviation of their distance from `around`, in millimetres.
    spread: f64,
    around: (f32, f32),
    /// Least room between lesions, in millimetres; below 0 they may overlap.
    gap: f32,
    shape: Shape,
    part: Part,
}

impl Scatter {
    /// Adds the lesions that fit on the body beside those of the same part already there.
    fn add(&self, stream: &mut Stream, form: &Form, blobs: &mut Vec<Blob>) {
        let count = self.count.0 + stream.below(self.count.1 - self.count.0 + 1);
        let (low, high) = (libm::log(self.radius.0), libm::log(self.radius.1));
        for _ in 0..count {
            let radius = libm::exp(stream.between(low, high)) as f32;
            let place = (0..6).map(|_| self.try_place(stream)).find(|&place| self.free(place, radius, form, blobs));
            if let Some(place) = place {
                blobs.push(blob(stream, place, radius, self.shape, self.part));
            }
        }
    }

    fn try_place(&self, stream: &mut Stream) -> (f32, f32) {
        let mut away = || (self.spread * stream.normal()) as f32;
        (self.around.0 + away(), self.around.1 + away())
    }

    fn free(&self, (x, y): (f32, f32), radius: f32, form: &Form, blobs: &[Blob]) -> bool {
        let apart = |other: &Blob| {
            let (dx, dy) = (x - other.x, y - other.y);
            other.part != self.part || (dx * dx + dy * dy).sqrt() > radius + other.outline.reach() + self.gap
        };
        form.holds(x, y, radius * 1.3) && blobs.iter().all(apart)
    }
}

#[cfg(test)]
mod tests {
    use super::{CALM, Chance, Disease, URGENT};
    use crate::cohort::Scale;
    use crate::diagnosis::Lexicon;

    fn all() -> impl Iterator<Item = &'static Disease> {
        URGENT.into_iter().chain(CALM)
    }

    #[test]
    fn triage_words_are_on_the_scale_and_in_the_right_list() {
        let scale = Scale::default();
        for disease in all() {
            let (ideal, least) = disease.triage;
            assert!(scale.rank(ideal).unwrap() <= scale.rank(least).unwrap(), "{}", disease.id);
        }
        assert!(URGENT.iter().all(|disease| scale.is_urgent(disease.triage.1) && disease.dangerous));
        assert!(CALM.iter().all(|disease| !scale.is_urgent(disease.triage.0)));
    }

    #[test]
    fn the_lexicon_knows_every_disease_by_its_name_and_agrees_on_its_danger() {
        let lexicon = Lexicon::embedded();
        for disease in all() {
            assert_eq!(lexicon.canonical(disease.name).unwrap().id, disease.id);
            assert_eq!(lexicon.find(disease.id).unwrap().dangerous, disease.dangerous, "{}", disease.id);
        }
    }

    #[test]
    fn tables_are_sound() {
        for Disease { id, story, sites, look, mimics, .. } in all() {
            let chances = [story.itch, story.pain, story.bleeding, story.fever, story.mouth_sores, story.sun];
            assert!(chances.iter().all(|p| (0.0..=1.0).contains(p)), "{id}");
            for Chance(p, words) in [&story.new_drug, &story.family, &story.past, &story.contact, &story.treatment] {
                assert!((0.0..=1.0).contains(p) && !words.is_empty(), "{id}");
            }
            assert!(
                mimics
                    .iter()
                    .all(|(mimic, weight)| super::nth(super::number(mimic)).unwrap().id == *mimic && *weight > 0.0),
                "{id}"
            );
            assert!(sites.iter().all(|(_, weight)| *weight > 0.0) && !story.evolution.is_empty(), "{id}");
            assert!(story.days.0 >= 0.5 && story.days.0 < story.days.1 && look.diameter.0 < look.diameter.1, "{id}");
        }
    }
}
