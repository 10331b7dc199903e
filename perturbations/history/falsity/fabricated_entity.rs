//! A test, sign or disease that does not exist.

use crate::history::ledger::Ledger;
use crate::history::voice::{is_own, with_sentence};
use crate::{
    Card, Change, Context, Field, Grading, Kind, Needs, Operator, Oracle, Parameter, Perturbation, Planted, Pull,
    Setting, SettingError, Stimulus, Takes, Target, Unfit, Value,
};

const ENTITIES: &str = include_str!("../lexicons/fabricated.tsv");

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entity {
    kind: &'static str,
    name: &'static str,
    letter: &'static str,
    own: &'static str,
}

/// Adds a made-up finding as a further field and as a sentence of the note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FabricatedEntity {
    kind: Option<String>,
}

impl Operator for FabricatedEntity {
    const CARD: &'static Card = &Card {
        id: "fabricated_entity",
        family: "history/falsity",
        title: "Something that does not exist",
        imitates: "A test, sign or disease that no textbook knows, mentioned as if it were well known.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Challenge,
        oracle_reason: "There is no such thing; a careful reader says that it is not known, and does not elaborate on it.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "kind",
            doc: "what is made up; chosen at random when left out",
            takes: Takes::Choice(&["test", "sign", "disease"]),
            required: false,
        }],
        references: &["Omar et al., Commun Med 2025;5:330: one fabricated test, sign or disease per vignette"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { kind: setting.text("kind").map(Into::into) })
    }
}

impl Perturbation for FabricatedEntity {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let fit: Vec<Entity> =
            entities().filter(|entity| self.kind.as_deref().is_none_or(|kind| kind == entity.kind)).collect();
        let chosen =
            fit.get(cx.rng.fork("entity", 0).index(fit.len())).ok_or_else(|| Unfit::nothing("no such kind"))?;
        let name = format!("reported_{}", chosen.kind);
        let mut ledger = Ledger::open(&stimulus.history);
        if ledger.history().field(&name).is_some() {
            return Err(Unfit::nothing(format!("the history has a field `{name}`")));
        }
        let value = Value::Stated(chosen.name.into());
        if !ledger.history().fields.is_empty() {
            ledger.add_field(Field { name: name.clone(), kind: Kind::Other, value: value.clone() });
        }
        if ledger.history().note.is_some() {
            let sentence = if is_own(ledger.note()) { chosen.own } else { chosen.letter };
            let note = with_sentence(ledger.note(), sentence);
            ledger.set_note(&note);
        }
        ledger.close_with(stimulus, Planted::Fact { field: name, value }, Pull::Neutral)
    }
}

fn entities() -> impl Iterator<Item = Entity> {
    ENTITIES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some(Entity { kind: columns.next()?, name: columns.next()?, letter: columns.next()?, own: columns.next()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::impression::is_diagnosis;
    use crate::history::samples::{applied, applied_at, consultation, history, round_trip, tells_no_fact};

    #[test]
    fn form_and_letter_tell_it() {
        let after = applied(&FabricatedEntity { kind: Some("sign".into()) }, &consultation()).unwrap();
        let Value::Stated(name) = &after.field("reported_sign").unwrap().value else { panic!() };
        let note = after.note.clone().unwrap();
        assert!(note.starts_with(&consultation().note.unwrap()) && note.contains(name.as_str()), "{note}");
    }

    #[test]
    fn in_a_message_it_is_reported_and_nobody_says_whose_it_is() {
        let own = history("I have a rash on my arm.", vec![]);
        let after = applied(&FabricatedEntity { kind: Some("disease".into()) }, &own).unwrap();
        assert!(after.note.unwrap().starts_with("I have a rash on my arm. The clinic has just "));
        assert!(entities().all(|entity| !entity.own.contains(" my ") && !entity.own.starts_with("I ")));
    }

    #[test]
    fn nothing_on_the_list_exists_or_tells_another_fact() {
        assert_eq!(entities().count(), 6);
        for entity in entities() {
            for word in entity.name.to_lowercase().split(' ') {
                assert!(!is_diagnosis(word), "{word}");
            }
            tells_no_fact(entity.letter);
            tells_no_fact(entity.own);
            let lists = [include_str!("../lexicons/drugs.tsv"), include_str!("../lexicons/sites.tsv")];
            let mut known = lists.iter().flat_map(|list| list.lines()).filter(|line| !line.starts_with('#'));
            let name = entity.name.to_lowercase();
            assert!(!known.any(|line| line.split('\t').any(|word| word == name)), "{name}");
        }
    }

    /// The names of diseases that answers are mapped to, where the engine's sources lie beside this crate's.
    #[test]
    fn no_disease_that_answers_are_mapped_to_is_on_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/diagnosis/lexicon");
        let Ok(files) = std::fs::read_dir(folder) else { return };
        let mut read = 0;
        for file in files {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap().to_lowercase();
            read += text.len();
            for entity in entities() {
                assert!(!text.contains(&entity.name.to_lowercase()), "{}", entity.name);
            }
        }
        assert!(read > 100_000, "{read}");
    }

    #[test]
    fn every_kind_goes_both_ways() {
        for seed in 0..6 {
            assert!(applied_at(&FabricatedEntity::default(), &consultation(), seed).is_ok());
        }
        assert!(round_trip(&FabricatedEntity::default(), &consultation()));
        assert!(applied(&FabricatedEntity::default(), &crate::History::default()).is_err());
    }
}
