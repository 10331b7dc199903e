//! What is true of a phantom before anybody asks: the person, the disease, the facts.

use bedside_perturbations::Stream;

use super::deal::Card;
use super::disease::{Chance, Disease};
use super::site::Site;

/// One phantom.
#[derive(Debug, Clone)]
pub struct Latent {
    /// The disease.
    pub disease: &'static Disease,
    /// Fitzpatrick type, 0 (I) to 5 (VI).
    pub tone: u8,
    /// Age in years, 18 to 95.
    pub age: u32,
    /// Whether a woman; otherwise a man.
    pub female: bool,
    /// Where it is.
    pub site: &'static Site,
    /// On which side.
    pub side: Side,
    /// Since when, in whole hours.
    pub hours: u32,
    /// Mean diameter of the main lesion in millimetres.
    pub diameter: f32,
    /// What could be told.
    pub facts: Facts,
}

/// The side of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The patient's left.
    Left,
    /// The patient's right.
    Right,
    /// Both sides.
    Both,
}

/// The facts of a story. A wording that is absent means "no".
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// How it evolved.
    pub evolution: &'static str,
    /// It has grown.
    pub growth: bool,
    /// It itches.
    pub itch: bool,
    /// It hurts.
    pub pain: bool,
    /// It has bled.
    pub bleeding: bool,
    /// There is fever.
    pub fever: bool,
    /// There are sores in the mouth.
    pub mouth_sores: bool,
    /// A drug started in the last weeks.
    pub new_drug: Option<&'static str>,
    /// What is taken regularly.
    pub medication: Option<&'static str>,
    /// A known allergy.
    pub allergy: Option<&'static str>,
    /// Illness in the family.
    pub family: Option<&'static str>,
    /// Past illness.
    pub past: Option<&'static str>,
    /// Much sun.
    pub sun: Option<&'static str>,
    /// Contact with something catching.
    pub contact: Option<&'static str>,
    /// What was tried.
    pub treatment: Option<&'static str>,
}

const MEDICATION: &[&str] =
    &["metformin", "ramipril", "a statin", "levothyroxine", "the contraceptive pill", "aspirin"];
const ALLERGY: &[&str] = &["penicillin", "nickel", "pollen", "latex"];
const OTHER_PAST: &[&str] = &["hypertension", "migraine", "a broken wrist", "an underactive thyroid", "appendicitis"];
const SUN: &[&str] = &["outdoor work for many years", "regular sunbed use", "many sunburns"];

impl Latent {
    /// Draws a phantom; the stream is the phantom's own.
    #[must_use]
    pub fn draw(card: Card, stream: &Stream) -> Self {
        let disease = card.disease;
        let mut person = stream.fork("person", 0);
        let age = (disease.who.age + disease.who.spread * person.normal()).clamp(18.0, 95.0) as u32;
        let female = person.chance(disease.who.women);
        let site = weighted(&mut person, disease.sites, |&(_, weight)| weight).map_or(&super::site::CHEST, |s| s.0);
        let side = side(disease.both_sides, &mut person);
        let mut story = stream.fork("story", 0);
        let hours = (24.0 * log_even(&mut story, disease.story.days)) as u32;
        let diameter = (log_even(&mut story, disease.look.diameter) as f32).min(1.3 * site.radius);
        let facts = Facts::draw(disease, female, age, &mut story);
        Self { disease, tone: card.tone, age, female, site, side, hours, diameter, facts }
    }
}

impl Facts {
    fn draw(disease: &Disease, female: bool, age: u32, stream: &mut Stream) -> Self {
        let story = &disease.story;
        let (evolution, growth) =
            weighted(stream, story.evolution, |&(_, _, weight)| weight).map_or(("unchanged", false), |e| (e.0, e.1));
        let pill = female && age < 50;
        let medication = Chance(0.25 + 0.005 * f64::from(age), MEDICATION).draw(stream);
        Self {
            evolution,
            growth,
            itch: stream.chance(story.itch),
            pain: stream.chance(story.pain),
            bleeding: stream.chance(story.bleeding),
            fever: stream.chance(story.fever),
            mouth_sores: stream.chance(story.mouth_sores),
            new_drug: story.new_drug.draw(stream),
            medication: medication.map(|drug| if drug.contains("pill") && !pill { "a statin" } else { drug }),
            allergy: Chance(0.15, ALLERGY).draw(stream),
            family: story.family.draw(stream),
            past: story.past.draw(stream).or_else(|| Chance(0.30, OTHER_PAST).draw(stream)),
            sun: Chance(story.sun, SUN).draw(stream),
            contact: story.contact.draw(stream),
            treatment: story.treatment.draw(stream),
        }
    }
}

impl Chance {
    fn draw(&self, stream: &mut Stream) -> Option<&'static str> {
        let happens = stream.chance(self.0);
        let which = stream.index(self.1.len());
        self.1.get(which).copied().filter(|_| happens)
    }
}

fn side(both: f64, stream: &mut Stream) -> Side {
    match (stream.chance(both), stream.chance(0.5)) {
        (true, _) => Side::Both,
        (false, false) => Side::Left,
        (false, true) => Side::Right,
    }
}

/// A number between two, even on a logarithmic scale.
fn log_even(stream: &mut Stream, (low, high): (f64, f64)) -> f64 {
    libm::exp(stream.between(libm::log(low), libm::log(high)))
}

/// One of a list, by weight.
fn weighted<'a, T>(stream: &mut Stream, list: &'a [T], weight: impl Fn(&T) -> f64) -> Option<&'a T> {
    let mut left = stream.uniform() * list.iter().map(&weight).sum::<f64>();
    list.iter()
        .find(|item| {
            left -= weight(item);
            left < 0.0
        })
        .or(list.last())
}

#[cfg(test)]
mod tests {
    use super::super::disease::{CALM, URGENT};
    use super::{Card, Latent, Stream, weighted};

    #[test]
    fn chances_are_met() {
        for disease in URGENT.into_iter().chain(CALM) {
            let drawn: Vec<Latent> =
                (0..2000).map(|k| Latent::draw(Card { disease, tone: 0 }, &Stream::derive(k, &["t"]))).collect();
            let share = |of: fn(&Latent) -> bool| drawn.iter().filter(|l| of(l)).count() as f64 / 2000.0;
            assert!((share(|l| l.facts.itch) - disease.story.itch).abs() < 0.05, "{}", disease.id);
            assert!((share(|l| l.facts.fever) - disease.story.fever).abs() < 0.05, "{}", disease.id);
            assert!((share(|l| l.facts.family.is_some()) - disease.story.family.0).abs() < 0.05, "{}", disease.id);
            assert!((share(|l| l.female) - disease.who.women).abs() < 0.05, "{}", disease.id);
        }
    }

    #[test]
    fn weights_are_met() {
        let list = [("a", 3.0), ("b", 1.0)];
        let mut stream = Stream::derive(1, &[]);
        let hits = (0..4000).filter(|_| weighted(&mut stream, &list, |item| item.1).unwrap().0 == "a").count();
        assert!((2880..3120).contains(&hits), "{hits}");
    }
}
