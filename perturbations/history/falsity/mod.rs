//! Facts that are false.

pub mod contradict;
pub mod fabricated_entity;
pub mod impossible_value;
pub mod internal_contradiction;
pub mod stale_copy;
pub mod transposed_digits;
pub mod wrong_unit;

use super::erase::told;
use super::falsehood::Falsehood;
use super::ledger::Ledger;
use crate::{Change, Context, Field, Planted, Stimulus, Unfit, Value};

/// The named field, or all that are told in a seeded order.
fn fields(ledger: &Ledger, name: Option<&str>, cx: &Context<'_>) -> Result<Vec<Field>, Unfit> {
    if let Some(name) = name {
        return Ok(vec![told(ledger, name)?]);
    }
    let told = ledger.history().fields.iter().filter(|field| field.value != Value::Deleted);
    let mut fields: Vec<Field> = told.cloned().collect();
    cx.rng.fork("field", 0).shuffle(&mut fields);
    Ok(fields)
}

/// Tells the first falsehood that the note allows.
///
/// # Errors
/// What `absent` says where there is none to tell; why the last was refused where none can be told.
fn tell_first(stimulus: &mut Stimulus, found: Vec<(Field, Falsehood)>, absent: &str) -> Result<Change, Unfit> {
    let open = Ledger::open(&stimulus.history);
    let mut refused = Unfit::nothing(absent);
    for (field, falsehood) in found {
        let mut ledger = open.clone();
        match falsehood.tell(&mut ledger, &field) {
            Ok(()) => {
                let planted = Planted::Fact { field: field.name, value: falsehood.value };
                return ledger.close_with(stimulus, planted, falsehood.pull);
            }
            Err(unfit) => refused = unfit,
        }
    }
    Err(refused)
}
