//! Which disease and skin tone a phantom gets, and which phantoms are of one patient.
//!
//! Cases are dealt in hands of 6 (urgent or calm × three tone groups), each in a random order, and hands in decks of
//! 240: any multiple of 6 cases is exactly half urgent with exact thirds of tone, and any multiple of 240 holds every
//! disease equally often within its urgency and tone. Of the 39 cells of a deck (a disease on a tone group), 20 have
//! two cases of one patient and 6 have three, so that a deck shows 208 patients, one in eight more than once. Cases of
//! one patient share disease and tone. A case depends on the seed and its index only, never on how many follow.

use bedside_perturbations::Stream;

use super::disease::{CALM, Disease, URGENT};

/// Cases that hold every urgency and tone group once.
const HAND: u64 = 6;
/// Hands in a deck; divisible by the number of urgent and of calm diseases.
const HANDS: u64 = 40;
/// Cells of a deck: every disease on every tone group.
const CELLS: usize = 3 * (URGENT.len() + CALM.len());
/// How many cells hold a patient with three cases, and how many one with two.
const TRIPLES: usize = 6;
const PAIRS: usize = 20;

/// What the deal decides.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// The disease.
    pub disease: &'static Disease,
    /// Fitzpatrick type, 0 (I) to 5 (VI).
    pub tone: u8,
    /// The patient: the index of the first case that is theirs.
    pub patient: u64,
}

/// The card of a case.
#[must_use]
pub fn card(seed: u64, index: u64) -> Card {
    Deck::of(seed, index).card(index)
}

/// 240 cases.
struct Deck {
    stream: Stream,
    first: u64,
}

impl Deck {
    fn of(seed: u64, index: u64) -> Self {
        let number = index / (HAND * HANDS);
        let stream = Stream::derive(seed, &["phantom", super::VERSION, "deck"]).fork("deck", number);
        Self { stream, first: number * HAND * HANDS }
    }

    fn card(&self, index: u64) -> Card {
        let hand = (index / HAND) % HANDS;
        let place = self.places(hand).get((index % HAND) as usize).copied().unwrap_or(0);
        let order = self.order(place);
        let pick = order.get(hand as usize).copied().unwrap_or(0);
        let alike: Vec<u64> = (0..HANDS).zip(&order).filter(|&(_, &p)| p == pick).map(|(hand, _)| hand).collect();
        let shared = self.shared(place, pick);
        let mine = alike.iter().position(|&other| other == hand).unwrap_or(usize::MAX);
        let first = if mine < shared { alike.first().copied().unwrap_or(hand) } else { hand };
        let patient = self.index(first, place);
        let darker = self.stream.fork("tone", patient).chance(0.5);
        let disease = list(place).get(pick).copied().unwrap_or(CALM[0]);
        Card { disease, tone: (2 * (place % 3)) as u8 + u8::from(darker), patient }
    }

    /// The places of a hand's six cases: below 3 urgent, and the tone group modulo 3.
    fn places(&self, hand: u64) -> [u64; HAND as usize] {
        let mut places = core::array::from_fn(|k| k as u64);
        self.stream.fork("hand", hand).shuffle(&mut places);
        places
    }

    /// Which disease of its list a place has in each hand.
    fn order(&self, place: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..HANDS as usize).map(|k| k % list(place).len()).collect();
        self.stream.fork("diseases", place).shuffle(&mut order);
        order
    }

    /// How many cases of a cell are of its first patient.
    fn shared(&self, place: u64, pick: usize) -> usize {
        let mut cells: Vec<usize> = (0..CELLS).collect();
        self.stream.fork("patients", 0).shuffle(&mut cells);
        let before = if place < 3 { 0 } else { 3 * URGENT.len() };
        let cell = before + (place % 3) as usize * list(place).len() + pick;
        match cells.iter().position(|&other| other == cell) {
            Some(0..TRIPLES) => 3,
            Some(at) if at < TRIPLES + PAIRS => 2,
            _ => 1,
        }
    }

    /// The index of the case that has that place in that hand.
    fn index(&self, hand: u64, place: u64) -> u64 {
        let at = self.places(hand).iter().position(|&other| other == place).unwrap_or(0);
        self.first + hand * HAND + at as u64
    }
}

fn list(place: u64) -> &'static [&'static Disease] {
    if place < 3 { &URGENT } else { &CALM }
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
    fn one_patient_in_eight_has_two_or_three_cases_of_one_disease_and_tone() {
        for (seed, deck) in [(1, 0), (1, 3), (9, 1)] {
            let mut patients: BTreeMap<u64, Vec<(&str, u8)>> = BTreeMap::new();
            for k in deck * 240..(deck + 1) * 240 {
                let card = card(seed, k);
                patients.entry(card.patient).or_default().push((card.disease.id, card.tone));
            }
            let with = |count| patients.values().filter(|cases| cases.len() == count).count();
            assert_eq!((patients.len(), with(2), with(3)), (208, 20, 6));
            assert!(patients.values().all(|cases| cases.iter().all(|case| case == &cases[0])));
            assert!(patients.keys().all(|&first| card(seed, first).patient == first));
        }
    }

    #[test]
    fn the_order_differs_from_hand_to_hand_and_from_seed_to_seed() {
        let order = |seed, from: u64| (from..from + 60).map(|k| card(seed, k).disease.id).collect::<Vec<_>>();
        assert_ne!(order(1, 0), order(2, 0));
        assert_ne!(order(1, 0), order(1, 240));
    }
}
