//! Drop images: a share of the photographs does not arrive.

use super::take_out;
use crate::image::{needed_dose, selected};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "drop_images",
    family: "modality",
    title: "Some photographs missing",
    imitates: "A request of several photographs of which some were never taken or did not upload.",
    target: Target::ImageSet,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Fewer views show less and nothing new: confidence may fall and another photograph be asked for, \
                    but a missing view makes no lesion less urgent.",
    gradable_to: &[],
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::Share,
        levels: [0.15, 0.3, 0.45, 0.6, 0.75],
        range: Range { mildest: 0.01, severest: 0.99 },
        monotone_in: Quantity::PhotographsLost,
    },
    parameters: &[],
    references: &[
        "Definition: of n photographs, k = share · n rounded are taken out, at least one and never all; the order in \
         which they go is drawn and the same at every level, so that the sets are nested",
    ],
};

/// A share of the photographs taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DropImages {
    share: f64,
}

impl DropImages {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a small count"
    )]
    fn count(self, of: usize) -> usize {
        (libm::round(self.share * of as f64) as usize).max(1)
    }
}

impl Perturbation for DropImages {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut order = selected(stimulus.images.len(), cx);
        if stimulus.images.len() < 2 || order.is_empty() {
            return Err(Unfit::nothing("a second photograph"));
        }
        cx.rng.fork("order", 0).shuffle(&mut order);
        let most = stimulus.images.len() - 1;
        order.truncate(self.count(order.len()).min(most));
        Ok(Change { edits: take_out(stimulus, order), ..Change::default() })
    }
}

impl Operator for DropImages {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for DropImages {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::DropImages;
    use crate::modality::tests::{greys, seen};
    use crate::{Context, Graded, Level, On, Perturbation, Stream, Unfit};

    fn left(of: &[u8], level: u8, on: On) -> Result<Vec<u8>, Unfit> {
        let mut stimulus = greys(of);
        let mut cx = Context { on, ..Context::new(Stream::derive(3, &[])) };
        DropImages::at(Level::new(level).unwrap()).apply(&mut stimulus, &mut cx).map(|_| seen(&stimulus))
    }

    #[test]
    fn the_stated_share_goes_and_the_sets_are_nested() {
        let all = [1, 2, 3, 4, 5, 6, 7];
        let kept: Vec<Vec<u8>> = (1..=5).map(|level| left(&all, level, On::All).unwrap()).collect();
        assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [6, 5, 4, 3, 2]);
        assert!(kept.windows(2).all(|pair| pair[1].iter().all(|grey| pair[0].contains(grey))));
    }

    #[test]
    fn one_always_stays_and_only_selected_ones_go() {
        assert_eq!(left(&[1, 2], 5, On::All).unwrap().len(), 1);
        assert_eq!(left(&[1, 2, 3], 5, On::These(vec![1])).unwrap(), [1, 3]);
        assert!(left(&[1], 1, On::All).is_err() && left(&[1, 2], 1, On::These(vec![7])).is_err());
    }
}
