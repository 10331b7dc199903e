//! One section of the note is missing.

use super::drop_sentence::told_only_in;
use crate::history::ledger::Ledger;
use crate::history::section::{Section, Topic, sections};
use crate::history::words::slice;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError, Stimulus,
    Takes, Target, Unfit, Value,
};

/// The topics by their names in a step.
const NAMES: [(&str, Topic); 11] = [
    ("chief-complaint", Topic::ChiefComplaint),
    ("present-illness", Topic::PresentIllness),
    ("past-history", Topic::PastHistory),
    ("medication", Topic::Medication),
    ("allergies", Topic::Allergies),
    ("family", Topic::Family),
    ("social", Topic::Social),
    ("examination", Topic::Examination),
    ("impression", Topic::Impression),
    ("plan", Topic::Plan),
    ("subjective", Topic::Subjective),
];

/// Deletes one section of the note with its heading, and the fields that are told there and nowhere else in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DropSection {
    topic: Option<Topic>,
}

impl Operator for DropSection {
    const CARD: &'static Card = &Card {
        id: "drop_section",
        family: "history/omission",
        title: "One section left out",
        imitates: "A note whose past history, medication or family history was not copied along. Sections are what \
                   stands under a heading; a fact that the note tells in that section only is deleted from its field \
                   too, and a fact that another section repeats stays.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Less is known, so confidence may fall and the section may be asked for; nothing that was told \
                        makes it safe to lower the urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "section",
            doc: "the section to delete; chosen at random among those of the note when left out",
            takes: Takes::Choice(&[
                "chief-complaint",
                "present-illness",
                "past-history",
                "medication",
                "allergies",
                "family",
                "social",
                "examination",
                "impression",
                "plan",
                "subjective",
            ]),
            required: false,
        }],
        references: &[
            "Weed, N Engl J Med 1968;278:593: problem-oriented records, the headings of SOAP",
            "Buckley et al., arXiv 2311.05591: accuracy by amount of informative text",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let named = setting.text("section").and_then(|name| NAMES.iter().find(|(known, _)| *known == name));
        Ok(Self { topic: named.map(|(_, topic)| *topic) })
    }
}

impl Perturbation for DropSection {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let note = ledger.note().to_owned();
        let wanted =
            |section: &Section| self.topic.map_or(section.topic != Topic::Other, |topic| topic == section.topic);
        let fit: Vec<Section> = sections(&note).into_iter().filter(wanted).collect();
        let chosen = fit.get(cx.rng.fork("section", 0).index(fit.len())).ok_or_else(|| self.absent())?;
        for name in told_only_in(&ledger, &chosen.span) {
            ledger.set_field(&name, Value::Deleted);
        }
        ledger.set_note(&without(&note, chosen));
        ledger.close(stimulus)
    }
}

impl DropSection {
    fn absent(self) -> Unfit {
        let named = NAMES.iter().find(|(_, topic)| Some(*topic) == self.topic);
        Unfit::nothing(
            named.map_or_else(|| "no section with a known heading".into(), |(name, _)| format!("no section `{name}`")),
        )
    }
}

/// The note without a section and the gap behind it; at the end, without the gap before it.
fn without(note: &str, section: &Section) -> String {
    let (head, tail) = (slice(note, &(0..section.span.start)), slice(note, &(section.span.end..note.len())));
    let rest = tail.trim_start();
    let head = head.trim_end_matches(['*', '-', '•', '#']).trim_end_matches([' ', '\t']);
    if rest.is_empty() {
        return head.trim_end().to_owned();
    }
    let gap = if head.is_empty() || head.ends_with('\n') { "" } else { " " };
    format!("{head}{gap}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::history::samples::{applied_at, check, consultation, field, history, round_trip};

    const NOTE: &str = "Rash.\nPMH: gout.\n\nMeds: warfarin. Allergies: none\nPlan: biopsy";

    #[test]
    fn a_section_goes_with_its_heading() {
        let table = [
            ("past-history", "Rash.\nMeds: warfarin. Allergies: none\nPlan: biopsy"),
            ("medication", "Rash.\nPMH: gout.\n\nAllergies: none\nPlan: biopsy"),
            ("allergies", "Rash.\nPMH: gout.\n\nMeds: warfarin. Plan: biopsy"),
            ("plan", "Rash.\nPMH: gout.\n\nMeds: warfarin. Allergies: none"),
        ];
        check(&table, |name| {
            let operator = DropSection::make(&Setting::default().with("section", name)).unwrap();
            applied_at(&operator, &history(NOTE, vec![]), 1).unwrap().note.unwrap()
        });
    }

    #[test]
    fn a_heading_within_a_line_takes_its_own_sentence() {
        let note =
            "A mole. FH: nil. No contacts. Allergies: none known. The ruler shows 9 mm. Plan: biopsy. Then review.";
        let table = [
            ("family", "A mole. No contacts. Allergies: none known. The ruler shows 9 mm. Plan: biopsy. Then review."),
            ("allergies", "A mole. FH: nil. No contacts. The ruler shows 9 mm. Plan: biopsy. Then review."),
            ("plan", "A mole. FH: nil. No contacts. Allergies: none known. The ruler shows 9 mm."),
        ];
        check(&table, |name| {
            let operator = DropSection::make(&Setting::default().with("section", name)).unwrap();
            applied_at(&operator, &history(note, vec![]), 1).unwrap().note.unwrap()
        });
    }

    #[test]
    fn a_fact_told_only_there_is_gone_from_its_field() {
        let fields = vec![field("drug", Kind::Drug, "warfarin"), field("past", Kind::PastHistory, "gout")];
        let after = applied_at(&DropSection { topic: Some(Topic::Medication) }, &history(NOTE, fields), 1).unwrap();
        assert_eq!(after.field("drug").unwrap().value, Value::Deleted);
        assert_eq!(after.field("past").unwrap().value, Value::Stated("gout".into()));
    }

    #[test]
    fn a_note_without_headings_is_unfit_and_the_ledger_goes_both_ways() {
        assert!(applied_at(&DropSection::default(), &history("It itches. It bleeds.", vec![]), 1).is_err());
        assert!(applied_at(&DropSection { topic: Some(Topic::Family) }, &history(NOTE, vec![]), 1).is_err());
        assert!(round_trip(&DropSection::default(), &history(NOTE, vec![field("drug", Kind::Drug, "warfarin")])));
        assert!(round_trip(&DropSection::default(), &consultation()));
    }
}
