//! How much a phantom's features tell: the share of cases whose disease the best possible reader names first.
//!
//! Bayes' rule over the very tables that draw a phantom: P(d | x) ∝ share(d) · Π P(x_k | d). A reader who names the most
//! probable disease is right in the expected share E[max_d P(d | x)], and no reader of the same features does better
//! (Duda, Hart and Stork, Pattern Classification, 2nd ed. 2001, section 2.2). The expectation for photographs alone is
//! a sum over every possible picture; with a history it is a mean over drawn phantoms.
//!
//! "Photograph" means its true features: pattern, signs and body region, read without error. Skin tone, light, camera
//! and framing are drawn alike for all diseases and tell nothing. "History" means the fields that are told; the note
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
pub const ACCURACY: Accuracy = Accuracy { image: 0.0, history: 0.0, both: 0.0 };

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
        let look = looks(tables, latent);
        let area = place_of(tables, latent);
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
    at(tables, latent.site().region())
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

/// The accuracies by a mean over `n` drawn phantoms of every disease.
#[must_use]
pub fn by_drawing(tables: &Tables, n: u64) -> Accuracy {
    let mut sum = Accuracy { image: 0.0, history: 0.0, both: 0.0 };
    let weights = (0..COUNT).filter_map(|d| Some((nth(d)?, share(d) / n as f64)));
    for (disease, weight) in weights {
        let all = Stream::derive(0, &["bayes", disease.id]);
        for k in 0..n {
            let stream = all.fork("phantom", k);
            let latent = Latent::draw(tables, Card { disease, tone: 0, patient: 0 }, &stream, &stream);
            let found = Posteriors::of(tables, &latent, &told(&stream));
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
    use super::{ACCURACY, Tables, by_drawing, image_by_sum};

    #[test]
    fn the_printed_figures_are_those_of_the_tables() {
        let (tables, drawn) = (Tables::get(), by_drawing(Tables::get(), 1500));
        let sum = image_by_sum(tables);
        assert!((ACCURACY.image - sum).abs() < 0.0006, "image {sum}");
        assert!((ACCURACY.image - drawn.image).abs() < 0.006, "{drawn:?}");
        assert!((ACCURACY.history - drawn.history).abs() < 0.002, "{drawn:?}");
        assert!((ACCURACY.both - drawn.both).abs() < 0.002, "{drawn:?}");
    }

    #[test]
    fn neither_channel_settles_and_both_nearly_do() {
        assert!((0.50..=0.75).contains(&ACCURACY.image));
        assert!((0.45..=0.70).contains(&ACCURACY.history));
        assert!((0.80..=0.92).contains(&ACCURACY.both));
    }

    #[test]
    #[ignore = "prints a grid to choose from"]
    fn grid() {
        for cross in [0.15, 0.3, 0.45, 0.6] {
            for typical in [0.5, 0.62, 0.75] {
                for right in [0.45, 0.6] {
                    let tables = Tables::with(cross, typical, right);
                    println!("{cross} {typical} {right} {:.3?} {:.3}", by_drawing(&tables, 150), image_by_sum(&tables));
                }
            }
        }
    }
}
