//! A list of points.

use super::{parts, rewritten};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Puts every sentence of the note on a line of its own behind a hyphen; salutation and closing stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulletList;

impl Operator for BulletList {
    const CARD: &'static Card = &Card {
        id: "bullet_list",
        family: "history/format",
        title: "A list of points",
        imitates: "A note in points instead of prose.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The same sentences in the same order.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for BulletList {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let after = listed(stimulus.history.note.as_deref().unwrap_or_default());
        rewritten(stimulus, after.as_deref(), "no note of two sentences that is not a dialogue")
    }
}

fn listed(note: &str) -> Option<String> {
    let (opening, lines, closing) = parts(note);
    let listed = lines.iter().any(|line| line.starts_with(['-', '•', '*']));
    let points = lines.iter().map(|line| format!("- {line}"));
    let all = || opening.into_iter().chain(points).chain(closing).collect::<Vec<_>>().join("\n");
    (lines.len() > 1 && !listed).then(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn the_note_is_arranged_anew() {
        let (before, after) = ("A mole. It itches.", "- A mole.\n- It itches.");
        assert_eq!(applied(&BulletList, &history(before, vec![])).unwrap().note.as_deref(), Some(after));
    }

    #[test]
    fn a_salutation_is_no_point() {
        let made = listed("Dear colleague,\nA mole. It itches.\nWith kind regards");
        assert_eq!(made.as_deref(), Some("Dear colleague,\n- A mole.\n- It itches.\nWith kind regards"));
    }

    #[test]
    fn it_goes_both_ways_and_keeps_the_facts() {
        assert!(round_trip(&BulletList, &consultation()));
        let after = applied(&BulletList, &consultation()).unwrap();
        for field in &consultation().fields {
            assert!(!crate::history::mentions(after.note.as_deref().unwrap(), field).is_empty(), "{}", field.name);
        }
        assert!(!round_trip(&BulletList, &history("A mole.", vec![])));
        assert!(!round_trip(&BulletList, &history("- A mole.\n- It itches.", vec![])));
        assert!(!round_trip(&BulletList, &history("user: A mole. It itches.", vec![])));
    }
}
