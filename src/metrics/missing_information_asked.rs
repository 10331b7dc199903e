//! Missing information asked for: the answer asks for the very field that the treatment is about.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};
use crate::diagnosis::plain;
use crate::reading::Ask;

/// Asking for what was taken away (MedQA with missing information asks the same of dialogues).
pub(super) static METRIC: Metric = Metric {
    id: "missing-information-asked",
    title: "ask for the field that was changed",
    kind: Kind::Level,
    worse: Worse::Fewer,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(asked(&pair.before), asked(&pair.after)),
    treated: Some(asked),
    definition: "Among cases where the plan named one field of the history for this treatment: the answer asks for that \
                 field. Asking for something else does not count.",
};

fn asked(seen: &Seen<'_>) -> Judged {
    let Some(field) = seen.facts.field else { return Judged::Outside };
    let field = plain(&field.replace('_', " "));
    let is_it = |ask: &Ask| matches!(ask, Ask::Missing(words) if plain(&words.replace('_', " ")) == field);
    Judged::Event(seen.reading.asks.iter().any(is_it))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{reading, said};
    use super::*;
    use crate::scenario::Basis;

    #[test]
    fn asking_for_that_field_counts_and_for_another_does_not() {
        let before = reading(&[("melanoma", 0.6)], "urgent");
        let asking = |field: &str| {
            let mut after = before.clone();
            after.asks.insert(Ask::Missing(field.into()));
            after
        };
        for (after, expected) in [(before.clone(), false), (asking("duration"), true), (asking("age"), false)] {
            let told = said("missing-information-asked", Basis::Treated, &before, &after);
            assert_eq!(told, Judged::Event(expected), "{after:?}");
        }
    }
}
