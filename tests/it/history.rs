//! A fact that is taken out of a phantom's request leaves the note that its author would have written without it.

use std::ops::Range;

use bedside::cohort::Cohort;
use bedside::phantom::{DEFAULT_SEED, Phantoms};
use bedside_perturbations::history::mentions;
use bedside_perturbations::{Context, Field, History, Setting, Stimulus, Stream, catalogue};

/// The history without that field, where it can be taken out.
fn without(history: &History, field: &Field) -> Option<History> {
    let setting = Setting::default().with("field", &field.name);
    let operator = catalogue::find("drop_field").unwrap().build(&setting).unwrap();
    let mut stimulus = Stimulus { history: history.clone(), ..Stimulus::default() };
    operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).ok()?;
    Some(stimulus.history)
}

fn note(history: &History) -> &str {
    history.note.as_deref().unwrap()
}

/// Whether the note still tells the field, words of another fact ("dry itchy skin since childhood") left out.
fn is_left(after: &History, field: &Field) -> bool {
    let others: Vec<_> = after.fields.iter().flat_map(|other| mentions(note(after), other)).collect();
    let within = |span: &Range<usize>| others.iter().any(|other| other.start <= span.start && span.end <= other.end);
    !mentions(note(after), field).iter().all(within)
}

#[test]
fn a_dropped_field_leaves_the_note_that_its_author_writes_without_it() {
    let phantoms = Phantoms::new(200, DEFAULT_SEED);
    let (mut told, mut applied, mut otherwise) = (0, 0, Vec::new());
    for number in 0..phantoms.len() {
        let before = phantoms.case(number).unwrap().history;
        for field in before.fields.iter().filter(|field| !mentions(note(&before), field).is_empty()) {
            told += 1;
            let Some(after) = without(&before, field) else { continue };
            applied += 1;
            assert!(!is_left(&after, field), "case {number} still tells {}: {}", field.name, note(&after));
            let written = phantoms.note(number, &after.fields);
            if note(&after) != written {
                otherwise.push(format!("case {number}, {}: {}\n  not: {written}", field.name, note(&after)));
            }
        }
    }
    assert!(told > 2000 && applied * 100 >= told * 95, "{applied} of {told} applied");
    let shown = otherwise.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(otherwise.len() * 20 <= applied, "{} of {applied} differ:\n{shown}", otherwise.len());
}
