//! A share of the fields is not told.

use super::drop_all::empty;
use crate::history::erase::{Collateral, erase};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Graded, Grading, History, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit, Value,
};

/// Deletes a share of the told fields, in a seeded order that is the same at every dose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeaveKOut {
    share: f64,
}

impl Operator for LeaveKOut {
    const CARD: &'static Card = &Card {
        id: "leave_k_out",
        family: "history/omission",
        title: "A share of the fields left out",
        imitates: "Referrals that come with more and more questions unanswered. The sets are nested; where a fact \
                   cannot be cut out of its sentence, the sentence goes; at 100 % the note goes too.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "The less is known, the lower confidence may be and the more may be asked for; missing facts \
                        give no reason to lower the urgency.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "share",
            unit: Unit::Share,
            levels: [0.2, 0.4, 0.6, 0.8, 1.0],
            range: Range { mildest: 0.01, severest: 1.0 },
            monotone_in: Quantity::FieldsLost,
        },
        parameters: &[],
        references: &[
            "Ward et al., JAMA Netw Open 2024, doi 10.1001/jamanetworkopen.2024.46615: share of gradable cases by \
             number of self-reported variables",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of fields to delete"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for LeaveKOut {
    fn at_dose(dose: f64) -> Self {
        let Range { mildest, severest } = Self::range();
        Self { share: dose.clamp(mildest, severest) }
    }
}

impl Perturbation for LeaveKOut {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let order = order(&stimulus.history, &cx.rng);
        if order.is_empty() {
            return Err(Unfit::nothing("no field is told"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        for name in order.iter().take(count(self.share, order.len())) {
            erase(&mut ledger, name, Collateral::Sentence)?;
        }
        if self.share >= 1.0 {
            empty(&mut ledger, &[]);
        }
        ledger.close(stimulus).map_err(|_| Unfit::nothing("too few fields for that share"))
    }
}

/// The names of the told fields in the order in which they go; the level is not in it.
fn order(history: &History, rng: &Stream) -> Vec<String> {
    let told = history.fields.iter().filter(|field| field.value != Value::Deleted);
    let mut names: Vec<String> = told.map(|field| field.name.clone()).collect();
    rng.fork("order", 0).shuffle(&mut names);
    names
}

/// The share of `fields`, to the nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a count of fields is small"
)]
fn count(share: f64, fields: usize) -> usize {
    libm::round(share * fields as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{consultation, round_trip};
    use crate::{Context, Level};

    fn lost(level: Level) -> History {
        let mut stimulus = Stimulus { history: consultation(), ..Stimulus::default() };
        LeaveKOut::at(level).apply(&mut stimulus, &mut Context::new(Stream::derive(3, &["x"]))).unwrap();
        stimulus.history
    }

    fn deleted(history: &History) -> Vec<&str> {
        history.fields.iter().filter(|f| f.value == Value::Deleted).map(|f| f.name.as_str()).collect()
    }

    #[test]
    fn the_sets_are_nested_and_end_in_nothing() {
        let levels: Vec<History> = Level::ALL.into_iter().map(lost).collect();
        for pair in levels.windows(2) {
            let (less, more) = (deleted(&pair[0]), deleted(&pair[1]));
            assert!(less.iter().all(|name| more.contains(name)) && less.len() < more.len());
        }
        assert!(levels[4].is_empty());
        assert!(!levels[3].is_empty());
    }

    #[test]
    fn a_share_is_rounded_to_whole_fields() {
        assert_eq!([count(0.2, 4), count(0.4, 4), count(0.2, 2), count(1.0, 3)], [1, 2, 0, 3]);
    }

    #[test]
    fn every_level_goes_both_ways() {
        for level in Level::ALL {
            round_trip(&LeaveKOut::at(level), &consultation());
        }
    }
}
