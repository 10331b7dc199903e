//! Plausible wrong values for a fact, and telling them in field and note.

use std::ops::Range;

use super::complaint::{Stance, stance, stance_of_value};
use super::erase::{Collateral, entangled, erase};
use super::ledger::Ledger;
use super::lexicon::{BODY_PARTS, NEGATIONS, PLACE_WORDS, on};
use super::mention;
use super::seam::splice;
use super::sentence::{is_closed, sentence_at, sentences};
use super::symptoms::symptom;
use super::voice::{is_asked, is_dialogue};
use super::words::{Text, Token, before, in_case_of, overlap, slice, tokens};
use super::{age, amounts, duration, plausible, sex, side};
use crate::{Field, History, Kind, Pull, Stream, Unfit, Value};

/// The youngest and oldest adult that a false age makes.
const ADULT: (u32, u32) = (18, 95);
/// The least and most years by which a false age differs.
const SHIFT: (u64, u64) = (15, 30);
/// The longest false duration, in years.
const LONGEST: f64 = 80.0;

/// A wrong value for a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Falsehood {
    /// What the field is to say.
    pub(super) value: Value,
    /// Which way it pulls.
    pub(super) pull: Pull,
}

/// The plausible wrong values of a field; none where it is not told, not exact, or where any would be impossible.
///
/// Pulls: younger and longer-standing reassure, since the risk of cancer rises with age and a lesion unchanged for
/// years is less often one; older and recent alarm; a complaint pulls as its table says; sex and side are neutral.
pub(super) fn falsehoods(history: &History, field: &Field, rng: &mut Stream) -> Vec<Falsehood> {
    match field.kind {
        Kind::Age => ages(history, &field.value, rng),
        Kind::Sex => sex::swapped_value(&field.value).map(neutral).into_iter().collect(),
        Kind::Side => {
            side::side(&field.value).and_then(|side| other_side(&field.value, side)).map(neutral).into_iter().collect()
        }
        Kind::Duration => durations(history, &field.value),
        _ if is_complaint(field) => complaint(field).into_iter().collect(),
        _ => plausible::falsehoods(history, field),
    }
}

fn neutral(value: Value) -> Falsehood {
    Falsehood { value, pull: Pull::Neutral }
}

fn other_side(value: &Value, from: &str) -> Option<Value> {
    let Value::Stated(text) = value else { return None };
    let other = side::other(from)?;
    let word = if text.trim().len() == 1 { slice(other, &(0..1)) } else { other };
    Some(Value::Stated(super::words::in_case_of(text.trim(), word)))
}

/// One younger and one older age that fit an adult and the duration.
fn ages(history: &History, value: &Value, rng: &mut Stream) -> Vec<Falsehood> {
    let Some(years) = age::years(value).filter(|years| (ADULT.0..=ADULT.1).contains(years)) else { return Vec::new() };
    let shift = |rng: &mut Stream| u32::try_from(SHIFT.0 + rng.below(SHIFT.1 - SHIFT.0 + 1)).unwrap_or_default();
    let fits = |age: &u32| (ADULT.0..=ADULT.1).contains(age) && f64::from(*age) >= standing(history);
    let younger = nearest(years, ADULT.0, shift(rng)).map(|by| years - by).filter(fits);
    let older = nearest(ADULT.1, years, shift(rng)).map(|by| years + by).filter(fits);
    let told = |age: u32, pull| Falsehood { value: Value::Stated(with_number(value, age)), pull };
    let younger = younger.map(|age| told(age, Pull::Reassuring));
    younger.into_iter().chain(older.map(|age| told(age, Pull::Alarming))).collect()
}

/// The shift, cut down to the room between `high` and `low` where that is still enough.
fn nearest(high: u32, low: u32, shift: u32) -> Option<u32> {
    let room = high.checked_sub(low)?;
    (u64::from(room) >= SHIFT.0).then(|| shift.min(room))
}

/// The value's text with its number replaced.
fn with_number(value: &Value, to: u32) -> String {
    let Value::Stated(text) = value else { return to.to_string() };
    let digits = text.find(|c: char| c.is_ascii_digit());
    let Some(start) = digits else { return to.to_string() };
    let rest = slice(text, &(start..text.len()));
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    format!("{}{to}{}", slice(text, &(0..start)), slice(rest, &(length..rest.len())))
}

/// The longest duration that the history states, in years.
pub(super) fn standing(history: &History) -> f64 {
    let times = history
        .fields
        .iter()
        .filter(|field| field.kind == Kind::Duration)
        .filter_map(|field| duration::time(&field.value));
    times.map(|time| time.hours() / 8766.0).fold(0.0, f64::max)
}

/// Ten times as long and a tenth, where an age does not forbid it.
fn durations(history: &History, value: &Value) -> Vec<Falsehood> {
    let Some(time) = duration::time(value) else { return Vec::new() };
    let ages =
        history.fields.iter().filter(|field| field.kind == Kind::Age).filter_map(|field| age::years(&field.value));
    let limit = ages.map(f64::from).fold(LONGEST, f64::min);
    let longer = (time.hours() * 10.0 / 8766.0 <= limit).then_some((10.0, Pull::Reassuring));
    let shorter = (time.hours() / 10.0 >= 1.0).then_some((0.1, Pull::Alarming));
    let told = |(factor, pull): (f64, Pull)| {
        let value = duration::restated(value, &duration::in_words(time.hours() * factor))?;
        Some(Falsehood { value, pull })
    };
    longer.into_iter().chain(shorter).filter_map(told).collect()
}

/// Whether the field is a complaint that is present or absent, by its kind or by its name ("growth" as evolution).
pub(super) fn is_complaint(field: &Field) -> bool {
    field.kind == Kind::Symptom || (matches!(field.value, Value::Yes | Value::No) && symptom(&field.name).is_some())
}

fn complaint(field: &Field) -> Option<Falsehood> {
    let presence = symptom(&field.name).map_or(Pull::Neutral, |symptom| symptom.presence);
    match field.value {
        Value::Yes => Some(Falsehood { value: Value::No, pull: opposite(presence) }),
        Value::No => Some(Falsehood { value: Value::Yes, pull: presence }),
        _ => None,
    }
}

fn opposite(pull: Pull) -> Pull {
    match pull {
        Pull::Alarming => Pull::Reassuring,
        Pull::Reassuring => Pull::Alarming,
        Pull::Neutral => Pull::Neutral,
    }
}

impl Falsehood {
    /// Tells the falsehood in the field and at every mention in the note.
    ///
    /// # Errors
    /// [`Unfit::Entangled`] where the note tells the fact, or something that would belie the falsehood, in a way that
    /// cannot be edited.
    pub(super) fn tell(&self, ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
        if belies(ledger.history(), field) || contradicts(ledger.history(), field, &self.value) {
            return Err(entangled(field));
        }
        if is_complaint(field) {
            self.tell_complaint(ledger, field)?;
        } else if let Some(sentence) = plausible::sentence(field, &self.value) {
            self.tell_in_a_sentence(ledger, field, &sentence)?;
        } else if plausible::is_literal(field.kind) {
            self.tell_in_words(ledger, field)?;
        } else {
            self.retell(ledger, field)?;
        }
        ledger.set_field(&field.name, self.value.clone());
        Ok(())
    }

    fn retell(&self, ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
        let after = self.retold(ledger.note(), field).ok_or_else(|| entangled(field))?;
        if ledger.history().note.is_some() {
            ledger.set_note(&after);
        }
        for other in ledger.history().fields.clone() {
            let (Value::Stated(text), true) = (&other.value, field.kind == Kind::Side && other.name != field.name)
            else {
                continue;
            };
            ledger.set_field(&other.name, Value::Stated(side::swap(text, &field.value)));
        }
        if ledger.own(field).is_empty() { Ok(()) } else { Err(entangled(field)) }
    }

    fn retold(&self, note: &str, field: &Field) -> Option<String> {
        match field.kind {
            Kind::Age => Some(age::retell(note, &field.value, age::stated(&self.value)?)),
            Kind::Sex => Some(sex::swap(note, &field.value)),
            Kind::Side => Some(side::swap(note, &field.value)),
            Kind::Duration => duration::retell(note, &field.value, &duration::words_of(&self.value)?),
            Kind::Diameter | Kind::Dose | Kind::Lab | Kind::VitalSign => {
                let ((from, _), (_, put)) = (amounts::stated(&field.value)?, amounts::stated(&self.value)?);
                Some(amounts::retell(note, &from, &put))
            }
            _ => None,
        }
    }

    /// Puts the value's words at every mention of the field's own, in their number and case.
    fn tell_in_words(&self, ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
        let (Value::Stated(from), Value::Stated(to)) = (&field.value, &self.value) else {
            return Err(entangled(field));
        };
        let mentions = ledger.own(field);
        let mut note = ledger.note().to_owned();
        for mention in mentions.iter().rev() {
            let words = slice(&note, &mention.span).to_owned();
            let plural = words.len() > from.trim().len();
            let put = format!("{}{}", in_case_of(&words, to), if plural { "s" } else { "" });
            note = splice(&note, &mention.span, &put);
        }
        if !mentions.is_empty() {
            ledger.set_note(&note);
        }
        if ledger.own(field).is_empty() { Ok(()) } else { Err(entangled(field)) }
    }

    /// Cuts every mention out and puts a sentence where the first one stood.
    fn tell_in_a_sentence(&self, ledger: &mut Ledger, field: &Field, sentence: &str) -> Result<(), Unfit> {
        let mentions = ledger.own(field);
        let Some(first) = mentions.first() else { return Ok(()) };
        if is_dialogue(ledger.note()) {
            return Err(entangled(field));
        }
        let before = ledger.note().to_owned();
        replace_mentions(ledger, field, first.span.start, sentence)?;
        // "No family history of eczema or asthma noted" must not become "asthma noted".
        let rest_stays = sentences(ledger.note()).len() > sentences(&before).len();
        let denials_left = denials(ledger.note()).saturating_sub(denials(sentence));
        if rest_stays && denials_left < denials(&before) { Err(entangled(field)) } else { Ok(()) }
    }

    fn tell_complaint(&self, ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
        let affirmed = self.value == Value::Yes;
        if !affirmed && is_told_besides(ledger, field) {
            return Err(entangled(field));
        }
        let wanted = if affirmed { Stance::Affirmed } else { Stance::Denied };
        say_instead(ledger, field, &self.value, &sentence(field, affirmed), wanted)
    }
}

/// Whether the note affirms the complaint in words that are another field's: joint pain is pain.
fn is_told_besides(ledger: &Ledger, field: &Field) -> bool {
    let own = ledger.own(field);
    let others = mention::find(&Text::read(ledger.note()), field).into_iter().filter(|told| !own.contains(told));
    others.into_iter().any(|told| stance(ledger.note(), &told, field) == Stance::Affirmed)
}

/// Denies a complaint in field and note.
///
/// # Errors
/// As [`Falsehood::tell`].
pub(super) fn deny(ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
    Falsehood { value: Value::No, pull: pull_of_denial(field) }.tell(ledger, field)
}

/// Which way a false denial of a complaint pulls.
pub(super) fn pull_of_denial(field: &Field) -> Pull {
    opposite(symptom(&field.name).map_or(Pull::Neutral, |symptom| symptom.presence))
}

/// Says in field and note that it is not known whether there is a complaint.
///
/// # Errors
/// As [`Falsehood::tell`].
pub(super) fn leave_open(ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
    let history = ledger.history();
    if belies(history, field) || contradicts(history, field, &Value::Unknown) || is_told_besides(ledger, field) {
        return Err(entangled(field));
    }
    let affirmed = sentence(field, true);
    let mut letters = affirmed.chars();
    let first = letters.next().map_or_else(String::new, |first| first.to_lowercase().collect());
    let open = format!("It is not known whether {first}{}", letters.as_str());
    say_instead(ledger, field, &Value::Unknown, &open, Stance::Doubted)?;
    ledger.set_field(&field.name, Value::Unknown);
    Ok(())
}

/// Cuts every mention of a complaint out and says something else where the first one stood.
fn say_instead(ledger: &mut Ledger, field: &Field, value: &Value, sentence: &str, wanted: Stance) -> Result<(), Unfit> {
    let mentions = ledger.own(field);
    let expected = stance_of_value(&field.value);
    if mentions.is_empty() {
        return Ok(());
    }
    // What a dialogue tells is told by the one who answers.
    let first =
        mentions.iter().find(|told| !is_asked(ledger.note(), told.span.start)).ok_or_else(|| entangled(field))?;
    if mentions.iter().any(|mention| Some(stance(ledger.note(), mention, field)) != expected) {
        return Err(entangled(field));
    }
    replace_mentions(ledger, field, first.span.start, sentence)?;
    let told = Field { value: value.clone(), ..field.clone() };
    let said = ledger.own(&told);
    let clear = said.iter().all(|mention| stance(ledger.note(), mention, &told) == wanted);
    if clear { Ok(()) } else { Err(entangled(field)) }
}

/// Cuts every mention of a fact out of the note and puts a sentence behind the one at that byte.
pub(super) fn replace_mentions(ledger: &mut Ledger, field: &Field, byte: usize, sentence: &str) -> Result<(), Unfit> {
    let (marked, mark) = with_mark(ledger.note(), byte);
    let mut draft = ledger.clone();
    draft.set_note(&marked);
    erase(&mut draft, &field.name, Collateral::Nothing)?;
    ledger.set_note(&draft.note().replacen(&mark, sentence, 1));
    Ok(())
}

/// A sentence that affirms or denies a complaint.
fn sentence(field: &Field, affirmed: bool) -> String {
    match symptom(&field.name) {
        Some(symptom) if affirmed => symptom.affirmed.into(),
        Some(symptom) => symptom.denied.into(),
        None => format!("There is {}{}.", if affirmed { "" } else { "no " }, field.name.replace(['_', '-'], " ")),
    }
}

/// The note with a sentence of one made-up word behind the sentence at that byte, and that sentence.
///
/// It keeps the place while the sentence before it is edited or goes.
fn with_mark(note: &str, byte: usize) -> (String, String) {
    let mut word = String::from("Xqzj");
    while note.contains(&word) {
        word.push('j');
    }
    let mark = format!("{word}.");
    let at = sentence_at(note, byte).map_or(note.len(), |sentence| sentence.end);
    let (head, tail) = (slice(note, &(0..at)), slice(note, &(at..note.len())));
    let stop = if is_closed(head) { "" } else { "." };
    (format!("{head}{stop} {mark}{tail}"), mark)
}

/// Whether another field tells the complaint in its own words: "slowly enlarging" beside a field for growth.
fn tells_complaint(other: &Field, field: &Field) -> bool {
    let present = [Kind::Evolution, Kind::Severity, Kind::Symptom, Kind::Other].contains(&other.kind);
    matches!(&other.value, Value::Stated(text) if present && !mention::mentions(text, field).is_empty())
}

/// Whether a false growth would contradict the course that the history tells, or a false course the growth.
pub(super) fn contradicts(history: &History, field: &Field, to: &Value) -> bool {
    let growth = |field: &Field| symptom(&field.name).is_some_and(|symptom| symptom.names.contains(&"growth"));
    let mut others = history.fields.iter().filter(|other| other.name != field.name);
    match field.kind {
        Kind::Evolution if !growth(field) => plausible::grows(to).is_some_and(|grows| {
            let belied = if grows { Value::No } else { Value::Yes };
            others.any(|other| growth(other) && other.value == belied)
        }),
        _ if growth(field) => {
            let courses = others.filter(|other| other.kind == Kind::Evolution);
            courses
                .filter_map(|other| plausible::grows(&other.value))
                .any(|grows| *to != if grows { Value::Yes } else { Value::No })
        }
        _ => false,
    }
}

/// Whether something else in the history would belie a falsehood about the field.
pub(super) fn belies(history: &History, field: &Field) -> bool {
    let note = history.note.as_deref().unwrap_or_default();
    let others = history.fields.iter().filter(|other| other.name != field.name && other.value != Value::Deleted);
    match field.kind {
        Kind::Age => age::is_bound(note, &field.value),
        Kind::Sex => {
            let stated = |other: &Field| matches!(&other.value, Value::Stated(text) if sex::is_bound(text));
            let named = |other: &Field| sex::is_bound(&other.name.replace('_', " "));
            sex::is_bound(note)
                || sex::is_ambiguous(note, &field.value)
                || others.clone().any(|other| stated(other) || named(other))
        }
        Kind::Side => side::is_mixed(note),
        Kind::Site => is_at_another_site(history, field),
        Kind::Severity | Kind::Evolution => Ledger::open(history).own(field).len() > 1,
        Kind::Dose | Kind::Lab | Kind::VitalSign => {
            amounts::stated(&field.value).is_some_and(|(dose, _)| amounts::count(note, &dose) > 1)
        }
        Kind::Diameter | Kind::Drug | Kind::Allergy | Kind::FamilyHistory | Kind::Occupation => false,
        _ => others.clone().any(|other| tells_complaint(other, field)),
    }
}

/// How many words of a text deny something.
fn denials(text: &str) -> usize {
    tokens(text).iter().filter(|token| on(NEGATIONS, &token.low) || token.low == "none").count()
}

/// Whether the note or another field names a part of the body beside the field's own, or a part of it ("lower leg"). Sores
/// in the mouth or a wrist once broken are facts of their own, which say nothing of where the complaint is.
fn is_at_another_site(history: &History, field: &Field) -> bool {
    let vague = [
        "back", "big", "canine", "great", "head", "index", "joint", "joints", "little", "middle", "muscle", "ring",
        "skin",
    ];
    let note = history.note.as_deref().unwrap_or_default();
    let own: Vec<_> = mention::mentions(note, field);
    let ledger = Ledger::open(history);
    let apart = history.fields.iter().filter(|other| other.name != field.name && has_a_place_of_its_own(other));
    let apart = apart.flat_map(|other| ledger.own(other)).map(|mention| mention.span);
    let known: Vec<_> = own.iter().cloned().chain(apart).collect();
    let named = |text: &str, own: &[Range<usize>]| {
        let tokens = tokens(text);
        let part = |token: &&Token| on(BODY_PARTS, &token.low) && !on(&vague, &token.low);
        tokens.iter().filter(part).any(|token| !own.iter().any(|span| overlap(span, &token.span)))
    };
    let others = history.fields.iter().filter(|other| other.name != field.name && other.kind != Kind::Sex);
    let others = others.filter(|other| !has_a_place_of_its_own(other));
    let stated = |other: &Field| matches!(&other.value, Value::Stated(text) if named(text, &[]));
    let words = tokens(note);
    let qualified = own.iter().any(|span| {
        let at = words.iter().position(|token| token.span.start == span.start);
        at.is_some_and(|at| on(PLACE_WORDS, before(&words, at)))
    });
    qualified || named(note, &known) || others.into_iter().any(stated)
}

/// Whether a fact may be about another part of the body than the complaint is.
fn has_a_place_of_its_own(field: &Field) -> bool {
    use Kind::{Contact, Exposure, FamilyHistory, PastHistory, PriorTreatment};
    is_complaint(field) || matches!(field.kind, PastHistory | FamilyHistory | Contact | Exposure | PriorTreatment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{field, history};

    fn of(fields: Vec<Field>) -> Vec<Falsehood> {
        let field = fields[0].clone();
        falsehoods(&history("", fields), &field, &mut Stream::derive(1, &[]))
    }

    #[test]
    fn every_falsehood_differs_from_the_fact() {
        for field in crate::history::samples::consultation().fields {
            for falsehood in of(vec![field.clone()]) {
                assert_ne!(falsehood.value, field.value);
            }
        }
    }

    #[test]
    fn a_young_adult_can_only_be_older() {
        let found = of(vec![field("age", Kind::Age, "22 years")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pull, Pull::Alarming);
        assert!(matches!(&found[0].value, Value::Stated(text) if text.ends_with(" years")));
    }

    #[test]
    fn growth_and_course_do_not_contradict_each_other() {
        let history = |growth: &str, course: &str| History {
            fields: vec![field("growth", Kind::Symptom, growth), field("course", Kind::Evolution, course)],
            note: None,
        };
        let refused = |history: &History, name: &str| {
            let field = history.field(name).unwrap();
            let told = falsehoods(history, field, &mut Stream::derive(1, &[]));
            told.iter().all(|told| told.tell(&mut Ledger::open(history), field).is_err())
        };
        assert!(refused(&history("yes", "spreading quickly"), "growth"));
        assert!(refused(&history("no", "unchanged"), "growth"));
        assert!(!refused(&history("no", "spreading quickly"), "growth"));
        assert!(!refused(&history("no", "coming and going"), "growth"));
        assert!(refused(&history("no", "shrinking"), "course"));
        assert!(!refused(&history("unknown", "shrinking"), "course"));
        assert!(!refused(&history("yes", "getting worse"), "course"));
    }

    #[test]
    fn no_pain_is_told_beside_a_pain_of_another_field() {
        let told = |joints: &str, note: &str| {
            let fields = vec![field("pain", Kind::Symptom, "yes"), field("joint_pain", Kind::Symptom, joints)];
            let before = history(note, fields);
            let field = before.field("pain").unwrap();
            deny(&mut Ledger::open(&before), field).is_ok()
        };
        assert!(!told("yes", "The rash is painful. There is joint pain."));
        assert!(told("no", "The rash is painful. There is no joint pain."));
    }

    #[test]
    fn an_age_is_not_below_the_duration() {
        let fields = vec![field("age", Kind::Age, "80"), field("duration", Kind::Duration, "75 years")];
        assert!(of(fields).iter().all(|falsehood| falsehood.pull == Pull::Alarming));
    }

    #[test]
    fn complaints_without_a_table_are_neutral() {
        assert_eq!(of(vec![field("photophobia", Kind::Symptom, "no")]), [neutral(Value::Yes)]);
    }

    #[test]
    fn side_values_swap_in_their_manner() {
        for (value, expected) in [("left", "right"), ("L", "R"), ("Right", "Left")] {
            assert_eq!(of(vec![field("side", Kind::Side, value)]), [neutral(Value::Stated(expected.into()))]);
        }
    }
}
