//! One named field is not told.

use crate::history::erase::{Collateral, erase};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError, Stimulus, Takes, Target,
    Unfit,
};

/// Deletes one field and cuts every mention of it out of the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropField {
    field: String,
}

impl DropField {
    /// The deletion of the field of that name.
    #[must_use]
    pub fn of(field: impl Into<String>) -> Self {
        Self { field: field.into() }
    }
}

impl Operator for DropField {
    const CARD: &'static Card = &Card {
        id: "drop_field",
        family: "history/omission",
        title: "One field left out",
        imitates: "A referral form on which one question was not answered.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Less is known, so confidence may fall and information may be asked for; nothing that was told \
                        makes it safe to lower the urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "field",
            doc: "the name of the history field to delete",
            takes: Takes::Field,
            required: true,
        }],
        references: &[
            "Ward et al., JAMA Netw Open 2024, doi 10.1001/jamanetworkopen.2024.46615: share of gradable cases by number of \
             self-reported variables",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let field = setting.text("field").ok_or_else(|| SettingError::at("field", "names the field to delete"))?;
        Ok(Self::of(field))
    }
}

impl Perturbation for DropField {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        erase(&mut ledger, &self.field, Collateral::Nothing)?;
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, field, history, round_trip};
    use crate::{Kind, Value};

    fn dropped(note: &str, kind: Kind, name: &str, value: &str) -> String {
        let before = history(note, vec![field(name, kind, value)]);
        let after = applied(&DropField::of(name), &before).unwrap_or_else(|unfit| panic!("{note}: {unfit}"));
        assert_eq!(after.field(name).unwrap().value, Value::Deleted);
        after.note.unwrap()
    }

    #[test]
    fn an_age_leaves_no_trace() {
        for (note, expected) in [
            ("A 64-year-old woman with a mole.", "A woman with a mole."),
            ("64-year-old woman with a mole.", "Woman with a mole."),
            ("An 64 year old farmer presents.", "A farmer presents."),
            ("The patient is 64 years old. It itches.", "It itches."),
            ("Female, 64 years old. It itches.", "Female. It itches."),
            ("Patient: male, 64 years old.  Got it for 4 days.", "Patient: male.  Got it for 4 days."),
            ("Patient is 64 years old, female.", "Patient is female."),
            ("A woman aged 64 with a mole.", "A woman with a mole."),
            ("A woman, aged 64, with a mole.", "A woman, with a mole."),
            ("Age: 64 years\nSex: female", "Sex: female"),
            ("A 64-year-old presents with a mole.", "A patient presents with a mole."),
            ("64-year-old with a mole.", "Patient with a mole."),
            ("A farmer in his sixties has a mole.", "A farmer has a mole."),
            ("He is 64 and has a mole.", "He has a mole."),
            ("I'm a 64 year old white female.", "I'm a white female."),
            ("Patient is male and 64 years old.", "Patient is male."),
        ] {
            assert_eq!(dropped(note, Kind::Age, "age", "64"), expected, "{note}");
        }
    }

    #[test]
    fn a_duration_leaves_no_trace() {
        for (note, expected) in [
            ("A 3-week history of itching.", "A history of itching."),
            ("An itchy rash for 3 weeks.", "An itchy rash."),
            ("It has been present for 3 weeks. It itches.", "It itches."),
            ("The lesion has been present for 3 weeks and bleeds.", "The lesion bleeds."),
            ("It has been growing for 3 weeks.", "It has been growing."),
            ("It appeared 3 weeks ago. It itches.", "It itches."),
            ("Duration: 3 weeks. Itchy.", "Itchy."),
            ("For 3 weeks she has had a rash.", "She has had a rash."),
            ("Over the last 3 weeks it has grown.", "It has grown."),
            ("Rash for 3 weeks, itchy.", "Rash, itchy."),
            ("3 weeks of itching.", "Itching."),
        ] {
            assert_eq!(dropped(note, Kind::Duration, "duration", "3 weeks"), expected, "{note}");
        }
    }

    #[test]
    fn a_complaint_leaves_no_trace() {
        for (note, expected) in [
            ("It is itchy. It bleeds.", "It bleeds."),
            ("It is very itchy at night. It bleeds.", "It bleeds."),
            ("No itching, bleeding or pain.", "No bleeding or pain."),
            ("No bleeding, itching or pain.", "No bleeding or pain."),
            ("No bleeding, pain or itching.", "No bleeding or pain."),
            ("It is itchy, painful and swollen.", "It is painful and swollen."),
            ("It is painful, swollen and itchy.", "It is painful and swollen."),
            ("It is itchy but not painful.", "It is not painful."),
            ("It is not itchy but painful.", "It is painful."),
            ("No itching but some bleeding.", "Some bleeding."),
            ("It is neither itchy nor painful.", "It is not painful."),
            ("It is neither painful nor itchy.", "It is not painful."),
            ("She denies itching or bleeding.", "She denies bleeding."),
            ("She reports itching and denies bleeding.", "She denies bleeding."),
            ("It bleeds, itches and has grown.", "It bleeds and has grown."),
            ("It itches and has grown.", "It has grown."),
            ("It has grown and itches.", "It has grown."),
            ("It is itchy, and it bleeds.", "It bleeds."),
            ("An itchy, painful rash.", "A painful rash."),
            ("A painful, itchy rash.", "A painful rash."),
            ("A red and itchy rash.", "A red rash."),
            ("An itchy rash on the arm.", "A rash on the arm."),
            ("Itchy rash on the arm.", "Rash on the arm."),
            ("A rash with itching.", "A rash."),
            ("A rash without itching or pain.", "A rash without pain."),
            ("A rash, which itches, on the arm.", "A rash, on the arm."),
            ("A rash that itches.", "A rash."),
            ("A rash (itchy) on the arm.", "A rash on the arm."),
            ("It is not known whether it itches. It bleeds.", "It bleeds."),
            ("It is not known whether it itches or bleeds.", "It is not known whether it bleeds."),
            ("Itching: no. Bleeding: yes.", "Bleeding: yes."),
            ("Symptoms: itching, bleeding.", "Symptoms: bleeding."),
            ("Symptoms: itching. It bleeds.", "It bleeds."),
            ("There is itching. It bleeds.", "It bleeds."),
            ("It has not itched, grown or bled.", "It has not grown or bled."),
            ("Mildly itchy.  Present since May.", "Present since May."),
            ("The itching is worse at night. It bleeds.", "It bleeds."),
            ("It is itchy, especially at night. It bleeds.", "It bleeds."),
            ("Not itchy or painful.", "Not painful."),
            ("A history of itching and pain.", "A history of pain."),
            ("Recurrent, itchy but not painful.", "Recurrent, not painful."),
        ] {
            assert_eq!(dropped(note, Kind::Symptom, "itch", "yes"), expected, "{note}");
        }
    }

    #[test]
    fn other_facts_in_the_sentence_stay() {
        let cases = [
            ("It has been itchy for 3 weeks.", "It has been present for 3 weeks."),
            ("A 3-week history of itching.", "A 3-week history of symptoms."),
            ("Itchy for 3 weeks.", "Present for 3 weeks."),
            ("She reports itching for 3 weeks.", "She reports symptoms for 3 weeks."),
            ("It is painful and itchy for 3 weeks.", "It is painful for 3 weeks."),
        ];
        for (note, expected) in cases {
            let fields = vec![field("itch", Kind::Symptom, "yes"), field("duration", Kind::Duration, "3 weeks")];
            let after = applied(&DropField::of("itch"), &history(note, fields)).unwrap_or_else(|unfit| panic!("{note}: {unfit}"));
            assert_eq!(after.note.as_deref(), Some(expected), "{note}");
        }
    }

    #[test]
    fn a_site_goes_with_its_preposition() {
        for (note, expected) in [
            ("A mole on the forearm.", "A mole."),
            ("A mole on her forearm that itches.", "A mole that itches."),
            ("A mole on the back of the hand.", "A mole."),
        ] {
            let site = if note.contains("hand") { "hand" } else { "forearm" };
            assert_eq!(dropped(note, Kind::Site, "site", site), expected, "{note}");
        }
    }

    #[test]
    fn a_side_goes_from_the_site_too() {
        let fields = vec![field("side", Kind::Side, "left"), field("site", Kind::Site, "left forearm")];
        let after = applied(&DropField::of("side"), &history("A mole on the left forearm.", fields)).unwrap();
        assert_eq!(after.note.as_deref(), Some("A mole on the forearm."));
        assert_eq!(after.field("site").unwrap().value, Value::Stated("forearm".into()));
    }

    #[test]
    fn an_impression_goes_with_its_sentence() {
        for (note, expected) in [
            ("A mole. Impression: eczema.", "A mole."),
            ("I suspect eczema. A rash.", "A rash."),
            ("A rash, ?eczema.", "A rash."),
        ] {
            assert_eq!(dropped(note, Kind::Impression, "impression", "eczema"), expected, "{note}");
        }
    }

    #[test]
    fn literal_facts_are_cut_out() {
        for (note, expected) in [
            ("Takes warfarin. It bleeds.", "It bleeds."),
            ("She takes warfarin and aspirin.", "She takes aspirin."),
            ("Medication: warfarin, aspirin.", "Medication: aspirin."),
        ] {
            assert_eq!(dropped(note, Kind::Drug, "drug", "warfarin"), expected, "{note}");
        }
    }

    #[test]
    fn what_is_absent_or_entangled_is_unfit() {
        let absent = applied(&DropField::of("age"), &history("A mole.", vec![]));
        assert_eq!(absent, Err(Unfit::nothing("no field `age`")));
        let pregnant = history("She is pregnant.", vec![field("sex", Kind::Sex, "female")]);
        assert!(matches!(applied(&DropField::of("sex"), &pregnant), Err(Unfit::Entangled { .. })));
        let other_age = history("A 65-year-old man.", vec![field("age", Kind::Age, "64")]);
        assert!(matches!(applied(&DropField::of("age"), &other_age), Err(Unfit::Entangled { .. })));
    }

    #[test]
    fn the_ledger_goes_both_ways() {
        let fields = vec![field("itch", Kind::Symptom, "yes"), field("age", Kind::Age, "64")];
        round_trip(&DropField::of("age"), &history("A 64-year-old man. It itches. He is 64.", fields));
    }
}
