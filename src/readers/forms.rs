//! Real-looking answers in the forms that models like best, fenced JSON and lists, and what they mean; the meanings were
//! written before the readers were run.

use super::tests::{line, reading};
use crate::answer::Finish;

fn check(table: &[(&str, &str)]) {
    crate::tables::check(table, |text| line(&reading(text, Finish::Complete)));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn fenced_json() {
    check(&[
        ("```json\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}\n```", "melanoma; urgent; commits"),
        (
            "```json\n{\"differential\": [\"psoriasis\", \"eczema\"], \"triage\": \"routine\"}\n```\n",
            "psoriasis, dermatitis; routine; commits",
        ),
        ("```\n{\"differential\": [\"scabies\"], \"triage\": \"soon\"}\n```", "scabies; soon; commits"),
        ("```JSON\n{\"differential\": [\"acne\"], \"triage\": \"routine\"}\n```", "acne; routine; commits"),
        ("```javascript\n{\"differential\": [\"acne\"], \"triage\": \"routine\"}\n```", "acne; routine; commits"),
        ("~~~json\n{\"differential\": [\"rosacea\"], \"triage\": \"routine\"}\n~~~", "rosacea; routine; commits"),
        (
            "Here is the JSON:\n```json\n{\"differential\": [\"rosacea\"], \"triage\": \"routine\"}\n```",
            "rosacea; routine; commits",
        ),
        (
            "```json\n{\"differential\": [\"rosacea\"], \"triage\": \"routine\"}\n```\nPlease see a doctor.",
            "rosacea; routine; commits",
        ),
        (
            "Sure.\n\n```json\n{\n  \"differential\": [\n    {\"diagnosis\": \"vitiligo\", \"probability\": 0.9}\n  ],\n  \"triage\": \"routine\"\n}\n```\n\nVitiligo is benign.",
            "vitiligo 0.9; routine; commits",
        ),
        (
            "```json\n{\"differential\": [{\"diagnosis\": \"BCC\", \"probability\": 0.7}, {\"diagnosis\": \"SCC\", \"probability\": 0.2}], \"triage\": \"soon\"}\n```",
            "basal_cell_carcinoma 0.7, squamous_cell_carcinoma 0.2; soon; commits",
        ),
        (
            "```json\n{\"differential\": [{\"diagnosis\": \"BCC\", \"probability\": 70}, {\"diagnosis\": \"SCC\", \"probability\": 20}], \"triage\": \"soon\"}\n```",
            "basal_cell_carcinoma 0.7, squamous_cell_carcinoma 0.2; soon; commits",
        ),
        (
            "```json\n{\"differential\": [{\"diagnosis\": \"BCC\", \"probability\": \"70%\"}], \"triage\": \"soon\"}\n```",
            "basal_cell_carcinoma 0.7; soon; commits",
        ),
        ("```json\n{\"differential\": [], \"abstain\": true, \"retake_photo\": true}\n```", "; -; abstains; retake"),
        ("```json\n{\"differential\": [], \"abstain\": true, \"triage\": \"soon\"}\n```", "; soon; abstains"),
        (
            "```json\n{\"differential\": [\"wart\"], \"triage\": \"routine\", \"abstain\": false, \"retake_photo\": false, \"asks_for\": [], \"notes\": \"\"}\n```",
            "wart; routine; commits",
        ),
        (
            "```json\n{\"differential\": [\"urticaria\"], \"triage\": \"routine\", \"asks_for\": [\"duration\"]}\n```",
            "urticaria; routine; commits; asks duration",
        ),
        (
            "```json\n{\"differential\": [\"urticaria\"], \"triage\": \"routine\", \"retake_photo\": true}\n```",
            "urticaria; routine; commits; retake",
        ),
        (
            "```json\n{\"differential\": [\"urticaria\"], \"triage\": \"routine\", \"notes\": \"The history does not fit the image.\"}\n```",
            "urticaria; routine; commits; doubts history",
        ),
        ("```json\n{\"differential\": [\"melanoma\",], \"triage\": \"urgent\",}\n```", "melanoma; urgent; commits"),
        (
            "```json\n{\"differential\": [\"melanoma\"], // the border\n \"triage\": \"urgent\"}\n```",
            "melanoma; urgent; commits",
        ),
        ("```json\n{'differential': ['melanoma'], 'triage': 'urgent'}\n```", "melanoma; urgent; commits"),
        ("```json\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}", "melanoma; urgent; commits"),
        ("{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}\n```", "melanoma; urgent; commits"),
        ("```json\n[\"melanoma\", \"naevus\"]\n```", "melanoma, melanocytic_naevus; -; commits"),
        (
            "```json\n{\"answer\": {\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}}\n```",
            "melanoma; urgent; commits",
        ),
        ("```json\n[{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}]\n```", "melanoma; urgent; commits"),
        (
            "```json\n{\"diagnosis\": \"tinea corporis\", \"triage\": \"routine\"}\n```",
            "tinea_corporis; routine; commits",
        ),
        (
            "```json\n{\"diagnoses\": [\"tinea corporis\", \"psoriasis\"], \"urgency\": \"routine\"}\n```",
            "tinea_corporis, psoriasis; routine; commits",
        ),
        (
            "```json\n{\"differential_diagnosis\": [\"tinea corporis\"], \"triage_level\": \"routine\"}\n```",
            "tinea_corporis; routine; commits",
        ),
        (
            "```json\n{\"differential\": {\"melanoma\": 0.6, \"naevus\": 0.4}, \"triage\": \"urgent\"}\n```",
            "melanoma 0.6, melanocytic_naevus 0.4; urgent; commits",
        ),
        (
            "```json\n{\"differential\": {\"1\": \"melanoma\", \"2\": \"naevus\"}, \"triage\": \"urgent\"}\n```",
            "melanoma, melanocytic_naevus; urgent; commits",
        ),
        (
            "```json\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent or emergency\"}\n```",
            "melanoma; -; commits",
        ),
        ("```json\n{\"differential\": [\"melanoma\"], \"triage\": null}\n```", "melanoma; -; commits"),
        ("```json\n{\"differential\": [\"melanoma\"]}\n```", "melanoma; -; commits"),
        (
            "```json\n{\"differential\": [\"lichen planus\"], \"triage\": \"Routine\"}\n```",
            "lichen_planus; routine; commits",
        ),
        (
            "```json\n{\"differential\": [\"lichen planus\"], \"triage\": \"ROUTINE\"}\n```",
            "lichen_planus; routine; commits",
        ),
        (
            "```json\n{\"differential\": [\"zebra granuloma\"], \"triage\": \"soon\"}\n```",
            "?zebra granuloma; soon; commits",
        ),
        (
            "```json\n{\"differential\": [\"zebra granuloma\", \"melanoma\"], \"triage\": \"urgent\"}\n```",
            "?zebra granuloma, melanoma; urgent; commits",
        ),
        (
            "```json\n{\"differential\": [\"impetigo\", \"impetigo\"], \"triage\": \"soon\"}\n```",
            "impetigo; soon; commits",
        ),
        (
            "```json\n{\"differential\": [\"herpes zoster (shingles)\"], \"triage\": \"urgent\"}\n```",
            "herpes_zoster; urgent; commits",
        ),
        (
            "```json\n{\"differential\": [\"1. Herpes zoster\", \"2. Contact dermatitis\"], \"triage\": \"urgent\"}\n```",
            "herpes_zoster, contact_dermatitis; urgent; commits",
        ),
        ("```json\n{}\n```", "unreadable"),
        ("```json\n{\"differential\": []}\n```", "unreadable"),
        ("```json\nnull\n```", "unreadable"),
        ("```json\n{\"differential\": [{\"diagnosis\": \"mel\n```", "unreadable"),
        ("```json\n```", "unreadable"),
        ("```json\n{\"triage\": \"urgent\"}\n```", "unreadable"),
        ("```json\n{\"refusal\": \"I cannot help with that.\"}\n```", "refused"),
        (
            "<think>\n```json\n{\"differential\": [\"naevus\"]}\n```\n</think>\n```json\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}\n```",
            "melanoma; urgent; commits",
        ),
        (
            "First draft:\n```json\n{\"differential\": [\"naevus\"], \"triage\": \"routine\"}\n```\nFinal:\n```json\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent\"}\n```",
            "melanoma; urgent; commits",
        ),
        (
            "```text\nExample\n```\n```json\n{\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"}\n```",
            "cellulitis; emergency; commits",
        ),
        (
            "```json\n\u{feff}{\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"}\n```",
            "cellulitis; emergency; commits",
        ),
        (
            "````json\n{\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"}\n````",
            "cellulitis; emergency; commits",
        ),
        (
            "   ```json\n   {\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"}\n   ```",
            "cellulitis; emergency; commits",
        ),
        (
            "```json {\"differential\": [\"cellulitis\"], \"triage\": \"emergency\"} ```",
            "cellulitis; emergency; commits",
        ),
        (
            "```json\r\n{\"differential\": [\"cellulitis\"],\r\n \"triage\": \"emergency\"}\r\n```",
            "cellulitis; emergency; commits",
        ),
        (
            "```json\n{\"differential\": [{\"diagnosis\": \"Unable to determine\"}], \"triage\": \"soon\"}\n```",
            "; soon; abstains",
        ),
        (
            "```json\n{\"differential\": [\"melanoma\"], \"triage\": \"urgent\", \"notes\": \"Poor image quality limits the assessment.\"}\n```",
            "melanoma; urgent; hedges",
        ),
        (
            "**Answer**\n\n```json\n{\"differential\": [\"erythema multiforme\"], \"triage\": \"urgent\"}\n```",
            "erythema_multiforme; urgent; commits",
        ),
        (
            "```json\n{\"differential\": [{\"name\": \"Granuloma annulare\", \"confidence\": 0.5}], \"triage\": {\"level\": \"routine\"}}\n```",
            "granuloma_annulare 0.5; routine; commits",
        ),
        (
            "```json\n{\"Differential\": [\"Pityriasis rosea\"], \"Triage\": \"Routine\"}\n```",
            "pityriasis_rosea; routine; commits",
        ),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn lists() {
    check(&[
        ("1. Melanoma\n2. Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("1) Melanoma\n2) Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("(1) Melanoma\n(2) Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("1: Melanoma\n2: Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("- Melanoma\n- Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("* Melanoma\n* Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("• Melanoma\n• Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("\u{2013} Melanoma\n\u{2013} Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("+ Melanoma\n+ Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("a. Melanoma\nb. Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("A. Melanoma\nB. Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("i. Melanoma\nii. Naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("Melanoma\nNaevus", "melanoma, melanocytic_naevus; -; commits"),
        ("Melanoma, naevus", "melanoma, melanocytic_naevus; -; commits"),
        ("Melanoma; naevus; wart", "melanoma, melanocytic_naevus, wart; -; commits"),
        ("Melanoma, naevus or wart", "melanoma, melanocytic_naevus, wart; -; commits"),
        ("1. **Melanoma** (60%)\n2. **Naevus** (30%)", "melanoma 0.6, melanocytic_naevus 0.3; -; commits"),
        ("1. Melanoma - 60%\n2. Naevus - 30%", "melanoma 0.6, melanocytic_naevus 0.3; -; commits"),
        ("1. Melanoma: 60 %\n2. Naevus: 30 %", "melanoma 0.6, melanocytic_naevus 0.3; -; commits"),
        ("1. Melanoma (0.6)\n2. Naevus (0.3)", "melanoma 0.6, melanocytic_naevus 0.3; -; commits"),
        ("1. 60% Melanoma\n2. 30% Naevus", "melanoma 0.6, melanocytic_naevus 0.3; -; commits"),
        ("1. Melanoma (high)\n2. Naevus (low)", "melanoma, melanocytic_naevus; -; commits"),
        (
            "1. Melanoma \u{2013} asymmetric, irregular border\n2. Naevus \u{2013} less likely",
            "melanoma, melanocytic_naevus; -; commits",
        ),
        (
            "1. Melanoma: the border is irregular.\n2. Naevus: long-standing.",
            "melanoma, melanocytic_naevus; -; commits",
        ),
        (
            "Differential diagnosis:\n1. Psoriasis\n2. Tinea corporis\n\nTriage: routine",
            "psoriasis, tinea_corporis; routine; commits",
        ),
        (
            "**Differential diagnosis**\n\n- Psoriasis\n- Tinea corporis\n\n**Triage:** routine",
            "psoriasis, tinea_corporis; routine; commits",
        ),
        (
            "## Differential\n1. Psoriasis\n2. Tinea corporis\n## Triage\nRoutine",
            "psoriasis, tinea_corporis; routine; commits",
        ),
        ("DDx:\n- psoriasis\n- tinea corporis\nUrgency: soon", "psoriasis, tinea_corporis; soon; commits"),
        ("Possible diagnoses, most likely first:\n1. Scabies\n2. Eczema", "scabies, dermatitis; -; commits"),
        ("The most likely diagnoses are:\n1. Scabies\n2. Eczema\nUrgency: soon", "scabies, dermatitis; soon; commits"),
        ("Top 3:\n1. Scabies\n2. Eczema\n3. Psoriasis", "scabies, dermatitis, psoriasis; -; commits"),
        ("1. Scabies\n\n2. Eczema\n\n3. Psoriasis", "scabies, dermatitis, psoriasis; -; commits"),
        (
            "1. Scabies\n   - itching at night\n   - burrows\n2. Eczema\n   - dry skin",
            "scabies, dermatitis; -; commits",
        ),
        (
            "1. BCC\n2. SCC\n3. AK\n4. SK\n5. Naevus\n6. Wart",
            "basal_cell_carcinoma, squamous_cell_carcinoma, actinic_keratosis, seborrhoeic_keratosis, melanocytic_naevus; -; commits",
        ),
        ("1. BCC\n2. Basal cell carcinoma\n3. SCC", "basal_cell_carcinoma, squamous_cell_carcinoma; -; commits"),
        ("1. Zebra granuloma\n2. Melanoma", "?zebra granuloma, melanoma; -; commits"),
        ("1. Melanoma\n2. Zebra granuloma\n3. Naevus", "melanoma, ?zebra granuloma, melanocytic_naevus; -; commits"),
        ("1. Herpes zoster (shingles)\n2. Herpes simplex", "herpes_zoster, herpes_simplex; -; commits"),
        (
            "1. Cellulitis vs. erysipelas\n2. Contact dermatitis",
            "cellulitis, erysipelas, contact_dermatitis; -; commits",
        ),
        ("1. Cellulitis\n2. Erysipelas\nTriage: emergency", "cellulitis, erysipelas; emergency; commits"),
        ("1. Cellulitis\n2. Erysipelas\nEmergency", "cellulitis, erysipelas; emergency; commits"),
        ("Triage: emergency\n1. Cellulitis\n2. Erysipelas", "cellulitis, erysipelas; emergency; commits"),
        (
            "1. Urticaria\n2. Erythema multiforme\n\nPlease retake the photo.",
            "urticaria, erythema_multiforme; -; commits; retake",
        ),
        (
            "1. Urticaria\n2. Erythema multiforme\n\nThe stated duration does not match the photo.",
            "urticaria, erythema_multiforme; -; commits; doubts history",
        ),
        ("1. Vitiligo\nNext steps:\n1. Wood's lamp\n2. Sunscreen", "vitiligo; -; commits"),
        (
            "1. Vitiligo\n2. Pityriasis versicolor\n\nRecommendations:\n- KOH test\n- Sunscreen",
            "vitiligo, pityriasis_versicolor; -; commits",
        ),
        (
            "Findings:\n- white patches\n- symmetrical\n\nDifferential:\n- Vitiligo\n- Pityriasis alba",
            "vitiligo, pityriasis_alba; -; commits",
        ),
        (
            "| Diagnosis | Probability |\n|---|---|\n| Psoriasis | 70% |\n| Eczema | 20% |",
            "psoriasis 0.7, dermatitis 0.2; -; commits",
        ),
        ("| Rank | Diagnosis |\n|---|---|\n| 1 | Psoriasis |\n| 2 | Eczema |", "psoriasis, dermatitis; -; commits"),
        ("1. Acne vulgaris\n2. Rosacea\n3. Folliculitis", "acne_vulgaris, rosacea, folliculitis; -; commits"),
        ("Primary: acne vulgaris\nSecondary: rosacea", "acne_vulgaris, rosacea; -; commits"),
        ("First: lichen planus\nSecond: psoriasis\nThird: eczema", "lichen_planus, psoriasis, dermatitis; -; commits"),
        ("Most likely: lichen planus\nAlso consider: psoriasis", "lichen_planus, psoriasis; -; commits"),
        ("Diagnosis 1: lichen planus\nDiagnosis 2: psoriasis", "lichen_planus, psoriasis; -; commits"),
        ("1. Unable to determine", "; -; abstains"),
        ("1. Melanoma\nI cannot give a definitive diagnosis.", "melanoma; -; commits"),
        (
            "1. Melanoma\n2. Naevus\nLow confidence because of poor image quality.",
            "melanoma, melanocytic_naevus; -; hedges",
        ),
        ("1.", "unreadable"),
        ("-", "unreadable"),
        ("1. \n2. \n3. ", "unreadable"),
        ("1. Melanoma\r\n2. Naevus\r\nTriage: urgent\r\n", "melanoma, melanocytic_naevus; urgent; commits"),
        ("1. *Melanoma*\n2. *Naevus*", "melanoma, melanocytic_naevus; -; commits"),
    ]);
}
