//! The sex of the patient in a note: nouns, titles and the pronouns that follow it.

use std::ops::Range;

use super::clause::is_verb;
use super::cut;
use super::finders::age::sex_letter;
use super::finders::number::number;
use super::lexicon::{
    AUXILIARIES, COORDINATORS, DETERMINERS, KIN, KINSMEN, KINSWOMEN, PERSONS, PREPOSITIONS, REPORTS, SEX_BOUND,
    SUBJECTS, VERBS, is_adverb, on,
};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::sentence::{sentence_at, sentences};
use super::voice;
use super::words::{Shape, Text, Token, before, bytes, in_case_of, low, slice, tokens};
use crate::Value;

/// Pronouns and titles of a woman, of a man, and of a person of unstated sex.
const PRONOUNS: &[(&str, &str, &str)] = &[
    ("she", "he", "the patient"),
    ("herself", "himself", "themself"),
    ("she's", "he's", "the patient's"),
    ("she'd", "he'd", "they'd"),
    ("she'll", "he'll", "they'll"),
    ("hers", "his", "theirs"),
    ("mrs", "mr", ""),
    ("ms", "mr", ""),
    ("miss", "mr", ""),
];

/// Nouns for a woman and for a man, and for a person of unstated sex.
const NOUNS: &[(&str, &str, &str)] = &[
    ("woman", "man", "patient"),
    ("women", "men", "patients"),
    ("female", "male", "patient"),
    ("females", "males", "patients"),
    ("lady", "gentleman", "patient"),
    ("lady", "guy", "patient"),
    ("ladies", "gentlemen", "patients"),
    ("girl", "boy", "child"),
    ("girls", "boys", "children"),
];

/// Whether a value says female; `None` where it says neither.
pub(super) fn is_female(value: &Value) -> Option<bool> {
    let Value::Stated(text) = value else { return None };
    match text.trim().to_lowercase().as_str() {
        "female" | "f" | "woman" | "girl" => Some(true),
        "male" | "m" | "man" | "boy" => Some(false),
        _ => None,
    }
}

/// The value with the sex swapped, in the same manner of writing.
pub(super) fn swapped_value(value: &Value) -> Option<Value> {
    let Value::Stated(text) = value else { return None };
    let word = text.trim();
    let put = match word.to_lowercase().as_str() {
        "f" => "m",
        "m" => "f",
        low => NOUNS.iter().find_map(
            |(woman, man, _)| {
                if *woman == low { Some(*man) } else { (*man == low).then_some(*woman) }
            },
        )?,
    };
    let put = if word.len() == 1 && word.chars().all(char::is_uppercase) {
        put.to_uppercase()
    } else {
        in_case_of(word, put)
    };
    Some(Value::Stated(put))
}

/// The mentions of the patient's sex, pronouns included.
pub(super) fn find(text: &Text, value: &Value) -> Vec<Mention> {
    let Some(female) = is_female(value) else { return Vec::new() };
    let tokens = &text.tokens;
    let told = (0..tokens.len()).filter(|&at| tells(tokens, at, female) && !is_either(tokens, at));
    let class = |at: usize| if label(tokens, at).is_some() { Class::Statement } else { Class::Adjective };
    told.map(|at| Mention { span: bytes(tokens, &with_label(tokens, at)), class: class(at) }).collect()
}

fn tells(tokens: &[Token], at: usize, female: bool) -> bool {
    let word = low(tokens, at);
    let own = |(woman, man, _): &(&str, &str, &str)| *(if female { woman } else { man }) == word;
    let letter = word == if female { "f" } else { "m" };
    let object = on(if female { &["her"] } else { &["him", "his"] }, word);
    PERSONS.contains(&(word, female)) || PRONOUNS.iter().any(own) || object || (letter && is_letter(tokens, at))
}

/// "F" or "M" after a number that it touches, after an age, or after a label.
fn is_letter(tokens: &[Token], at: usize) -> bool {
    let Some(left) = at.checked_sub(1).and_then(|at| tokens.get(at)) else { return tokens.len() == 1 };
    let touching = left.shape == Shape::Number && sex_letter(tokens, at) && number(tokens, at - 1).is_some();
    touching || is_spaced_letter(tokens, at) || on(&["yo", "old", "o"], &left.low) || label(tokens, at).is_some()
}

/// "24 F, 165 pounds": a sentence that opens with an age and a letter; elsewhere "F" behind a number is a temperature.
fn is_spaced_letter(tokens: &[Token], at: usize) -> bool {
    let number = at.checked_sub(1).and_then(|left| tokens.get(left));
    let age = number.is_some_and(|token| token.shape == Shape::Number && token.low.len() == 2);
    age && on(&["", ".", "!", "?"], before(tokens, at - 1)) && on(&[",", ".", ""], low(tokens, at + 1))
}

/// "he or she", "his/her": a person of either sex.
fn is_either(tokens: &[Token], at: usize) -> bool {
    let pronouns = ["he", "she", "his", "her", "him", "hers", "himself", "herself"];
    let either = |step: usize| on(&["or", "/"], low(tokens, step));
    let ahead = either(at + 1) && on(&pronouns, low(tokens, at + 2));
    let behind = at >= 2 && either(at - 1) && on(&pronouns, low(tokens, at - 2));
    let nouns = PERSONS.iter().any(|(noun, _)| *noun == low(tokens, at));
    let pair = |step: usize| PERSONS.iter().any(|(noun, _)| *noun == low(tokens, step));
    let named = nouns && ((either(at + 1) && pair(at + 2)) || (at >= 2 && either(at - 1) && pair(at - 2)));
    named || (on(&pronouns, low(tokens, at)) && (ahead || behind))
}

fn label(tokens: &[Token], at: usize) -> Option<usize> {
    let mut start = at;
    if on(&[":", "-", "=", "is"], before(tokens, start)) {
        start -= 1;
    }
    on(&["sex", "gender"], before(tokens, start)).then(|| start - 1)
}

fn with_label(tokens: &[Token], at: usize) -> Range<usize> {
    label(tokens, at).unwrap_or(at)..at + 1
}

/// Whether the text holds something that fits one sex only, or a person of that sex as an owner ("the girl's hands").
pub(super) fn is_bound(text: &str) -> bool {
    let owner = |word: &str| word.strip_suffix("'s").is_some_and(|noun| PERSONS.iter().any(|(own, _)| *own == noun));
    let tokens = tokens(text);
    let bound =
        |at: usize| SEX_BOUND.iter().any(|start| low(&tokens, at).starts_with(start)) && !fits_either(&tokens, at);
    (0..tokens.len()).any(|at| bound(at) || owner(low(&tokens, at)))
}

/// Whether a word that begins as one of a sex does fits either: "transient", "a period of", "since birth".
fn fits_either(tokens: &[Token], at: usize) -> bool {
    let (word, previous, next) = (low(tokens, at), before(tokens, at), low(tokens, at + 1));
    match word {
        "trans" | "transgender" | "transgendered" | "transman" | "transsexual" | "transvaginal" | "transwoman" => false,
        // "Periods (daily) where my chest hurts".
        "periods" => on(&["(", "of", "when", "where"], next),
        "period" => {
            next == "of" || on(&["brief", "incubation", "long", "same", "short", "that", "this", "time"], previous)
        }
        "birth" => on(&["at", "from", "of", "since"], previous) || on(&["date", "mark", "marks", "weight"], next),
        "birthday" | "birthdays" | "birthmark" | "birthmarks" | "birthplace" | "birthweight" => true,
        _ => word.starts_with("trans"),
    }
}

/// Those who look after the patient: behind "she asked her doctor" a "she" is still the patient.
const PROFESSIONS: &[&str] = &["colleague", "dermatologist", "doctor", "nurse", "physician", "surgeon"];

/// Whether it cannot be told of whom the note speaks: pronouns near somebody who may be of the patient's sex, or "my
/// wife" where the patient is a woman. Behind "her father" a "she" is still the patient.
pub(super) fn is_ambiguous(note: &str, value: &Value) -> bool {
    let female = is_female(value);
    let other =
        |word: &str| (female == Some(true) && on(KINSMEN, word)) || (female == Some(false) && on(KINSWOMEN, word));
    let same = |word: &str| !other(word) && (on(KINSMEN, word) || on(KINSWOMEN, word));
    let spoken: Vec<Range<usize>> = find(&Text::read(note), value).into_iter().map(|mention| mention.span).collect();
    let pronouns = spoken.iter().any(|span| is_pronoun(slice(note, span)));
    let (sentences, is_own) = (sentences(note), voice::is_own(note));
    sentences.iter().enumerate().any(|(index, sentence)| {
        let text = slice(note, sentence);
        let tokens = tokens(text);
        let may_be =
            |at: &usize| on(KIN, low(&tokens, *at)) && !other(low(&tokens, *at)) && before(&tokens, *at) != "dear";
        let Some(kin) = (0..tokens.len()).find(may_be) else { return false };
        let near = |at: usize| before(&tokens, at) == "my" || before(&tokens, at) == "our";
        let owned = (kin..tokens.len())
            .filter(may_be)
            .any(|at| (same(low(&tokens, at)) || pronouns) && (near(at) || at.checked_sub(1).is_some_and(near)));
        let from = sentence.start + tokens.get(kin).map_or(0, |token| token.span.end);
        // "Brought in by his mother. She says …": the last word before it is whom a pronoun may mean.
        let last = (kin..tokens.len()).filter(may_be).any(|at| same(low(&tokens, at)) && low(&tokens, at + 1) == ".");
        let subject = last || kin <= 2 || tokens.get(kin + 1).is_some_and(|next| is_verb(&next.low));
        let until = sentences.get(index + 1).filter(|_| subject).map_or(sentence.end, |next| next.end);
        let own = spoken.iter().any(|span| span.start >= sentence.start && span.end <= from);
        let until = if own && on(PROFESSIONS, low(&tokens, kin)) && !is_own { from } else { until };
        owned || spoken.iter().any(|span| span.start >= from && span.end <= until && is_pronoun(slice(note, span)))
    })
}

fn is_pronoun(word: &str) -> bool {
    on(&["she", "he", "her", "his", "him", "hers", "herself", "himself", "she's", "he's"], &word.to_lowercase())
}

/// The note with the sex swapped at every mention.
pub(super) fn swap(note: &str, value: &Value) -> String {
    let text = Text::read(note);
    let tokens = &text.tokens;
    let mut swapped = note.to_owned();
    for mention in find(&text, value).iter().rev() {
        let Some(at) = tokens.iter().rposition(|token| token.span.end == mention.span.end) else { continue };
        let span = bytes(tokens, &(at..at + 1));
        let word = slice(note, &span);
        if let Some(put) = counterpart(tokens, at) {
            let put = if word.len() == 1 { put.to_uppercase() } else { in_case_of(word, put) };
            swapped = splice(&swapped, &span, &put);
        }
    }
    swapped
}

fn counterpart(tokens: &[Token], at: usize) -> Option<&'static str> {
    let word = low(tokens, at);
    match word {
        "her" => Some(if is_possessive(tokens, at) { "his" } else { "him" }),
        "his" => Some(if is_possessive(tokens, at) { "her" } else { "hers" }),
        "him" => Some("her"),
        "f" => Some("m"),
        "m" => Some("f"),
        _ => NOUNS
            .iter()
            .chain(PRONOUNS)
            .find_map(|(woman, man, _)| if *woman == word { Some(*man) } else { (*man == word).then_some(*woman) }),
    }
}

/// Whether "her" or "his" at `at` owns what follows.
fn is_possessive(tokens: &[Token], at: usize) -> bool {
    let Some(next) = tokens.get(at + 1) else { return false };
    let other = [PREPOSITIONS, AUXILIARIES, COORDINATORS, DETERMINERS, SUBJECTS, REPORTS, VERBS];
    let function = other.iter().any(|list| on(list, &next.low)) && !on(&["past"], &next.low);
    let adverb = is_adverb(&next.low) && !on(&["early"], &next.low);
    next.shape != Shape::Mark && !function && !adverb
}

/// The note without its first mention of the sex; `None` where what would be left is no English.
///
/// Nouns become "patient" or "child", pronouns "the patient" and "their"; "female" as a quality is cut out.
pub(super) fn cut(note: &str, mention: &Mention, protected: &[Range<usize>]) -> Option<String> {
    let tokens = tokens(note);
    let at = tokens.iter().rposition(|token| token.span.end == mention.span.end)?;
    let span = bytes(&tokens, &(at..at + 1));
    let word = slice(note, &span);
    let neutral = match low(&tokens, at) {
        "her" | "his" if is_possessive(&tokens, at) && word.starts_with(char::is_uppercase) => Some("the patient's"),
        "her" | "his" if is_possessive(&tokens, at) => Some("their"),
        "her" | "him" => Some("the patient"),
        "his" => Some("theirs"),
        low => PRONOUNS.iter().find(|(woman, man, _)| *woman == low || *man == low).map(|(_, _, neutral)| *neutral),
    };
    if let Some(neutral) = neutral {
        let put =
            if neutral.is_empty() { String::new() } else { in_case_of(word.get(..1).unwrap_or_default(), neutral) };
        let end = if neutral.is_empty() && low(&tokens, at + 1) == "." { at + 2 } else { at + 1 };
        return Some(splice(note, &bytes(&tokens, &(at..end)), &put));
    }
    if mention.span.start == span.start {
        person(note, &tokens, at).or_else(|| cut::cut(note, mention, protected))
    } else {
        cut::cut(note, mention, protected)
    }
}

/// The note with the noun at `at` without its sex, where it names the patient.
fn person(note: &str, tokens: &[Token], at: usize) -> Option<String> {
    let word = low(tokens, at);
    let span = bytes(tokens, &(at..at + 1));
    let quality = on(&["female", "male"], word);
    let next = tokens.get(at + 1).filter(|next| next.shape == Shape::Word);
    if word.len() == 1 {
        return (tokens.get(at.checked_sub(1)?)?.shape == Shape::Number).then(|| splice(note, &span, ""));
    }
    if quality
        && next.is_some_and(|next| {
            on(&["patient", "adult", "infant", "child", "baby", "smoker", "farmer", "worker"], &next.low)
        })
    {
        return Some(splice(note, &span, ""));
    }
    let named = names_patient(note, tokens, at);
    if named && on(&["a", "an"], before(tokens, at)) && low(tokens, at + 1) == "aged" {
        return Some(splice(note, &bytes(tokens, &(at - 1..at + 1)), ""));
    }
    if named && before(tokens, at) == "old" {
        return Some(splice(note, &span, ""));
    }
    if named && on(&["a", "an"], before(tokens, at)) {
        return None;
    }
    if named {
        return is_headed(tokens, at).then(|| splice(note, &span, "person"));
    }
    if at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|left| left.shape == Shape::Number) {
        return Some(splice(note, &span, ""));
    }
    let noun = !quality || is_headed(tokens, at);
    let (_, _, neutral) = NOUNS.iter().find(|(woman, man, _)| *woman == word || *man == word)?;
    noun.then(|| splice(note, &span, &in_case_of(slice(note, &span), neutral)))
}

/// Whether the sentence already says "patient is" before: "The patient is a 64-year-old woman".
fn names_patient(note: &str, tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let Some(sentence) = sentence_at(note, token.span.start) else { return false };
    let left = tokens.iter().filter(|other| other.span.start >= sentence.start && other.span.end <= token.span.start);
    let words: Vec<&str> = left.map(|token| &*token.low).collect();
    words.windows(2).any(|pair| matches!(pair, ["patient", "is" | "was" | ":"] | ["i", "am"])) || words.contains(&"i'm")
}

/// Whether "female" at `at` is a noun with something before it: an article, an age, a quality.
fn is_headed(tokens: &[Token], at: usize) -> bool {
    let left = before(tokens, at);
    let free = on(&[",", ".", ";", ":", "is", "was", "am", "and", "", "(", "old"], left);
    let aged = left == "old" && !on(&[".", ",", ""], low(tokens, at + 1));
    let adjective = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|token| token.shape == Shape::Word);
    aged || (adjective && !free) || (left == "old" && at > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn female() -> Value {
        Value::Stated("female".into())
    }

    fn male() -> Value {
        Value::Stated("male".into())
    }

    fn cut_all(note: &str, value: &Value) -> Option<String> {
        let mut note = note.to_owned();
        let first = |note: &str| find(&Text::read(note), value).into_iter().next();
        while let Some(mention) = first(&note) {
            note = cut(&note, &mention, &[])?;
        }
        Some(note)
    }

    #[test]
    fn nouns_and_pronouns_swap_together() {
        for (note, expected) in [
            ("A 64-year-old woman. She says her arm hurts her.", "A 64-year-old man. He says his arm hurts him."),
            ("Female, 54. It worries her.", "Male, 54. It worries him."),
            ("23F with a rash", "23M with a rash"),
            ("She treated it herself; the cream was hers.", "He treated it himself; the cream was his."),
            ("SEX: FEMALE", "SEX: MALE"),
        ] {
            assert_eq!(swap(note, &female()), expected);
        }
        assert_eq!(swap("He hit his head; his is the mole.", &male()), "She hit her head; hers is the mole.");
        assert_eq!(swap("They told him that it was his.", &male()), "They told her that it was hers.");
    }

    #[test]
    fn cut_out_without_a_trace() {
        for (note, expected) in [
            (
                "A 64-year-old woman. She says her arm hurts.",
                "A 64-year-old patient. The patient says their arm hurts.",
            ),
            ("Female, 54 years old.", "54 years old."),
            ("The patient is female. It itches.", "It itches."),
            ("A female patient with a mole.", "A patient with a mole."),
            ("23F with a rash", "23 with a rash"),
            ("Sex: female. Age: 64.", "Age: 64."),
            ("The patient is a woman aged 64.", "The patient is aged 64."),
            ("I'm a 27 year old black female.", "I'm a 27 year old black person."),
            ("21 Female, 68 kg.", "21, 68 kg."),
            ("Gender: Female\nNotes: none", "Notes: none"),
            ("Are you male or female? I am female.", "Are you male or female?"),
            ("26F- a rash", "26- a rash"),
            ("The patient is a 64-year-old woman.", "The patient is a 64-year-old."),
            ("A 47 years female with warts.", "A 47 years patient with warts."),
            ("The patient is a woman. It itches.", "It itches."),
            ("Her history is clear.", "The patient's history is clear."),
            ("The mole is hers; it hurts her.", "The mole is theirs; it hurts the patient."),
        ] {
            assert_eq!(cut_all(note, &female()).as_deref(), Some(expected), "{note}");
        }
    }

    #[test]
    fn either_sex_is_nobody_in_particular() {
        assert!(find(&Text::read("He or she may come; his/her choice."), &female()).is_empty());
    }

    #[test]
    fn what_fits_one_sex_only_is_known() {
        for (note, bound) in [
            ("A transient rash over a period of weeks, since birth; a birthmark, transferred.", false),
            ("Bladder cancer s/p transurethral resection. Periods (daily) of pain.", false),
            ("My period is late.", true),
            ("She gave birth.", true),
            ("He is trans.", true),
            ("She is pregnant.", true),
            ("prostate cancer", true),
            ("a rash", false),
        ] {
            assert_eq!(is_bound(note), bound, "{note}");
        }
    }

    #[test]
    fn pronouns_near_somebody_of_the_same_sex_are_ambiguous() {
        for (note, ambiguous) in [
            ("She asked her doctor whether she should worry.", false),
            ("The doctor said she should rest.", true),
            ("I am a woman. I asked my doctor and she said it is well.", true),
            ("Her mother says she itches.", true),
            ("My wife has a rash.", true),
            ("She itches. Her mother had melanoma. It bleeds.", false),
            ("Dear colleague, she itches. She met a partner with warts. She is well.", false),
            ("The mother came. She itches.", true),
            ("A toddler is brought in by his mother. She is applying a cream.", true),
            ("Her father says she itches. My husband came. She is well.", false),
            ("I am 24F. I asked my doctor.", false),
            ("My niece itches.", true),
        ] {
            assert_eq!(is_ambiguous(note, &female()), ambiguous, "{note}");
        }
    }

    #[test]
    fn values_swap_in_their_manner() {
        assert_eq!(swapped_value(&Value::Stated("FEMALE".into())), Some(Value::Stated("MALE".into())));
        assert_eq!(swapped_value(&Value::Stated("F".into())), Some(Value::Stated("M".into())));
        assert_eq!(swapped_value(&Value::Stated("unknown sex".into())), None);
    }
}
