//! The tables that everything known of a phantom is drawn from: P(value | disease), one table for every feature.
//!
//! The same tables draw a phantom and judge how much its features tell ([`super::bayes`]), so that what can be known
//! is known exactly. A value of the history comes from the disease's own story or, with the chance [`CROSS`], from the
//! story of a disease drawn at random: real requests hold facts that have nothing to do with the skin.

use std::sync::LazyLock;

use bedside_perturbations::{Stream, Value};

use super::disease::{COUNT, Chance, Disease, nth, number, share};
use super::history::{ITEMS, Source, duration, next_said};
use super::signs::{SIGNS, TYPICAL};
use super::site;

/// One number for every disease.
pub type Row = [f64; COUNT];

/// Chance that a fact of the history comes from another story.
pub const CROSS: f64 = 0.60;
/// Chance that a referrer who names a diagnosis names the right one.
pub const RIGHT: f64 = 0.45;

/// P(value | disease) for every value that a feature can take.
#[derive(Debug)]
pub struct Table {
    /// The values.
    pub values: Vec<Value>,
    rows: Vec<Row>,
}

impl Table {
    /// A table of weighted values per disease (or per pattern), of which a share `cross` comes from any disease.
    fn new(list: impl Fn(&'static Disease) -> Vec<(Value, f64)>, cross: f64) -> Self {
        let mut table = Self { values: Vec::new(), rows: Vec::new() };
        for d in 0..COUNT {
            let own = nth(d).map(&list).unwrap_or_default();
            let total: f64 = own.iter().map(|(_, weight)| weight).sum();
            own.into_iter().for_each(|(value, weight)| table.add(d, value, weight / total));
        }
        for row in &mut table.rows {
            let any: f64 = row.iter().enumerate().map(|(d, chance)| share(d) * chance).sum();
            row.iter_mut().for_each(|chance| *chance += cross * (any - *chance));
        }
        table
    }

    fn add(&mut self, disease: usize, value: Value, chance: f64) {
        let at = self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.values.push(value);
            self.rows.push([0.0; COUNT]);
            self.rows.len() - 1
        });
        if let Some(cell) = self.rows.get_mut(at).and_then(|row| row.get_mut(disease)) {
            *cell += chance;
        }
    }

    /// The chance of that value under each disease.
    #[must_use]
    pub fn row(&self, value: usize) -> Row {
        self.rows.get(value).copied().unwrap_or([1.0; COUNT])
    }

    /// A value of that disease.
    #[must_use]
    pub fn draw(&self, disease: usize, stream: &mut Stream) -> usize {
        let mut left = stream.uniform();
        let chance = |row: &Row| row.get(disease).copied().unwrap_or(0.0);
        let found = self.rows.iter().position(|row| {
            left -= chance(row);
            left < 0.0
        });
        found.or_else(|| self.rows.iter().rposition(|row| chance(row) > 0.0)).unwrap_or(0)
    }

    /// Values of a coarser feature: the chance of each class of values under each disease.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&Value) -> bool) -> Row {
        let mut sum = [0.0; COUNT];
        for (_, row) in self.values.iter().zip(&self.rows).filter(|(value, _)| of(value)) {
            sum.iter_mut().zip(row).for_each(|(sum, chance)| *sum += chance);
        }
        sum
    }
}

/// Every table.
#[derive(Debug)]
pub struct Tables {
    /// One per item of the history; empty for items that follow from others.
    pub items: Vec<Table>,
    /// Which disease it looks like, as a number.
    pub pattern: Table,
    /// The largest lesion in whole millimetres, given the pattern (the columns are patterns here).
    pub size: Table,
    /// P(sign | disease), one row per sign.
    pub signs: Vec<Row>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::with(CROSS, TYPICAL, RIGHT));

impl Tables {
    /// The tables of this generator.
    #[must_use]
    pub fn get() -> &'static Self {
        &TABLES
    }

    /// Tables with other shares of crossed stories, typical looks and right impressions.
    #[must_use]
    pub fn with(cross: f64, typical: f64, right: f64) -> Self {
        let item = |source: &Source| match *source {
            Source::Own(list) => Table::new(list, 0.0),
            Source::Crossed(list) => Table::new(list, cross),
            Source::Impression => Table::new(|d| taken_for(d, right, |d| d.name), 0.0),
            Source::Growth | Source::Size => Table::new(|_| Vec::new(), 0.0),
        };
        Self {
            items: ITEMS.iter().map(|known| item(&known.source)).collect(),
            pattern: Table::new(|d| taken_for(d, typical, |d| d.id), 0.0),
            size: Table::new(|pattern| millimetres(pattern.look.diameter), 0.0),
            signs: SIGNS.iter().map(|sign| sign.chances).collect(),
        }
    }
}

/// The disease itself with that chance, otherwise what it is taken for.
fn taken_for(disease: &'static Disease, chance: f64, word: fn(&Disease) -> &'static str) -> Vec<(Value, f64)> {
    let total: f64 = disease.mimics.iter().map(|(_, weight)| weight).sum();
    let mimics = disease.mimics.iter().filter_map(|&(id, weight)| {
        Some((Value::Stated(word(nth(number(id))?).to_owned()), (1.0 - chance) * weight / total))
    });
    core::iter::once((Value::Stated(word(disease).to_owned()), chance)).chain(mimics).collect()
}

/// Whole millimetres, even on a logarithmic scale.
fn millimetres((low, high): (f64, f64)) -> Vec<(Value, f64)> {
    let span = |mm: u32| libm::log((f64::from(mm) + 0.5) / (f64::from(mm) - 0.5));
    (low as u32..=high as u32).filter(|&mm| mm > 0).map(|mm| (stated(&format!("{mm} mm")), span(mm))).collect()
}

/// A value in words.
#[must_use]
pub fn stated(text: &str) -> Value {
    Value::Stated(text.to_owned())
}

/// The age in years: a bell for adults, even for children.
#[must_use]
pub fn age(disease: &Disease) -> Vec<(Value, f64)> {
    let who = &disease.who;
    let bell = |age: u32| {
        let z = (f64::from(age) - who.age) / who.spread;
        libm::exp(-0.5 * z * z)
    };
    let adults: f64 = (18..=95).map(bell).sum();
    let child = (1..=15).map(|age| (age, who.children / 15.0));
    let adult = (18..=95).map(|age| (age, (1.0 - who.children) * bell(age) / adults));
    child.chain(adult).map(|(age, weight)| (stated(&age.to_string()), weight)).collect()
}

/// Female or male.
#[must_use]
pub fn sex(disease: &Disease) -> Vec<(Value, f64)> {
    vec![(stated("female"), disease.who.women), (stated("male"), 1.0 - disease.who.women)]
}

/// What the patient complains of; one in ten says the other word.
#[must_use]
pub fn complaint(disease: &Disease) -> Vec<(Value, f64)> {
    let other = if disease.complaint == "rash" { "lesion" } else { "rash" };
    vec![(stated(disease.complaint), 0.90), (stated(other), 0.10)]
}

/// Where it is.
#[must_use]
pub fn place(disease: &Disease) -> Vec<(Value, f64)> {
    disease.sites.iter().map(|(site, weight)| (stated(site.name), *weight)).collect()
}

/// On which side.
#[must_use]
pub fn side(disease: &Disease) -> Vec<(Value, f64)> {
    let one = 0.5 - 0.5 * disease.both_sides;
    vec![(stated("left"), one), (stated("right"), one), (stated("both"), disease.both_sides)]
}

/// The time since it began, as it is said: even on a logarithmic scale.
#[must_use]
pub fn time(disease: &Disease) -> Vec<(Value, f64)> {
    let (from, to) = (24.0 * disease.story.days.0, 24.0 * disease.story.days.1);
    let mut list = Vec::new();
    let mut hour = from as u32;
    while f64::from(hour) < to {
        let next = next_said(hour);
        let weight = libm::log(f64::from(next).min(to) / f64::from(hour).max(from));
        list.push((stated(&duration(hour)), weight.max(0.0)));
        hour = next;
    }
    list
}

/// How it has evolved.
#[must_use]
pub fn evolution(disease: &Disease) -> Vec<(Value, f64)> {
    disease.story.evolution.iter().map(|&(words, _, weight)| (stated(words), weight)).collect()
}

/// Whether words on how it evolved mean that it has grown.
#[must_use]
pub fn grows(words: &Value) -> bool {
    let all = (0..COUNT).filter_map(nth).flat_map(|disease| disease.story.evolution);
    all.into_iter().any(|&(known, grows, _)| grows && matches!(words, Value::Stated(said) if said == known))
}

/// Yes with that chance.
#[must_use]
pub fn yes(chance: f64) -> Vec<(Value, f64)> {
    vec![(Value::Yes, chance), (Value::No, 1.0 - chance)]
}

/// One of the wordings with that chance, otherwise no.
#[must_use]
pub fn named(Chance(chance, words): &Chance) -> Vec<(Value, f64)> {
    let each = chance / words.len() as f64;
    words.iter().map(|word| (stated(word), each)).chain([(Value::No, 1.0 - chance)]).collect()
}

/// The telling past illness, or else one that has nothing to do with it.
#[must_use]
pub fn past(disease: &Disease) -> Vec<(Value, f64)> {
    let Chance(telling, words) = disease.story.past;
    let (own, other) = (telling / words.len() as f64, 0.30 * (1.0 - telling) / OTHER_PAST.len() as f64);
    let own = words.iter().map(|word| (stated(word), own));
    let other_words = OTHER_PAST.iter().map(|word| (stated(word), other));
    own.chain(other_words).chain([(Value::No, 0.70 * (1.0 - telling))]).collect()
}

/// What anybody may take, whatever their age.
pub const MEDICATION: &[&str] =
    &["omeprazole", "an asthma inhaler", "iron tablets", "vitamin D", "levothyroxine", "a nasal spray"];
/// What anybody may be allergic to.
pub const ALLERGY: &[&str] = &["penicillin", "nickel", "pollen", "latex"];
/// What anybody may have had.
const OTHER_PAST: &[&str] = &["anaemia", "migraine", "a broken wrist", "an underactive thyroid", "appendicitis"];
/// Much sun.
pub const SUN: &[&str] = &["long summers outdoors", "regular holidays in strong sun", "many sunburns"];

/// What a site looks like in a photograph: the only part of it that the picture shows.
#[must_use]
pub fn region(value: &Value) -> site::Region {
    let named = |site: &&&site::Site| matches!(value, Value::Stated(name) if name == site.name);
    site::ALL.iter().find(named).map_or(site::Region::Trunk, |site| site.region)
}

#[cfg(test)]
mod tests {
    use super::{COUNT, Stream, Tables, Value, nth, time};

    #[test]
    fn every_column_of_every_table_sums_to_one() {
        let tables = Tables::get();
        let all = tables.items.iter().filter(|table| !table.values.is_empty()).chain([&tables.pattern, &tables.size]);
        for table in all {
            for (d, sum) in table.sum(|_| true).iter().enumerate() {
                assert!((sum - 1.0).abs() < 1e-9, "{d}: {sum} of {:?}", table.values.first());
            }
        }
    }

    #[test]
    fn draws_follow_the_table() {
        let table = &Tables::get().pattern;
        let mut stream = Stream::derive(3, &[]);
        for d in 0..COUNT {
            let mut counts = vec![0.0; table.values.len()];
            (0..4000).for_each(|_| counts[table.draw(d, &mut stream)] += 1.0 / 4000.0);
            for (value, share) in counts.iter().enumerate() {
                assert!((share - table.row(value)[d]).abs() < 0.04, "{d} {value}");
            }
        }
    }

    #[test]
    fn times_span_the_days_of_the_disease() {
        let disease = nth(super::number("meningococcal_purpura")).unwrap();
        let list = time(disease);
        assert_eq!(list.first().unwrap().0, Value::Stated("14 hours".into()));
        assert_eq!(list.last().unwrap().0, Value::Stated("2 days".into()));
    }
}
