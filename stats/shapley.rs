//! How much each player adds to a whole: Shapley's value, and the two cheaper questions beside it.
//!
//! A coalition is a set of players as bits of a number: bit i stands for player i. The value of a coalition is any number,
//! e.g. the score of an answer to a case of which only those parts are told.

use bedside_perturbations::Stream;

use crate::sum::sum;

/// The most players for which every coalition is asked: 2¹² = 4,096.
pub const MOST_PLAYERS: u32 = 12;

/// Shapley values by drawn orders, with the error that the drawing leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    /// The mean contribution of each player.
    pub phi: Vec<f64>,
    /// The Monte Carlo standard error of each; it says nothing of how cases differ.
    pub error: Vec<f64>,
    /// How many orders were drawn.
    pub orders: u32,
}

/// Everybody.
#[must_use]
pub fn everybody(players: u32) -> u32 {
    if players >= u32::BITS { u32::MAX } else { (1 << players) - 1 }
}

/// What is lost when each player leaves the whole: v(all) − v(all without i).
pub fn leave_one_out(players: u32, mut value: impl FnMut(u32) -> f64) -> Vec<f64> {
    let all = everybody(players);
    let whole = value(all);
    (0..players).map(|player| whole - value(all & !(1 << player))).collect()
}

/// What each player brings alone: v(i) − v(nobody).
pub fn add_one_in(players: u32, mut value: impl FnMut(u32) -> f64) -> Vec<f64> {
    let nothing = value(0);
    (0..players).map(|player| value(1 << player) - nothing).collect()
}

/// Shapley's values (Shapley 1953), every coalition asked once: `Σ_S |S|!(n−|S|−1)!/n! · (v(S ∪ i) − v(S))`.
///
/// They add up to v(all) − v(nobody), but for rounding. `None` for more than [`MOST_PLAYERS`].
pub fn shapley(players: u32, value: impl FnMut(u32) -> f64) -> Option<Vec<f64>> {
    if players > MOST_PLAYERS {
        return None;
    }
    let values: Vec<f64> = (0..=everybody(players)).map(value).collect();
    let of = |coalition: u32| values.get(coalition as usize).copied().unwrap_or(f64::NAN);
    let phi = |player: u32| {
        let bit = 1_u32 << player;
        let without = (0..=everybody(players)).filter(|coalition| coalition & bit == 0);
        sum(without.map(|coalition| weight(coalition.count_ones(), players) * (of(coalition | bit) - of(coalition))))
    };
    Some((0..players).map(phi).collect())
}

/// |S|!(n−|S|−1)!/n!, which is one over n times the number of coalitions of that size without the player.
fn weight(size: u32, players: u32) -> f64 {
    let choose = (0..size).fold(1.0, |c, k| c * f64::from(players - 1 - k) / f64::from(k + 1));
    1.0 / (f64::from(players) * choose)
}

/// Shapley's values by random orders (Castro, Gómez and Tejada 2009): players join one after the other, and each is paid
/// what they add. Every order shares out v(all) − v(nobody) whole. Each order draws from its own stream.
///
/// `None` without an order, or for more players than a coalition has bits.
pub fn shapley_sampled(
    players: u32,
    orders: u32,
    stream: &Stream,
    mut value: impl FnMut(u32) -> f64,
) -> Option<Sampled> {
    if orders == 0 || players >= u32::BITS {
        return None;
    }
    let mut paid: Vec<Vec<f64>> = vec![Vec::new(); players as usize];
    for order in 0..orders {
        let mut queue: Vec<u32> = (0..players).collect();
        stream.fork("order", u64::from(order)).shuffle(&mut queue);
        let (mut coalition, mut before) = (0, value(0));
        for player in queue {
            coalition |= 1 << player;
            let after = value(coalition);
            if let Some(list) = paid.get_mut(player as usize) {
                list.push(after - before);
            }
            before = after;
        }
    }
    let n = f64::from(orders);
    let phi: Vec<f64> = paid.iter().map(|list| sum(list.iter().copied()) / n).collect();
    let error = |(list, phi): (&Vec<f64>, &f64)| {
        let squares = sum(list.iter().map(|x| (x - phi) * (x - phi)));
        if orders > 1 { libm::sqrt(squares / (n * (n - 1.0))) } else { f64::INFINITY }
    };
    let error = paid.iter().zip(&phi).map(error).collect();
    Some(Sampled { phi, error, orders })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: &[f64], known: &[f64]) -> bool {
        found.len() == known.len() && found.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    fn either(coalition: u32) -> f64 {
        f64::from(u8::from(coalition & 0b11 != 0))
    }

    fn both(coalition: u32) -> f64 {
        f64::from(u8::from(coalition & 0b11 == 0b11))
    }

    #[test]
    fn one_of_two_that_suffice_is_missed_by_leaving_out_and_found_by_shapley() {
        assert!(close(&leave_one_out(2, either), &[0.0, 0.0]) && close(&add_one_in(2, either), &[1.0, 1.0]));
        assert!(close(&shapley(2, either).unwrap(), &[0.5, 0.5]));
    }

    #[test]
    fn two_that_need_each_other_are_both_decisive_and_share_the_credit() {
        assert!(close(&leave_one_out(2, both), &[1.0, 1.0]) && close(&add_one_in(2, both), &[0.0, 0.0]));
        assert!(close(&shapley(2, both).unwrap(), &[0.5, 0.5]));
    }

    #[test]
    fn who_adds_nothing_is_paid_nothing() {
        assert!(close(&shapley(4, both).unwrap(), &[0.5, 0.5, 0.0, 0.0]));
        assert_eq!(shapley(0, both), Some(Vec::new()));
        assert_eq!((shapley(13, both), shapley_sampled(2, 0, &Stream::derive(1, &[]), both)), (None, None));
    }

    #[test]
    fn the_glove_game_by_hand() {
        // One left glove (player 0) and two right ones: a pair is worth 1. 4/6, 1/6, 1/6.
        let pair = |coalition: u32| f64::from(u8::from(coalition & 1 == 1 && coalition & 0b110 != 0));
        assert!(close(&shapley(3, pair).unwrap(), &[4.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0]));
    }

    #[test]
    fn drawn_orders_come_near_within_their_error() {
        let value =
            |coalition: u32| f64::from(coalition.count_ones() * coalition.count_ones()) / 9.0 + either(coalition);
        let exact = shapley(6, value).unwrap();
        let sampled = shapley_sampled(6, 400, &Stream::derive(5, &["orders"]), value).unwrap();
        for ((exact, phi), error) in exact.iter().zip(&sampled.phi).zip(&sampled.error) {
            assert!((exact - phi).abs() < 4.0 * error && *error > 0.0, "{exact} {phi} {error}");
        }
    }

    #[test]
    fn the_error_of_drawn_orders_is_that_of_a_share() {
        let sampled = shapley_sampled(2, 50, &Stream::derive(5, &["share"]), both).unwrap();
        // Whoever comes second is paid 1, the other 0.
        let p = sampled.phi[0];
        let known = (p * (1.0 - p) / 49.0).sqrt();
        assert!(p > 0.2 && p < 0.8 && close(&sampled.error, &[known, known]), "{sampled:?}");
        assert_eq!(shapley_sampled(2, 1, &Stream::derive(5, &[]), both).unwrap().error, [f64::INFINITY; 2]);
        assert_eq!(shapley(MOST_PLAYERS, |_| 0.0), Some(vec![0.0; MOST_PLAYERS as usize]));
    }

    proptest! {
        #[test]
        fn all_that_there_is_to_share_is_shared(values in prop::collection::vec(-1.0_f64..1.0, 32), seed in 0_u64..99) {
            let value = |coalition: u32| values[coalition as usize];
            let whole = value(31) - value(0);
            prop_assert!((shapley(5, value).unwrap().iter().sum::<f64>() - whole).abs() < 1e-12);
            let sampled = shapley_sampled(5, 7, &Stream::derive(seed, &[]), value).unwrap();
            prop_assert!((sampled.phi.iter().sum::<f64>() - whole).abs() < 1e-12);
        }
    }
}
