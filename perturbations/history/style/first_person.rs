//! The patient writes.

use std::ops::Range;

use crate::history::age;
use crate::history::clause::is_verb;
use crate::history::ledger::Ledger;
use crate::history::lexicon::{AUXILIARIES, COORDINATORS, KIN, PERSONS, PREPOSITIONS, is_adverb, on};
use crate::history::noise::dose::rewrite;
use crate::history::restyle::{Rewrite, tells_the_same};
use crate::history::sentence::sentence_at;
use crate::history::voice;
use crate::history::words::{Shape, Text, Token, before, bytes, capitalised, low, slice, tokens};
use crate::{
    Card, Change, Context, Field, Grading, History, Kind, Needs, Operator, Oracle, Perturbation, Setting, SettingError,
    Stimulus, Target, Unfit,
};

/// Rewrites a note about the patient as the patient's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FirstPerson;

impl Operator for FirstPerson {
    const CARD: &'static Card = &Card {
        id: "first_person",
        family: "history/style",
        title: "In the first person",
        imitates: "The patient writes instead of the doctor: she, he and the patient become I; a sex that only a pronoun told is said. Left alone are a note in which another person of the same sex is spoken of or a patient of no stated sex is \"they\", what only a clinician writes (an examination, an impression), and the note of a child.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The same facts from another pen.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for FirstPerson {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let note = stimulus.history.note.as_deref().unwrap_or_default();
        if voice::is_own(note) {
            return Err(Unfit::nothing("the note is in the first person already"));
        }
        if is_child(&stimulus.history) {
            return Err(Unfit::nothing("the patient is a child, for whom the family writes"));
        }
        let text = Text::read(note);
        if text.tokens.iter().any(|token| on(CLINICAL, &token.low)) {
            return Err(Unfit::nothing("the note holds what only a clinician writes"));
        }
        let rewrites = own_words(&text).ok_or_else(|| Unfit::Entangled { what: "who is spoken of".into() })?;
        if rewrites.is_empty() {
            return Err(Unfit::nothing("the note does not speak of the patient"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        rewrite(&mut ledger, rewrites);
        if !tells_the_same(&stimulus.history, ledger.note()) {
            return Err(Unfit::Entangled { what: "what the note tells".into() });
        }
        ledger.close(stimulus)
    }
}

/// Whether the patient is younger than 14, for whom somebody else writes.
fn is_child(history: &History) -> bool {
    let note = history.note.as_deref().unwrap_or_default();
    let young = |age: &Field| age::years(&age.value).is_some_and(|years| years < 14);
    let words = ["baby", "boy", "girl", "infant", "newborn", "toddler"];
    history.fields.iter().any(|field| field.kind == Kind::Age && young(field))
        || tokens(note).iter().any(|token| on(&words, &token.low))
}

/// Verbs of the third person that do not only lose an s.
const VERBS: &[(&str, &str)] = &[
    ("is", "am"),
    ("was", "was"),
    ("has", "have"),
    ("does", "do"),
    ("isn't", "am not"),
    ("wasn't", "wasn't"),
    ("hasn't", "haven't"),
    ("doesn't", "don't"),
    ("goes", "go"),
];
/// What only a clinician writes.
const CLINICAL: &[&str] = &[
    "afebrile",
    "assessment",
    "auscultation",
    "biopsy",
    "colleague",
    "considering",
    "differential",
    "examination",
    "exam",
    "febrile",
    "fh",
    "impression",
    "laboratory",
    "our",
    "palpation",
    "pmh",
    "refer",
    "referred",
    "referring",
    "seeing",
    "vitals",
    "vital",
    "we",
];
/// Relatives with their sex, `true` for female.
const RELATIVES: &[(&str, bool)] = &[
    ("aunt", true),
    ("daughter", true),
    ("gf", true),
    ("girlfriend", true),
    ("grandma", true),
    ("grandmother", true),
    ("mom", true),
    ("mother", true),
    ("mum", true),
    ("niece", true),
    ("sister", true),
    ("wife", true),
    ("bf", false),
    ("boyfriend", false),
    ("brother", false),
    ("dad", false),
    ("father", false),
    ("grandfather", false),
    ("grandpa", false),
    ("husband", false),
    ("nephew", false),
    ("son", false),
    ("uncle", false),
];
/// Words between a subject and its verb, beside the adverbs.
const BETWEEN: &[&str] = &["first", "no", "longer", "otherwise", "also", "hardly", "once", "either", "both"];
/// Words behind a pronoun that are no verb.
const NO_VERB: &[&str] = &["who", "whose", "that", "which"];

/// A note on its way into the first person.
struct Rewriter<'a> {
    text: &'a Text<'a>,
    /// The sex of the patient, `true` for female, where words tell it.
    sex: Option<bool>,
    found: Vec<Rewrite>,
    /// The tokens of the verbs of which the patient is the subject.
    verbs: Vec<usize>,
}

/// The rewrites; `None` where the rules do not reach.
fn own_words(text: &Text) -> Option<Vec<Rewrite>> {
    let named = sex_of_nouns(text);
    let pronouns = sex_of_pronouns(text);
    if named == Some(None) || (named.is_none() && pronouns == Some(None)) {
        return None;
    }
    let sex = named.or(pronouns).flatten();
    // Of a patient whose sex is not told, "they" may be the patient or what the patient has.
    if sex.is_none() && text.tokens.iter().any(|token| on(&["their", "theirs", "them", "they"], &token.low)) {
        return None;
    }
    if others_spoken_of(text, sex) {
        return None;
    }
    let mut rewriter = Rewriter { text, sex, found: Vec::new(), verbs: Vec::new() };
    let opening = rewriter.heading();
    rewriter.subjects(opening)?;
    rewriter.further_verbs()?;
    if let (None, Some(Some(female))) = (named, pronouns) {
        rewriter.say_sex(female);
    }
    rewriter.found.sort_by_key(|(span, _)| span.start);
    Some(rewriter.found)
}

/// The sex that nouns for a person tell; inner `None` where they tell both.
fn sex_of_nouns(text: &Text) -> Option<Option<bool>> {
    let told = text
        .tokens
        .iter()
        .filter_map(|token| PERSONS.iter().find(|(person, _)| *person == token.low).map(|(_, female)| *female));
    one_of(told)
}

/// The sex that pronouns tell; inner `None` where they tell both.
fn sex_of_pronouns(text: &Text) -> Option<Option<bool>> {
    one_of(text.tokens.iter().filter_map(|token| sex_of(&token.low)))
}

fn one_of(told: impl Iterator<Item = bool>) -> Option<Option<bool>> {
    told.map(Some).reduce(|one, other| if one == other { one } else { None })
}

fn sex_of(pronoun: &str) -> Option<bool> {
    match pronoun {
        "she" | "her" | "hers" | "herself" => Some(true),
        "he" | "his" | "him" | "himself" => Some(false),
        _ => None,
    }
}

/// Whether a pronoun of the patient's could mean somebody else.
fn others_spoken_of(text: &Text, sex: Option<bool>) -> bool {
    let tokens = &text.tokens;
    (0..tokens.len()).any(|at| {
        let word = low(tokens, at);
        let relative = RELATIVES.iter().find(|(name, _)| *name == word);
        let acts = is_verb(low(tokens, at + 1)) || low(tokens, at + 1) == "who";
        match relative {
            Some((_, female)) => sex.is_none_or(|sex| sex == *female),
            None => on(KIN, word) && acts,
        }
    })
}

impl Rewriter<'_> {
    fn tokens(&self) -> &[Token<'_>] {
        &self.text.tokens
    }

    fn low(&self, at: usize) -> &str {
        low(&self.text.tokens, at)
    }

    fn put(&mut self, run: Range<usize>, words: impl Into<String>) {
        self.found.push((bytes(&self.text.tokens, &run), words.into()));
    }

    /// Subjects and possessives from the token `from` on.
    fn subjects(&mut self, from: usize) -> Option<()> {
        let mut at = from;
        while at < self.tokens().len() {
            let person = PERSONS.iter().any(|(person, _)| *person == self.low(at));
            if person && (is_verb(self.low(at + 1)) || self.is_pointed_at(at)) {
                return None;
            }
            at = match self.subject(at) {
                Some(end) => self.subject_with_verb(at, end)?,
                None => self.possessive(at),
            };
        }
        Some(())
    }

    /// Whether a word for a person stands behind "the" or "this": "the poor old lady".
    fn is_pointed_at(&self, at: usize) -> bool {
        (at.saturating_sub(3)..at).any(|at| on(&["the", "this"], self.low(at)))
            && !(at.saturating_sub(3)..at).any(|at| is_verb(self.low(at)) || on(&[",", "."], self.low(at)))
    }

    /// Where a subject that means the patient ends.
    fn subject(&self, at: usize) -> Option<usize> {
        let opens = at == 0 || on(&[".", "!", "?"], before(self.tokens(), at));
        match (self.low(at), self.low(at + 1)) {
            ("she", _) if self.sex != Some(false) => Some(at + 1),
            ("he", _) if self.sex != Some(true) => Some(at + 1),
            ("the" | "this", "patient") => Some(at + 2),
            ("a", "patient") if opens => Some(at + 2),
            ("patient", _) if opens => Some(at + 1),
            _ => None,
        }
    }

    /// Rewrites a subject and the verb behind it; the token to go on from.
    fn subject_with_verb(&mut self, at: usize, end: usize) -> Option<usize> {
        let pronoun = sex_of(self.low(at)).is_some();
        let inverted = on(&["does", "has", "is", "was"], before(self.tokens(), at));
        if inverted {
            self.put(at..end, "I");
            return self.verb_at(at - 1).map(|()| end);
        }
        let place = self.verb_place(end);
        if !pronoun && !self.is_finite(place) {
            let object = is_verb(before(self.tokens(), at)) || on(PREPOSITIONS, before(self.tokens(), at));
            return object.then(|| {
                self.put(at..end, "me");
                end
            });
        }
        self.put(at..end, "I");
        self.verb_at(place)?;
        Some(end)
    }

    /// Where the verb of a subject that ends there should stand: adverbs and what commas enclose are passed over.
    fn verb_place(&self, end: usize) -> usize {
        let mut at = end;
        if self.low(at) == "," {
            let close = (at + 1..at + 12).find(|&at| self.low(at) == ",");
            at = close.map_or(at, |close| close + 1);
        }
        while is_adverb(self.low(at)) || on(BETWEEN, self.low(at)) {
            at += 1;
        }
        at
    }

    fn is_finite(&self, at: usize) -> bool {
        let word = self.low(at);
        let shaped = (word.ends_with('s') && !word.ends_with("ss")) || word.ends_with("ed");
        let function = on(PREPOSITIONS, word) || on(COORDINATORS, word) || on(NO_VERB, word);
        self.tokens().get(at).is_some_and(|token| token.shape == Shape::Word)
            && !function
            && (on(AUXILIARIES, word) || is_verb(word) || shaped)
            && !word.contains('\'')
    }

    /// Puts the verb there into the first person.
    fn verb_at(&mut self, at: usize) -> Option<()> {
        let token = self.tokens().get(at).filter(|token| token.shape == Shape::Word)?;
        let word = token.low.to_string();
        if on(PREPOSITIONS, &word) || on(COORDINATORS, &word) || on(NO_VERB, &word) {
            return None;
        }
        self.verbs.push(at);
        if word == "presents" && self.low(at + 1) == "with" {
            self.put(at..at + 2, "have");
        } else if let Some(put) = first_of(&word).filter(|put| *put != word) {
            self.put(at..at + 1, put);
        }
        Some(())
    }

    /// "her arm" as "my arm", "herself" as "myself", "the patient's" as "my"; the token to go on from.
    fn possessive(&mut self, at: usize) -> usize {
        let Some(token) = self.tokens().get(at) else { return at + 1 };
        let word = token.low.to_string();
        let capital = slice(self.text.whole, &token.span).starts_with(char::is_uppercase);
        let put = |word: &str| if capital { capitalised(word) } else { word.to_owned() };
        if on(&["the", "a", "this"], &word) && self.low(at + 1) == "patient's" {
            self.put(at..at + 2, put("my"));
            return at + 2;
        }
        if sex_of(&word).is_none() || (self.sex.is_some() && sex_of(&word) != self.sex) {
            return at + 1;
        }
        let next = self.tokens().get(at + 1);
        let noun = next.is_some_and(|next| {
            let function = on(PREPOSITIONS, &next.low) || on(COORDINATORS, &next.low);
            next.shape != Shape::Mark && !function
        });
        match word.as_str() {
            "herself" | "himself" => self.put(at..at + 1, put("myself")),
            "hers" => self.put(at..at + 1, put("mine")),
            "his" | "her" if noun => self.put(at..at + 1, put("my")),
            "him" | "her" => self.put(at..at + 1, put("me")),
            "his" => self.put(at..at + 1, put("mine")),
            _ => {}
        }
        at + 1
    }

    /// Verbs that share the subject of an earlier one: "itches and is sore". `None` where it is not clear whose they are.
    fn further_verbs(&mut self) -> Option<()> {
        for at in 0..self.tokens().len() {
            if !on(&["and", "or", "but", "nor", ","], self.low(at)) {
                continue;
            }
            let mut place = at + 1;
            while is_adverb(self.low(place)) || on(BETWEEN, self.low(place)) {
                place += 1;
            }
            if !is_third(self.low(place)) || self.verbs.contains(&place) {
                continue;
            }
            match self.last_verb(at) {
                Some(verb) if self.verbs.contains(&verb) => self.verb_at(place)?,
                Some(_) if self.low(at) != "," && before(self.tokens(), at) == "," => return None,
                _ => {}
            }
        }
        Some(())
    }

    /// The last finite verb before the token there, in its sentence.
    fn last_verb(&self, at: usize) -> Option<usize> {
        let start = (0..at).rev().find(|&at| on(&[".", ";", "!", "?"], self.low(at))).map_or(0, |at| at + 1);
        let finite =
            |at: usize| is_third(self.low(at)) || on(&["was", "were", "are", "have", "had", "did", "do"], self.low(at));
        (start..at).rev().find(|at| self.verbs.contains(at) || finite(*at))
    }

    /// "64-year-old woman with …" as "I am a 64-year-old woman with …", "A 64-year-old man has …" as "I am a 64-year-old
    /// man and have …"; the token to go on from.
    fn heading(&mut self) -> usize {
        self.opening().unwrap_or(0)
    }

    fn opening(&mut self) -> Option<usize> {
        let first = sentence_at(self.text.whole, self.tokens().first()?.span.start)?;
        let within = |at: usize| self.tokens().get(at).is_some_and(|token| token.span.end <= first.end);
        let named = |at: usize| PERSONS.iter().any(|(person, _)| *person == self.low(at)) || self.low(at) == "patient";
        let person = (0..self.tokens().len()).take_while(|&at| within(at)).find(|&at| named(at))?;
        let speaks =
            (0..person).any(|at| is_verb(self.low(at)) || on(&[":", ",", "the", "this", "with"], self.low(at)));
        if speaks || (person <= 1 && self.low(person) == "patient") {
            return None;
        }
        let joined = on(&["with", "."], self.low(person + 1));
        let verb = self.verb_place(person + 1);
        let alone = verb == person + 1 && self.is_finite(verb);
        if !joined && !alone {
            return None;
        }
        let span = self.tokens().first()?.span.clone();
        let word = slice(self.text.whole, &span).to_owned();
        self.found.push((span, format!("I am {}{}", article_of(&word), word.to_lowercase())));
        if joined {
            return Some(person + 1);
        }
        self.put(
            person..person + 1,
            format!("{} and", slice(self.text.whole, &bytes(self.tokens(), &(person..person + 1)))),
        );
        self.verb_at(verb)?;
        Some(verb + 1)
    }

    /// Says the sex that the pronouns told.
    fn say_sex(&mut self, female: bool) {
        let sentence = if female { "I am female." } else { "I am male." };
        match self.found.iter_mut().find(|(span, _)| span.start == 0) {
            Some((_, put)) => *put = format!("{sentence} {put}"),
            None => self.found.push((0..0, format!("{sentence} "))),
        }
    }
}

/// The article that has to be put before the first word of a heading; "" where it is one.
fn article_of(word: &str) -> &'static str {
    let low = word.to_lowercase();
    let vowel = low.starts_with(['a', 'e', 'i', 'o', 'u']) || on(&["8", "11", "18"], &low);
    match low.as_str() {
        "a" | "an" => "",
        _ if vowel || (low.starts_with('8') && low.len() == 2) => "an ",
        _ => "a ",
    }
}

/// Whether a word is a verb of the third person, singular.
fn is_third(word: &str) -> bool {
    let listed = VERBS.iter().any(|(third, first)| *third == word && third != first);
    listed || (is_verb(word) && word.ends_with('s') && !word.ends_with("ss") && !on(AUXILIARIES, word))
}

/// A verb of the third person in the first; `None` where it stays as it is.
fn first_of(word: &str) -> Option<String> {
    if let Some((_, put)) = VERBS.iter().find(|(third, _)| *third == word) {
        return Some((*put).to_owned());
    }
    if !word.ends_with('s') || word.ends_with("ss") {
        return None;
    }
    let sibilant = ["sses", "shes", "ches", "xes", "zes"].iter().any(|ending| word.ends_with(ending));
    let base = match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if sibilant && !word.ends_with("aches") => word.strip_suffix("es")?.to_owned(),
        _ => word.strip_suffix('s')?.to_owned(),
    };
    Some(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, check, history, round_trip};

    #[test]
    fn the_patient_says_it() {
        let table = [
            ("She denies pain. Her arm itches.", "I am female. I deny pain. My arm itches."),
            ("The patient smokes. The patient does not drink alcohol.", "I smoke. I do not drink alcohol."),
            (
                "64-year-old woman with a mole. She has seen it herself.",
                "I am a 64-year-old woman with a mole. I have seen it myself.",
            ),
            ("An 80-year-old man with a mole.", "I am an 80-year-old man with a mole."),
            ("He recently started amoxicillin.", "I am male. I recently started amoxicillin."),
            ("She is a woman. She is well.", "I am a woman. I am well."),
            (
                "A 35-year-old man presents with a plaque on his left arm. He has tried creams, but the flaking returns.",
                "I am a 35-year-old man and have a plaque on my left arm. I have tried creams, but the flaking returns.",
            ),
            (
                "A patient, a 32-year-old man, has been short of breath and is not on any drug. Nor does he smoke.",
                "I, a 32-year-old man, have been short of breath and am not on any drug. Nor do I smoke.",
            ),
            (
                "The patient is a man. He reports no fever, and denies pain. His mother had eczema as a child.",
                "I am a man. I report no fever, and deny pain. My mother had eczema as a child.",
            ),
            ("She reports a rash that itches and bleeds.", "I am female. I report a rash that itches and bleeds."),
            ("65-year-old patient with a lesion on the nose.", "I am a 65-year-old patient with a lesion on the nose."),
        ];
        check(&table, |note| {
            applied(&FirstPerson, &history(note, vec![]))
                .map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn what_the_rules_do_not_reach_is_left_alone() {
        for note in [
            "I have a mole. My arm itches.",
            "Her mother says that she itches.",
            "The woman and the man. She itches.",
            "5-year-old girl. She itches.",
            "The doctor thinks she is well.",
            "A mole.",
            "She has a mole. Impression: eczema.",
            "A patient has a mole on their leg. The patient smokes.",
            "45-year-old man with a mole. PMH: nil.",
            "The poor old lady. The patient is 79. She itches.",
            "user: She itches.",
        ] {
            assert!(!round_trip(&FirstPerson, &history(note, vec![])), "{note}");
        }
        assert!(round_trip(&FirstPerson, &history("She has a mole.", vec![])));
    }
}
