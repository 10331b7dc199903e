//! Which disease and skin tone a phantom gets.
//!
//! Cases are dealt in hands of 6 (urgent or calm × three tone groups), each in a random order, and hands in decks of
//! 240: any multiple of 6 cases is exactly half urgent with exact thirds of tone, and any multiple of 240 holds every
//! disease equally often within its urgency and tone. A case depends on the seed and its index only, never on how
//! many follow.

use bedside_perturbations::Stream;

use super::disease::{CALM, Disease, URGENT};

/// Cases that hold every urgency and tone group once.
const HAND: u64 = 6;
/// Hands in a deck; divisible by the number of urgent and of calm diseases.
const HANDS: u64 = 40;

/// What the deal decides.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// The disease.
    pub disease: &'static Disease,
    /// Fitzpatrick type, 0 (I) to 5 (VI).
    pub tone: u8,
}

/// The card of a case.
#[must_use]
pub fn card(seed: u64, index: u64) -> Card {
    let deck = Stream::derive(seed, &["phantom", "v1", "deck"]).fork("deck", index / (HAND * HANDS));
    let hand = (index / HAND) % HANDS;
    let mut places: [u64; HAND as usize] = core::array::from_fn(|k| k as u64);
    deck.fork("hand", hand).shuffle(&mut places);
    let place = places.get((index % HAND) as usize).copied().unwrap_or(0);
    let (urgent, group) = (place < 3, place % 3);
    let list: &[&'static Disease] = if urgent { &URGENT } else { &CALM };
    let mut order: Vec<usize> = (0..HANDS as usize).map(|k| k % list.len()).collect();
    let mut shuffling = deck.fork("diseases", place);
    shuffling.shuffle(&mut order);
    let pick = order.get(hand as usize).copied().unwrap_or(0);
    let darker = deck.fork("tone", index).chance(0.5);
    Card { disease: list.get(pick).copied().unwrap_or(CALM[0]), tone: (2 * group) as u8 + u8::from(darker) }
}

#[cfg(test)]
mod tests {
    use super::{CALM, URGENT, card};
    use std::collections::BTreeMap;

    fn urgent(id: &str) -> bool {
        URGENT.iter().any(|disease| disease.id == id)
    }

    #[test]
    fn every_hand_is_balanced() {
        for hand in 0..100 {
            let cards: Vec<_> = (hand * 6..hand * 6 + 6).map(|k| card(5, k)).collect();
            assert_eq!(cards.iter().filter(|card| urgent(card.disease.id)).count(), 3);
            for group in 0..3 {
                assert_eq!(cards.iter().filter(|card| card.tone / 2 == group).count(), 2);
            }
        }
    }

    #[test]
    fn every_deck_holds_every_disease_on_every_tone_equally_often() {
        let mut counts: BTreeMap<(&str, u8), usize> = BTreeMap::new();
        for k in 240..480 {
            let card = card(11, k);
            *counts.entry((card.disease.id, card.tone / 2)).or_default() += 1;
        }
        assert_eq!(counts.len(), 39);
        for ((id, _), count) in counts {
            assert_eq!(count, if urgent(id) { 40 / URGENT.len() } else { 40 / CALM.len() });
        }
    }

    #[test]
    fn the_order_differs_from_hand_to_hand_and_from_seed_to_seed() {
        let order = |seed, from: u64| (from..from + 60).map(|k| card(seed, k).disease.id).collect::<Vec<_>>();
        assert_ne!(order(1, 0), order(2, 0));
        assert_ne!(order(1, 0), order(1, 240));
    }
}
