//! The special functions that the intervals need: incomplete beta, its inverse, Student's t, the normal quantile.
//!
//! Everything rests on the four operations, `sqrt` and `libm`, so the same arguments give the same bits on every machine.

use core::f64::consts::{FRAC_1_SQRT_2, PI};

const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;
const MOST_STEPS: usize = 200;
const MOST_TERMS: u32 = 100_000;
const SMALLEST: f64 = 1e-300;

/// The two tails of a distribution at a point; each is accurate relative to its own size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// The probability of at most this value.
    pub lower: f64,
    /// The probability of more than this value.
    pub upper: f64,
}

/// The tails of Beta(a, b) at x: the lower one is the regularised incomplete beta function `I_x(a, b)`.
///
/// `a` and `b` are above 0 and `x` is in [0, 1]; anything else gives NaN. Continued fraction of DLMF 8.17.22,
/// evaluated by the modified Lentz method.
#[must_use]
pub fn beta_tails(a: f64, b: f64, x: f64) -> Tails {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) {
        return Tails { lower: f64::NAN, upper: f64::NAN };
    }
    if x == 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if x == 1.0 {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let weight = beta_weight(a, b, x);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = weight * beta_fraction(a, b, x) / a;
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = weight * beta_fraction(b, a, 1.0 - x) / b;
        Tails { lower: 1.0 - upper, upper }
    }
}

/// The value below which Beta(a, b) lies with probability p.
///
/// `a` and `b` are above 0 and `p` is in [0, 1]; anything else gives NaN. A quantile below 1e-300 is given as 0.
/// Newton's method on the logarithms of both axes, on which the distribution function is concave for b ≥ 1, so that
/// it converges from anywhere; a bracket guards the other shapes.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || beta_tails(a, b, SMALLEST).lower >= p {
        return 0.0;
    }
    if p == 1.0 { 1.0 } else { solve_beta(p, a, b) }
}

fn solve_beta(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (SMALLEST, 1.0);
    let mut x = a / (a + b);
    let mut last = f64::INFINITY;
    for _ in 0..MOST_STEPS {
        let lower = beta_tails(a, b, x).lower;
        if lower < p {
            low = x
        } else {
            high = x
        }
        let slope = beta_weight(a, b, x) / (1.0 - x);
        let step = libm::log(p / lower) * lower / slope;
        let next = x * libm::exp(step);
        // Near 1 the distance to 1 is what has to be known well: there the density may rise without limit.
        if libm::fabs(step) < 1e-9 * libm::fmin(1.0, (1.0 - x) / x) {
            return next.min(1.0);
        }
        if next > low && next < high && libm::fabs(step) < last {
            (x, last) = (next, libm::fabs(step));
        } else {
            (x, last) = (midpoint(low, high), f64::INFINITY);
        }
        if high - low <= f64::EPSILON * high {
            return x;
        }
    }
    x
}

/// Halfway on the logarithmic scale while the ends are far apart, halfway otherwise.
fn midpoint(low: f64, high: f64) -> f64 {
    if high > 4.0 * low { libm::sqrt(low) * libm::sqrt(high) } else { low + (high - low) / 2.0 }
}

/// The value below which Student's t with that many degrees of freedom (above 0) lies with probability p, 0 < p < 1.
///
/// From the beta quantile: T² / (ν + T²) follows Beta(½, ν/2).
#[must_use]
pub fn t_quantile(p: f64, freedom: f64) -> f64 {
    if p < 0.5 {
        return -t_quantile(1.0 - p, freedom);
    }
    let share = beta_quantile(2.0 * p - 1.0, 0.5, freedom / 2.0);
    libm::sqrt(freedom * share / (1.0 - share))
}

/// The value below which a standard normal variable lies with probability p, 0 < p < 1 (NaN outside).
///
/// Newton's method on the logarithm of the upper tail, which is concave.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(p > 0.0 && p < 1.0) {
        return f64::NAN;
    }
    if p < 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let mut z = 0.0;
    for _ in 0..MOST_STEPS {
        let tail = normal_tail(z);
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI);
        let step = libm::log(tail / (1.0 - p)) * tail / density;
        z += step;
        if libm::fabs(step) < 1e-9 {
            break;
        }
    }
    z
}

/// The probability that a standard normal variable is above z; accurate relative to its own size for z ≥ 0.
#[must_use]
pub fn normal_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z * FRAC_1_SQRT_2)
}

/// The probability that a standard normal variable is at most z.
#[must_use]
pub fn normal_share(z: f64) -> f64 {
    normal_tail(-z)
}

/// The tails of Student's t with that many degrees of freedom (above 0) at a value; NaN for anything else.
///
/// ν / (ν + T²) follows Beta(ν/2, ½) (DLMF 8.17; Abramowitz and Stegun 26.7.1).
#[must_use]
pub fn t_tails(value: f64, freedom: f64) -> Tails {
    let square = value * value;
    // Of the two complementary forms the one whose argument does not round to 1 keeps the tail's relative accuracy.
    let both = if square < freedom {
        beta_tails(0.5, freedom / 2.0, square / (freedom + square)).upper
    } else {
        beta_tails(freedom / 2.0, 0.5, freedom / (freedom + square)).lower
    };
    let (far, near) = (both / 2.0, 1.0 - both / 2.0);
    if value < 0.0 { Tails { lower: far, upper: near } } else { Tails { lower: near, upper: far } }
}

/// `x^a (1−x)^b / B(a, b)` by Loader's saddle-point form, which keeps its relative accuracy for large a and b.
///
/// C. Loader, "Fast and accurate computation of binomial probabilities", 2000.
pub(crate) fn beta_weight(a: f64, b: f64, x: f64) -> f64 {
    let n = a + b;
    let exponent =
        stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * (1.0 - x));
    libm::sqrt(a * b / (2.0 * PI * n)) * libm::exp(exponent)
}

/// What Stirling's formula misses of ln Γ(z + 1), for z above 0.
fn stirling_error(z: f64) -> f64 {
    if z < 10.0 {
        return libm::lgamma(z + 1.0) - (z + 0.5) * libm::log(z) + z - HALF_LN_TWO_PI;
    }
    let w = 1.0 / (z * z);
    let tail = 1.0 / 1680.0 - w * (1.0 / 1188.0 - w * 691.0 / 360_360.0);
    (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * tail))) / z
}

/// `x ln(x/m) + m − x`, without cancellation where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    let gap = x - m;
    if libm::fabs(gap) > 0.1 * (x + m) {
        return x * libm::log(x / m) - gap;
    }
    let v = gap / (x + m);
    let (mut total, mut term) = (gap * v, 2.0 * x * v);
    for odd in 1..MOST_TERMS {
        term *= v * v;
        let next = total + term / f64::from(2 * odd + 1);
        if next == total {
            break;
        }
        total = next;
    }
    total
}

/// The continued fraction of the incomplete beta function; about √max(a, b) terms where `beta_tails` calls it.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            change = c * d;
            value *= change;
        }
        if libm::fabs(change - 1.0) <= f64::EPSILON {
            break;
        }
    }
    value
}

fn away_from_zero(value: f64) -> f64 {
    if libm::fabs(value) < SMALLEST { SMALLEST } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_beta_of_one_and_n_is_a_power() {
        let upper = 1.0 - beta_quantile(0.025, 24.0, 1.0);
        assert!((upper - (1.0 - libm::pow(0.025, 1.0 / 24.0))).abs() < 1e-14);
    }

    #[test]
    fn arguments_outside_the_domain_give_nan_and_ends_are_exact() {
        assert!(beta_tails(0.0, 1.0, 0.5).lower.is_nan());
        assert!(beta_tails(1.0, -1.0, 0.5).upper.is_nan());
        assert!(beta_tails(1.0, 1.0, 1.5).lower.is_nan());
        assert!(beta_quantile(f64::NAN, 1.0, 1.0).is_nan());
        assert!(normal_quantile(0.0).is_nan() && normal_quantile(1.0).is_nan());
        assert_eq!(beta_tails(2.0, 3.0, 0.0), Tails { lower: 0.0, upper: 1.0 });
        assert_eq!(beta_tails(2.0, 3.0, 1.0), Tails { lower: 1.0, upper: 0.0 });
        assert_eq!((beta_quantile(0.0, 2.0, 3.0), beta_quantile(1.0, 2.0, 3.0)), (0.0, 1.0));
    }

    #[test]
    fn the_tails_of_t_and_of_the_normal_are_halves_in_the_middle() {
        assert_eq!(t_tails(0.0, 7.0), Tails { lower: 0.5, upper: 0.5 });
        assert_eq!((normal_tail(0.0), normal_share(0.0)), (0.5, 0.5));
        assert!(t_tails(1.0, 0.0).lower.is_nan());
    }

    #[test]
    fn a_quantile_too_small_for_a_number_is_zero() {
        assert_eq!(beta_quantile(0.025, 0.001, 50.0), 0.0);
    }

    #[test]
    fn a_quantile_near_one_is_as_exact_as_any() {
        let (p, a, b) = (0.843_402_296_168_560_9, 1_957.262_984_748_612_3, 0.370_034_579_216_385_33);
        assert!((beta_tails(a, b, beta_quantile(p, a, b)).lower - p).abs() < 1e-10);
    }

    #[test]
    fn the_same_arguments_give_these_bits_on_every_machine() {
        let bits = [
            beta_quantile(0.025, 3.5, 110.25).to_bits(),
            t_quantile(0.975, 39.0).to_bits(),
            normal_quantile(0.975).to_bits(),
        ];
        assert_eq!(bits, [4_575_354_101_888_986_019, 4_611_737_113_836_899_029, 4_611_505_712_243_081_091]);
    }

    proptest! {
        #[test]
        fn the_quantile_undoes_the_tail(p in 0.001_f64..0.999, a in 0.05_f64..2_000.0, b in 0.05_f64..2_000.0) {
            let x = beta_quantile(p, a, b);
            prop_assume!(x > 0.0 && x < 1.0 - 1e-6);
            prop_assert!((beta_tails(a, b, x).lower - p).abs() < 1e-9, "{x}");
        }

        #[test]
        fn the_tails_of_t_undo_its_quantile(p in 0.001_f64..0.999, freedom in 0.5_f64..500.0) {
            let tails = t_tails(t_quantile(p, freedom), freedom);
            prop_assert!((tails.lower - p).abs() < 1e-9 && (tails.lower + tails.upper - 1.0).abs() < 1e-12);
        }

        #[test]
        fn the_tails_are_one_together_and_mirror(a in 0.01_f64..5_000.0, b in 0.01_f64..5_000.0, x in 0.0_f64..1.0) {
            let tails = beta_tails(a, b, x);
            prop_assert!((tails.lower + tails.upper - 1.0).abs() < 1e-12);
            prop_assert!((beta_tails(b, a, 1.0 - x).upper - tails.lower).abs() < 1e-9);
        }
    }
}
