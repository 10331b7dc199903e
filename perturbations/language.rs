//! Which perturbations understand a history: those that edit words know English.

use crate::{Card, Setting, Target, Unfit};

/// Perturbations of the history that read and write no words: they exchange, empty, cut off or reorder.
const WORDLESS: &[&str] = &["drop_all", "drop_all_but", "field_order", "no_history", "truncate", "wrong_history"];

/// Whether a language tag (BCP 47, e.g. `en-GB`) is English; a history of no stated language is taken for it.
fn is_english(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

/// Whether a perturbation with that setting can edit histories in that language (a BCP 47 tag; `None` is English).
///
/// # Errors
/// [`Unfit::Language`] for one that edits words, in another language than English.
pub fn understands(card: &Card, setting: &Setting, language: Option<&str>) -> Result<(), Unfit> {
    let Some(tag) = language.filter(|tag| !is_english(tag)) else { return Ok(()) };
    // Every field left out empties the note, too: no word is read.
    let emptied = card.id == "leave_k_out" && setting.dose.is_some_and(|share| share >= 1.0);
    let reads = card.target == Target::History && !WORDLESS.contains(&card.id) && !emptied;
    if reads { Err(Unfit::Language { tag: tag.to_owned() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{CATALOGUE, find};

    fn card(id: &str) -> &'static Card {
        find(id).unwrap().card
    }

    #[test]
    fn words_are_edited_in_english_only() {
        for entry in CATALOGUE.iter() {
            let german = understands(entry.card, &Setting::default(), Some("de"));
            let edits = entry.card.target == Target::History && !WORDLESS.contains(&entry.card.id);
            assert_eq!(german.is_err(), edits, "{}", entry.card.id);
            for english in [None, Some("en"), Some("EN-gb")] {
                assert_eq!(understands(entry.card, &Setting::default(), english), Ok(()));
            }
        }
        let told = understands(card("typos"), &Setting::default(), Some("pt-BR")).unwrap_err().to_string();
        assert_eq!(told, "the history is in `pt-BR`, and this perturbation edits English");
    }

    #[test]
    fn a_history_may_be_emptied_in_any_language() {
        let of = |share| Setting { dose: Some(share), ..Setting::default() };
        assert!(understands(card("leave_k_out"), &of(1.0), Some("de")).is_ok());
        assert!(understands(card("leave_k_out"), &of(0.5), Some("de")).is_err());
        assert!(WORDLESS.iter().all(|id| find(id).is_some()));
    }
}
