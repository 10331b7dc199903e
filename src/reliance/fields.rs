//! Which fields of the history the answer rests on: leave-one-out, add-one-in and Shapley over the field groups that a case
//! tells.
//!
//! v(S) is the expected score of a case with its photographs and only the fields of S told, the others absent as the
//! protocol writes absence. Players are the groups known in that case, so each has its own number of cases. Two errors are
//! kept apart: the interval over patients, and the Monte Carlo error of drawn orders where not every coalition was asked.

use std::collections::BTreeMap;

use bedside_perturbations::Stream;

use crate::stats::{self, Estimate, Observation, Resampler, Sampled};

/// A case whose score can be had for any set of its fields.
pub struct Asked<'a> {
    /// The number of the patient.
    pub patient: u32,
    /// The field groups that the case tells.
    pub fields: &'a [&'a str],
    /// The expected score with only those fields told, a bit for each.
    pub score: &'a dyn Fn(u32) -> f64,
}

impl core::fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Asked").field("patient", &self.patient).field("fields", &self.fields).finish_non_exhaustive()
    }
}

/// What one field group does.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEffect {
    /// The field group.
    pub field: String,
    /// Cases that tell it.
    pub cases: u64,
    /// What is lost when only it is absent.
    pub leave_one_out: Estimate,
    /// What it brings when nothing else is told.
    pub add_one_in: Estimate,
    /// Its share of what the whole history brings.
    pub shapley: Estimate,
    /// The Monte Carlo standard error of the mean Shapley value; 0 where every coalition was asked.
    pub monte_carlo: f64,
}

/// The effects of all field groups, in order of their names.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEffects {
    /// One entry per group.
    pub fields: Vec<FieldEffect>,
    /// The mean of v(all) − v(none): what the histories bring in all; the Shapley values of a case add up to its part.
    pub whole: Estimate,
}

/// What a case says of its fields.
struct OfCase {
    out: Vec<f64>,
    alone: Vec<f64>,
    shapley: Sampled,
    whole: f64,
}

/// One case's leave-one-out, add-one-in and Shapley value of a field, the last with its Monte Carlo error.
type Row = (u32, [f64; 3], f64);

/// The effects over all cases. Up to [`stats::MOST_PLAYERS`] groups every coalition is asked when `orders` is `None`;
/// otherwise that many orders are drawn for each case.
///
/// `None` without a case, or where a case has too many groups for that.
#[must_use]
pub fn effects(cases: &[Asked<'_>], orders: Option<u32>, stream: &Stream) -> Option<FieldEffects> {
    let mut by_field: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let mut wholes = Vec::new();
    for (number, case) in (0..).zip(cases) {
        let found = of_case(case, orders, &stream.fork("case", number))?;
        wholes.push(Observation { patient: case.patient, value: found.whole });
        let numbers = found.out.iter().zip(&found.alone).zip(found.shapley.phi.iter().zip(&found.shapley.error));
        for (field, ((out, alone), (phi, error))) in case.fields.iter().zip(numbers) {
            by_field.entry(*field).or_default().push((case.patient, [*out, *alone, *phi], *error));
        }
    }
    let mut draws = Resampler::new(stream.fork("patients", 0));
    let whole = draws.mean(&wholes, stats::LEVEL)?;
    let fields = by_field.into_iter().filter_map(|(field, rows)| effect(field, &rows, &mut draws)).collect();
    Some(FieldEffects { fields, whole })
}

fn of_case(case: &Asked<'_>, orders: Option<u32>, stream: &Stream) -> Option<OfCase> {
    let players = u32::try_from(case.fields.len()).ok()?;
    let shapley = match orders {
        Some(orders) => stats::shapley_sampled(players, orders, stream, case.score)?,
        None => {
            let phi = stats::shapley(players, case.score)?;
            Sampled { error: vec![0.0; phi.len()], phi, orders: 0 }
        }
    };
    Some(OfCase {
        out: stats::leave_one_out(players, case.score),
        alone: stats::add_one_in(players, case.score),
        whole: (case.score)(stats::everybody(players)) - (case.score)(0),
        shapley,
    })
}

fn effect(field: &str, rows: &[Row], draws: &mut Resampler) -> Option<FieldEffect> {
    let mut mean = |place: usize| {
        let value = |row: &Row| Some(Observation { patient: row.0, value: *row.1.get(place)? });
        draws.mean(&rows.iter().filter_map(value).collect::<Vec<_>>(), stats::LEVEL)
    };
    let (leave_one_out, add_one_in, shapley) = (mean(0)?, mean(1)?, mean(2)?);
    let n = f64::from(u32::try_from(rows.len()).ok()?);
    let monte_carlo = libm::sqrt(stats::sum(rows.iter().map(|row| row.2 * row.2))) / n;
    let cases = rows.len() as u64;
    Some(FieldEffect { field: field.into(), cases, leave_one_out, add_one_in, shapley, monte_carlo })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Stream {
        Stream::derive(4, &["fields"])
    }

    /// Fifty patients whose cases tell those fields, read by a reader that scores what it is told.
    fn read(fields: &[&str], reader: &dyn Fn(&[&str]) -> f64, orders: Option<u32>) -> FieldEffects {
        let score = |told: u32| {
            let told: Vec<&str> =
                (0..).zip(fields).filter(|(k, _)| told >> k & 1 == 1).map(|(_, field)| *field).collect();
            reader(&told)
        };
        let cases: Vec<Asked<'_>> = (0..50).map(|patient| Asked { patient, fields, score: &score }).collect();
        effects(&cases, orders, &stream()).unwrap()
    }

    fn points(found: &FieldEffects) -> Vec<(&str, f64, f64, f64)> {
        let of = |f: &'_ FieldEffect| (f.leave_one_out.point, f.add_one_in.point, f.shapley.point);
        found.fields.iter().map(|f| (f.field.as_str(), of(f).0, of(f).1, of(f).2)).collect()
    }

    fn or_reader(told: &[&str]) -> f64 {
        f64::from(u8::from(told.contains(&"bleeding") || told.contains(&"growth")))
    }

    fn and_reader(told: &[&str]) -> f64 {
        f64::from(u8::from(told.contains(&"duration") && told.contains(&"fever")))
    }

    #[test]
    fn a_reader_of_bleeding_or_growth() {
        let found = read(&["bleeding", "growth"], &or_reader, None);
        assert_eq!(points(&found), [("bleeding", 0.0, 1.0, 0.5), ("growth", 0.0, 1.0, 0.5)]);
        assert_eq!(found.whole.point, 1.0);
    }

    #[test]
    fn a_reader_of_duration_and_fever() {
        let found = read(&["duration", "fever"], &and_reader, None);
        assert_eq!(points(&found), [("duration", 1.0, 0.0, 0.5), ("fever", 1.0, 0.0, 0.5)]);
    }

    #[test]
    fn shares_add_up_to_the_whole_and_drawn_orders_say_how_far_off_they_are() {
        let fields = ["age", "bleeding", "duration", "fever", "growth", "site"];
        let reader = |told: &[&str]| (or_reader(told) + and_reader(told)) / 2.0;
        for orders in [None, Some(20)] {
            let found = read(&fields, &reader, orders);
            let shared: f64 = found.fields.iter().map(|field| field.shapley.point).sum();
            assert!((shared - found.whole.point).abs() < 1e-12, "{orders:?} {shared}");
            let error = found.fields.iter().map(|field| field.monte_carlo).fold(0.0, f64::max);
            assert_eq!(error > 0.0, orders.is_some());
            let bleeding = &found.fields[1];
            assert!((bleeding.shapley.point - 0.25).abs() <= 4.0 * bleeding.monte_carlo + 1e-12);
            assert_eq!((found.fields[0].shapley.point, found.fields[5].shapley.point), (0.0, 0.0), "unread fields");
        }
    }

    #[test]
    fn a_field_is_counted_where_a_case_tells_it() {
        let score = |told: u32| f64::from(told & 1);
        let one = |patient| Asked {
            patient,
            fields: if patient < 10 { &["fever"] } else { &["fever", "age"] },
            score: &score,
        };
        let cases: Vec<Asked<'_>> = (0..40).map(one).collect();
        let found = effects(&cases, None, &stream()).unwrap();
        let counted: Vec<(&str, u64)> = found.fields.iter().map(|f| (f.field.as_str(), f.cases)).collect();
        assert_eq!(counted, [("age", 30), ("fever", 40)]);
    }

    #[test]
    fn patients_differ_and_that_is_another_error() {
        let scores: Vec<Box<dyn Fn(u32) -> f64>> =
            (0..60).map(|k| Box::new(move |told: u32| f64::from(told & 1) * f64::from(k) / 60.0) as Box<_>).collect();
        let cases: Vec<Asked<'_>> =
            (0..).zip(&scores).map(|(patient, score)| Asked { patient, fields: &["fever"], score }).collect();
        let fever = effects(&cases, None, &stream()).unwrap().fields.swap_remove(0);
        let (low, high) = fever.shapley.interval.unwrap();
        assert!(low < fever.shapley.point && fever.shapley.point < high && fever.monte_carlo == 0.0);
        assert_eq!(effects(&[], None, &stream()), None);
    }
}
