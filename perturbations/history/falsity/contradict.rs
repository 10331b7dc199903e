//! One fact is told wrongly.

use super::tell_first;
use crate::history::erase::told;
use crate::history::falsehood::{Falsehood, falsehoods, is_complaint};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Field, Foil, Grading, Kind, Needs, Operator, Oracle, Parameter, Perturbation, Pull, Setting,
    SettingError, Stimulus, Takes, Target, Unfit, Value,
};

/// The kinds of fact that can be told wrongly, by their names in a step.
const KINDS: [(&str, Kind); 22] = [
    ("age", Kind::Age),
    ("sex", Kind::Sex),
    ("side", Kind::Side),
    ("duration", Kind::Duration),
    ("symptom", Kind::Symptom),
    ("site", Kind::Site),
    ("diameter", Kind::Diameter),
    ("severity", Kind::Severity),
    ("evolution", Kind::Evolution),
    ("drug", Kind::Drug),
    ("dose", Kind::Dose),
    ("allergy", Kind::Allergy),
    ("family-history", Kind::FamilyHistory),
    ("exposure", Kind::Exposure),
    ("travel", Kind::Travel),
    ("contact", Kind::Contact),
    ("occupation", Kind::Occupation),
    ("past-history", Kind::PastHistory),
    ("prior-treatment", Kind::PriorTreatment),
    ("prior-diagnosis", Kind::PriorDiagnosis),
    ("lab", Kind::Lab),
    ("vital-sign", Kind::VitalSign),
];

/// The kinds that one is chosen from where neither kind nor field is named.
const USUAL: [Kind; 5] = [Kind::Age, Kind::Sex, Kind::Side, Kind::Duration, Kind::Symptom];

/// Replaces one fact by a plausible wrong one, in its field and at every mention in the note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contradict {
    kind: Option<Kind>,
    field: Option<String>,
    pull: Option<Pull>,
}

impl Operator for Contradict {
    const CARD: &'static Card = &Card {
        id: "contradict",
        family: "history/falsity",
        title: "One false fact",
        imitates: "A wrong entry on the form: a slip of the pen, the wrong side, a question misread. Ages move by \
                   15–30 years within 18–95, durations and diameters tenfold, sex, side and complaints to their opposite; \
                   sites become a neighbouring or a far one, drugs a look-alike, doses change their unit, allergies and \
                   family history are invented or removed; sun, journeys, contacts, past illness and what was tried are \
                   denied where they are told and told where they are denied, an earlier diagnosis is denied or, where a \
                   wrong one is given, becomes that; work moves out of doors or within, laboratory values and vital signs \
                   of adults cross their limit. Children keep their age, their drugs and their work, and get no larger \
                   dose; a patient who may be pregnant keeps drugs and measurements.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "One false supportive fact may shift confidence, but must not lower the urgency of what the \
                        photograph shows; a scenario on an irrelevant field may demand invariance, on a decisive one \
                        only measure.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[
            Parameter {
                name: "kind",
                doc: "the kind of fact; age, sex, side, duration or symptom, chosen at random, when left out",
                takes: Takes::Choice(&[
                    "age",
                    "sex",
                    "side",
                    "duration",
                    "symptom",
                    "site",
                    "diameter",
                    "severity",
                    "evolution",
                    "drug",
                    "dose",
                    "allergy",
                    "family-history",
                    "exposure",
                    "travel",
                    "contact",
                    "occupation",
                    "past-history",
                    "prior-treatment",
                    "prior-diagnosis",
                    "lab",
                    "vital-sign",
                ]),
                required: false,
            },
            Parameter { name: "field", doc: "the name of the field", takes: Takes::Field, required: false },
            Parameter {
                name: "pull",
                doc: "which way the falsehood must pull; any when left out",
                takes: Takes::Choice(&["reassuring", "alarming", "any"]),
                required: false,
            },
        ],
        references: &[
            "NICE guideline NG12: weighted seven-point checklist for pigmented lesions",
            "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: limits of vital signs",
            "Kelly et al., Aust Fam Physician 2003: elevated, firm and growing lesions",
            "Buckley et al., arXiv 2311.05591: misleading vignettes beside images",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let kind =
            setting.text("kind").and_then(|name| KINDS.iter().find(|(kind, _)| *kind == name)).map(|(_, kind)| *kind);
        let pull = match setting.text("pull") {
            Some("reassuring") => Some(Pull::Reassuring),
            Some("alarming") => Some(Pull::Alarming),
            _ => None,
        };
        Ok(Self { kind, field: setting.text("field").map(Into::into), pull })
    }
}

impl Perturbation for Contradict {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let found = self.candidates(&Ledger::open(&stimulus.history), cx)?;
        tell_first(stimulus, found, &self.wanted())
    }
}

impl Contradict {
    /// What was looked for, for the message when there is none.
    fn wanted(&self) -> String {
        let kind =
            self.kind.and_then(|kind| KINDS.iter().find(|(_, known)| *known == kind)).map_or("fact", |(name, _)| name);
        let pull = match self.pull {
            Some(Pull::Reassuring) => " that pulls towards reassurance",
            Some(Pull::Alarming) => " that pulls towards alarm",
            _ => "",
        };
        format!("no {kind} that can be told wrongly{pull}")
    }

    /// The falsehoods that fit, in a seeded order: fields at random, then the falsehoods of each.
    fn candidates(&self, ledger: &Ledger, cx: &Context<'_>) -> Result<Vec<(Field, Falsehood)>, Unfit> {
        let mut fields = self.fields(ledger)?;
        cx.rng.fork("field", 0).shuffle(&mut fields);
        let mut rng = cx.rng.fork("value", 0);
        let mut found = Vec::new();
        for field in fields {
            let mut own = falsehoods(ledger.history(), &field, &mut rng.fork(&field.name, 0));
            own.extend(cx.foil.and_then(|foil| of_foil(&field, foil)));
            rng.shuffle(&mut own);
            own.retain(|falsehood| self.pull.is_none_or(|pull| falsehood.pull == pull));
            found.extend(own.into_iter().map(|falsehood| (field.clone(), falsehood)));
        }
        Ok(found)
    }

    fn fields(&self, ledger: &Ledger) -> Result<Vec<Field>, Unfit> {
        let of_kind = |field: &Field| match self.kind {
            Some(Kind::Symptom) => is_complaint(field),
            Some(kind) => field.kind == kind,
            None if self.field.is_some() => is_complaint(field) || KINDS.iter().any(|(_, kind)| *kind == field.kind),
            None => is_complaint(field) || USUAL.contains(&field.kind),
        };
        match &self.field {
            Some(name) => {
                let field = told(ledger, name)?;
                let fits = of_kind(&field).then_some(field);
                fits.map(|field| vec![field])
                    .ok_or_else(|| Unfit::nothing(format!("field `{name}` is not of that kind")))
            }
            None => {
                let told =
                    ledger.history().fields.iter().filter(|field| field.value != Value::Deleted && of_kind(field));
                Ok(told.cloned().collect())
            }
        }
    }
}

/// The wrong diagnosis that is given, as an earlier one.
fn of_foil(field: &Field, foil: Foil<'_>) -> Option<Falsehood> {
    let told = match &field.value {
        Value::Stated(name) => !name.eq_ignore_ascii_case(foil.name),
        Value::Yes | Value::No => true,
        Value::Unknown | Value::Deleted => false,
    };
    let falsehood = || Falsehood { value: Value::Stated(foil.name.to_owned()), pull: foil.pull };
    (told && field.kind == Kind::PriorDiagnosis).then(falsehood)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied_at, check, consultation, field, history, round_trip};
    use crate::{History, Planted, Stream};

    fn of(kind: Kind, pull: Option<Pull>) -> Contradict {
        Contradict { kind: Some(kind), field: None, pull }
    }

    fn told_wrongly(kind: Kind, pull: Option<Pull>, before: &History, seed: u64) -> (History, Change) {
        let mut stimulus = Stimulus { history: before.clone(), ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(seed, &["t"]));
        let change = of(kind, pull).apply(&mut stimulus, &mut cx).unwrap();
        (stimulus.history, change)
    }

    #[test]
    fn an_age_moves_by_15_to_30_years_everywhere() {
        for seed in 0..30 {
            let before = history("A 64-year-old man. He is 64 years old.", vec![field("age", Kind::Age, "64")]);
            let (after, change) = told_wrongly(Kind::Age, None, &before, seed);
            let Value::Stated(age) = &after.fields[0].value else { panic!() };
            let years: i32 = age.parse().unwrap();
            assert!((15..=30).contains(&(years - 64).abs()) && (18..=95).contains(&years));
            let article = if age.starts_with('8') { "An" } else { "A" };
            assert_eq!(after.note.unwrap(), format!("{article} {age}-year-old man. He is {age} years old."));
            assert_eq!(change.pull, Some(if years < 64 { Pull::Reassuring } else { Pull::Alarming }));
        }
    }

    #[test]
    fn a_duration_moves_tenfold_everywhere() {
        let before =
            history("A 3-week history. It began 3 weeks ago.", vec![field("duration", Kind::Duration, "3 weeks")]);
        let (longer, _) = told_wrongly(Kind::Duration, Some(Pull::Reassuring), &before, 1);
        assert_eq!(longer.note.as_deref(), Some("A 7-month history. It began 7 months ago."));
        let (shorter, _) = told_wrongly(Kind::Duration, Some(Pull::Alarming), &before, 1);
        assert_eq!(shorter.note.as_deref(), Some("A 2-day history. It began 2 days ago."));
        assert_eq!(shorter.fields[0].value, Value::Stated("2 days".into()));
    }

    #[test]
    fn a_duration_stays_within_the_age() {
        let fields = vec![field("duration", Kind::Duration, "10 years"), field("age", Kind::Age, "64")];
        let none = applied_at(&of(Kind::Duration, Some(Pull::Reassuring)), &history("", fields), 1);
        assert!(none.is_err());
    }

    #[test]
    fn sex_and_side_swap_everywhere() {
        let fields = vec![
            field("sex", Kind::Sex, "female"),
            field("side", Kind::Side, "left"),
            field("site", Kind::Site, "left arm"),
        ];
        let before = history("A woman with a mole on her left arm.", fields);
        let (sex, change) = told_wrongly(Kind::Sex, None, &before, 1);
        assert_eq!(sex.note.as_deref(), Some("A man with a mole on his left arm."));
        assert_eq!(change.pull, Some(Pull::Neutral));
        let (side, _) = told_wrongly(Kind::Side, None, &before, 1);
        assert_eq!(side.note.as_deref(), Some("A woman with a mole on her right arm."));
        assert_eq!(side.field("site").unwrap().value, Value::Stated("right arm".into()));
    }

    #[test]
    fn a_complaint_is_told_the_other_way_once() {
        let table = [
            ("yes|It bleeds. No pain.", "There has been no bleeding. No pain."),
            ("yes|A bleeding mole on the arm.", "A mole on the arm. There has been no bleeding."),
            ("no|No itching, bleeding or pain.", "No itching or pain. There has been bleeding."),
            ("yes|It is itchy and has bled twice", "It is itchy. There has been no bleeding."),
            ("yes|It bleeds. She saw bleeding. It itches.", "There has been no bleeding. It itches."),
            ("no|It does not bleed.\nIt itches.", "There has been bleeding.\nIt itches."),
            ("no|She says it does not bleed. It itches.", "There has been bleeding. It itches."),
            ("yes|She says it bleeds. It itches.", "There has been no bleeding. It itches."),
            ("yes|He reports bleeding.", "There has been no bleeding."),
            ("no|He denies bleeding.", "There has been bleeding."),
            ("yes|Bleeds. Itching.", "There has been no bleeding. Itching."),
            ("no|No bleeding or itching.", "No itching. There has been bleeding."),
            ("yes|Bleeding: yes, itching: no.", "Itching: no. There has been no bleeding."),
        ];
        check(&table, |line| {
            let (value, note) = line.split_once('|').unwrap();
            let before = history(note, vec![field("bleeding", Kind::Symptom, value)]);
            let after = applied_at(&of(Kind::Symptom, None), &before, 1);
            after.map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn presence_alarms_and_absence_reassures() {
        let present = history("", vec![field("bleeding", Kind::Symptom, "yes")]);
        assert_eq!(told_wrongly(Kind::Symptom, None, &present, 1).1.pull, Some(Pull::Reassuring));
        let absent = history("", vec![field("bleeding", Kind::Symptom, "no")]);
        let (after, change) = told_wrongly(Kind::Symptom, None, &absent, 1);
        assert_eq!(change.pull, Some(Pull::Alarming));
        assert_eq!(change.planted, Some(Planted::Fact { field: "bleeding".into(), value: Value::Yes }));
        assert_eq!(after.fields[0].value, Value::Yes);
        assert!(applied_at(&of(Kind::Symptom, Some(Pull::Alarming)), &present, 1).is_err());
    }

    #[test]
    fn what_would_be_impossible_or_unsafe_is_unfit() {
        let unfit = |kind, fields, note| applied_at(&of(kind, None), &history(note, fields), 1).is_err();
        assert!(unfit(Kind::Sex, vec![field("sex", Kind::Sex, "female")], "She is pregnant."));
        assert!(unfit(Kind::Sex, vec![field("sex", Kind::Sex, "female"), field("pregnant", Kind::Other, "yes")], ""));
        assert!(unfit(Kind::Age, vec![field("age", Kind::Age, "7")], "A 7-year-old boy."));
        assert!(unfit(Kind::Age, vec![field("age", Kind::Age, "70")], "An elderly 70-year-old man."));
        assert!(unfit(Kind::Side, vec![field("side", Kind::Side, "left")], "Left hand and right foot."));
        assert!(unfit(Kind::Symptom, vec![field("itch", Kind::Symptom, "unknown")], ""));
        assert!(unfit(Kind::Symptom, vec![field("itch", Kind::Symptom, "no")], "It is very itchy."));
    }

    #[test]
    fn a_complaint_under_another_kind_is_one_all_the_same() {
        let before = history(
            "It has not grown. It is raised.",
            vec![field("growth", Kind::Evolution, "no"), field("elevation", Kind::Other, "yes")],
        );
        let (after, _) = told_wrongly(Kind::Symptom, Some(Pull::Alarming), &before, 1);
        assert_eq!(after.note.as_deref(), Some("It has become larger. It is raised."));
        let (after, _) = told_wrongly(Kind::Symptom, Some(Pull::Reassuring), &before, 1);
        assert_eq!(after.note.as_deref(), Some("It has not grown. It is not raised."));
    }

    #[test]
    fn stories_and_measurements_are_told_wrongly_everywhere() {
        let table = [
            ("travel|travel|no|It itches. No recent travel.", "It itches. There was a recent journey in the tropics."),
            (
                "contact|contact|a sick dog|Contact: a sick dog. It itches.",
                "There was no contact with anything catching. It itches.",
            ),
            ("sun_exposure|exposure|no|Little sun exposure. It itches.", "There have been many sunburns. It itches."),
            ("smoking|exposure|yes|The patient smokes. It itches.", "The patient does not smoke. It itches."),
            ("past_history|past_history|gout|PMH: gout. It itches.", "The past history is unremarkable. It itches."),
            (
                "prior_treatment|prior_treatment|no|Nothing has been tried so far. It itches.",
                "A steroid cream was tried without benefit. It itches.",
            ),
            ("occupation|occupation|farmer|A 64-year-old farmer with a rash.", "A 64-year-old teacher with a rash."),
            ("pulse|vital_sign|72/min|The pulse is 72/min.", "The pulse is 134/min."),
            ("temperature|vital_sign|39.0 °C|Temperature 39.0 °C, well.", "Temperature 36.8 °C, well."),
            ("creatinine|lab|0.8 mg/dl|Creatinine was 0.8 mg/dl.", "Creatinine was 3.6 mg/dl."),
        ];
        let kinds = [
            ("travel", Kind::Travel),
            ("contact", Kind::Contact),
            ("exposure", Kind::Exposure),
            ("past_history", Kind::PastHistory),
            ("prior_treatment", Kind::PriorTreatment),
            ("occupation", Kind::Occupation),
            ("vital_sign", Kind::VitalSign),
            ("lab", Kind::Lab),
        ];
        check(&table, |line| {
            let [name, kind, value, note] = line.split('|').collect::<Vec<_>>()[..] else { panic!() };
            let kind = kinds.iter().find(|(own, _)| *own == kind).unwrap().1;
            let before = history(note, vec![field(name, kind, value)]);
            assert!(round_trip(&of(kind, None), &before), "{name}");
            let after = applied_at(&of(kind, None), &before, 1);
            after.map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn an_earlier_diagnosis_becomes_the_wrong_one_that_is_given() {
        let before =
            history("It was diagnosed before.", vec![field("prior_diagnosis", Kind::PriorDiagnosis, "eczema")]);
        let (after, change) = told_wrongly(Kind::PriorDiagnosis, None, &before, 1);
        assert_eq!((after.fields[0].value.clone(), change.pull), (Value::No, Some(Pull::Neutral)));
        let made = |seed| applied_at(&of(Kind::PriorDiagnosis, None), &before, seed).unwrap().fields[0].value.clone();
        let values: std::collections::BTreeSet<String> = (0..20).map(|seed| format!("{:?}", made(seed))).collect();
        assert_eq!(values.len(), 2, "{values:?}");
    }

    #[test]
    fn a_patient_who_may_be_pregnant_keeps_drugs_and_measurements() {
        for (kind, name, value) in [(Kind::Drug, "drug", "prednisone"), (Kind::VitalSign, "pulse", "72/min")] {
            let note = format!("She is pregnant. {value}.");
            assert!(applied_at(&of(kind, None), &history(&note, vec![field(name, kind, value)]), 1).is_err());
        }
    }

    #[test]
    fn words_and_quantities_are_told_wrongly_everywhere() {
        let table = [
            ("diameter|diameter|12 mm|A 12-mm nodule.", "A 120-mm nodule."),
            ("site|site|forearm|A mole on the forearm.", "A mole on the elbow."),
            ("severity|severity|mild|The discomfort is mild.", "The discomfort is severe."),
            ("evolution|evolution|slowly enlarging|A slowly enlarging mole.", "A rapidly enlarging mole."),
            ("drug|drug|prednisone|She takes prednisone.", "She takes prednisolone."),
            ("dose|dose|20 mg|Takes prednisone 20 mg.", "Takes prednisone 20 µg."),
            ("allergy|allergy|no|It itches. No known allergies.", "It itches. There is a known allergy to penicillin."),
            (
                "allergy|allergy|penicillin|Allergic to penicillin. It itches.",
                "There are no known allergies. It itches.",
            ),
            (
                "family-history|family_history|no|Nothing runs in the family. It itches.",
                "There is skin cancer in the family. It itches.",
            ),
            (
                "family-history|skin_cancer_history|yes|There is skin cancer in the family.",
                "There is no skin cancer in the family.",
            ),
        ];
        check(&table, |line| {
            let [kind, name, value, note] = line.split('|').collect::<Vec<_>>()[..] else { panic!() };
            let kind = KINDS.iter().find(|(known, _)| *known == kind).unwrap().1;
            let pull = (kind == Kind::Diameter).then_some(Pull::Alarming);
            let after = applied_at(&of(kind, pull), &history(note, vec![field(name, kind, value)]), 2);
            after.map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn what_else_is_denied_stays_denied() {
        let fields = vec![field("family_history", Kind::FamilyHistory, "no")];
        for note in [
            "There is no family history of skin cancer or other serious skin conditions noted.",
            "assistant: Is there anything in the family?\nuser: There's no family history.",
        ] {
            let after = applied_at(&of(Kind::FamilyHistory, None), &history(note, fields.clone()), 1);
            assert!(matches!(after, Err(Unfit::Entangled { .. })), "{note}: {after:?}");
        }
    }

    #[test]
    fn a_site_beside_another_part_of_the_body_is_entangled() {
        let before = history("A mole on the forearm, near the elbow.", vec![field("site", Kind::Site, "forearm")]);
        assert!(matches!(applied_at(&of(Kind::Site, None), &before, 1), Err(Unfit::Entangled { .. })));
        let part = history("A mole on the lower leg.", vec![field("site", Kind::Site, "leg")]);
        assert!(matches!(applied_at(&of(Kind::Site, None), &part, 1), Err(Unfit::Entangled { .. })));
    }

    #[test]
    fn a_named_field_is_the_one_that_is_falsified() {
        let operator = Contradict { field: Some("pain".into()), ..Contradict::default() };
        let before = consultation();
        let after = applied_at(&operator, &before, 1).unwrap();
        let differ: Vec<_> =
            after.fields.iter().zip(&before.fields).filter(|(a, b)| a != b).map(|(a, _)| a.name.as_str()).collect();
        assert_eq!(differ, ["pain"]);
        let wrong = Contradict { field: Some("pain".into()), kind: Some(Kind::Age), pull: None };
        assert!(applied_at(&wrong, &before, 1).is_err());
    }

    #[test]
    fn the_ledger_goes_both_ways_for_every_kind() {
        for kind in USUAL {
            assert!(round_trip(&of(kind, None), &consultation()), "{kind:?}");
        }
    }
}
