//! Histories made up for pages and digests that show what the operators do: no text of a patient.

use bedside_perturbations::{Field, History, Kind, Value};

fn of(note: &str, fields: &[(&str, Kind, &str)]) -> History {
    let field = |(name, kind, value): &(&str, Kind, &str)| Field {
        name: (*name).into(),
        kind: *kind,
        value: Value::from((*value).to_owned()),
    };
    History { fields: fields.iter().map(field).collect(), note: Some(note.into()) }
}

/// A referral letter, a message of a patient, a note under headings, and a vignette.
pub fn cases() -> [(&'static str, History); 4] {
    let letter = of(
        "64-year-old woman with a 3-week history of a growing nodule on the left forearm. It is itchy and has bled twice. \
         She denies pain. It measures 12 mm. There is skin cancer in the family. She takes prednisone 20 mg daily. \
         Impression: dermatofibroma.",
        &[
            ("age", Kind::Age, "64"),
            ("sex", Kind::Sex, "female"),
            ("site", Kind::Site, "forearm"),
            ("side", Kind::Side, "left"),
            ("duration", Kind::Duration, "3 weeks"),
            ("growth", Kind::Symptom, "yes"),
            ("itch", Kind::Symptom, "yes"),
            ("bleeding", Kind::Symptom, "yes"),
            ("pain", Kind::Symptom, "no"),
            ("diameter", Kind::Diameter, "12 mm"),
            ("skin_cancer_history", Kind::FamilyHistory, "yes"),
            ("drug", Kind::Drug, "prednisone"),
            ("dose", Kind::Dose, "20 mg"),
            ("impression", Kind::Impression, "dermatofibroma"),
        ],
    );
    let message = of(
        "I'm a 35 year old man and I've had an itchy rash on my right ankle for two months. It's not painful. I don't know \
         which cream would help here; I have tried a moisturiser. Thanks for any advice!",
        &[
            ("age", Kind::Age, "35"),
            ("sex", Kind::Sex, "male"),
            ("site", Kind::Site, "ankle"),
            ("side", Kind::Side, "right"),
            ("duration", Kind::Duration, "two months"),
            ("itch", Kind::Symptom, "yes"),
            ("pain", Kind::Symptom, "no"),
            ("prior_treatment", Kind::PriorTreatment, "a moisturiser"),
        ],
    );
    let sections = of(
        "CC: Rash on the back.\nHPI: 52-year-old patient. The rash has been present for 5 months and has spread. It itches.\n\
         PMH: Hypertension.\nMedications: Amlodipine.\nAllergies: Penicillin.\nPlan: Please advise.",
        &[
            ("age", Kind::Age, "52"),
            ("site", Kind::Site, "back"),
            ("duration", Kind::Duration, "5 months"),
            ("spread", Kind::Symptom, "yes"),
            ("itch", Kind::Symptom, "yes"),
            ("past_history", Kind::PastHistory, "hypertension"),
            ("medication", Kind::Drug, "amlodipine"),
            ("allergy", Kind::Allergy, "penicillin"),
        ],
    );
    let vignette = of(
        "A 47-year-old man presents with a mole on his left cheek. He reports itch, and denies pain. His mother had \
         eczema as a child. He does not smoke.",
        &[
            ("age", Kind::Age, "47"),
            ("sex", Kind::Sex, "male"),
            ("site", Kind::Site, "cheek"),
            ("side", Kind::Side, "left"),
            ("itch", Kind::Symptom, "yes"),
            ("pain", Kind::Symptom, "no"),
            ("smoking", Kind::Exposure, "no"),
        ],
    );
    [("letter", letter), ("message", message), ("sections", sections), ("vignette", vignette)]
}
