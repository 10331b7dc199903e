//! What a text tells by plain patterns: on the raw note alone, written without a look at the finders and sharing no code
//! with them or with any operator. Coarse on purpose; what they find is what a reader would search for.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use regex::Regex;

use crate::{Field, Kind, Value};

/// The pattern, whatever the case; compiled once.
pub(super) fn pattern(text: &str) -> Regex {
    static KNOWN: LazyLock<Mutex<BTreeMap<String, Regex>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap();
    let made = known.entry(text.to_owned()).or_insert_with(|| Regex::new(&format!("(?i){text}")).unwrap());
    made.clone()
}

/// How often the pattern stands in the text.
pub(super) fn count(text: &str, of: &str) -> usize {
    pattern(of).find_iter(text).count()
}

/// Whether it does.
pub(super) fn has(text: &str, of: &str) -> bool {
    pattern(of).is_match(text)
}

/// A number in digits or, up to ninety-nine, in words.
pub(super) fn number(n: u32) -> String {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let (tens, ones) = (n as usize / 10, n as usize % 10);
    match n {
        0..=19 => format!("(?:{n}|{})", ONES[n as usize]),
        20..=99 if ones == 0 => format!("(?:{n}|{})", TENS[tens - 2]),
        20..=99 => format!("(?:{n}|{}[ -]?{})", TENS[tens - 2], ONES[ones]),
        _ => n.to_string(),
    }
}

/// An age in years, of whomever.
pub(super) fn age(years: u32) -> String {
    let n = number(years);
    format!(
        r"\b{n}[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o\b|of\s+age)|\b{n}[\s-]*yo[mf]?\b|\b{n}\s?[mf]\b|\b(?:aged?|age\s+of|age:)\s*{n}\b"
    )
}

/// Any age below 18 years, or a word for a child.
pub(super) fn tells_child(note: &str) -> bool {
    // "Oh, boy, my worst fears were confirmed."
    let note = &*pattern(r"\boh,? boy\b").replace_all(note, "");
    (1..18).any(|years| has(note, &age(years)))
        || has(note, r"\b\d+[\s-]*(?:months?|weeks?|days?)[\s-]*old\b")
        || has(
            note,
            r"\b(?:boy|girl|child|children|infant|newborn|toddler|teen(?:ager)?|my (?:baby|son|daughter|kid))\b",
        )
}

/// Words that tell a woman or a man.
pub(super) fn sex(female: bool) -> &'static str {
    if female {
        r"\b(?:she|her|hers|herself|she's|woman|women|female|lady|girl|mrs|ms|miss)\b|\b\d+\s?f\b"
    } else {
        r"\b(?:he|him|his|himself|he's|man|male|gentleman|guy|boy|mr)\b|\b\d+\s?m\b"
    }
}

/// Parts of the body with two sides.
const PAIRED: &str = r"(?:arm|forearm|hand|wrist|elbow|shoulder|armpit|axilla|leg|thigh|knee|calf|shin|ankle|foot|heel|toe|finger|thumb|hip|buttock|groin|flank|breast|cheek|ear|eye|eyelid|eyebrow|temple|jaw|nostril|palm|sole|side)s?\b";

/// A side of the body.
pub(super) fn side(side: &str) -> String {
    format!(
        r"\b{side}(?:[\s-]+\w+){{0,2}}?[\s-]+{PAIRED}|\b{side}[\s-]sided\b|\bon (?:the|my|his|her|their) {side}\b[^\w]"
    )
}

/// That many of a unit of time, or of length; "old" behind it makes it an age.
pub(super) fn amount(n: &str, unit: &str) -> String {
    let n = n.parse().map_or_else(|_| regex::escape(n), number);
    format!(r"(?:^|[^\w.,]){n}[\s-]*{unit}\b")
}

/// Stems of the words for a complaint, by the first name of its field.
pub(super) fn complaint(name: &str) -> Option<&'static str> {
    Some(match name {
        "itch" => r"\bitch\w*|\bprurit\w*",
        "bleed" => r"\b(?:bleed\w*|bled|h(?:a)?emorrhag\w*)\b",
        "hurt" => r"\b(?:pain(?:s|ful|less|fully)?|hurts?|hurting|sore|soreness|tender|tenderness|ach(?:e|es|y|ing))\b",
        "grew" => r"\b(?:grow(?:s|ing|n|th)?|grew|enlarg\w+|bigger|larger)\b",
        "ulcer" => r"\bulcer\w*",
        "blister" => r"\b(?:blister\w*|vesicles?|bullae)\b",
        "fever" => r"\b(?:fevers?|feverish|febrile|afebrile)\b",
        "burning" => r"\bburn(?:s|ing|ed)?\b",
        "elevation" => r"\b(?:raised|elevat(?:ed|ion))\b",
        "swelling" | "swollen" => r"\b(?:swell\w*|swollen)\b",
        _ => return None,
    })
}

/// The fact that a field states, as a reader would look for it; `None` where there is nothing to look for.
pub(super) fn fact(field: &Field) -> Option<String> {
    let Value::Stated(text) = &field.value else {
        return match field.kind {
            Kind::Symptom => complaint(&field.name).map(Into::into),
            Kind::Allergy => Some(r"\ballerg\w*".into()),
            Kind::FamilyHistory => Some(r"\bfamily history\b|\bin (?:the|my|his|her) family\b".into()),
            _ => None,
        };
    };
    let mut words = text.split([' ', '-']).filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let unit = ["hour", "day", "week", "month", "year"].into_iter().find(|unit| second.starts_with(unit));
    match field.kind {
        Kind::Age => Some(age(text.parse().ok()?)),
        Kind::Sex => Some(sex(text == "female").into()),
        Kind::Side => Some(side(text)),
        Kind::Duration => Some(amount(&first.parse::<u32>().ok()?.to_string(), &format!("{}s?", unit?))),
        Kind::Diameter | Kind::Dose => {
            let unit = text.rsplit([' ', '-']).next().filter(|_| !second.is_empty())?;
            let whole = format!(r"(?:^|[^\w.,]){}\b", regex::escape(text));
            Some(if second == unit { amount(first, &regex::escape(unit)) } else { whole })
        }
        // Words of other senses, too: "coming back", "head first", "6 feet".
        Kind::Site if ["back", "feet", "foot", "hand", "head"].contains(&text.as_str()) => {
            Some(format!(r"\b(?:the|my|his|her|their|your|lower|upper|mid|left|right|both)\s+{text}\b(?:[^\w]|$)"))
        }
        Kind::Site | Kind::Drug => Some(format!(r"\b{}s?\b", regex::escape(text))),
        _ => None,
    }
}

/// A complaint that no word of denial stands before in its sentence.
fn affirmed(note: &str) -> bool {
    let words = r"\b(?:itch\w*|bleeding|pain(?:ful)?|hurts?|sore|swell\w*|fever|ulcers?|blisters?)\b";
    let denied = r"\b(?:no|not|never|without|den(?:y|ies|ied)|n't|none|negative|whether|if)\b|n['’]t\b";
    note.split(['.', '!', '?', '\n', ';']).any(|one| has(one, words) && !has(one, denied))
}

/// An age, a side, or a duration of whatever.
const ANY_AGE: &str = r"\b\d{1,3}[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o\b|of\s+age)|\b\d{2}\s?[mf]\b|\baged? \d";
const ANY_TIME: &str = r"\bfor (?:about |over |the (?:past|last) )?\d+ (?:day|week|month|year)s?\b[^-]|\b\d+ (?:day|week|month|year)s? ago\b|\b\d+[- ](?:day|week|month|year)s? history\b";
const ANY_SEX: &str = r"\b(?:she|her|he|his|him|woman|man|female|male|girl|boy)\b";
const ANY_SIDE: &str = r"\b(?:left|right) (?:\w+ )?(?:arm|forearm|hand|wrist|elbow|shoulder|leg|thigh|knee|ankle|foot|toe|finger|thumb|hip|breast|cheek|ear|eye)\b";
const DIALOGUE: &str = r"(?m)^(?:user|patient|assistant|doctor):";
/// A sentence that states what is or was: it opens with its subject, "is" or "has" follows, a point closes it.
const STATEMENT: &str = r"^\s*(?:it|she|he|there|this|i) (?:is|are|was|has|had|have|am)\b[^:]*\.$";
/// Lines under a heading.
const HEADED: &str = r"(?m)^[ *#]*[a-z][a-z /'-]{1,40}:";

/// What only one sex can have or be.
const OF_ONE_SEX: &str = r"\b(?:pregnan\w*|menstrua\w*|menarche|menses|menopaus\w*|\w*menopausal|premenstrual\w*|postmenstrual\w*|(?:my|her|last|menstrual) periods?|vagina\w*|vulva\w*|uter(?:us|ine)|ovar\w+|prostat\w*|testic\w*|testes|penis|penile|scrot\w*|semen|sperm|labia|hysterectom\w*|contracepti\w*|birth control|(?:giving|gave) birth|postpartum|breastfeed\w*|mastectomy|trans(?:gender)?|gyna?ecolog\w*|obstetric\w*|β-hcg|delivery|gestational)\b";

/// Relatives and friends of a woman's and of a man's sex.
const WOMEN: &str = "mother|mom|mum|sister|wife|girlfriend|gf|daughter|niece|aunt|grandmother|grandma";
const MEN: &str = "father|dad|brother|husband|boyfriend|bf|son|nephew|uncle|grandfather|grandpa";

/// Whether the note tells the sex by something that cannot be told of the other, or is about somebody else of that sex,
/// too: "my mom", "his brother". A pronoun may then be that person's. `None` is either sex.
fn tells_sex_otherwise(note: &str, female: Option<bool>) -> bool {
    let relatives = match female {
        Some(true) => WOMEN.to_owned(),
        Some(false) => MEN.to_owned(),
        None => format!("{WOMEN}|{MEN}"),
    };
    has(note, OF_ONE_SEX)
        || has(note, &format!(r"\b(?:{relatives})\b"))
        // Behind "my doctor" or "my friend" whoever is "he" or "she" is that person.
        || (has(note, r"\b(?:my|our) (?:\w+ )?(?:doctor|friend|partner|parents?|cousin|boss|physician)\b")
            && has(note, r"\b(?:i|i'm|i've)\b")
            && has(note, r"\b(?:she|he|her|his|him)\b"))
}

/// Whether the fact that a pattern finds is what an operator about its field is to edit.
///
/// No target is a sex that is told by what only one sex can have, or among relatives of that sex; a pain, an ulcer or a
/// fever that is another thing's name ("joint pain", "sore throat", "mouth ulcers", "pain medication", "rheumatic
/// fever"); "head" or "chest" in the name of an examination; and a length that is the distance of something.
fn is_target(note: &str, field: &Field, fact: &str) -> bool {
    let told = |other: &str| has(&pattern(other).replace_all(note, " "), fact);
    match (field.kind, field.name.as_str()) {
        (Kind::Sex, _) => has(note, fact) && !tells_sex_otherwise(note, Some(field.value == Value::Stated("female".into()))),
        (Kind::Symptom, "hurt") => told(
            r"\b(?:joint|head) pains?\b|\b(?:sore|painful) throat\b|\bcolds? sores?\b|\bpain ?(?:killers?|relievers?|med\w+)\b|\b(?:can't|couldn't|won't) hurt\b",
        ),
        (Kind::Symptom, "ulcer") => told(r"\b(?:mouth|oral|peptic|stomach) ulcers?\b"),
        (Kind::Symptom, "fever") => told(r"\b(?:rheumatic|hay|glandular|scarlet) fever\b"),
        // A growth is a thing; an enlarged organ is a finding of an examination.
        (Kind::Symptom, "grew") => told(r"\bgrowths?\b|\benlarge(?:d|ment)\b"),
        (Kind::Symptom, "elevation") => told(r"\bd-dimer\b[^.]{0,30}\belevated\b|\belevated (?:temperature|blood)\b"),
        (Kind::Site, _) => told(
            r"\b(?:chest|abdomen|abdominal|head) ?(?:x-?\s?ray|ct|scan|circumference)\b|\bstomach (?:bug|flu|virus)\b|\bbreast[ -]?(?:fed|feeding|milk)\b|\b(?:runny|blocked) nose\b|\bdry mouth\b|\bear (?:cleaning|plugs?)\b",
        ),
        (Kind::Diameter, _) => told(r"\b[\d.]+[ -]?(?:mm|cm) (?:below|above|from)\b"),
        _ => has(note, fact),
    }
}

/// Whether one dose is told twice: of which drug it is cannot be told.
fn is_dose_of_two(note: &str) -> bool {
    let doses: Vec<String> = pattern(r"\b\d+(?:\.\d+)? ?mg\b").find_iter(note).map(|hit| hit.as_str().replace(' ', "")).collect();
    doses.iter().enumerate().any(|(at, dose)| doses[..at].contains(dose))
}

/// Whether a note, or for an operator about one field its fact, is what the operator is about.
pub(super) fn holds(id: &str, note: &str, field: Option<&Field>) -> bool {
    if let Some(field) = field {
        return fact(field).is_some_and(|pattern| is_target(note, field, &pattern));
    }
    let any = |patterns: &[&str]| patterns.iter().any(|pattern| has(note, pattern));
    let talk = has(note, DIALOGUE);
    let prose = note.matches(['.', '!', '?']).count() > 2 && !talk;
    match id {
        "telegraphic" | "non_native" => has(note, r"\b(?:the|an?)\b"),
        // Of one statement a share of 60 % takes it in three draws of five.
        "uncertain" | "colourful" => {
            note.split_inclusive(['.', '!', '?', '\n']).filter(|one| has(one, STATEMENT)).count() > 1
        }
        "soap" => prose && count(note, HEADED) < 2,
        "bullet_list" | "json" | "chat_turns" => prose,
        "first_person" => any(&[r"\b(?:she|he)\b"]) && !has(note, &format!(r"\b(?:{NOT_THE_PATIENT})\b")) && !talk,
        "stale_copy" => affirmed(note) && !talk && !any(&[r"\b(?:i|i'm|i've|my|me)\b"]),
        "demographics_swapped" | "demographics_removed" => has(note, ANY_SEX) && !tells_sex_otherwise(note, None),
        "field_order" | "leave_k_out" => {
            [ANY_AGE, ANY_SEX, ANY_SIDE].iter().filter(|pattern| has(note, pattern)).count() > 1
        }
        "transposed_digits" => exchangeable(note),
        "wrong_unit" => {
            !is_dose_of_two(note)
                && has(note, r"(?:^|[^/\d])\d{1,2}(?:\.\d+)?[ -]?(?:mm|cm)\b(?: [^h]|[.,;)-]|$)|\b\d+ ?mg\b(?:[^/]|$)")
        }
        "drop_section" => has(
            note,
            r"(?m)^[ *]*(?:medication list|medications|pmh|past medical history|allergies|diagnosis|family history)[ *]*:",
        ),
        "absent_as_no" => affirmed(note),
        "impossible_value" => has(note, ANY_AGE),
        "contradict" | "internal_contradiction" => any(&[ANY_AGE, ANY_SEX, ANY_SIDE, ANY_TIME]) || affirmed(note),
        "abbreviations" => has(note, r"\b(?:history of|weeks|months|years|patient|with)\b"),
        // Of a single word, too, a share of 60 % takes it in three draws of five.
        "speech_to_text" => count(note, r"\b(?:their|its|your|our|where|whether|then|than|too|into|lesion)\b") > 1,
        // "(completed 8 months ago)", "visit (2 weeks ago)": the time of a treatment or a visit.
        "vague" => has(&pattern(r"\([^)]*\)").replace_all(note, ""), ANY_TIME),
        "paraphrase" => has(note, r"\b(?:it itches|it hurts|do not|don't|does not|doesn't|i'm|i've|began)\b"),
        _ => true,
    }
}

/// An age of two digits that stays an adult's when they are exchanged, or a size whose digits can be.
fn exchangeable(note: &str) -> bool {
    let digits = |pair: &str| -> Vec<u32> { pair.chars().filter_map(|c| c.to_digit(10)).collect() };
    let adult = |a: u32, b: u32| (18..=95).contains(&(10 * a + b));
    let ages = pattern(r"\b([1-9][1-9])[\s-]*(?:years?|yrs?)[\s-]*old\b");
    let ages = ages.captures_iter(note).any(|hit| match digits(&hit[1])[..] {
        [a, b] => a != b && adult(a, b) && adult(b, a),
        _ => false,
    });
    let sizes = pattern(r"(?:^|[^\w.,])([1-9][1-9])[ -]?mm\b");
    ages || sizes.captures_iter(note).any(|hit| matches!(digits(&hit[1])[..], [a, b] if a != b))
}

/// Words that a patient does not write of herself or himself in the third person.
const NOT_THE_PATIENT: &str = "i|my|me|we|they|mother|father|sister|brother|son|daughter|wife|husband|boyfriend|girlfriend|boy|girl|newborn|infant|examination|exam|auscultation|palpation|biopsy|vitals?|laboratory|impression|referred|pediatrician";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_a_reader_would() {
        for (pattern, text, found) in [
            (age(64), "A 64-year-old, 64 yo, sixty-four years old, 64F, aged 64.", 5),
            (age(64), "64 mm for 64 years; 164-year-old oak", 0),
            (sex(true).to_owned(), "A woman; she and her sister, 23F", 4),
            (side("left"), "left upper arm, left-sided, it was left alone", 2),
            (amount("3", "weeks?"), "three weeks, 3-week, 3 weeks, 13 weeks", 3),
        ] {
            assert_eq!(count(text, &pattern), found, "{text}");
        }
        assert!(!has("It is 0.3 cm.", &amount("3", "cm")) && has("It is 3 cm.", &amount("3", "cm")));
        assert!(holds("uncertain", "It is red. She has a rash.", None) && !holds("uncertain", "It is red? No.", None));
        assert!(affirmed("It itches. No pain.") && !affirmed("It doesn't itch. No pain."));
        assert!(exchangeable("a 64-year-old") && !exchangeable("a 61-year-old") && exchangeable("25 mm"));
        assert!(tells_child("my son") && tells_child("a 5 year old") && !tells_child("a 45 year old man"));
    }
}
