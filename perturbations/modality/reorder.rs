//! Reorder: the same photographs in another order.

use crate::image::selected;
use crate::{
    Card, Change, Context, Edit, Grading, Image, Needs, Operator, Oracle, Perturbation, Setting, SettingError,
    Stimulus, Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "reorder",
    family: "modality",
    title: "Photographs in another order",
    imitates: "A viewer or an upload that lists the photographs of a request in another order.",
    target: Target::ImageSet,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The same photographs show the same patient; their order says nothing.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &[
        "Definition: a random order of the selected photographs among their places, other than the given one",
    ],
};

/// The photographs shuffled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reorder;

impl Perturbation for Reorder {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let places = selected(stimulus.images.len(), cx);
        let mut drawn = places.clone();
        cx.rng.fork("order", 0).shuffle(&mut drawn);
        // A shuffle that changes nothing to be seen is followed by turning the list round by one place at a time.
        for _ in 0..places.len().max(1) {
            let order = put(stimulus.images.len(), &places, &drawn);
            let images: Vec<Image> = order.iter().filter_map(|from| stimulus.images.get(*from).cloned()).collect();
            if images != stimulus.images {
                stimulus.images = images;
                return Ok(Change { edits: vec![Edit::ImagesReordered { order }], ..Change::default() });
            }
            if !drawn.is_empty() {
                drawn.rotate_left(1);
            }
        }
        Err(Unfit::nothing("two photographs that differ"))
    }
}

impl Operator for Reorder {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

/// The order of all photographs when those drawn are put at those places, and the others stay.
fn put(count: usize, places: &[usize], drawn: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for (place, from) in places.iter().zip(drawn) {
        if let Some(slot) = order.get_mut(*place) {
            *slot = *from;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::Reorder;
    use crate::modality::tests::{greys, seen};
    use crate::{Context, Edit, On, Perturbation, Stream, Unfit};

    fn shuffled(of: &[u8], on: On, seed: u64) -> Result<(Vec<u8>, Vec<Edit>), Unfit> {
        let mut stimulus = greys(of);
        let mut cx = Context { on, ..Context::new(Stream::derive(seed, &[])) };
        Reorder.apply(&mut stimulus, &mut cx).map(|change| (seen(&stimulus), change.edits))
    }

    #[test]
    fn the_same_photographs_stand_in_the_order_of_the_ledger() {
        for seed in 0..30 {
            let (now, edits) = shuffled(&[10, 11, 12], On::All, seed).unwrap();
            let [Edit::ImagesReordered { order }] = edits.as_slice() else { panic!("{edits:?}") };
            assert_eq!(now, order.iter().map(|from| 10 + *from as u8).collect::<Vec<_>>());
            assert_ne!(now, [10, 11, 12]);
        }
    }

    #[test]
    fn those_not_selected_stay_where_they_are() {
        let (now, _) = shuffled(&[10, 11, 12], On::These(vec![0, 2]), 1).unwrap();
        assert_eq!(now, [12, 11, 10]);
    }

    #[test]
    fn equal_photographs_have_no_order() {
        assert!(shuffled(&[5, 5], On::All, 1).is_err());
        assert!(shuffled(&[5], On::All, 1).is_err() && shuffled(&[], On::All, 1).is_err());
        assert!(shuffled(&[5, 5, 6], On::All, 4).is_ok());
    }
}
