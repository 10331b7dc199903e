//! What is true of a phantom before anybody asks: the person, the disease, how it looks, what could be told.

use bedside_perturbations::{Stream, Value};

use super::deal::Card;
use super::disease::{Disease, Look, nth, number};
use super::history::{ITEMS, Source, is_personal, place};
use super::signs::Signs;
use super::site::{self, Site};
use super::tables::{Tables, grows};

/// One phantom.
#[derive(Debug, Clone)]
pub struct Latent {
    /// The disease.
    pub disease: &'static Disease,
    /// Fitzpatrick type, 0 (I) to 5 (VI).
    pub tone: u8,
    /// The disease that it looks like, as a number; mostly its own.
    pub pattern: usize,
    /// The signs that its photographs show.
    pub signs: Signs,
    /// Mean diameter of the main lesion in millimetres.
    pub diameter: f32,
    size: usize,
    codes: [usize; ITEMS.len()],
}

impl Latent {
    /// Draws a phantom; the streams are the phantom's own and the patient's own.
    #[must_use]
    pub fn draw(tables: &Tables, card: Card, stream: &Stream, patient: &Stream) -> Self {
        let disease = number(card.disease.id);
        let (mut person, mut story) = (patient.fork("person", 0), stream.fork("story", 0));
        let mut code = |k: usize| {
            let from = if ITEMS.get(k).is_some_and(is_personal) { &mut person } else { &mut story };
            tables.items.get(k).map_or(0, |table| table.draw(disease, from))
        };
        let codes = core::array::from_fn(&mut code);
        let mut look = stream.fork("look", 0);
        let pattern = tables.pattern.draw(disease, &mut look);
        let pattern = tables.pattern.values.get(pattern).map_or(disease, pattern_number);
        let signs = Signs::draw(tables, disease, pattern, &mut look);
        let size = tables.size.draw(pattern, &mut look);
        let millimetres = tables.size.values.get(size).and_then(leading_number).unwrap_or(10);
        let diameter = millimetres as f32 + look.between(-0.5, 0.5) as f32;
        Self { disease: card.disease, tone: card.tone, pattern, signs, diameter, size, codes }
    }

    /// How it looks.
    #[must_use]
    pub fn look(&self) -> &'static Look {
        &nth(self.pattern).unwrap_or(self.disease).look
    }

    /// The number of an item's value in its table.
    #[must_use]
    pub fn code(&self, item: usize) -> usize {
        match ITEMS.get(item).map(|item| item.source) {
            Some(Source::Size) => self.size,
            Some(Source::Growth) => self.code(place("evolution")),
            _ => self.codes.get(item).copied().unwrap_or(0),
        }
    }

    /// The value of an item.
    #[must_use]
    pub fn value(&self, tables: &Tables, item: usize) -> Value {
        let of = |item: usize| tables.items.get(item).and_then(|table| table.values.get(self.code(item)));
        let value = match ITEMS.get(item).map(|item| item.source) {
            Some(Source::Size) => tables.size.values.get(self.size).cloned(),
            Some(Source::Growth) => {
                of(place("evolution")).map(|words| if grows(words) { Value::Yes } else { Value::No })
            }
            _ => of(item).cloned(),
        };
        value.unwrap_or(Value::Unknown)
    }

    /// The words of an item; empty where it has none.
    #[must_use]
    pub fn words(&self, item: &str) -> String {
        match self.value(Tables::get(), place(item)) {
            Value::Stated(words) => words,
            _ => String::new(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn site(&self) -> &'static Site {
        let name = self.words("site");
        site::ALL.iter().copied().find(|site| site.name == name).unwrap_or(&site::CHEST)
    }
}

#[cfg(test)]
impl Latent {
    /// The same disease of the same person elsewhere.
    pub(super) fn elsewhere(&self, site: &str) -> Self {
        let named = |value: &Value| matches!(value, Value::Stated(words) if words == site);
        let mut moved = self.clone();
        moved.codes[place("site")] = Tables::get().items[place("site")].values.iter().position(named).unwrap();
        moved
    }
}

/// The number of the disease whose id a value states.
fn pattern_number(value: &Value) -> usize {
    if let Value::Stated(id) = value { number(id) } else { 0 }
}

/// The number that a value starts with.
fn leading_number(value: &Value) -> Option<u32> {
    if let Value::Stated(words) = value { words.split(' ').next()?.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::disease::{COUNT, nth};
    use super::super::history::place;
    use super::super::tables::Tables;
    use super::{Card, Latent, Stream, Value, grows};

    #[test]
    fn facts_follow_their_tables() {
        let tables = Tables::get();
        for (number, disease) in (0..COUNT).map(|k| (k, nth(k).unwrap())) {
            let card = Card { disease, tone: 0, patient: 0 };
            let draw = |k| Latent::draw(tables, card, &Stream::derive(k, &["t"]), &Stream::derive(k, &["p"]));
            let drawn: Vec<Latent> = (0..2000).map(draw).collect();
            for item in ["itch", "fever", "bleeding"] {
                let hits = drawn.iter().filter(|l| l.value(tables, place(item)) == Value::Yes).count();
                let chance = tables.items[place(item)].sum(|value| *value == Value::Yes)[number];
                assert!((hits as f64 / 2000.0 - chance).abs() < 0.05, "{} {item}", disease.id);
            }
            let adults = drawn.iter().filter(|l| l.words("age").parse::<u32>().unwrap() >= 18).count();
            assert!((adults as f64 / 2000.0 - (1.0 - disease.who.children)).abs() < 0.05, "{}", disease.id);
        }
    }

    #[test]
    fn growth_follows_from_evolution() {
        assert!(grows(&Value::Stated("slowly enlarging".into())));
        assert!(!grows(&Value::Stated("unchanged".into())));
        for disease in (0..COUNT).filter_map(nth) {
            for &(words, growth, _) in disease.story.evolution {
                assert_eq!(grows(&Value::Stated(words.into())), growth, "{words}");
            }
        }
    }
}
