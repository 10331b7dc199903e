//! Metrics that are numbers instead of events: a distance of two answers, a score of one answer, or a number that only a
//! list of answers has.
//!
//! They are printed beside the judged rates with an interval over patients and are never judged. To add one: write its file with
//! a `METRIC`, its `mod` line and its line in [`ALL`].

mod brier;
mod brier_of_all;
mod calibration_error;
mod confidence;
mod hierarchical_f1;
mod jaccard_distance;
mod jensen_shannon;
mod list_coverage;
mod rbo_distance;
mod risk_coverage_area;
mod total_variation;
mod triage_cost;
mod weighted_kappa;

use serde::Serialize;

use super::{Judged, Seen, Worse};
use crate::reading::{Diagnosis, Ranked};
use crate::stats::{OfArm, Stated};

/// Every metric that is a number, in the order of the report.
pub static ALL: &[&Value] = &[
    &rbo_distance::METRIC,
    &jaccard_distance::METRIC,
    &list_coverage::METRIC,
    &hierarchical_f1::METRIC,
    &confidence::METRIC,
    &jensen_shannon::METRIC,
    &total_variation::METRIC,
    &brier::METRIC,
    &brier_of_all::METRIC,
    &calibration_error::METRIC,
    &risk_coverage_area::METRIC,
    &triage_cost::METRIC,
    &weighted_kappa::METRIC,
];

/// The metric of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Value> {
    ALL.iter().copied().find(|metric| metric.id == id)
}

/// A metric that is a number.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Value {
    /// The id: the file's stem with `-`.
    pub id: &'static str,
    /// What it is, as a row of a table.
    pub title: &'static str,
    /// What it is made from; decides how noise is dealt with and how its interval is computed.
    pub of: Of,
    /// The least and the largest value of one answer, pair or list.
    pub range: (f64, f64),
    /// Which way is worse.
    pub worse: Worse,
    /// How it is defined, with its source.
    pub definition: &'static str,
}

/// What a number is made from.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// Two answers to one case: a distance. Noise alone makes it more than 0, so the floor (the mean over pairs of control
    /// repeats) is subtracted.
    Pair(#[serde(skip)] fn(&Seen<'_>, &Seen<'_>) -> Option<f64>),
    /// One answer: a score. Repeats and draws are averaged, treated less control; nothing is subtracted.
    Answer(#[serde(skip)] fn(&Seen<'_>) -> Option<f64>),
    /// A list of answers that say how sure they are: treated less control, on the cases that have both.
    Stated(OfArm),
    /// A list of pairs of places on a scale: how far control and treated agree.
    Agreement(#[serde(skip)] fn(&Seen<'_>) -> Option<u32>),
}

impl Value {
    /// What kind of number it is, for a person.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.of {
            Of::Pair(_) => "a distance of two answers, printed net of the floor",
            Of::Answer(_) => "a score of one answer, treated less control",
            Of::Stated(_) => "a number of a whole arm, treated less control",
            Of::Agreement(_) => "the agreement of two arms",
        }
    }

    /// The number of one judged pair, where a pair has one: the distance, or how much the score changed.
    #[must_use]
    pub fn of_pair(&self, before: &Seen<'_>, after: &Seen<'_>) -> Option<f64> {
        match self.of {
            Of::Pair(distance) => distance(before, after),
            Of::Answer(score) => Some(score(after)? - score(before)?),
            Of::Stated(_) | Of::Agreement(_) => None,
        }
    }
}

/// How sure an answer says it is of its leading diagnosis, and whether that is right; `None` where it does not say, or
/// where its words match no known diagnosis.
pub(crate) fn stated(seen: &Seen<'_>) -> Option<Stated> {
    let confidence = confidence(seen)?;
    match seen.right() {
        Judged::Event(right) => Some(Stated { confidence, right }),
        Judged::Outside | Judged::Unsure => None,
    }
}

/// The stated probability of the leading diagnosis.
fn confidence(seen: &Seen<'_>) -> Option<f64> {
    if seen.reading.abstains() { None } else { seen.leading()?.probability.filter(|p| (0.0..=1.0).contains(p)) }
}

/// The diagnoses of an answer in order; `None` where it lists none.
fn listed<'a>(seen: &Seen<'a>) -> Option<Vec<&'a Diagnosis>> {
    let list: Vec<&Diagnosis> = seen.reading.list().iter().map(|ranked| &ranked.diagnosis).collect();
    (!list.is_empty() && !seen.reading.abstains()).then_some(list)
}

/// Two stated distributions over the same diagnoses: all that either list names, each with its probability or 0.
/// `None` where an entry has none.
fn distributions(before: &Seen<'_>, after: &Seen<'_>) -> Option<(Vec<f64>, Vec<f64>)> {
    let (one, other) = (before.reading.list(), after.reading.list());
    if one.iter().chain(other).any(|ranked| ranked.probability.is_none()) {
        return None;
    }
    let mut names: Vec<&Diagnosis> = one.iter().chain(other).map(|ranked| &ranked.diagnosis).collect();
    names.sort_unstable();
    names.dedup();
    let of = |list: &[Ranked], name: &Diagnosis| {
        list.iter().find(|ranked| ranked.diagnosis == *name).and_then(|ranked| ranked.probability).unwrap_or(0.0)
    };
    Some((names.iter().map(|name| of(one, name)).collect(), names.iter().map(|name| of(other, name)).collect()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::tests::melanoma;
    use super::*;
    use crate::cohort::Scale;
    use crate::metrics::Facts;
    use crate::reading::Reading;

    /// What a metric says of two answers to the melanoma case.
    pub(crate) fn pair(id: &str, before: &Reading, after: &Reading) -> Option<f64> {
        let (truth, scale) = (melanoma(), Scale::default());
        let facts = Facts::of(&truth, &scale);
        find(id).unwrap().of_pair(&Seen { reading: before, facts }, &Seen { reading: after, facts })
    }

    /// Whether that is the number, to rounding.
    pub(crate) fn is(found: Option<f64>, known: f64) -> bool {
        found.is_some_and(|found| (found - known).abs() < 1e-12)
    }

    #[test]
    fn ids_are_unique_and_no_event_has_one_of_them() {
        let ids: std::collections::BTreeSet<&str> = ALL.iter().map(|metric| metric.id).collect();
        assert_eq!(ids.len(), ALL.len());
        assert!(ids.iter().all(|id| super::super::find(id).is_none()));
    }

    #[test]
    fn an_answer_without_a_list_or_a_probability_has_no_number() {
        let given = super::super::tests::reading(&[("melanoma", 0.6)], "urgent");
        let nothing = super::super::tests::abstaining();
        let mut silent = given.clone();
        if let crate::reading::Part::Read(list) = &mut silent.differential {
            list[0].probability = None;
        }
        for id in ["rbo-distance", "jaccard-distance", "jensen-shannon", "total-variation", "confidence", "brier"] {
            assert_eq!(pair(id, &given, &nothing), None, "{id}");
        }
        for id in ["jensen-shannon", "total-variation", "confidence", "brier"] {
            assert_eq!(pair(id, &given, &silent), None, "{id}");
        }
    }

    #[test]
    fn no_number_leaves_its_range() {
        use super::super::tests::reading;
        let answers = [
            reading(&[("melanoma", 0.9), ("lentigo", 0.1)], "urgent"),
            reading(&[("lentigo", 1.0)], "routine"),
            reading(&[("?odd words", 0.0), ("melanoma", 0.4)], "emergency"),
            reading(&[("skin_tumour", 0.3), ("spitz_naevus", 0.3), ("psoriasis", 0.4)], "soon"),
        ];
        for metric in ALL {
            let width = metric.range.1 - metric.range.0;
            for (before, after) in answers.iter().flat_map(|one| answers.iter().map(move |other| (one, other))) {
                let Some(value) = pair(metric.id, before, after) else { continue };
                let (low, high) = if matches!(metric.of, Of::Answer(_)) { (-width, width) } else { metric.range };
                assert!((low..=high).contains(&value), "{} {value}", metric.id);
                assert!(one_is_none(before, after) || is(pair(metric.id, before, before), 0.0), "{}", metric.id);
            }
        }
    }

    fn one_is_none(before: &Reading, after: &Reading) -> bool {
        before.list().is_empty() || after.list().is_empty()
    }
}
