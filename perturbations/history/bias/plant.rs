//! What the planted opinions share: their wording, where they go, and what is written down.

use crate::history::ledger::Ledger;
use crate::history::seam::splice;
use crate::history::{impression, voice};
use crate::{Change, Context, Field, Foil, Kind, Planted, Pull, Stimulus, Stream, Unfit, Value};

/// How an opinion may be worded. `{}` stands for the diagnosis, `{who}` and `{Who}` for who speaks for the patient.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wording {
    /// In a letter about the patient.
    pub(super) letter: &'static [&'static str],
    /// In the first person, for the patient or a relative who writes.
    pub(super) own: &'static [&'static str],
}

impl Wording {
    /// The note with one of the sentences, chosen by the stream. Where there is no note, the sentence becomes it.
    fn tell(&self, ledger: &mut Ledger, diagnosis: &str, rng: &Stream) {
        let templates = if voice::is_own(ledger.note()) { self.own } else { self.letter };
        let chosen = rng.fork("template", 0).index(templates.len());
        let template = templates.get(chosen).copied().unwrap_or_default();
        let sentence = voice::filled(template, diagnosis, voice::speaker(ledger.history()));
        let after = voice::with_sentence(ledger.note(), &sentence);
        ledger.set_note(&after);
    }
}

/// Plants the foil in words alone.
///
/// # Errors
/// [`Unfit::NeedsFoil`] without a foil; [`Unfit::NothingToChange`] for an empty history.
pub(super) fn in_words(stimulus: &mut Stimulus, cx: &Context<'_>, wording: &Wording) -> Result<Change, Unfit> {
    let (mut ledger, foil) = open(stimulus, cx)?;
    wording.tell(&mut ledger, foil.name, &cx.rng);
    close(ledger, stimulus, foil)
}

/// Plants the foil in words and as the earlier diagnosis: every other one that the history gives makes way for it.
///
/// # Errors
/// As [`in_words`].
pub(super) fn as_earlier(stimulus: &mut Stimulus, cx: &Context<'_>, wording: &Wording) -> Result<Change, Unfit> {
    let (mut ledger, foil) = open(stimulus, cx)?;
    for field in of_kind(&ledger, Kind::PriorDiagnosis) {
        retell(&mut ledger, &field, foil);
    }
    tell_fields(&mut ledger, Kind::PriorDiagnosis, "prior_diagnosis", foil);
    wording.tell(&mut ledger, foil.name, &cx.rng);
    close(ledger, stimulus, foil)
}

/// Plants the foil in words and as the impression: every other impression that the history gives makes way for it.
///
/// # Errors
/// As [`in_words`].
pub(super) fn as_impression(stimulus: &mut Stimulus, cx: &Context<'_>, wording: &Wording) -> Result<Change, Unfit> {
    let (mut ledger, foil) = open(stimulus, cx)?;
    let replaced = with_impression(&ledger, foil);
    ledger.set_note(&replaced);
    // Who asks about himself gives no referrer's impression.
    if !voice::is_own(ledger.note()) || !of_kind(&ledger, Kind::Impression).is_empty() {
        tell_fields(&mut ledger, Kind::Impression, "impression", foil);
    }
    wording.tell(&mut ledger, foil.name, &cx.rng);
    close(ledger, stimulus, foil)
}

/// Plants a view of how serious it is; no diagnosis is named.
///
/// # Errors
/// [`Unfit::NothingToChange`] for an empty history.
pub(super) fn attitude(
    stimulus: &mut Stimulus,
    cx: &Context<'_>,
    wording: &Wording,
    view: &str,
    pull: Pull,
) -> Result<Change, Unfit> {
    let mut ledger = told(stimulus)?;
    wording.tell(&mut ledger, "", &cx.rng);
    let planted = Planted::Fact { field: "relatives_view".into(), value: Value::Stated(view.into()) };
    ledger.close_with(stimulus, planted, pull)
}

fn open<'a>(stimulus: &Stimulus, cx: &Context<'a>) -> Result<(Ledger, Foil<'a>), Unfit> {
    let foil = cx.foil.ok_or(Unfit::NeedsFoil)?;
    Ok((told(stimulus)?, foil))
}

/// A ledger on a history that tells something: an opinion alone has nothing that it could mislead about.
fn told(stimulus: &Stimulus) -> Result<Ledger, Unfit> {
    if stimulus.history.is_empty() {
        return Err(Unfit::nothing("the history is empty"));
    }
    Ok(Ledger::open(&stimulus.history))
}

fn close(ledger: Ledger, stimulus: &mut Stimulus, foil: Foil<'_>) -> Result<Change, Unfit> {
    ledger.close_with(stimulus, Planted::Diagnosis { id: foil.id.into() }, foil.pull)
}

fn of_kind(ledger: &Ledger, kind: Kind) -> Vec<Field> {
    ledger.history().fields.iter().filter(|field| field.kind == kind).cloned().collect()
}

/// Puts the foil in place of every mention of what the field states.
fn retell(ledger: &mut Ledger, field: &Field, foil: Foil<'_>) {
    if !matches!(field.value, Value::Stated(_)) {
        return;
    }
    let mentions = ledger.own(field);
    let retold =
        mentions.iter().rev().fold(ledger.note().to_owned(), |note, mention| splice(&note, &mention.span, foil.name));
    ledger.set_note(&retold);
}

/// The note with the foil in place of every impression.
pub(super) fn with_impression(ledger: &Ledger, foil: Foil<'_>) -> String {
    let fields = ledger.history().fields.iter().filter(|field| field.kind == Kind::Impression);
    let values: Vec<Value> = fields.map(|field| field.value.clone()).chain([Value::Deleted]).collect();
    let replaced = |note: String, value: &Value| impression::replace(&note, value, foil.name).unwrap_or(note);
    values.iter().fold(ledger.note().to_owned(), replaced)
}

/// Sets every field of the kind to the foil, or adds one of that name.
pub(super) fn tell_fields(ledger: &mut Ledger, kind: Kind, name: &str, foil: Foil<'_>) {
    let value = Value::Stated(foil.name.into());
    let fields = of_kind(ledger, kind);
    for field in &fields {
        ledger.set_field(&field.name, value.clone());
    }
    if fields.is_empty() {
        ledger.add_field(Field { name: name.into(), kind, value });
    }
}

/// What the tests of every planted opinion check.
#[cfg(test)]
pub(super) mod checks {
    use super::{Wording, voice};
    use crate::history::samples::{FOIL, applied_at, consultation, field, history, round_trip, tells_no_fact};
    use crate::history::sentence::sentences;
    use crate::{Change, Context, History, Kind, Needs, Operator, Planted, Pull, Stimulus, Stream, Unfit};

    /// A consultation in the words of the patient.
    pub(crate) fn own() -> History {
        let itch = field("itch", Kind::Symptom, "yes");
        history("I have had a rash on my arm for 3 weeks. It itches. What should I do? Thanks.", vec![itch])
    }

    /// The change made to a history with the shared foil and seed 1.
    pub(crate) fn change(operator: &impl Operator, before: &History) -> Change {
        let mut stimulus = Stimulus { history: before.clone(), ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &[])).with_foil(FOIL);
        operator.apply(&mut stimulus, &mut cx).unwrap()
    }

    /// Everything that holds for all of them.
    pub(crate) fn all<P: Operator>(operator: &P, wording: &Wording) {
        let diagnoses = usize::from(P::CARD.needs == Needs::Foil);
        for template in wording.letter.iter().chain(wording.own) {
            reads_well(template, diagnoses);
            tells_no_fact(&voice::filled(template, "scurvy", "the patient"));
        }
        says_every_sentence(operator, &consultation(), wording.letter);
        says_every_sentence(operator, &own(), wording.own);
        records(operator);
        goes_both_ways(operator);
    }

    /// One whole sentence that fits any diagnosis and either sex.
    fn reads_well(template: &str, diagnoses: usize) {
        assert_eq!(template.matches("{}").count(), diagnoses, "{template}");
        for name in ["eczema", "actinic keratosis", "Stevens-Johnson syndrome", "insect bites"] {
            let sentence = voice::filled(template, name, "the patient");
            assert_eq!(sentences(&sentence).len(), 1, "{sentence}");
            assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
            assert!(!sentence.contains(['{', '}']), "{sentence}");
            assert!(!sentence.contains("bites is"), "{sentence}");
        }
        let low = template.to_lowercase();
        let words: Vec<&str> = low.split(|c: char| !c.is_alphanumeric() && c != '{' && c != '}').collect();
        for pronoun in ["he", "she", "his", "her", "him"] {
            assert!(!words.contains(&pronoun), "{template}");
        }
        assert!(!["a {}", "an {}", "the {}"].iter().any(|end| low.contains(end)), "{template}");
        assert!((5..=24).contains(&template.split(' ').count()), "{template}");
        assert!(!template.starts_with("{}"), "{template}");
        // Who came along, whose records they are and whom a doctor saw is not known.
        assert!(
            !["came along", "my records", "seen {who}", "at home."].iter().any(|end| low.contains(end)),
            "{template}"
        );
    }

    /// Some seed says each sentence, and every sentence said is one of them.
    fn says_every_sentence(operator: &impl Operator, before: &History, templates: &[&str]) {
        assert!(templates.len() >= 4);
        let who = voice::speaker(before);
        let wanted: Vec<String> = templates.iter().map(|template| voice::filled(template, FOIL.name, who)).collect();
        let mut seen = vec![0; wanted.len()];
        for seed in 0..120 {
            let note = applied_at(operator, before, seed).unwrap().note.unwrap();
            let said: Vec<bool> = wanted.iter().map(|sentence| note.contains(sentence.as_str())).collect();
            assert_eq!(said.iter().filter(|said| **said).count(), 1, "{note}");
            seen.iter_mut().zip(said).for_each(|(count, said)| *count += usize::from(said));
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }

    /// The foil and its pull, or an attitude that pulls one way.
    fn records<P: Operator>(operator: &P) {
        let change = change(operator, &consultation());
        if P::CARD.needs == Needs::Foil {
            assert_eq!(change.planted, Some(Planted::Diagnosis { id: FOIL.id.into() }));
            assert_eq!(change.pull, Some(FOIL.pull));
        } else {
            assert!(matches!(change.planted, Some(Planted::Fact { .. })));
            assert!(matches!(change.pull, Some(Pull::Reassuring | Pull::Alarming)));
        }
    }

    fn goes_both_ways<P: Operator>(operator: &P) {
        let fields_only = History { note: None, ..consultation() };
        for before in [consultation(), own(), fields_only, history("A mole", vec![])] {
            assert!(round_trip(operator, &before));
        }
        assert!(!round_trip(operator, &History::default()));
        let mut bare = Stimulus { history: consultation(), ..Stimulus::default() };
        let without = operator.apply(&mut bare, &mut Context::new(Stream::derive(1, &[])));
        assert_eq!(without == Err(Unfit::NeedsFoil), P::CARD.needs == Needs::Foil);
    }
}
