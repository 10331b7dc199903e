//! One named field is not told.

use crate::history::erase::{Collateral, erase};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError, Stimulus,
    Takes, Target, Unfit,
};

/// Deletes one field and cuts every mention of it out of the note.
///
/// Where a mention cannot be cut out, a word that tells nothing takes its place ("my toe hurts": "a part of my body
/// hurts", "symptoms in my toe"), or the statement goes that tells it and nothing else.
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
            "Ward et al., JAMA Netw Open 2024, doi 10.1001/jamanetworkopen.2024.46615: share of gradable cases by \
             number of self-reported variables",
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
    use crate::history::samples::{applied, check, field, history, round_trip};
    use crate::{Kind, Value};

    fn dropped(note: &str, kind: Kind, name: &str, value: &str) -> String {
        let before = history(note, vec![field(name, kind, value)]);
        match applied(&DropField::of(name), &before) {
            Ok(after) if after.field(name).unwrap().value == Value::Deleted => after.note.unwrap(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn an_age_leaves_no_trace() {
        let table = [
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
        ];
        check(&table, |note| dropped(note, Kind::Age, "age", "64"));
    }

    #[test]
    fn an_age_of_a_child_leaves_no_child_behind() {
        let table = [
            (
                "We saw a 9-year-old boy with a rash. The boy is well.",
                "We saw a male patient with a rash. The male patient is well.",
            ),
            ("The patient is a girl aged 9. She is well.", "The patient is a female patient. She is well."),
            ("A rash on a 9 years old infant.", "A rash on a patient."),
            ("A 9-year-old boy. His mother had it as a child.", "A male patient. His mother had it as a child."),
            ("My boy is 9 years old and itches.", "My boy itches."),
        ];
        check(&table, |note| dropped(note, Kind::Age, "age", "9"));
        assert_eq!(dropped("A 19-year-old boy.", Kind::Age, "age", "19"), "A boy.");
        assert_eq!(dropped("The patient is a child aged 9. It itches.", Kind::Age, "age", "9"), "It itches.");
    }

    #[test]
    fn what_would_hang_in_the_air_stays() {
        let unfit = dropped("Look at the nails of her toes.", Kind::Site, "site", "nail");
        assert!(unfit.contains("Entangled"), "{unfit}");
        let unfit = dropped("The girl's hands are wet. She is well.", Kind::Sex, "sex", "female");
        assert!(unfit.contains("Entangled"), "{unfit}");
    }

    #[test]
    fn a_word_that_tells_nothing_takes_the_place_of_what_cannot_be_cut_out() {
        let table = [
            (
                "My forearm started hurting. My forearms itch.",
                "A part of my body started hurting. Parts of my body itch.",
            ),
            (
                "I broke my forearm; this infected forearm is red.",
                "I broke a part of my body; this infected part of the body is red.",
            ),
            ("Chest and forearm pain. He had forearm cramps.", "Chest pain. He had cramps."),
            ("A bump behind her forearm area.", "A bump."),
        ];
        check(&table, |note| dropped(note, Kind::Site, "site", "forearm"));
        let pains = [
            ("The pain in my chest has spread.", "The symptom in my chest has spread."),
            ("My chest hurts when I walk.", "My chest causes trouble when I walk."),
            ("I have had this huge pain behind my chest.", "I have had this huge symptom behind my chest."),
            ("My chest is quite sore now.", "My chest is affected now."),
            ("My chest does not hurt me.", "Err(Entangled { what: \"hurt\" })"),
        ];
        check(&pains, |note| {
            let fields = vec![field("hurt", Kind::Symptom, "yes"), field("site", Kind::Site, "chest")];
            let after = applied(&DropField::of("hurt"), &history(note, fields));
            after.map_or_else(|unfit| format!("Err({unfit:?})"), |after| after.note.unwrap())
        });
    }

    #[test]
    fn a_history_goes_with_what_it_is_of() {
        let table = [
            ("There is no known family history of heart disease or cancer. It itches.", "It itches."),
            ("No personal or family history of skin disease.", "No personal history of skin disease."),
            ("user: No, there is no family history of eye disease.\nassistant: Thanks.", "assistant: Thanks."),
        ];
        check(&table, |note| dropped(note, Kind::FamilyHistory, "family_history", "no"));
    }

    #[test]
    fn a_size_goes_with_its_measure() {
        let table = [
            ("A 4-cm tender ulcer.", "A tender ulcer."),
            ("A 1- to 4-cm pink papule.", "A pink papule."),
            ("The size is 4-cm x 2 cm. It itches.", "It itches."),
        ];
        check(&table, |note| dropped(note, Kind::Diameter, "diameter", "4-cm"));
    }

    #[test]
    fn an_answer_goes_with_its_question() {
        let note = "assistant: Hi!\nuser: A rash.\nassistant: Any itch?\nuser: It itches.\nassistant: For how long?\nuser: A week.";
        assert_eq!(
            dropped(note, Kind::Symptom, "itch", "yes"),
            "assistant: Hi!\nuser: A rash.\nassistant: For how long?\nuser: A week."
        );
        let note = "assistant: Hi!\nuser: It itches. It is red.\nassistant: Thanks.";
        assert_eq!(dropped(note, Kind::Symptom, "itch", "yes"), "assistant: Hi!\nuser: It is red.\nassistant: Thanks.");
    }

    #[test]
    fn a_duration_leaves_no_trace() {
        let table = [
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
        ];
        check(&table, |note| dropped(note, Kind::Duration, "duration", "3 weeks"));
    }

    #[test]
    fn a_complaint_leaves_no_trace() {
        let table = [
            ("It is itchy. It bleeds.", "It bleeds."),
            ("Recurrent and is itchy. It bleeds.", "Recurrent. It bleeds."),
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
            ("A rash, which itches, on the arm.", "A rash on the arm."),
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
            ("Recurrent, itchy but not painful.", "Recurrent but not painful."),
            ("Itching: no, bleeding: yes.", "Bleeding: yes."),
            ("Bleeding: yes, itching: no, pain: no.", "Bleeding: yes, pain: no."),
            ("It has itched and bled.", "It has bled."),
            ("It has itched and bleeds.", "It bleeds."),
            ("Not known whether it itches or has bled.", "Not known whether it has bled."),
        ];
        check(&table, |note| dropped(note, Kind::Symptom, "itch", "yes"));
    }

    #[test]
    fn other_facts_in_the_sentence_stay() {
        let table = [
            ("It has been itchy for 3 weeks.", "It has been present for 3 weeks."),
            ("A 3-week history of itching.", "A 3-week history of symptoms."),
            ("Itchy for 3 weeks.", "Present for 3 weeks."),
            ("She reports itching for 3 weeks.", "She reports symptoms for 3 weeks."),
            ("It is painful and itchy for 3 weeks.", "It is painful for 3 weeks."),
        ];
        check(&table, |note| {
            let fields = vec![field("itch", Kind::Symptom, "yes"), field("duration", Kind::Duration, "3 weeks")];
            let after = applied(&DropField::of("itch"), &history(note, fields));
            after.map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    /// No family history of one thing or another: neither may be left as if it were there.
    #[test]
    fn a_denial_stays_a_denial() {
        for (kind, name, value, note) in [
            (Kind::FamilyHistory, "family_history", "melanoma", "No family history of melanoma or other skin cancer."),
            (Kind::FamilyHistory, "family_history", "no", "No family history of melanoma or other skin cancer."),
            (
                Kind::FamilyHistory,
                "skin_cancer_history",
                "no",
                "She has no family history of skin cancer or other tumours.",
            ),
            (Kind::PastHistory, "past_history", "asthma", "There is no history of asthma, eczema or other atopy."),
            (Kind::Drug, "medication", "no", "He is not on any medication or herbal remedies."),
            (Kind::Allergy, "allergy", "no", "No known allergies or previous reactions to drugs."),
            (Kind::Travel, "travel", "no", "She denies recent travel, insect bites or new pets."),
            (Kind::Contact, "contact", "no", "No contact with sick people or animals."),
            (Kind::Symptom, "fever", "no", "No fever, weight loss, or a general feeling of being unwell."),
            (Kind::Symptom, "pain", "no", "I have no pain, discharge or any other problem with it."),
            (Kind::Exposure, "smoking", "no", "He has never smoked or used recreational drugs."),
        ] {
            let before = history(note, vec![field(name, kind, value)]);
            let Ok(after) = applied(&DropField::of(name), &before) else { continue };
            let after = after.note.unwrap();
            assert!(crate::history::denial::is_kept(note, &after), "{note} -> {after}");
        }
        let kept = "No family history of melanoma or other skin cancer.";
        let made = dropped(kept, Kind::FamilyHistory, "family_history", "melanoma");
        assert!(!made.starts_with("Other"), "{made}");
    }

    #[test]
    fn a_site_goes_with_its_preposition() {
        let table = [
            ("A mole on the forearm.", "A mole."),
            ("A mole on her forearm that itches.", "A mole that itches."),
            ("A mole on the back of the forearm.", "A mole."),
            ("The rash is on the forearm. It itches.", "It itches."),
            ("There is a rash on the forearm.", "There is a rash."),
            ("This happens every summer, only on the forearm.", "This happens every summer."),
            ("Itchy rash on the forearm for 3 weeks.", "Itchy rash for 3 weeks."),
        ];
        check(&table, |note| dropped(note, Kind::Site, "site", "forearm"));
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
        let table = [
            ("A mole. Impression: eczema.", "A mole."),
            ("I suspect eczema. A rash.", "A rash."),
            ("A rash, ?eczema.", "A rash."),
        ];
        check(&table, |note| dropped(note, Kind::Impression, "impression", "eczema"));
    }

    #[test]
    fn literal_facts_are_cut_out() {
        let table = [
            ("Takes warfarin. It bleeds.", "It bleeds."),
            ("She takes warfarin and aspirin.", "She takes aspirin."),
            ("Medication: warfarin, aspirin.", "Medication: aspirin."),
        ];
        check(&table, |note| dropped(note, Kind::Drug, "drug", "warfarin"));
    }

    /// Sentences that tell one fact, parted by `|`.
    #[rustfmt::skip]
    const ALONE: &[(Kind, &str, &str, &str)] = &[
        (Kind::Allergy, "allergy", "no",
            "She has no known allergies.|No known allergies.|There is no known allergy.|Allergies: none known.|\
             He denies allergies."),
        (Kind::Allergy, "allergy", "penicillin",
            "She is allergic to penicillin.|Allergic to penicillin.|Known allergy: penicillin.|\
             He reports an allergy to penicillin."),
        (Kind::FamilyHistory, "family_history", "no",
            "The family history is unremarkable.|FH: nil.|There is no relevant family history.|\
             Nothing runs in the family.|Her family history is clear."),
        (Kind::FamilyHistory, "family_history", "asthma and hay fever",
            "There is asthma and hay fever in the family.|FH: asthma and hay fever.|\
             Runs in the family: asthma and hay fever.|His family history includes asthma and hay fever."),
        (Kind::PastHistory, "past_history", "no",
            "The past history is unremarkable.|PMH: nil.|There is no relevant past history.|\
             Medical history: nothing of note.|Her history is otherwise clear."),
        (Kind::PastHistory, "past_history", "dry itchy skin since childhood",
            "The past history includes dry itchy skin since childhood.|PMH: dry itchy skin since childhood.|\
             Her history includes dry itchy skin since childhood."),
        (Kind::Drug, "new_drug", "no",
            "She has not started any new medicine.|No new drugs.|No new drug has been started.|\
             No medicine was started recently.|He denies new medication."),
        (Kind::Drug, "new_drug", "amoxicillin",
            "She recently started amoxicillin.|New drug: amoxicillin.|A new drug was started recently: amoxicillin.|\
             Newly started medicine: amoxicillin.|He was put on amoxicillin in the last weeks."),
        (Kind::Drug, "medication", "no",
            "She takes no regular medication.|No regular medication.|There is no regular medication.|\
             She is on no regular medication.|He takes nothing regularly."),
        (Kind::Drug, "medication", "a statin",
            "She regularly takes a statin.|Takes a statin.|Regular medication is a statin.|She is on a statin.|\
             Her usual medication is a statin."),
        (Kind::Exposure, "sun_exposure", "no",
            "There has been little sun exposure.|Little sun exposure.|She has never been in the sun much.|\
             She denies much sun exposure."),
        (Kind::Exposure, "sun_exposure", "many sunburns",
            "There has been much sun, with many sunburns.|Sun: many sunburns.|She reports many sunburns.|\
             As to sun, she mentions many sunburns."),
        (Kind::Contact, "contact", "no",
            "She has had no contact with anything catching.|No relevant contacts.|\
             There was no contact with anyone ill.|She knows nobody with anything similar.|\
             He denies contact with anyone ill."),
        (Kind::Contact, "contact", "a relative with an itchy rash",
            "She has had contact with a relative with an itchy rash.|Contact: a relative with an itchy rash.|\
             On asking about contacts, she names a relative with an itchy rash.|\
             She mentions a relative with an itchy rash."),
        (Kind::PriorTreatment, "prior_treatment", "no",
            "Nothing has been tried so far.|No treatment yet.|There has been no treatment so far.|\
             She has not tried anything.|He has not used any treatment."),
        (Kind::PriorTreatment, "prior_treatment", "a moisturiser without effect",
            "She has tried a moisturiser without effect.|Tried: a moisturiser without effect.|\
             Treatment so far: a moisturiser without effect.|So far she has used a moisturiser without effect."),
        (Kind::Diameter, "diameter", "12 mm",
            "It measures 12 mm across.|Diameter 12 mm.|The largest area is 12 mm wide.|The ruler shows 12 mm.|\
             I measured 12 mm."),
        (Kind::Evolution, "evolution", "slowly enlarging",
            "It has been slowly enlarging.|Course: slowly enlarging.|Since it began it has been slowly enlarging.|\
             She describes it as slowly enlarging.|She reports that it has been slowly enlarging."),
        (Kind::Impression, "impression", "actinic keratosis",
            "My impression is actinic keratosis.|Impression: actinic keratosis.|\
             Working diagnosis: actinic keratosis.|The doctor suspects actinic keratosis.|\
             I wonder about actinic keratosis."),
        (Kind::Duration, "duration", "3 weeks",
            "It has been present for 3 weeks.|3-week history.|There is a 3-week history.|She has had it for 3 weeks.|\
             This has been going on for 3 weeks."),
        (Kind::Symptom, "growth", "yes",
            "It has grown.|Growing.|It is growing.|She thinks it has grown.|He reports that it is growing."),
        (Kind::Symptom, "growth", "no",
            "It has not grown.|Not growing.|She does not think it has grown.|He denies growth."),
        (Kind::Symptom, "fever", "no",
            "She has no fever.|No fever.|There is no fever.|She is not febrile today.|He denies fever."),
        (Kind::Symptom, "mouth_sores", "yes",
            "She has sores in the mouth.|Mouth sores.|There are sores in the mouth.|She mentions mouth sores."),
        (Kind::Symptom, "pain", "no",
            "It is not painful.|No pain.|She says it is not painful.|He denies pain."),
    ];

    #[test]
    fn a_sentence_about_one_fact_goes_with_it() {
        for (kind, name, value, sentences) in ALONE {
            let notes: Vec<String> = sentences.split('|').map(|sentence| format!("{sentence} It scales.")).collect();
            let table: Vec<_> = notes.iter().map(|note| (note.as_str(), "It scales.")).collect();
            check(&table, |note| dropped(note, *kind, name, value));
        }
    }

    #[test]
    fn a_history_of_short_sentences_loses_one_at_a_time() {
        let facts = [
            ("age", Kind::Age, "71"),
            ("sex", Kind::Sex, "female"),
            ("site", Kind::Site, "ear"),
            ("diameter", Kind::Diameter, "5 by 3 mm"),
            ("itching", Kind::Symptom, "yes"),
            ("growth", Kind::Evolution, "unknown"),
            ("pain", Kind::Symptom, "yes"),
            ("change", Kind::Evolution, "no"),
            ("bleeding", Kind::Symptom, "yes"),
            ("elevation", Kind::Other, "no"),
            ("skin_cancer_history", Kind::FamilyHistory, "yes"),
            ("cancer_history", Kind::FamilyHistory, "no"),
            ("smoking", Kind::Exposure, "no"),
            ("alcohol", Kind::Exposure, "yes"),
            ("pesticide_exposure", Kind::Exposure, "no"),
        ];
        let sentences = [
            "71-year-old woman with a lesion on the ear.",
            "It measures 5 by 3 mm.",
            "It itches.",
            "It is not known whether it has grown.",
            "It hurts.",
            "It has not changed.",
            "It has bled.",
            "It is not raised.",
            "There is skin cancer in the family.",
            "There is no cancer in the family.",
            "The patient does not smoke.",
            "The patient drinks alcohol.",
            "The patient has not been exposed to pesticides.",
        ];
        let opening = [
            "Woman with a lesion on the ear.",
            "71-year-old patient with a lesion on the ear.",
            "71-year-old woman with a lesion.",
        ];
        let note = sentences.join(" ");
        for (at, (name, _, _)) in facts.iter().enumerate() {
            let fields = facts.map(|(name, kind, value)| field(name, kind, value)).into();
            let after = applied(&DropField::of(*name), &history(&note, fields)).unwrap().note.unwrap();
            let expected = match opening.get(at) {
                Some(opening) => note.replace(sentences[0], opening),
                None => note.replace(&format!(" {}", sentences[at - 2]), ""),
            };
            assert_eq!(after, expected, "{name}");
        }
    }

    #[test]
    fn a_bounded_age_goes_whole() {
        let before = history("Woman aged 90 or older with a lesion.", vec![field("age", Kind::Age, "90 or older")]);
        assert_eq!(applied(&DropField::of("age"), &before).unwrap().note.as_deref(), Some("Woman with a lesion."));
    }

    #[test]
    fn an_opening_loses_one_fact_at_a_time() {
        let fields = || {
            let complaint = field("complaint", Kind::Other, "lesion");
            vec![
                field("age", Kind::Age, "81"),
                field("sex", Kind::Sex, "female"),
                complaint,
                field("site", Kind::Site, "forearm"),
                field("side", Kind::Side, "left"),
            ]
        };
        let table = [
            (
                "age|Thank you for seeing this 81-year-old woman with a lesion on the left forearm.",
                "Thank you for seeing this woman with a lesion on the left forearm.",
            ),
            (
                "sex|We saw an 81-year-old woman who has a lesion on the left forearm.",
                "We saw an 81-year-old patient who has a lesion on the left forearm.",
            ),
            (
                "complaint|81-year-old woman with a lesion on the left forearm.",
                "81-year-old woman with a skin problem on the left forearm.",
            ),
            (
                "site|81-year-old woman with a lesion on the left forearm.",
                "81-year-old woman with a lesion on the left side of the body.",
            ),
            (
                "side|81-year-old woman with a lesion on the left forearm.",
                "81-year-old woman with a lesion on the forearm.",
            ),
            (
                "side|81-year-old woman with a lesion on the left side of the forearm.",
                "81-year-old woman with a lesion on the forearm.",
            ),
            (
                "site|81-year-old woman with a lesion on the left side of the forearm.",
                "81-year-old woman with a lesion on the left side of the body.",
            ),
            ("age|A photo. The patient is a woman aged 81.", "A photo. The patient is a woman."),
            ("sex|A photo. The patient is a woman aged 81.", "A photo. The patient is aged 81."),
            ("age|We saw an 81-year-old patient who has a lesion.", "We saw a patient who has a lesion."),
        ];
        check(&table, |line| {
            let (name, note) = line.split_once('|').unwrap();
            let after = applied(&DropField::of(name), &history(note, fields()));
            after.map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn a_list_that_belongs_to_the_fact_is_entangled() {
        for note in ["It is unchanged in size, shape or colour.", "It has been changing in size and colour for years."]
        {
            let before = history(note, vec![field("changed", Kind::Symptom, "no")]);
            assert!(matches!(applied(&DropField::of("changed"), &before), Err(Unfit::Entangled { .. })), "{note}");
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
