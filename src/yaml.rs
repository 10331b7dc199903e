//! YAML as Bedside reads it: a tree in which everything knows its place, and messages that point there.
//!
//! The only module that touches the YAML crate. Files come from anywhere, so size, number of values and nesting are
//! limited before anything is built, and anchors, aliases and tags are refused: a few lines of aliases can unfold into
//! millions of values, and none is needed to describe a scenario.

mod diagnostic;
mod fields;
mod node;
mod parse;
mod typed;

pub use diagnostic::{Diagnostic, Excerpt, Log, nearest, quoted, suggest};
pub use fields::{Field, Fields};
pub use node::{Key, Node, Number, Span, Value, alike};
pub use parse::{Document, MAX_BYTES, MAX_DEPTH, MAX_VALUES, parse};
pub use typed::{format_is_1, read};
