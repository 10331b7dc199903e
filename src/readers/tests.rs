use super::*;
use crate::protocol::Form;
use proptest::prelude::*;

fn contract() -> Contract {
    Contract { form: Form::Json, entries: 5, may_abstain: true, triage: true, probabilities: true }
}

fn answer(text: &str, finish: Finish) -> Answer {
    Answer { text: text.into(), finish, served: None, usage: None, attempts: 1 }
}

pub(super) fn reading(text: &str, finish: Finish) -> Reading {
    read(&answer(text, finish), &contract(), &Scale::default(), Lexicon::embedded())
}

/// A reading in one line: `melanoma 0.6, ?other; urgent; commits; retake; doubts history`, or why it is missing.
pub(super) fn line(reading: &Reading) -> String {
    if let Some(reason) = reading.lost() {
        return format!("{reason:?}").to_lowercase();
    }
    let entry = |ranked: &Ranked| {
        let mark = if ranked.diagnosis.id().is_none() { "?" } else { "" };
        let share = ranked.probability.map(|p| format!(" {p}")).unwrap_or_default();
        format!("{mark}{}{share}", ranked.diagnosis.words())
    };
    let mut parts = vec![reading.list().iter().map(entry).collect::<Vec<_>>().join(", ")];
    parts.push(match &reading.triage {
        Part::Read(level) => level.clone(),
        Part::NotAsked => "not asked".into(),
        Part::Missing(_) => "-".into(),
    });
    parts.push(match reading.stance {
        Part::Read(stance) => format!("{stance:?}").to_lowercase(),
        _ => "-".into(),
    });
    parts.extend(reading.asks.iter().map(|ask| match ask {
        Ask::Retake => "retake".into(),
        Ask::InPerson => "in person".into(),
        Ask::Missing(field) => format!("asks {field}"),
    }));
    parts.extend(reading.challenges.iter().map(|challenge| format!("doubts {challenge:?}").to_lowercase()));
    parts.join("; ")
}

fn check(table: &[(&str, &str)]) {
    crate::tables::all_read(table, |text| line(&reading(text, Finish::Complete)));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn structured_answers_are_read() {
    check(&[
        (
            r#"{"differential": [{"diagnosis": "Melanoma", "probability": 0.6}, {"diagnosis": "Naevus", "probability": 0.3}], "triage": "urgent", "abstain": false, "retake_photo": false, "asks_for": [], "notes": ""}"#,
            "melanoma 0.6, melanocytic_naevus 0.3; urgent; commits",
        ),
        (
            r#"{"differential": ["BCC", "SCC", "actinic keratosis"], "triage": "Soon"}"#,
            "basal_cell_carcinoma, squamous_cell_carcinoma, actinic_keratosis; soon; commits",
        ),
        (
            "```json\n{\"differential\": [{\"diagnosis\": \"psoriasis\", \"probability\": 70}], \"triage\": \"routine\"}\n```",
            "psoriasis 0.7; routine; commits",
        ),
        (
            "Sure! Here is my assessment:\n\n```json\n{\"differential\": [{\"diagnosis\": \"tinea corporis\"}], \"triage\": \"routine\"}\n```\nLet me know if you need more.",
            "tinea_corporis; routine; commits",
        ),
        (
            "I looked at {the image}. {\"differential\": [\"urticaria\"], \"triage\": \"routine\"} I hope this helps.",
            "urticaria; routine; commits",
        ),
        (
            "Draft: {\"differential\": [\"eczema\"], \"triage\": \"routine\"}\nOn reflection: {\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}",
            "melanoma; urgent; commits",
        ),
        (
            "<think>{\"differential\": [\"naevus\"]} or perhaps not</think>{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}",
            "melanoma; urgent; commits",
        ),
        (
            "<think>It could be psoriasis.\n1. psoriasis\n2. eczema</think>\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}",
            "melanoma; urgent; commits",
        ),
        (r#"{"answer": {"differential": ["wart"], "triage": "routine"}}"#, "wart; routine; commits"),
        (r#"[{"differential": ["wart"], "triage": "routine"}]"#, "wart; routine; commits"),
        (r#"["melanoma", "naevus"]"#, "melanoma, melanocytic_naevus; -; commits"),
        (
            r#"{"differential": {"melanoma": 0.2, "naevus": 0.8}, "triage": "soon"}"#,
            "melanoma 0.2, melanocytic_naevus 0.8; soon; commits",
        ),
        (
            r#"{"differential": {"1": "melanoma", "2": "naevus"}, "triage": "soon"}"#,
            "melanoma, melanocytic_naevus; soon; commits",
        ),
        (
            r#"{"differential": "melanoma, naevus, wart", "triage": "soon"}"#,
            "melanoma, melanocytic_naevus, wart; soon; commits",
        ),
        (r#"{"diagnosis": "melanoma", "confidence": 0.9, "triage": "urgent"}"#, "melanoma 0.9; urgent; commits"),
        (
            r#"{"Most likely diagnosis": "BCC", "Differential-Diagnosis": ["SCC", "BCC"], "Urgency": "soon"}"#,
            "basal_cell_carcinoma, squamous_cell_carcinoma; soon; commits",
        ),
        (
            r#"{"differential": [{"name": "Melanoma", "likelihood": "65%"}, {"condition": "Naevus", "likelihood": "low"}], "triage": {"level": "urgent", "reason": "x"}}"#,
            "melanoma 0.65, melanocytic_naevus; urgent; commits",
        ),
        (
            r#"{"differential": [{"diagnosis": "SCC"}, {"diagnosis": "squamous cell carcinoma"}, {"diagnosis": "AK"}], "triage": "urgent"}"#,
            "squamous_cell_carcinoma, actinic_keratosis; urgent; commits",
        ),
        (
            r#"{"differential": ["BCC", "SCC", "AK", "SK", "melanoma", "naevus", "wart"], "triage": "soon"}"#,
            "basal_cell_carcinoma, squamous_cell_carcinoma, actinic_keratosis, seborrhoeic_keratosis, melanoma; soon; commits",
        ),
        (
            r#"{"differential": ["Zebra granuloma", "amelanotic melanoma"], "triage": "urgent"}"#,
            "?zebra granuloma, melanoma; urgent; commits",
        ),
        (
            r#"{"differential": ["1. Melanoma (50%)", "2. Naevus (30%)"], "triage": "urgent"}"#,
            "melanoma 0.5, melanocytic_naevus 0.3; urgent; commits",
        ),
        (r#"{"differential": ["melanoma",], "triage": "urgent",}"#, "melanoma; urgent; commits"),
        (
            r#"{'differential': [{'diagnosis': 'melanoma', 'probability': 0.5}], 'triage': 'urgent', 'abstain': False}"#,
            "melanoma 0.5; urgent; commits",
        ),
        (
            r#"{"differential": ["melanoma vs naevus"], "triage": "urgent"}"#,
            "melanoma, melanocytic_naevus; urgent; commits",
        ),
        (r#"{"differential": ["melanoma"], "triage": "urgent or emergency"}"#, "melanoma; -; commits"),
        (r#"{"differential": ["melanoma"]}"#, "melanoma; -; commits"),
        (r#"{"differential": ["melanoma"], "triage": null}"#, "melanoma; -; commits"),
        (
            r#"{"differential": ["eczema herpeticum"], "triage": "Emergency - same day", "asks_for": ["duration", "fever"], "retake_photo": true}"#,
            "eczema_herpeticum; emergency; commits; retake; asks duration; asks fever",
        ),
        (
            r#"{"differential": ["melanoma"], "triage": "urgent", "asks_for": ["a clearer photo", "in-person examination"]}"#,
            "melanoma; urgent; commits; retake; in person",
        ),
        (
            r#"{"differential": ["melanoma"], "triage": "urgent", "notes": "The history does not fit the image."}"#,
            "melanoma; urgent; commits; doubts history",
        ),
        (
            r#"{"differential": ["melanoma"], "triage": "urgent", "challenges": ["image"]}"#,
            "melanoma; urgent; commits; doubts image",
        ),
        (
            r#"{"differential": ["melanoma"], "triage": "urgent", "notes": "Low confidence: limited by poor image quality."}"#,
            "melanoma; urgent; hedges",
        ),
        (
            r#"{"differential": ["melanoma"], "triage": "urgent", "notes": "A definitive diagnosis needs histology; melanoma cannot be excluded."}"#,
            "melanoma; urgent; commits",
        ),
    ]);
}

#[test]
fn answers_that_abstain_are_told_from_refusals_and_from_rubbish() {
    check(&[
        (r#"{"differential": [], "abstain": true, "retake_photo": true}"#, "; -; abstains; retake"),
        (r#"{"differential": [], "abstain": "yes", "triage": "soon"}"#, "; soon; abstains"),
        (r#"{"abstain": true, "notes": "The photo is too blurry to assess."}"#, "; -; abstains"),
        (r#"{"differential": ["melanoma"], "abstain": true, "triage": "urgent"}"#, "melanoma; urgent; abstains"),
        (r#"{"differential": [], "retake_photo": true, "triage": "soon"}"#, "; soon; abstains; retake"),
        (r#"{"differential": [], "notes": "The image cannot be assessed."}"#, "; -; abstains"),
        (
            r#"{"differential": [{"diagnosis": "Unable to determine", "probability": 1.0}], "triage": "routine"}"#,
            "; routine; abstains",
        ),
        (r#"{"differential": ["indeterminate", "melanoma"], "triage": "urgent"}"#, "melanoma; urgent; hedges"),
        (r#"{"differential": null, "abstain": true}"#, "; -; abstains"),
        (r#"{"differential": [], "abstain": false, "triage": "urgent"}"#, "unreadable"),
        (r#"{"differential": []}"#, "unreadable"),
        (r#"{"refusal": "I cannot help with that."}"#, "refused"),
        (r#"{"differential": [], "notes": "I'm sorry, but I can't help with medical images."}"#, "refused"),
        ("I'm sorry, but I can't assist with that request.", "refused"),
        ("As an AI language model, I cannot provide medical advice. Please see a doctor.", "refused"),
        ("I can’t provide a medical diagnosis.", "refused"),
        (
            "I cannot make a diagnosis from this photograph because it is too blurry. Please retake the photo in daylight.",
            "; -; abstains; retake",
        ),
        ("The image is too dark to assess. Could you upload a clearer image?", "; -; abstains; retake"),
        ("No image was provided, so I am unable to assess the lesion.", "; -; abstains"),
        ("Unable to determine.", "; -; abstains"),
        ("There is insufficient information. Please provide the duration.", "; -; abstains; asks duration"),
        ("", "unreadable"),
        ("   \n", "unreadable"),
        ("OK.", "unreadable"),
        ("502 Bad Gateway", "unreadable"),
        ("Internal server error", "unreadable"),
        (r#"{"differential": ["N/A"]}"#, "unreadable"),
        ("<html><body>error</body></html>", "unreadable"),
        ("{}", "unreadable"),
        ("null", "unreadable"),
        (r#"{"triage": "urgent"}"#, "unreadable"),
        (r#"{"differential": [{"diagnosis": "mel"#, "unreadable"),
        ("<think>I never stop thinking about melanoma", "unreadable"),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn prose_is_read() {
    check(&[
        ("Melanoma", "melanoma; -; commits"),
        ("Zebra granuloma", "?zebra granuloma; -; commits"),
        ("Answer: B) Melanoma", "melanoma; -; commits"),
        ("**Melanoma**", "melanoma; -; commits"),
        (
            "1. Melanoma (60%)\n2. Dysplastic naevus (25%)\n3. Seborrheic keratosis (15%)\n\nTriage: urgent",
            "melanoma 0.6, melanocytic_naevus 0.25, seborrhoeic_keratosis 0.15; urgent; commits",
        ),
        (
            "## Differential diagnosis\n\n1. **Basal cell carcinoma** – pearly nodule with telangiectasia.\n2. **Intradermal naevus** – soft.\n\n**Triage:** Soon (within eight weeks)\n",
            "basal_cell_carcinoma, melanocytic_naevus; soon; commits",
        ),
        (
            "**Differential Diagnosis:**\n- Psoriasis: well-demarcated plaques\n- Nummular eczema\n- Tinea corporis\n\n**Triage level:** routine",
            "psoriasis, nummular_dermatitis, tinea_corporis; routine; commits",
        ),
        (
            "The most likely diagnosis is squamous cell carcinoma. The differential includes actinic keratosis and keratoacanthoma. Urgent referral is advised.",
            "squamous_cell_carcinoma, actinic_keratosis, keratoacanthoma; urgent; commits",
        ),
        (
            "Most likely diagnosis: Melanoma\nDifferential: dysplastic naevus, pigmented BCC, or seborrhoeic keratosis.\nUrgency: urgent",
            "melanoma, melanocytic_naevus, basal_cell_carcinoma, seborrhoeic_keratosis; urgent; commits",
        ),
        (
            "Differential: 1) eczema herpeticum 2) impetigo 3) atopic eczema. Triage: emergency.",
            "eczema_herpeticum, impetigo, atopic_eczema; emergency; commits",
        ),
        (
            "This lesion is most consistent with a seborrhoeic keratosis. There is no evidence of melanoma. It can wait for a routine appointment.",
            "seborrhoeic_keratosis; routine; commits",
        ),
        (
            "Although the referrer suggests eczema, the picture is suspicious for melanoma. She should be seen within two weeks.",
            "melanoma; urgent; commits",
        ),
        (
            "Findings:\n1. Asymmetry\n2. Irregular border\n\nDifferential diagnosis:\n1. Melanoma\n2. Atypical naevus\n\nRecommendations:\n1. Excision biopsy\n2. Urgent referral",
            "melanoma, melanocytic_naevus; urgent; commits",
        ),
        (
            "Let me think. It could be 1. eczema 2. psoriasis.\n\nFinal answer:\n1. Tinea corporis\n2. Nummular eczema\nTriage: routine",
            "tinea_corporis, nummular_dermatitis; routine; commits",
        ),
        (
            "<think>\n1. naevus\n2. wart\n</think>\n1. Melanoma\n2. BCC\nTriage: urgent",
            "melanoma, basal_cell_carcinoma; urgent; commits",
        ),
        (
            "| # | Diagnosis | Probability |\n|---|---|---|\n| 1 | Stevens-Johnson syndrome | 70% |\n| 2 | Erythema multiforme | 20% |\n\nTriage: **Emergency**",
            "stevens_johnson_syndrome 0.7, erythema_multiforme 0.2; emergency; commits",
        ),
        (
            "1. Zebra granuloma\n2. Amelanotic melanoma\n3. Kaposi sarcoma\nTriage: urgent",
            "?zebra granuloma, melanoma, kaposi_sarcoma; urgent; commits",
        ),
        (
            "Differential diagnosis:\n1. Granuloma annulare\n2. Sarcoidosis\n\nTriage: routine",
            "granuloma_annulare, sarcoidosis; routine; commits",
        ),
        (
            "### 1. Meningococcal septicaemia\nNon-blanching rash, unwell.\n### 2. Henoch-Schönlein purpura\n\n### Triage\nEmergency",
            "meningococcal_purpura, iga_vasculitis; emergency; commits",
        ),
        (
            "It is hard to tell from this image, but I favour psoriasis. A clearer photo would help. Triage: routine.",
            "psoriasis; routine; hedges; retake",
        ),
        (
            "Diagnosis: urticaria\nTriage: not urgent\nThe stated duration does not match the photo.",
            "urticaria; routine; commits; doubts history",
        ),
        (
            "Likely urticaria. Please provide the duration. Triage: routine",
            "urticaria; routine; commits; asks duration",
        ),
        (
            "I cannot provide a definitive diagnosis, but the leading diagnosis is basal cell carcinoma. Triage: soon",
            "basal_cell_carcinoma; soon; commits",
        ),
        ("Melanoma, SCC", "melanoma, squamous_cell_carcinoma; -; commits"),
    ]);
}

#[test]
fn unusual_forms_are_read() {
    check(&[
        (
            r#"{"differential": [["melanoma", 0.7], ["naevus", 0.3]], "triage": "soon"}"#,
            "melanoma 0.7, melanocytic_naevus 0.3; soon; commits",
        ),
        (
            r#"{"differential": [{"diagnosis": {"name": "Melanoma", "icd10": "C43.9"}, "probability": 0.7, "rank": 1}], "triage": "soon"}"#,
            "melanoma 0.7; soon; commits",
        ),
        (
            r#"{"differential": {"first": {"name": "Melanoma"}, "second": {"name": "Wart"}, "reasoning": "irregular"}, "triage": "soon"}"#,
            "melanoma, wart; soon; commits",
        ),
        (
            "Melanoma: 60%\nNaevus: 30%\nSK: 10%\nTriage: urgent",
            "melanoma 0.6, melanocytic_naevus 0.3, seborrhoeic_keratosis 0.1; urgent; commits",
        ),
        (
            "Zebra granuloma\n\nA friable red papule with a collarette that bled after minor trauma, typical of the condition.",
            "?zebra granuloma; -; commits",
        ),
        (
            "The differential diagnosis includes melanoma, a dysplastic naevus and seborrhoeic keratosis, in that order.",
            "melanoma, melanocytic_naevus, seborrhoeic_keratosis; -; commits",
        ),
        (
            "**Primary diagnosis:** Melanoma (70%)\n**Differentials:** naevus (20%), SK (10%)\n\nUrgency: Routine. If it changes, refer urgently.",
            "melanoma 0.7, melanocytic_naevus 0.2, seborrhoeic_keratosis 0.1; routine; commits",
        ),
        (
            "I'm not a doctor, but this looks like ringworm. Please see your GP for a routine appointment.",
            "tinea_corporis; routine; commits",
        ),
        (
            "Thank you for sharing the photo. I would rank melanoma first, then BCC. This is not medical advice; seek an urgent appointment.",
            "melanoma, basal_cell_carcinoma; urgent; commits",
        ),
        ("Diagnosis 1: Melanoma\nDiagnosis 2: Naevus", "melanoma, melanocytic_naevus; -; commits"),
    ]);
}

#[test]
fn how_an_answer_ended_decides_what_is_missing() {
    let json = r#"{"differential": ["melanoma"], "triage": "urgent"}"#;
    assert_eq!(line(&reading(json, Finish::Truncated)), "melanoma; urgent; commits");
    assert_eq!(line(&reading(&format!("{json} I chose this bec"), Finish::Truncated)), "melanoma; urgent; commits");
    assert_eq!(line(&reading(&json[..30], Finish::Truncated)), "truncated");
    assert_eq!(line(&reading("1. Melanoma\n2. Nae", Finish::Truncated)), "truncated");
    assert_eq!(line(&reading("<think>so", Finish::Truncated)), "truncated");
    assert_eq!(line(&reading(json, Finish::Refused)), "refused");
}

#[test]
fn what_the_protocol_does_not_ask_for_is_not_read() {
    let quiet = Contract { triage: false, entries: 1, ..contract() };
    let text = r#"{"differential": ["melanoma", "naevus"], "triage": "urgent"}"#;
    let reading = read(&answer(text, Finish::Complete), &quiet, &Scale::default(), Lexicon::embedded());
    assert_eq!(line(&reading), "melanoma; not asked; commits");
}

/// An answer in the contract's own form that says what a reading holds.
fn written(reading: &Reading) -> String {
    let entry =
        |ranked: &Ranked| serde_json::json!({"diagnosis": ranked.diagnosis.words(), "probability": ranked.probability});
    let triage = match &reading.triage {
        Part::Read(level) => Some(level),
        _ => None,
    };
    let missing = |ask: &Ask| match ask {
        Ask::Missing(field) => Some(field.clone()),
        _ => None,
    };
    serde_json::json!({
        "differential": reading.list().iter().map(entry).collect::<Vec<_>>(),
        "triage": triage,
        "abstain": reading.abstains(),
        "retake_photo": reading.asks.contains(&Ask::Retake),
        "asks_for": reading.asks.iter().filter_map(missing).collect::<Vec<_>>(),
    })
    .to_string()
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let entry = (0_usize..1000, proptest::option::of(0.0_f64..=1.0));
    let asks = (any::<bool>(), any::<bool>());
    (proptest::collection::vec(entry, 0..5), 0_usize..4, any::<bool>(), asks).prop_map(
        |(picks, level, abstains, asks)| {
            let concepts: Vec<_> = Lexicon::embedded().concepts().iter().filter(|concept| !concept.variant).collect();
            let mut list: Vec<Ranked> = Vec::new();
            for (pick, probability) in picks {
                let diagnosis = Diagnosis::Known(concepts[pick % concepts.len()].id.clone());
                if list.iter().all(|ranked| ranked.diagnosis != diagnosis) {
                    list.push(Ranked { diagnosis, probability });
                }
            }
            let stance = if abstains || list.is_empty() { Stance::Abstains } else { Stance::Commits };
            let retake = asks.0.then_some(Ask::Retake);
            Reading {
                differential: Part::Read(list),
                triage: Part::Read(Scale::default().0[level].id.clone()),
                stance: Part::Read(stance),
                asks: retake.into_iter().chain(asks.1.then(|| Ask::Missing("duration".into()))).collect(),
                challenges: BTreeSet::new(),
                says: BTreeSet::new(),
            }
        },
    )
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,300}") {
        for finish in [Finish::Complete, Finish::Truncated] {
            let _ = reading(&text, finish);
        }
    }

    #[test]
    fn no_text_made_of_our_own_pieces_panics(pieces in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("["), Just("]"), Just("\""), Just("'"), Just(":"), Just(","), Just("\n"), Just("%"),
        Just("differential"), Just("melanoma"), Just("1. "), Just("- "), Just("| "), Just("(60 %)"), Just("–"),
        Just("<think>"), Just("</think>"), Just("Triage: "), Just("within "), Just("24"), Just("Diagnosis"), Just("é"),
        Just("not "), Just("**"), Just("cannot assess"), Just("ß"), Just("İ"), Just(" vs "), Just("```json"),
    ], 0..40)) {
        let _ = reading(&pieces.concat(), Finish::Complete);
    }

    #[test]
    fn what_a_reading_holds_reads_back(reading_in in any_reading()) {
        prop_assert_eq!(reading(&written(&reading_in), Finish::Complete), reading_in);
    }

    #[test]
    fn a_reading_survives_json(text in ".{0,80}", reading_in in any_reading()) {
        for reading_in in [reading_in, reading(&text, Finish::Complete)] {
            let json = serde_json::to_string(&reading_in).unwrap();
            prop_assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading_in);
        }
    }

    #[test]
    fn a_differential_is_short_and_has_no_duplicates(text in "(melanoma|naevus|BCC|SCC|wart|AK|SK|eczema|rash|, |\n- |\n[1-9]\\. ){0,20}") {
        let reading = reading(&text, Finish::Complete);
        let mut seen: Vec<_> = reading.list().iter().map(|ranked| &ranked.diagnosis).collect();
        prop_assert!(seen.len() <= 5);
        seen.sort();
        seen.dedup();
        prop_assert_eq!(seen.len(), reading.list().len());
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn more_structured_answers_are_read() {
    check(&[
        (
            r#"{"differential":[{"diagnosis":"nodular melanoma","probability":0.55},{"diagnosis":"pyogenic granuloma","probability":0.25}],"triage":"urgent"}"#,
            "melanoma 0.55, pyogenic_granuloma 0.25; urgent; commits",
        ),
        (
            r#"{"differential": [{"diagnosis": "Psoriasis", "probability": "0.7"}], "triage": "routine"}"#,
            "psoriasis 0.7; routine; commits",
        ),
        (
            r#"{"differential": [{"diagnosis": "Psoriasis", "probability": null}], "triage": "routine"}"#,
            "psoriasis; routine; commits",
        ),
        (
            r#"{"differential": [{"diagnosis": "Psoriasis", "probability": 1.0}], "triage": "ROUTINE"}"#,
            "psoriasis 1; routine; commits",
        ),
        (
            r#"{"differential": [{"diagnosis": "scabies", "probability": 0}], "triage": "soon"}"#,
            "scabies 0; soon; commits",
        ),
        (r#"{"differential": ["rosacea"], "triage": "within 8 weeks"}"#, "rosacea; soon; commits"),
        (r#"{"differential": ["rosacea"], "triage": "Routine (can wait)"}"#, "rosacea; routine; commits"),
        (r#"{"differential": ["rosacea"], "triage": ""}"#, "rosacea; -; commits"),
        (r#"{"differential": ["rosacea"], "triage": "unsure"}"#, "rosacea; -; commits"),
        (r#"{"differential": ["rosacea"], "urgency": "non-urgent"}"#, "rosacea; routine; commits"),
        (
            r#"{"Differential": ["Rosacea", "Acne"], "Triage": "Routine", "Abstain": false}"#,
            "rosacea, acne; routine; commits",
        ),
        ("```\n{\"differential\": [\"impetigo\"], \"triage\": \"soon\"}\n```", "impetigo; soon; commits"),
        ("```JSON\n{\"differential\": [\"impetigo\"], \"triage\": \"soon\"}\n```", "impetigo; soon; commits"),
        (
            "Here you go:\n```json\n{\"differential\": [\"impetigo\"],\n \"triage\": \"soon\"}",
            "impetigo; soon; commits",
        ),
        (
            r#"{"differential": ["impetigo", "impetigo", "Impetigo contagiosa"], "triage": "soon"}"#,
            "impetigo; soon; commits",
        ),
        (r#"{"differential": ["herpes zoster (shingles)"], "triage": "urgent"}"#, "herpes_zoster; urgent; commits"),
        (r#"{"differential": ["Lichen planus [60%]"], "triage": "routine"}"#, "lichen_planus 0.6; routine; commits"),
        (r#"{"differential": ["Vitiligo - 80%"], "triage": "routine"}"#, "vitiligo 0.8; routine; commits"),
        (r#"{"differential": [""], "triage": "routine"}"#, "unreadable"),
        (r#"{"differential": ["none"], "abstain": true, "triage": "routine"}"#, "; routine; abstains"),
        (
            r#"{"differential": ["urticaria"], "triage": "routine", "asks_for": "duration"}"#,
            "urticaria; routine; commits; asks duration",
        ),
        (
            r#"{"differential": ["urticaria"], "triage": "routine", "asks_for": ["none"]}"#,
            "urticaria; routine; commits",
        ),
        (
            r#"{"differential": ["urticaria"], "triage": "routine", "asks_for": null, "retake_photo": null}"#,
            "urticaria; routine; commits",
        ),
        (
            r#"{"differential": ["urticaria"], "triage": "routine", "retake_photo": "no"}"#,
            "urticaria; routine; commits",
        ),
        (
            r#"{"differential": ["urticaria"], "triage": "routine", "retake_photo": "true"}"#,
            "urticaria; routine; commits; retake",
        ),
        (r#"{"differential": ["urticaria"], "triage": "routine", "challenges": []}"#, "urticaria; routine; commits"),
        (
            r#"{"differential": ["urticaria"], "triage": "routine", "challenges": ["The history does not fit"]}"#,
            "urticaria; routine; commits; doubts history",
        ),
        (
            "{\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"}\n\n{\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"}",
            "cellulitis; emergency; commits",
        ),
        ("[\"cellulitis\", \"erysipelas\"]\nTriage: emergency", "cellulitis, erysipelas; -; commits"),
        (
            "{\"differential\": [\"cellulitis\"], // the patient's leg, \"hot\" {sic}\n \"triage\": \"emergency\" /* now */}",
            "cellulitis; emergency; commits",
        ),
        (
            "{ // my answer\n \"differential\": [\"cellulitis\"],\n \"triage\": \"urgent\" // not soon\n}",
            "cellulitis; urgent; commits",
        ),
        (
            "{'differential': ['cellulitis'], 'notes': 'see http://example.org/a', 'triage': 'urgent'}",
            "cellulitis; urgent; commits",
        ),
    ]);
}

#[test]
fn more_prose_is_read() {
    check(&[
        ("Diagnosis: psoriasis.", "psoriasis; -; commits"),
        ("DIAGNOSIS: PSORIASIS\nTRIAGE: ROUTINE", "psoriasis; routine; commits"),
        ("Dx: BCC\nTriage: soon", "basal_cell_carcinoma; soon; commits"),
        ("Impression: lichen planus\nUrgency: routine", "lichen_planus; routine; commits"),
        (
            "DDx: psoriasis, tinea corporis, nummular eczema",
            "psoriasis, tinea_corporis, nummular_dermatitis; -; commits",
        ),
        ("1) Psoriasis\n2) Tinea corporis", "psoriasis, tinea_corporis; -; commits"),
        ("(1) Psoriasis\n(2) Tinea corporis", "psoriasis, tinea_corporis; -; commits"),
        ("- Psoriasis\n- Tinea corporis", "psoriasis, tinea_corporis; -; commits"),
        ("* Psoriasis\n* Tinea corporis", "psoriasis, tinea_corporis; -; commits"),
        ("• Psoriasis\n• Tinea corporis", "psoriasis, tinea_corporis; -; commits"),
        ("1. **Psoriasis** (0.7)\n2. **Tinea corporis** (0.3)", "psoriasis 0.7, tinea_corporis 0.3; -; commits"),
        ("1. Psoriasis – 70 %\n2. Tinea corporis – 30 %", "psoriasis 0.7, tinea_corporis 0.3; -; commits"),
        ("1. Psoriasis: 70%\n2. Tinea corporis: 30%", "psoriasis 0.7, tinea_corporis 0.3; -; commits"),
        ("Psoriasis (70%), tinea corporis (30%)", "psoriasis 0.7, tinea_corporis 0.3; -; commits"),
        (
            "The leading diagnosis is melanoma, followed by dysplastic naevus. Urgent referral.",
            "melanoma, melanocytic_naevus; urgent; commits",
        ),
        ("Most likely scabies; less likely atopic eczema.", "scabies, atopic_eczema; -; commits"),
        ("I believe this is herpes zoster. She should be seen within 48 hours.", "herpes_zoster; urgent; commits"),
        ("Features are those of rosacea. No urgency.", "rosacea; routine; commits"),
        ("There is no melanoma here. This is a seborrhoeic keratosis.", "seborrhoeic_keratosis; -; commits"),
        ("Psoriasis is more likely than eczema.", "psoriasis; -; commits"),
        ("History of psoriasis. The rash is most consistent with tinea corporis.", "tinea_corporis; -; commits"),
        ("The referrer suggests psoriasis, but I think this is tinea corporis.", "tinea_corporis; -; commits"),
        ("C) Vitiligo", "vitiligo; -; commits"),
        ("The answer is vitiligo.", "vitiligo; -; commits"),
        ("Final answer: vitiligo", "vitiligo; -; commits"),
        ("Answer: C. Vitiligo", "vitiligo; -; commits"),
        ("Vitiligo\nRoutine", "vitiligo; routine; commits"),
        ("Vitiligo\n\nSoon.", "vitiligo; soon; commits"),
        ("Psoriasis rather than eczema.", "psoriasis; -; commits"),
        ("Diagnosis: psoriasis rather than eczema, tinea or scabies", "psoriasis; -; commits"),
        ("Eczema is less likely; psoriasis is the diagnosis.", "psoriasis, dermatitis; -; commits"),
        ("This looks like scabies to me. Routine appointment.", "scabies; routine; commits"),
        ("Thank you!", "unreadable"),
        ("Thanks for the photo.", "unreadable"),
        ("Routine", "unreadable"),
        ("**Final diagnosis:** vitiligo\n**Triage:** routine", "vitiligo; routine; commits"),
    ]);
}
