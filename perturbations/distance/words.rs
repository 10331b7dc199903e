//! How many fields, words and tokens of a history differ.

use crate::{History, Value};

/// Fields whose value differs, or that only one of the histories has.
pub(crate) fn fields_changed(before: &History, after: &History) -> usize {
    let changed = before.fields.iter().filter(|field| after.field(&field.name).map(|f| &f.value) != Some(&field.value));
    let added = after.fields.iter().filter(|field| before.field(&field.name).is_none());
    changed.count() + added.count()
}

/// Fields that say something before and nothing after.
pub(crate) fn fields_lost(before: &History, after: &History) -> usize {
    let told = |value: Option<&Value>| value.is_some_and(|value| *value != Value::Deleted);
    let lost = |name: &str| !told(after.field(name).map(|field| &field.value));
    before.fields.iter().filter(|field| told(Some(&field.value)) && lost(&field.name)).count()
}

/// The words between blanks.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Words and punctuation marks of everything a history tells: names and values of fields, then the note.
pub(crate) fn tokens(history: &History) -> Vec<String> {
    let mut tokens = Vec::new();
    for field in history.fields.iter().filter(|field| field.value != Value::Deleted) {
        split(&field.name, &mut tokens);
        split(said(&field.value), &mut tokens);
    }
    split(history.note.as_deref().unwrap_or_default(), &mut tokens);
    tokens
}

fn said(value: &Value) -> &str {
    match value {
        Value::Yes => "yes",
        Value::No => "no",
        Value::Unknown => "unknown",
        Value::Deleted => "",
        Value::Stated(text) => text,
    }
}

/// Runs of letters and digits; every other mark alone.
fn split(text: &str, tokens: &mut Vec<String>) {
    let mut in_word = false;
    for letter in text.chars() {
        let of_word = letter.is_alphanumeric();
        match tokens.last_mut() {
            Some(word) if of_word && in_word => word.push(letter),
            _ if !letter.is_whitespace() => tokens.push(letter.into()),
            _ => {}
        }
        in_word = of_word;
    }
}

/// The least number of insertions, deletions and exchanges between two lists (Levenshtein).
pub(crate) fn edits(one: &[String], other: &[String]) -> usize {
    table(one, other, |same, diagonal, least| if same { diagonal } else { 1 + diagonal.min(least) })
}

/// The least number of insertions and deletions between two lists.
pub(crate) fn insertions_and_deletions(one: &[String], other: &[String]) -> usize {
    table(one, other, |same, diagonal, least| if same { diagonal } else { 1 + least })
}

/// The last cell of the table of distances between beginnings; `cell` sees whether the two words are the same, the
/// cell up and left, and the lesser of the cells up and left of it.
fn table(one: &[String], other: &[String], cell: impl Fn(bool, usize, usize) -> usize) -> usize {
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, word) in one.iter().enumerate() {
        let mut left = row + 1;
        let mut line = vec![left];
        for (pair, against) in above.windows(2).zip(other) {
            if let [diagonal, up] = pair {
                left = cell(word == against, *diagonal, left.min(*up));
                line.push(left);
            }
        }
        above = line;
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{edits, fields_changed, fields_lost, insertions_and_deletions, tokens, words};
    use crate::{Field, History, Kind, Value};
    use proptest::prelude::*;

    fn history(values: &[(&str, Value)]) -> History {
        let field =
            |(name, value): &(&str, Value)| Field { name: (*name).into(), kind: Kind::Other, value: value.clone() };
        History { fields: values.iter().map(field).collect(), note: None }
    }

    #[test]
    fn an_exchange_is_one_edit_or_two_of_insertion_and_deletion() {
        let (one, other) = (words("a lesion on the left arm"), words("a lesion on the right upper arm"));
        assert_eq!(edits(&one, &other), 2);
        assert_eq!(insertions_and_deletions(&one, &other), 3);
    }

    #[test]
    fn marks_are_tokens_of_their_own_and_deleted_fields_are_silent() {
        let history = History {
            note: Some("3 weeks, no pain.".into()),
            ..history(&[("itch", Value::Yes), ("age", Value::Deleted)])
        };
        assert_eq!(tokens(&history), ["itch", "yes", "3", "weeks", ",", "no", "pain", "."]);
    }

    #[test]
    fn a_field_may_change_vanish_or_be_new() {
        let before = history(&[("a", Value::Yes), ("b", Value::No), ("c", Value::Deleted)]);
        let after = history(&[("a", Value::Deleted), ("c", Value::Deleted), ("d", Value::Yes)]);
        assert_eq!(fields_changed(&before, &after), 3);
        assert_eq!(fields_lost(&before, &after), 2);
    }

    proptest! {
        #[test]
        fn edits_are_symmetric_and_bounded(one in "[abc ]{0,12}", other in "[abc ]{0,12}") {
            let (one, other) = (words(&one), words(&other));
            prop_assert_eq!(edits(&one, &other), edits(&other, &one));
            prop_assert!(edits(&one, &other) <= insertions_and_deletions(&one, &other));
            prop_assert!(edits(&one, &other) <= one.len().max(other.len()));
            prop_assert_eq!(edits(&one, &one), 0);
        }
    }
}
