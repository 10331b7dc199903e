//! The shape of a dose response: rates of one event at rising doses.
//!
//! Doses are physical (percent of the shorter side, stops, kelvin), because a level's number says nothing of how far apart
//! two levels lie. A dose that falls while its effect grows, as kelvin and JPEG quality do, is a falling list here.

/// The isotonic fit: of all lists that never fall, the one with the least weighted sum of squares from these values, by
/// pooling adjacent violators (Ayer and others, Annals of Mathematical Statistics 1955; 26: 641–647).
///
/// Weights are numbers of pairs. `None` for lists of different lengths, a value that is not finite, or a weight that is not
/// above 0.
#[must_use]
pub fn isotonic(values: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let proper = values.len() == weights.len()
        && values.iter().all(|value| value.is_finite())
        && weights.iter().all(|weight| weight.is_finite() && *weight > 0.0);
    if !proper {
        return None;
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (&value, &weight) in values.iter().zip(weights) {
        let mut block = Block { total: value * weight, weight, length: 1 };
        while let Some(before) = blocks.pop_if(|before| before.mean() >= block.mean()) {
            block = before.joined(block);
        }
        blocks.push(block);
    }
    Some(blocks.iter().flat_map(|block| core::iter::repeat_n(block.mean(), block.length)).collect())
}

/// Neighbours with one value.
#[derive(Debug, Clone, Copy)]
struct Block {
    total: f64,
    weight: f64,
    length: usize,
}

impl Block {
    fn mean(self) -> f64 {
        self.total / self.weight
    }

    fn joined(self, other: Self) -> Self {
        let (total, weight) = (self.total + other.total, self.weight + other.weight);
        Self { total, weight, length: self.length + other.length }
    }
}

/// The Theil–Sen slope: the median of the slopes between every two points, in value per unit of dose (Theil 1950; Sen,
/// Journal of the American Statistical Association 1968; 63: 1379–1389).
///
/// Two points with one dose have no slope and are passed over. `None` where no two doses differ.
#[must_use]
pub fn theil_sen(doses: &[f64], values: &[f64]) -> Option<f64> {
    let mut slopes: Vec<f64> = pairs(doses, values).filter(|(x, _)| *x != 0.0).map(|(x, y)| y / x).collect();
    slopes.sort_unstable_by(f64::total_cmp);
    let half = slopes.len() / 2;
    let upper = *slopes.get(half)?;
    if slopes.len() % 2 == 1 { Some(upper) } else { Some((slopes.get(half - 1)? + upper) / 2.0) }
}

/// Kendall's τ-b of dose and value, in [−1, 1] (Kendall, Biometrika 1945; 33: 239–251): 1 where every larger dose has a
/// larger value. `None` where all doses or all values are equal.
#[must_use]
pub fn kendall(doses: &[f64], values: &[f64]) -> Option<f64> {
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    let (mut alike, mut by_dose, mut by_value) = (0.0, 0.0, 0.0);
    for (x, y) in pairs(doses, values) {
        alike += sign(x) * sign(y);
        by_dose += sign(x) * sign(x);
        by_value += sign(y) * sign(y);
    }
    (by_dose > 0.0 && by_value > 0.0).then(|| alike / libm::sqrt(by_dose * by_value))
}

/// The differences in dose and value of every two points.
fn pairs<'a>(doses: &'a [f64], values: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    let points = move || doses.iter().zip(values);
    points().enumerate().flat_map(move |(k, (x, y))| points().skip(k + 1).map(move |(u, v)| (u - x, v - y)))
}

/// What each point of a curve weighs in the area under it by trapezoids, as a share of the range of the doses: the mean
/// height of the curve is `Σ w·y`. `None` unless the doses rise or fall all the way.
#[must_use]
pub fn trapezoids(doses: &[f64]) -> Option<Vec<f64>> {
    let steps: Vec<f64> = doses.windows(2).map(|pair| pair.iter().fold(0.0, |x, y| y - x)).collect();
    let one_way = steps.iter().all(|step| *step > 0.0) || steps.iter().all(|step| *step < 0.0);
    let range = doses.last()? - doses.first()?;
    if steps.is_empty() || !one_way || !range.is_finite() {
        return None;
    }
    let step = |place: Option<usize>| place.and_then(|place| steps.get(place)).copied().unwrap_or_default();
    Some((0..doses.len()).map(|k| (step(k.checked_sub(1)) + step(Some(k))) / 2.0 / range).collect())
}

/// The first dose at which a curve that never rises has come down to a value, on straight lines between its points; `None`
/// where it stays above. What lies above by rounding alone (1e-12) has come down.
#[must_use]
pub fn down_to(value: f64, doses: &[f64], fit: &[f64]) -> Option<f64> {
    let place = fit.iter().position(|y| *y <= value + 1e-12)?;
    let (x, y) = (*doses.get(place)?, *fit.get(place)?);
    let before = place.checked_sub(1).and_then(|k| Some((*doses.get(k)?, *fit.get(k)?)));
    Some(before.map_or(x, |(u, v)| u + (x - u) * (v - value) / (v - y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_falls_is_pooled_and_what_rises_is_kept() {
        let fit = |values: &[f64]| isotonic(values, &vec![1.0; values.len()]).unwrap();
        assert_eq!(fit(&[1.0, 2.0, 4.0]), [1.0, 2.0, 4.0]);
        assert_eq!(fit(&[1.0, 4.0, 2.0]), [1.0, 3.0, 3.0]);
        assert_eq!(fit(&[3.0, 2.0, 1.0]), [2.0; 3]);
        assert_eq!(isotonic(&[2.0, 1.0], &[3.0, 1.0]), Some(vec![1.75, 1.75]));
        assert_eq!(isotonic(&[], &[]), Some(vec![]));
        assert_eq!(
            (isotonic(&[1.0], &[]), isotonic(&[1.0], &[0.0]), isotonic(&[f64::NAN], &[1.0])),
            (None, None, None)
        );
    }

    #[test]
    fn the_median_slope_does_not_follow_one_odd_point() {
        assert_eq!(theil_sen(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 30.0]), Some(5.5));
        assert_eq!(theil_sen(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, 20.0, 3.0, 4.0]), Some(1.0));
        assert_eq!((theil_sen(&[1.0], &[1.0]), theil_sen(&[2.0, 2.0], &[0.0, 1.0])), (None, None));
        assert_eq!(theil_sen(&[6_500.0, 4_000.0], &[0.0, 0.25]), Some(-1e-4));
    }

    #[test]
    fn order_is_told_where_anything_differs() {
        assert_eq!(kendall(&[1.0, 2.0, 3.0], &[0.0, 0.5, 0.6]), Some(1.0));
        assert_eq!(kendall(&[3.0, 2.0, 1.0], &[0.0, 0.5, 0.6]), Some(-1.0));
        assert_eq!((kendall(&[1.0, 2.0], &[0.1, 0.1]), kendall(&[1.0, 1.0], &[0.1, 0.2])), (None, None));
    }

    #[test]
    fn trapezoids_weigh_a_point_by_the_doses_around_it() {
        assert_eq!(trapezoids(&[0.0, 1.0, 4.0]), Some(vec![0.125, 0.5, 0.375]));
        assert_eq!(trapezoids(&[80.0, 40.0]), Some(vec![0.5, 0.5]));
        assert_eq!(
            (trapezoids(&[1.0]), trapezoids(&[1.0, 2.0, 2.0]), trapezoids(&[1.0, 3.0, 2.0])),
            (None, None, None)
        );
        assert_eq!((trapezoids(&[]), trapezoids(&[0.0, f64::INFINITY])), (None, None));
    }

    #[test]
    fn a_curve_comes_down_between_two_points_or_not_at_all() {
        let (doses, fit) = ([0.0, 1.0, 3.0], [0.9, 0.7, 0.3]);
        assert_eq!(down_to(0.5, &doses, &fit), Some(2.0));
        assert_eq!((down_to(0.9, &doses, &fit), down_to(0.95, &doses, &fit)), (Some(0.0), Some(0.0)));
        assert_eq!((down_to(0.3, &doses, &fit), down_to(0.2, &doses, &fit)), (Some(3.0), None));
        assert_eq!(down_to(0.3, &[1.0, 2.0, 3.0], &[0.1 + 0.2, 0.3, 0.0]), Some(1.0));
        assert_eq!(down_to(0.5, &[6_500.0, 2_500.0], &[0.7, 0.3]), Some(4_500.0));
    }

    proptest! {
        #[test]
        fn a_fit_never_falls_keeps_the_mean_and_is_its_own_fit(values in prop::collection::vec(0_u8..=20, 1..9)) {
            let values: Vec<f64> = values.iter().map(|value| f64::from(*value) / 20.0).collect();
            let ones = vec![1.0; values.len()];
            let fit = isotonic(&values, &ones).unwrap();
            prop_assert!(fit.is_sorted());
            prop_assert!((values.iter().sum::<f64>() - fit.iter().sum::<f64>()).abs() < 1e-12);
            for (again, once) in isotonic(&fit, &ones).unwrap().iter().zip(&fit) {
                prop_assert!((again - once).abs() < 1e-12);
            }
        }

        #[test]
        fn a_straight_line_has_its_slope_and_its_mean_height(
            steps in prop::collection::vec(1_u8..9, 2..7), slope in -4_i8..5, falls in any::<bool>()
        ) {
            let doses: Vec<f64> = steps.iter().scan(0.0, |at, step| { *at += f64::from(*step); Some(*at) }).collect();
            let doses: Vec<f64> = doses.iter().map(|dose| if falls { 100.0 - dose } else { *dose }).collect();
            let values: Vec<f64> = doses.iter().map(|dose| 3.0 + f64::from(slope) * dose).collect();
            prop_assert!((theil_sen(&doses, &values).unwrap() - f64::from(slope)).abs() < 1e-12);
            let mean: f64 = trapezoids(&doses).unwrap().iter().zip(&values).map(|(w, y)| w * y).sum();
            let middle = (values.first().unwrap() + values.last().unwrap()) / 2.0;
            prop_assert!((mean - middle).abs() < 1e-9, "{mean} {middle}");
        }
    }
}
