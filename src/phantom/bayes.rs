//! How much a phantom's features tell: the share of cases whose disease the best possible reader names first.
//!
//! Bayes' rule over the very tables that draw a phantom: P(d | x) ∝ share(d) · Π P(x_k | d). A reader who names the most
//! probable disease is right in the expected share E[max_d P(d | x)], and no reader of the same features does better
//! (Duda, Hart and Stork, Pattern Classification, 2nd ed. 2001, section 2.2). The expectation for photographs alone is
//! a sum over every possible picture; with a history it is a mean over drawn phantoms.
//!
//! "Photograph" means its true features: pattern, signs and body region, read without error. Skin tone, hair, light, camera
//! and framing are drawn alike for all diseases and tell nothing beside them. "History" means the fields that are told; the note
//! tells the same. What is untold tells nothing, because that does not depend on the disease.

use bedside_perturbations::{Stream, Value};

use super::deal::Card;
use super::disease::{COUNT, nth, share};
use super::history::{ITEMS, Source, Told, place, told};
use super::latent::Latent;
use super::signs::{COUNT_OF_SIGNS, Signs};
use super::site::Region;
use super::tables::{Row, Tables, grows, region};

/// The greatest possible top-1 accuracy, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// From the true features of the photographs alone.
    pub image: f64,
    /// From the history alone.
    pub history: f64,
    /// From both.
    pub both: f64,
}

/// The figures of this generator; a test computes them anew from the tables.
pub const ACCURACY: Accuracy = Accuracy { image: 0.661, history: 0.676, both: 0.839 };

/// What one phantom's features tell.
#[derive(Debug, Clone, Copy)]
pub struct Posteriors {
    /// P(disease | photographs).
    pub image: Row,
    /// P(disease | history).
    pub history: Row,
    /// P(disease | both).
    pub both: Row,
}

impl Posteriors {
    /// Of a phantom of which that is told.
    #[must_use]
    pub fn of(tables: &Tables, latent: &Latent, told: &[Told; ITEMS.len()]) -> Self {
        let area = place_of(tables, latent);
        let look = looks(tables, latent);
        let says = |item: &str| told.get(place(item)) == Some(&Told::Yes);
        let story = story(tables, latent, told);
        let site = if says("site") { told_site(tables, latent) } else { [1.0; COUNT] };
        let size = if says("diameter") { size(tables, latent) } else { [1.0; COUNT] };
        Self {
            image: posterior(&[look, area]),
            history: posterior(&[story, site, size]),
            both: posterior(&[look, story, if says("site") { site } else { area }]),
        }
    }
}

/// Shares times likelihoods, made to sum to 1.
#[must_use]
pub fn posterior(likelihoods: &[Row]) -> Row {
    let mut row: Row = core::array::from_fn(share);
    for likelihood in likelihoods {
        row.iter_mut().zip(likelihood).for_each(|(p, l)| *p *= l);
    }
    let sum: f64 = row.iter().sum();
    row.map(|p| p / sum)
}

/// P(pattern and signs | disease).
fn looks(tables: &Tables, latent: &Latent) -> Row {
    times(&pattern(tables, latent.pattern), &latent.signs.chance(tables, latent.pattern))
}

fn pattern(tables: &Tables, number: usize) -> Row {
    let id = nth(number).map(|disease| disease.id);
    tables.pattern.sum(|value| matches!(value, Value::Stated(name) if Some(name.as_str()) == id))
}

/// P(body region | disease).
fn place_of(tables: &Tables, latent: &Latent) -> Row {
    at(tables, latent.site().region)
}

fn told_site(tables: &Tables, latent: &Latent) -> Row {
    tables.items.get(place("site")).map_or([1.0; COUNT], |table| table.row(latent.code(place("site"))))
}

fn at(tables: &Tables, seen: Region) -> Row {
    tables.items.get(place("site")).map_or([1.0; COUNT], |table| table.sum(|value| region(value) == seen))
}

/// P(size | disease): the size follows from the pattern, which the history does not tell.
fn size(tables: &Tables, latent: &Latent) -> Row {
    let given = tables.size.row(latent.code(place("diameter")));
    let mut row = [0.0; COUNT];
    for (number, chance) in given.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
        row.iter_mut().zip(pattern(tables, number)).for_each(|(sum, p)| *sum += chance * p);
    }
    row
}

/// P(what is told | disease), but for site and size.
fn story(tables: &Tables, latent: &Latent, told: &[Told; ITEMS.len()]) -> Row {
    let mut row = [1.0; COUNT];
    let told_at = |k: usize| told.get(k) == Some(&Told::Yes);
    for (k, (item, table)) in ITEMS.iter().zip(&tables.items).enumerate().filter(|&(k, _)| told_at(k)) {
        let likelihood = match item.source {
            Source::Size => continue,
            Source::Growth if told_at(place("evolution")) => continue,
            Source::Growth => grown(tables, latent),
            _ if item.name == "site" => continue,
            _ => table.row(latent.code(k)),
        };
        row = times(&row, &likelihood);
    }
    row
}

/// P(it has grown, or not | disease): growth follows from how it evolved, and tells nothing beside it.
fn grown(tables: &Tables, latent: &Latent) -> Row {
    let Some(table) = tables.items.get(place("evolution")) else { return [1.0; COUNT] };
    let mine = table.values.get(latent.code(place("evolution"))).is_some_and(grows);
    table.sum(|words| grows(words) == mine)
}

fn times(a: &Row, b: &Row) -> Row {
    core::array::from_fn(|d| a[d] * b[d])
}

/// The number of the most probable disease; the first of equals.
#[must_use]
pub fn first(row: &Row) -> usize {
    (1..COUNT).fold(0, |best, d| if row[d] > row[best] { d } else { best })
}

/// A reader: what a phantom's features tell it.
pub type Reader = fn(&Tables, &Latent, &[Told; ITEMS.len()]) -> Posteriors;

/// The accuracies of a reader by a mean over `n` drawn phantoms of every disease.
#[must_use]
pub fn by_drawing(tables: &Tables, n: u64, reader: Reader) -> Accuracy {
    let mut sum = Accuracy { image: 0.0, history: 0.0, both: 0.0 };
    let weights = (0..COUNT).filter_map(|d| Some((nth(d)?, share(d) / n as f64)));
    for (disease, weight) in weights {
        let all = Stream::derive(0, &["bayes", disease.id]);
        for k in 0..n {
            let stream = all.fork("phantom", k);
            let latent = Latent::draw(tables, Card { disease, tone: 0, patient: 0 }, &stream, &stream);
            let found = reader(tables, &latent, &told(&stream));
            sum.image += weight * most(&found.image);
            sum.history += weight * most(&found.history);
            sum.both += weight * most(&found.both);
        }
    }
    sum
}

fn most(row: &Row) -> f64 {
    row.iter().copied().fold(0.0, f64::max)
}

/// The accuracy from photographs alone, by a sum over every pattern, set of signs and region.
#[must_use]
pub fn image_by_sum(tables: &Tables) -> f64 {
    let regions = [Region::Face, Region::Trunk, Region::Limb, Region::Sole].map(|region| at(tables, region));
    let mut sum = 0.0;
    for number in 0..COUNT {
        let pattern = pattern(tables, number);
        for shown in every_set(number) {
            let look = times(&pattern, &shown.chance(tables, number));
            sum += regions.iter().map(|region| greatest_share(&times(&look, region))).sum::<f64>();
        }
    }
    sum
}

/// max_d share(d) · P(x | d).
fn greatest_share(likelihood: &Row) -> f64 {
    likelihood.iter().enumerate().map(|(d, l)| share(d) * l).fold(0.0, f64::max)
}

/// Every set of signs that a pattern can show, once.
fn every_set(pattern: usize) -> impl Iterator<Item = Signs> {
    let all = (0..1_u32 << COUNT_OF_SIGNS).map(|bits| core::array::from_fn(|k| bits >> k & 1 == 1));
    all.filter_map(move |shown: [bool; COUNT_OF_SIGNS]| {
        let signs = Signs::of(shown, pattern);
        (signs.shown() == shown).then_some(signs)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{
        ACCURACY, COUNT, Card, ITEMS, Latent, Posteriors, Stream, Tables, Told, Value, by_drawing, first, image_by_sum,
        nth, place, share, told,
    };

    #[test]
    fn the_printed_figures_are_those_of_the_tables() {
        let (tables, drawn) = (Tables::get(), by_drawing(Tables::get(), 1500, Posteriors::of));
        let sum = image_by_sum(tables);
        println!("image {sum:.4}, drawn {drawn:.4?}");
        assert!((ACCURACY.image - sum).abs() < 0.0006, "image {sum}");
        assert!((drawn.image - sum).abs() < 0.006, "{drawn:?}");
        assert!((ACCURACY.history - drawn.history).abs() < 0.005, "{drawn:?}");
        assert!((ACCURACY.both - drawn.both).abs() < 0.005, "{drawn:?}");
    }

    #[test]
    fn neither_channel_settles_and_both_nearly_do() {
        assert!((0.50..=0.75).contains(&ACCURACY.image));
        assert!((0.45..=0.70).contains(&ACCURACY.history));
        assert!((0.80..=0.92).contains(&ACCURACY.both));
    }

    /// A phantom's true features as numbers, `None` where one is not told; coarse where counts would be thin.
    type Features = Vec<Option<usize>>;

    fn image_features(latent: &Latent) -> Features {
        let signs = latent.signs.shown().map(usize::from);
        [latent.pattern, latent.site().region as usize].into_iter().chain(signs).map(Some).collect()
    }

    fn history_features(latent: &Latent, told: &[Told; ITEMS.len()]) -> Features {
        let says = |name: &str| told[place(name)] == Told::Yes;
        let feature = |(k, item): (usize, &crate::phantom::history::Item)| match item.name {
            _ if told[k] != Told::Yes => None,
            "growth" if says("evolution") => None,
            "growth" => Some(usize::from(latent.value(Tables::get(), k) == Value::Yes)),
            "age" => latent.words("age").parse::<usize>().ok().map(|age| age / 10),
            "duration" => Some(coarse_time(&latent.words("duration"))),
            "diameter" => Some((latent.diameter / 5.0) as usize),
            _ => Some(latent.code(k)),
        };
        ITEMS.iter().enumerate().map(feature).collect()
    }

    fn coarse_time(words: &str) -> usize {
        let (count, unit) = words.split_once(' ').unwrap();
        let unit = ["hour", "day", "week", "month", "year"].iter().position(|known| unit.starts_with(known)).unwrap();
        10 * unit + count.parse::<usize>().unwrap() / 4
    }

    fn both_features(image: &Features, history: &Features) -> Features {
        let mut both: Features = image.iter().chain(history).copied().collect();
        // Body region and site are one fact, size follows from the pattern: a naive reader must not count them twice.
        if history[place("site")].is_some() {
            both[1] = None;
        }
        both[image.len() + place("diameter")] = None;
        both
    }

    /// Features of `n` phantoms of every disease, for photographs, history and both, from streams of that root.
    fn sample(root: u64, n: u64) -> Vec<(usize, [Features; 3])> {
        let all = (0..COUNT as u64).flat_map(|d| (0..n).map(move |k| (d as usize, k)));
        all.map(|(d, k)| {
            let stream = Stream::derive(root, &["sample"]).fork("case", k * COUNT as u64 + d as u64);
            let card = Card { disease: nth(d).unwrap(), tone: 2, patient: 0 };
            let latent = Latent::draw(Tables::get(), card, &stream, &stream.fork("patient", 0));
            let (image, history) = (image_features(&latent), history_features(&latent, &told(&stream)));
            let both = both_features(&image, &history);
            (d, [image, history, both])
        })
        .collect()
    }

    /// Top-1 accuracy on `test` of naive Bayes by counts on `train`: it knows features and labels, never the tables.
    fn learned(train: &[(usize, [Features; 3])], test: &[(usize, [Features; 3])], which: usize) -> f64 {
        let mut counts: BTreeMap<(usize, usize), [f64; COUNT]> = BTreeMap::new();
        let mut totals: BTreeMap<usize, [f64; COUNT]> = BTreeMap::new();
        for (d, features) in train {
            for (k, value) in features[which].iter().enumerate().filter_map(|(k, value)| Some((k, (*value)?))) {
                counts.entry((k, value)).or_default()[*d] += 1.0;
                totals.entry(k).or_default()[*d] += 1.0;
            }
        }
        let none = [0.0; COUNT];
        let right = |(d, features): &(usize, [Features; 3])| {
            let score = |d: usize| {
                let seen = features[which].iter().enumerate().filter_map(|(k, value)| Some((k, (*value)?)));
                let chance = |(k, value)| (counts.get(&(k, value)).unwrap_or(&none)[d] + 0.1) / (totals[&k][d] + 1.0);
                seen.map(|seen: (usize, usize)| libm::log(chance(seen))).sum::<f64>() + libm::log(share(d))
            };
            let scores: [f64; COUNT] = core::array::from_fn(score);
            (first(&scores) == *d, share(*d))
        };
        let all = test.iter().map(right);
        all.map(|(right, share)| if right { share } else { 0.0 }).sum::<f64>() * COUNT as f64 / test.len() as f64
    }

    #[test]
    fn a_classifier_of_true_features_comes_near_and_never_beyond() {
        let (train, test) = (sample(11, 1200), sample(12, 400));
        let found = [0, 1, 2].map(|which| learned(&train, &test, which));
        println!("learned {found:.3?} of {ACCURACY:.3?}");
        for (found, best) in found.into_iter().zip([ACCURACY.image, ACCURACY.history, ACCURACY.both]) {
            let error = (best * (1.0 - best) / test.len() as f64).sqrt();
            assert!(found > best - 0.03, "{found} is more than three points below {best}");
            assert!(found < best + 1.96 * error, "{found} is beyond {best} ± {error}");
        }
    }
}
