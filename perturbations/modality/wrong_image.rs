//! Wrong photograph: another patient's pictures beside this patient's history.

use crate::{
    Card, Change, Context, Edit, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "wrong_image",
    family: "modality",
    title: "Another patient's photographs",
    imitates: "Photographs are filed under the wrong patient, so pictures and history belong to two people.",
    target: Target::ImageSet,
    needs: Needs::Donor,
    oracle: Oracle::Challenge,
    oracle_reason: "Where site, age or finding do not fit the history, a dependable model says so. Whether the answer \
                    moves at all also shows that the photographs are used.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: all photographs are exchanged for all of the donor's, in the donor's order"],
};

/// The photographs exchanged for the donor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongImage;

impl Perturbation for WrongImage {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let donor = cx.donor.ok_or(Unfit::NeedsDonor)?;
        if stimulus.images.is_empty() {
            return Err(Unfit::nothing("no photograph"));
        }
        if donor.images.is_empty() {
            return Err(Unfit::nothing("the donor has no photograph"));
        }
        if donor.images == stimulus.images {
            return Err(Unfit::nothing("the donor has the same photographs"));
        }
        let edit = Edit::ImagesReplaced { before: stimulus.images.len(), after: donor.images.len() };
        stimulus.images.clone_from(&donor.images);
        Ok(Change { edits: vec![edit], ..Change::default() })
    }
}

impl Operator for WrongImage {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::WrongImage;
    use crate::image::tests::photo;
    use crate::{Context, Edit, Perturbation, Stimulus, Stream, Unfit};

    fn with(grey: &[u8]) -> Stimulus {
        let images = grey.iter().map(|grey| photo(2, 2, |_, _| [*grey; 3])).collect();
        Stimulus { images, ..Stimulus::default() }
    }

    fn swap(mut stimulus: Stimulus, donor: &Stimulus) -> Result<(Stimulus, Vec<Edit>), Unfit> {
        let mut cx = Context::new(Stream::derive(1, &[])).with_donor(donor);
        WrongImage.apply(&mut stimulus, &mut cx).map(|change| (stimulus, change.edits))
    }

    #[test]
    fn all_photographs_are_the_donors() {
        let (swapped, edits) = swap(with(&[1]), &with(&[2, 3])).unwrap();
        assert_eq!(swapped, with(&[2, 3]));
        assert_eq!(edits, [Edit::ImagesReplaced { before: 1, after: 2 }]);
    }

    #[test]
    fn it_needs_photographs_on_both_sides_and_different_ones() {
        assert!(swap(with(&[]), &with(&[2])).is_err());
        assert!(swap(with(&[1]), &with(&[])).is_err());
        assert!(swap(with(&[1]), &with(&[1])).is_err());
    }
}
