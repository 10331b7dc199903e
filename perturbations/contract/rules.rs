//! The rules for one application, one setting and one stimulus at a time.

use super::attempt::{Given, Outcome, attempt};
use super::{Contract, Rule, Sample, Violation, ledger, violation};
use crate::catalogue::Entry;
use crate::{Card, Change, Edit, Grading, Image, Needs, On, Setting, Stimulus, Target, Unfit};

/// The one operator that changes nothing by nature.
const UNCHANGING: &str = "identity";

/// The card is complete and its doses go one way.
pub(super) fn card(entry: &Entry, found: &mut Vec<Violation>) {
    let card = entry.card;
    let snake =
        |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !snake(card.id) {
        found.push(violation(entry, Rule::CompleteCard, "the id is not snake case"));
    }
    for (name, text) in [
        ("family", card.family),
        ("title", card.title),
        ("imitates", card.imitates),
        ("oracle_reason", card.oracle_reason),
        ("references", card.references.first().copied().unwrap_or_default()),
    ] {
        if text.trim().is_empty() {
            found.push(violation(entry, Rule::CompleteCard, format!("{name} is empty")));
        }
    }
    if !doses_go_one_way(card) {
        found.push(violation(entry, Rule::CompleteCard, "the doses leave the range or do not go one way"));
    }
}

fn doses_go_one_way(card: &Card) -> bool {
    let Grading::Graded { levels, range, .. } = card.grading else { return true };
    let worse = |pair: &[f64]| match pair {
        [a, b] if range.severest >= range.mildest => b > a,
        [a, b] => b < a,
        _ => false,
    };
    levels.windows(2).all(worse) && levels.iter().all(|dose| range.contains(*dose))
}

/// One setting on one stimulus.
pub(super) struct Trial<'a> {
    pub contract: &'a Contract,
    pub entry: &'a Entry,
    pub setting: &'a Setting,
    pub sample: &'a Sample,
    pub draw: u64,
}

impl Trial<'_> {
    /// Checks every rule for one application; says whether the operator was fit for the stimulus.
    pub(super) fn check(&self, found: &mut Vec<Violation>) -> bool {
        let given = Given::all(self.draw);
        let outcome = self.run(&given);
        if outcome != self.run(&given) {
            self.report(found, Rule::SameSeedSameBytes, "a second run gave something else");
        }
        match &outcome {
            Outcome::Refused(_) => {}
            Outcome::Panicked => self.report(found, Rule::NeverPanics, "panicked"),
            Outcome::Unfit { after, .. } if *after != self.sample.stimulus => {
                self.report(found, Rule::ChangesOrIsUnfit, "says it is unfit, and changed the stimulus");
            }
            Outcome::Unfit { .. } => {}
            Outcome::Done { change, after } => self.done(change, after, found),
        }
        if self.draw == 0 {
            self.selection(found);
            self.needs(&outcome, found);
        }
        matches!(outcome, Outcome::Done { .. })
    }

    fn run(&self, given: &Given) -> Outcome {
        attempt(self.contract, self.entry, self.setting, &self.sample.stimulus, given)
    }

    fn report(&self, found: &mut Vec<Violation>, rule: Rule, what: &str) {
        let setting = self.setting.dose.map_or_else(String::new, |dose| format!(" at {dose}"));
        let arguments: Vec<String> =
            self.setting.arguments.iter().map(|(name, value)| format!(" with {name} {value:?}")).collect();
        let place = format!("on {}{setting}{}, draw {}", self.sample.name, arguments.concat(), self.draw);
        found.push(violation(self.entry, rule, format!("{place}: {what}")));
    }

    fn done(&self, change: &Change, after: &Stimulus, found: &mut Vec<Violation>) {
        let before = &self.sample.stimulus;
        if self.entry.card.id == UNCHANGING {
            if after != before || !change.edits.is_empty() {
                self.report(found, Rule::ChangesOrIsUnfit, "is to change nothing, and something differs");
            }
        } else if after == before || change.edits.is_empty() {
            self.report(
                found,
                Rule::ChangesOrIsUnfit,
                "says it changed something, and nothing differs or is written down",
            );
        }
        if !rest_is_alone(self.entry.card.target, before, after) {
            self.report(found, Rule::LeavesTheRestAlone, "something beside its target differs");
        }
        for fault in ledger::faults(change, before, after) {
            self.report(found, Rule::LedgerMatches, &fault);
        }
        if !after.images.iter().all(box_is_inside) {
            self.report(found, Rule::BoxInside, "a lesion's box leaves its photograph");
        }
    }

    /// Of the photographs, only those asked for change.
    fn selection(&self, found: &mut Vec<Violation>) {
        let count = self.sample.stimulus.images.len();
        if self.entry.card.target != Target::Image || count < 2 {
            return;
        }
        let edited = |on: On| match self.run(&Given { on, ..Given::all(self.draw) }) {
            Outcome::Done { change, .. } => change.edits.iter().filter_map(edited_image).collect(),
            _ => Vec::new(),
        };
        let these = edited(On::These(vec![1, count + 7]));
        let one = edited(On::One);
        if these.iter().any(|image| *image != 1) || one.len() > 1 || !edited(On::These(vec![count])).is_empty() {
            self.report(found, Rule::RespectsSelection, "a photograph changed that was not selected");
        }
    }

    /// It asks for what its card names, and nothing else has any influence.
    fn needs(&self, full: &Outcome, found: &mut Vec<Violation>) {
        let needs = self.entry.card.needs;
        let (donor, foil) = (needs == Needs::Donor, needs == Needs::Foil);
        if *full != self.run(&Given { donor, foil, ..Given::all(self.draw) }) {
            self.report(found, Rule::SaysWhatItNeeds, "uses a donor or foil that its card does not name");
        }
        let asked = match needs {
            Needs::Nothing => return,
            Needs::Donor => Unfit::NeedsDonor,
            Needs::Foil => Unfit::NeedsFoil,
            Needs::LesionBox => Unfit::NoLesion,
        };
        let bare =
            self.run(&Given { donor: false, foil: false, boxes: needs != Needs::LesionBox, ..Given::all(self.draw) });
        let said = matches!(&bare, Outcome::Unfit { why, .. } if *why == asked);
        if matches!(full, Outcome::Done { .. }) && !said {
            self.report(found, Rule::SaysWhatItNeeds, "does not ask for what its card says it needs");
        }
    }
}

fn edited_image(edit: &Edit) -> Option<usize> {
    match edit {
        Edit::Pixels { image, .. } => Some(*image),
        _ => None,
    }
}

fn rest_is_alone(target: Target, before: &Stimulus, after: &Stimulus) -> bool {
    let about = |image: &Image| (image.view, image.modality, image.tone);
    let facts = |stimulus: &Stimulus| stimulus.images.iter().map(about).collect::<Vec<_>>();
    let same_history = before.history == after.history;
    let rest = match target {
        Target::Image => same_history && facts(before) == facts(after),
        Target::History => before.images == after.images,
        Target::ImageSet => same_history,
    };
    rest && before.question == after.question
}

fn box_is_inside(image: &Image) -> bool {
    image.lesion.is_none_or(|lesion| {
        let fits =
            |at: u32, length: u32, side: u32| length > 0 && at.checked_add(length).is_some_and(|end| end <= side);
        fits(lesion.x, lesion.w, image.pixels.width()) && fits(lesion.y, lesion.h, image.pixels.height())
    })
}
