//! Max-T: several correlated tests at once, adjusted by their joint distribution.

use bedside_perturbations::Stream;

use crate::cluster::{Observation, totals};
use crate::sign_flip::signs;
use crate::sum::sum;

/// Statistics that differ by less than this share are the same, rounded differently.
const ROUNDING: f64 = 1e-12;

/// Westfall and Young's step-down adjusted p values (*Resampling-Based Multiple Testing*, 1993, algorithm 4.1), in the
/// order given, from the sizes of the observed statistics and, for each resample under the hypothesis, those of all tests.
///
/// The family-wise error is kept under dependence (subset pivotality), and strongly correlated tests cost little: the
/// severities of one perturbation count nearly as one. p = (1 + resamples at least as extreme)/(1 + resamples). `None` when
/// a resample has another number of tests or a number is not finite.
#[must_use]
pub fn max_t(observed: &[f64], resamples: &[Vec<f64>]) -> Option<Vec<f64>> {
    let tests = observed.len();
    let finite = |list: &[f64]| list.len() == tests && list.iter().all(|value| value.is_finite());
    if !finite(observed) || !resamples.iter().all(|resample| finite(resample)) {
        return None;
    }
    let mut order: Vec<(usize, f64)> = observed.iter().map(|value| libm::fabs(*value)).enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut extreme = vec![0_u64; tests];
    for resample in resamples {
        count_extreme(&order, resample, &mut extreme);
    }
    Some(stepped_down(&order, &extreme, resamples.len() as f64))
}

/// Counts, from the least observed statistic up, where the largest resampled one so far reaches it.
fn count_extreme(order: &[(usize, f64)], resample: &[f64], extreme: &mut [u64]) {
    let mut largest: f64 = 0.0;
    for ((test, observed), count) in order.iter().zip(extreme) {
        largest = largest.max(resample.get(*test).map_or(0.0, |value| libm::fabs(*value)));
        *count += u64::from(largest >= observed * (1.0 - ROUNDING));
    }
}

/// Adjusted p values that never fall from a larger observed statistic to a smaller one.
fn stepped_down(order: &[(usize, f64)], extreme: &[u64], resamples: f64) -> Vec<f64> {
    let mut adjusted = vec![1.0; order.len()];
    let mut highest: f64 = 0.0;
    for ((test, _), count) in order.iter().zip(extreme).rev() {
        highest = highest.max((1.0 + *count as f64) / (1.0 + resamples));
        if let Some(slot) = adjusted.get_mut(*test) {
            *slot = highest;
        }
    }
    adjusted
}

/// Max-T over the means of several cells by turning the signs of whole patients, the same patients in every cell.
///
/// The statistic of a cell is `|Σ_g s_g y_g| / √(Σ_g y_g²)` with the patient's sum y_g, a rising function of Student's t
/// under every pattern of signs. A cell without any difference gets p = 1. `None` for a cell without a value or with
/// one that is not finite.
#[must_use]
pub fn max_t_of_cells(cells: &[Vec<Observation>], draws: u64, stream: &Stream) -> Option<Vec<f64>> {
    let cells: Vec<Cell> = cells.iter().map(|cell| Cell::of(cell)).collect::<Option<_>>()?;
    let patients = cells.iter().flat_map(|cell| &cell.totals).map(|(patient, _)| *patient as usize + 1).max();
    let drawn = |draw: u64| -> Vec<bool> { signs(stream.fork("signs", draw)).take(patients.unwrap_or(0)).collect() };
    let statistics = |turned: &[bool]| cells.iter().map(|cell| cell.statistic(turned)).collect::<Vec<f64>>();
    let resamples: Vec<Vec<f64>> = (0..draws).map(|draw| statistics(&drawn(draw))).collect();
    max_t(&statistics(&[]), &resamples)
}

/// One cell, patient by patient.
struct Cell {
    totals: Vec<(u32, f64)>,
    /// √(Σ_g y_g²), which no sign changes.
    size: f64,
}

impl Cell {
    fn of(observations: &[Observation]) -> Option<Self> {
        let totals: Vec<(u32, f64)> = totals(observations)?.into_iter().collect();
        let size = libm::sqrt(sum(totals.iter().map(|(_, value)| value * value)));
        Some(Self { totals, size })
    }

    /// The sum under these signs (none turned beyond the end of the list) over the size.
    fn statistic(&self, turned: &[bool]) -> f64 {
        let is_turned = |patient: u32| turned.get(patient as usize).copied().unwrap_or(false);
        let signed = self.totals.iter().map(|(patient, value)| if is_turned(*patient) { -value } else { *value });
        if self.size > 0.0 { libm::fabs(sum(signed)) / self.size } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_worked_example_with_four_resamples() {
        let resamples = [vec![1.0, 0.5, 2.0], vec![-3.5, 0.1, 0.2], vec![0.3, 2.5, 0.4], vec![0.2, 0.1, -1.1]];
        // The largest first: 3 is reached by one of four maxima over all, 2 by one of four over the other two (2.5),
        // 1 by two of four of its own (2 and −1.1), so 2/5, 2/5 and 3/5.
        assert_eq!(max_t(&[3.0, -2.5, 1.0], &resamples), Some(vec![0.4, 0.4, 0.6]));
    }

    #[test]
    fn a_smaller_statistic_never_gets_a_smaller_p() {
        let resamples = [vec![9.0, 0.0], vec![9.0, 0.0], vec![0.0, 0.0]];
        assert_eq!(max_t(&[3.0, 2.9], &resamples), Some(vec![0.75, 0.75]));
    }

    #[test]
    fn tests_that_move_together_cost_nothing_more_than_one() {
        let cell: Vec<_> =
            (0..40).map(|patient| Observation { patient, value: f64::from(patient % 5) - 1.4 }).collect();
        let stream = Stream::derive(3, &["max t"]);
        let alone = max_t_of_cells(std::slice::from_ref(&cell), 400, &stream).unwrap();
        let five = max_t_of_cells(&vec![cell; 5], 400, &stream).unwrap();
        assert_eq!(five, vec![alone[0]; 5]);
    }

    #[test]
    fn a_resample_as_large_as_what_was_observed_counts() {
        assert_eq!(max_t(&[2.7], &[vec![2.7], vec![-2.7], vec![1.0]]), Some(vec![0.75]));
    }

    fn cell(value: fn(u32) -> f64) -> Vec<Observation> {
        (0..12).map(|patient| Observation { patient, value: value(patient) }).collect()
    }

    #[test]
    fn one_cell_has_the_p_of_turning_signs() {
        let stream = Stream::derive(3, &["one cell"]);
        let list = cell(|patient| f64::from(patient % 4) - 0.6);
        let drawn = max_t_of_cells(&[list], 4_000, &stream).unwrap()[0];
        // Of all 4,096 patterns 114 have a sum at least as large.
        assert!((drawn - 114.0 / 4_096.0).abs() < 0.01, "{drawn}");
    }

    #[test]
    fn the_unit_of_a_cell_does_not_show_and_a_cell_without_a_difference_has_a_p_of_one() {
        let stream = Stream::derive(3, &["units"]);
        let cells = |unit: f64| {
            let scaled = cell(|patient| f64::from(patient % 5) - 1.5);
            let scaled = scaled.iter().map(|o| Observation { value: o.value * unit, ..*o }).collect();
            [cell(|patient| 1.0 + f64::from(patient % 3)), scaled, cell(|_| 0.0)]
        };
        let p = max_t_of_cells(&cells(1.0), 500, &stream).unwrap();
        assert!(p[0] < 0.02 && p[1] > 0.05 && p[1] < 1.0 && p[2] == 1.0, "{p:?}");
        assert_eq!(max_t_of_cells(&cells(1024.0), 500, &stream).unwrap(), p);
        assert_eq!(max_t_of_cells(&cells(1.0 / 1024.0), 500, &stream).unwrap(), p);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(max_t(&[1.0], &[vec![1.0, 2.0]]), None);
        assert_eq!(max_t(&[f64::NAN], &[]), None);
        assert_eq!(max_t_of_cells(&[Vec::new()], 9, &Stream::derive(0, &[])), None);
        assert_eq!(max_t(&[], &[]), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn an_adjusted_p_is_at_least_the_raw_one_and_keeps_the_ranking(
            observed in prop::collection::vec(0.0_f64..4.0, 1..8), seed in 0_u64..99
        ) {
            let mut stream = Stream::derive(seed, &["resamples"]);
            let resamples: Vec<Vec<f64>> =
                (0..50).map(|_| observed.iter().map(|_| stream.between(0.0, 4.0)).collect()).collect();
            let adjusted = max_t(&observed, &resamples).unwrap();
            for (test, value) in observed.iter().enumerate() {
                let raw = resamples.iter().filter(|resample| resample[test] >= *value).count();
                prop_assert!(adjusted[test] >= (1.0 + raw as f64) / 51.0 - 1e-12 && adjusted[test] <= 1.0);
                for (other, larger) in observed.iter().enumerate().filter(|(_, other)| *other > value) {
                    prop_assert!(adjusted[other] <= adjusted[test], "{larger} {value}");
                }
            }
        }
    }
}
