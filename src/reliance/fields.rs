//! Which groups of fields the answer rests on: leave-one-out, add-one-in and Shapley over the groups that a case tells.
//!
//! v(S) is the expected score of a case with its photographs and only the groups of S told, the others absent as the
//! protocol writes absence; the score is the share of its answers that are right. Players are the groups known in that
//! case, so each has its own number of cases. Two errors are kept apart: the interval over patients, and the Monte Carlo
//! error of drawn orders where not every coalition was asked.

use std::collections::BTreeMap;

use bedside_perturbations::Unfit;

use crate::metrics::Outcome;
use crate::plan::coalitions::{self, Orders};
use crate::plan::{CellPart, Plan};
use crate::seed;
use crate::shift::{Run, Shift, Slot};
use crate::stats::{self, Estimate, Observation, Resampler};

/// A case with its score for every coalition that it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The number of the patient.
    pub patient: u32,
    /// The groups that the case tells, a bit each.
    pub known: u32,
    /// The score, in [0, 1], of each coalition of them.
    pub scores: BTreeMap<u32, f64>,
}

/// What one group does.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEffect {
    /// The number of the group.
    pub group: u32,
    /// Cases that tell it.
    pub cases: u64,
    /// What is lost when only it is absent.
    pub leave_one_out: Estimate,
    /// What it brings when nothing else is told.
    pub add_one_in: Estimate,
    /// Its share of what the whole history brings.
    pub shapley: Estimate,
    /// The Monte Carlo standard error of the mean Shapley value, from how orders differ; `None` where every coalition was
    /// asked, so that there is none.
    pub monte_carlo: Option<f64>,
}

/// The effects of all groups, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEffects {
    /// One entry for each group that some case tells.
    pub groups: Vec<FieldEffect>,
    /// The mean of v(all) − v(none): what the histories bring in all. The Shapley values of a case add up to its part.
    pub whole: Estimate,
    /// The mean of v(none) and that of v(all).
    pub ends: [f64; 2],
    /// Cases that are left out because an answer to one of their coalitions is missing.
    pub incomplete: u64,
    /// Cases that are left out because they tell none of the groups.
    pub untold: u64,
}

/// What a case says of one of its groups: leave-one-out, add-one-in, and what the group adds in each order, or once by
/// Shapley's formula.
struct Row {
    group: u32,
    patient: u32,
    out: f64,
    alone: f64,
    adds: Vec<f64>,
}

/// The effects in a scenario over coalitions; `None` in any other, and without a case that was asked all of its coalitions.
/// Cases without a reference have no score.
#[must_use]
pub fn of_scenario(run: &Run<'_>, scenario: usize) -> Option<FieldEffects> {
    coalitions::groups(run.plan.scenarios.get(scenario)?)?;
    let concerned = (0..run.plan.cases.len()).filter(|case| run.plan.concerns(scenario, *case));
    let control = run.treatment(0, &[], concerned);
    let judged: Vec<&Shift<'_>> = control.iter().filter(|shift| shift.facts.truth.has_reference()).collect();
    let known =
        |shift: &Shift<'_>| run.plan.cases.get(shift.case)?.groups.get(&scenario).filter(|set| **set != 0).copied();
    let cells = treatments(run.plan, scenario);
    let players: Vec<(&Shift<'_>, u32)> = judged.iter().filter_map(|shift| Some((*shift, known(shift)?))).collect();
    let cases: Vec<Asked> =
        players.iter().filter_map(|(shift, known)| asked(run, scenario, &cells, shift, *known)).collect();
    let mut draws = Resampler::new(seed::of_plan(run.plan.seed, "bootstrap", ""));
    let found = effects(&cases, run.plan.orders.get(&scenario), &mut draws)?;
    let (incomplete, untold) = ((players.len() - cases.len()) as u64, (judged.len() - players.len()) as u64);
    Some(FieldEffects { incomplete, untold, ..found })
}

/// The treatment of each coalition.
fn treatments(plan: &Plan, scenario: usize) -> BTreeMap<u32, usize> {
    let coalition = |part| if let CellPart::Coalition(told) = part { Some(told) } else { None };
    plan.cells_of(scenario).filter_map(|cell| Some((coalition(cell.part)?, cell.treatment))).collect()
}

/// A case with all its scores; `None` where one is missing.
fn asked(
    run: &Run<'_>,
    scenario: usize,
    cells: &BTreeMap<u32, usize>,
    control: &Shift<'_>,
    known: u32,
) -> Option<Asked> {
    let orders = run.plan.orders.get(&scenario);
    let wanted = cells.iter().filter(|(told, _)| coalitions::is_asked(**told, known, orders));
    let scores = wanted.map(|(told, treatment)| Some((*told, score(run, control, *treatment)?)));
    Some(Asked { patient: control.patient, known, scores: scores.collect::<Option<_>>()? })
}

/// The share of the answers that came that are right. Where nothing but the coalition was told anyway there was nothing
/// to change: the control stands for it.
fn score(run: &Run<'_>, control: &Shift<'_>, treatment: usize) -> Option<f64> {
    let slots = run.slots.of(u32::try_from(control.case).ok()?, u32::try_from(treatment).ok()?);
    let is_control = |slot: &&Slot| matches!(slot, Slot::Unfit(Unfit::NothingToChange { .. }));
    let readings: Vec<_> = if !slots.is_empty() && slots.iter().all(is_control) {
        control.control.iter().flatten().copied().collect()
    } else {
        slots.into_iter().filter_map(Slot::reading).collect()
    };
    let right = readings.iter().filter(|reading| control.seen(reading).outcome() == Outcome::Right).count();
    (!readings.is_empty()).then(|| right as f64 / readings.len() as f64)
}

/// The effects over cases of which each has the score of every coalition of what it knows, or of those that the orders
/// need ([`coalitions::is_asked`]).
///
/// `None` without a case, or where a score is absent.
#[must_use]
pub fn effects(cases: &[Asked], orders: Option<&Orders>, draws: &mut Resampler) -> Option<FieldEffects> {
    let mut by_group: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    let mut ends = Vec::new();
    for case in cases {
        ends.push((case.patient, *case.scores.get(&0)?, *case.scores.get(&case.known)?));
        for row in rows(case, orders)? {
            by_group.entry(row.group).or_default().push(row);
        }
    }
    let wholes: Vec<Observation> = ends.iter().map(|(patient, none, all)| seen(*patient, all - none)).collect();
    let mean = |of: fn(&(u32, f64, f64)) -> f64| stats::sum(ends.iter().map(of)) / ends.len() as f64;
    Some(FieldEffects {
        whole: draws.mean(&wholes, stats::LEVEL)?,
        ends: [mean(|end| end.1), mean(|end| end.2)],
        groups: by_group.values().filter_map(|rows| effect(rows, orders.is_some(), draws)).collect(),
        incomplete: 0,
        untold: 0,
    })
}

const fn seen(patient: u32, value: f64) -> Observation {
    Observation { patient, value }
}

fn rows(case: &Asked, orders: Option<&Orders>) -> Option<Vec<Row>> {
    let players: Vec<u32> = (0..u32::BITS).filter(|group| case.known >> group & 1 == 1).collect();
    let v = |told: u32| case.scores.get(&told).copied();
    let (none, all) = (v(0)?, v(case.known)?);
    let adds = match orders {
        Some(orders) => in_orders(case, &players, orders)?,
        None => by_formula(case, &players)?,
    };
    let row = |(group, adds): (&u32, Vec<f64>)| {
        let (out, alone) = (all - v(case.known & !(1 << group))?, v(1 << group)? - none);
        Some(Row { group: *group, patient: case.patient, out, alone, adds })
    };
    players.iter().zip(adds).map(row).collect()
}

/// Shapley's value of each player, every coalition having been asked.
fn by_formula(case: &Asked, players: &[u32]) -> Option<Vec<Vec<f64>>> {
    let spread = |dense: u32| {
        let members = players.iter().enumerate().filter(|(place, _)| dense >> place & 1 == 1);
        members.fold(0, |told, (_, group)| told | 1 << group)
    };
    let count = u32::try_from(players.len()).ok()?;
    let values: Vec<f64> =
        (0..=stats::everybody(count)).map(|dense| case.scores.get(&spread(dense)).copied()).collect::<Option<_>>()?;
    let phi = stats::shapley(count, |dense| values.get(dense as usize).copied().unwrap_or(f64::NAN))?;
    Some(phi.into_iter().map(|value| vec![value]).collect())
}

/// What each player adds in each order (Castro, Gómez and Tejada 2009).
fn in_orders(case: &Asked, players: &[u32], orders: &Orders) -> Option<Vec<Vec<f64>>> {
    let mut adds: BTreeMap<u32, Vec<f64>> = players.iter().map(|group| (*group, Vec::new())).collect();
    for order in orders {
        let heads: Vec<u32> = coalitions::heads(order, case.known).collect();
        for pair in heads.windows(2) {
            let [before, after] = pair else { continue };
            let joined = (after & !before).trailing_zeros();
            adds.get_mut(&joined)?.push(case.scores.get(after)? - case.scores.get(before)?);
        }
    }
    Some(adds.into_values().collect())
}

fn effect(rows: &[Row], drawn: bool, draws: &mut Resampler) -> Option<FieldEffect> {
    let mut mean = |of: &dyn Fn(&Row) -> f64| {
        draws.mean(&rows.iter().map(|row| seen(row.patient, of(row))).collect::<Vec<_>>(), stats::LEVEL)
    };
    Some(FieldEffect {
        group: rows.first()?.group,
        cases: rows.len() as u64,
        leave_one_out: mean(&|row| row.out)?,
        add_one_in: mean(&|row| row.alone)?,
        shapley: mean(&|row| stats::sum(row.adds.iter().copied()) / row.adds.len() as f64)?,
        monte_carlo: if drawn { monte_carlo(rows) } else { None },
    })
}

/// The standard error over orders of what the group adds on average over cases: the same orders serve all cases.
fn monte_carlo(rows: &[Row]) -> Option<f64> {
    let orders = rows.first()?.adds.len();
    let of_order =
        |order: usize| stats::sum(rows.iter().filter_map(|row| row.adds.get(order).copied())) / rows.len() as f64;
    let means: Vec<f64> = (0..orders).map(of_order).collect();
    let n = orders as f64;
    let centre = stats::sum(means.iter().copied()) / n;
    let squares = stats::sum(means.iter().map(|mean| (mean - centre) * (mean - centre)));
    (orders > 1).then(|| libm::sqrt(squares / (n * (n - 1.0))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_perturbations::Stream;

    const GROUPS: [&str; 6] = ["age", "bleeding", "duration", "fever", "growth", "site"];

    fn draws() -> Resampler {
        Resampler::new(Stream::derive(4, &["fields"]))
    }

    fn orders(count: u64) -> Orders {
        let order = |number: u64| {
            let mut order: Vec<u32> = (0..6).collect();
            Stream::derive(7, &["orders"]).fork("order", number).shuffle(&mut order);
            order
        };
        (0..count).map(order).collect()
    }

    /// A patient whose case tells those groups, read by a reader that scores what it is told.
    fn case(patient: u32, known: u32, reader: &dyn Fn(&[&str]) -> f64, orders: Option<&Orders>) -> Asked {
        let told = |coalition: u32| -> Vec<&str> {
            (0..).zip(GROUPS).filter(|(k, _)| coalition >> k & 1 == 1).map(|(_, group)| group).collect()
        };
        let asked = (0..64).filter(|coalition| coalitions::is_asked(*coalition, known, orders));
        Asked { patient, known, scores: asked.map(|coalition| (coalition, reader(&told(coalition)))).collect() }
    }

    fn read(known: u32, reader: &dyn Fn(&[&str]) -> f64, orders: Option<&Orders>) -> FieldEffects {
        let cases: Vec<Asked> = (0..50).map(|patient| case(patient, known, reader, orders)).collect();
        effects(&cases, orders, &mut draws()).unwrap()
    }

    fn points(found: &FieldEffects) -> Vec<(&str, f64, f64, f64)> {
        let of = |f: &FieldEffect| (f.leave_one_out.point, f.add_one_in.point, f.shapley.point);
        found.groups.iter().map(|f| (GROUPS[f.group as usize], of(f).0, of(f).1, of(f).2)).collect()
    }

    fn or_reader(told: &[&str]) -> f64 {
        f64::from(u8::from(told.contains(&"bleeding") || told.contains(&"growth")))
    }

    fn and_reader(told: &[&str]) -> f64 {
        f64::from(u8::from(told.contains(&"duration") && told.contains(&"fever")))
    }

    #[test]
    fn a_reader_of_bleeding_or_growth() {
        let found = read(0b01_0010, &or_reader, None);
        assert_eq!(points(&found), [("bleeding", 0.0, 1.0, 0.5), ("growth", 0.0, 1.0, 0.5)]);
        assert_eq!((found.whole.point, found.ends), (1.0, [0.0, 1.0]));
    }

    #[test]
    fn a_reader_of_duration_and_fever() {
        let found = read(0b00_1100, &and_reader, None);
        assert_eq!(points(&found), [("duration", 1.0, 0.0, 0.5), ("fever", 1.0, 0.0, 0.5)]);
    }

    #[test]
    fn shares_add_up_to_the_whole_and_drawn_orders_say_how_far_off_they_are() {
        let reader = |told: &[&str]| (or_reader(told) + and_reader(told)) / 2.0;
        let drawn = orders(20);
        for orders in [None, Some(&drawn)] {
            let found = read(0b11_1111, &reader, orders);
            let shared: f64 = found.groups.iter().map(|group| group.shapley.point).sum();
            assert!((shared - found.whole.point).abs() < 1e-12, "{shared}");
            assert!(found.groups.iter().all(|group| group.monte_carlo.is_some() == orders.is_some()));
            let bleeding = &found.groups[1];
            let error = bleeding.monte_carlo.unwrap_or(0.0);
            assert_eq!(error > 0.0, orders.is_some());
            assert!((bleeding.shapley.point - 0.25).abs() <= 4.0 * error + 1e-12, "{bleeding:?}");
            assert_eq!((found.groups[0].shapley.point, found.groups[5].shapley.point), (0.0, 0.0), "unread groups");
        }
    }

    #[test]
    fn the_error_of_two_orders_by_hand() {
        let orders = vec![vec![1, 4], vec![4, 1]];
        let cases = [case(0, 0b01_0010, &or_reader, Some(&orders)), case(1, 0b01_0010, &|_| 1.0, Some(&orders))];
        let found = effects(&cases, Some(&orders), &mut draws()).unwrap();
        // Bleeding adds 1 to the first case when it comes first and 0 when it comes last, and nothing to the second:
        // means ½ and 0, sd ½/√2, over √2.
        assert_eq!((found.groups[0].shapley.point, found.groups[0].monte_carlo), (0.25, Some(0.25)));
    }

    #[test]
    fn a_group_is_counted_where_a_case_tells_it() {
        let score = |told: &[&str]| f64::from(u8::from(told.contains(&"fever")));
        let one = |patient| case(patient, if patient < 10 { 0b1000 } else { 0b1001 }, &score, None);
        let found = effects(&(0..40).map(one).collect::<Vec<_>>(), None, &mut draws()).unwrap();
        let counted: Vec<(u32, u64)> = found.groups.iter().map(|f| (f.group, f.cases)).collect();
        assert_eq!(counted, [(0, 30), (3, 40)]);
    }

    #[test]
    fn patients_differ_and_that_is_another_error() {
        let one = |patient: u32| {
            case(patient, 0b1000, &|told| f64::from(u8::from(!told.is_empty() && !patient.is_multiple_of(3))), None)
        };
        let fever = effects(&(0..60).map(one).collect::<Vec<_>>(), None, &mut draws()).unwrap().groups.swap_remove(0);
        let (low, high) = fever.shapley.interval.unwrap();
        assert!(low < fever.shapley.point && fever.shapley.point < high && fever.monte_carlo.is_none());
    }

    #[test]
    fn nobody_and_half_a_case_have_no_effects() {
        assert_eq!(effects(&[], None, &mut draws()), None);
        let mut half = case(0, 0b0011, &or_reader, None);
        half.scores.remove(&0b01);
        assert_eq!(effects(&[half], None, &mut draws()), None);
    }
}
