//! A key: comes from the environment or a file, is sent in one header, and is shown nowhere.

use core::fmt;
use std::path::Path;

use reqwest::header::HeaderValue;

use crate::edge::model::spec::{KEY_VARIABLE, OpenError};

/// A key.
#[derive(Clone)]
pub struct Key {
    header: HeaderValue,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

impl Key {
    /// The key in that file, or in that variable, or in [`KEY_VARIABLE`]; `None` when the latter is not set, as
    /// local servers need none.
    ///
    /// # Errors
    /// [`OpenError`] when a file or variable that was asked for by name holds no key, or none that can be sent.
    pub fn find(variable: Option<&str>, file: Option<&Path>) -> Result<Option<Self>, OpenError> {
        let missing = |place: String| OpenError::Key { place };
        if let Some(path) = file {
            let place = format!("the file {}", path.display());
            let text = std::fs::read_to_string(path).map_err(|_| missing(place.clone()))?;
            return Self::new(&text).map(Some).ok_or_else(|| missing(place));
        }
        let name = variable.unwrap_or(KEY_VARIABLE);
        let text = std::env::var(name).unwrap_or_default();
        if text.trim().is_empty() && variable.is_none() {
            return Ok(None);
        }
        Self::new(&text).map(Some).ok_or_else(|| missing(format!("the variable {name}")))
    }

    /// The key in that text, without white space around it; `None` when there is none that a header can hold.
    fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut header = HeaderValue::from_str(&format!("Bearer {text}")).ok().filter(|_| !text.is_empty())?;
        header.set_sensitive(true);
        Some(Self { header })
    }

    /// The value of the `Authorization` header, marked as sensitive.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_trimmed_and_never_shown() {
        let key = Key::new(" sesame\n").unwrap();
        assert_eq!(key.header().to_str().unwrap(), "Bearer sesame");
        assert!(!format!("{key:?} {:?}", key.header()).contains("sesame"));
    }

    #[test]
    fn what_no_header_can_hold_is_no_key() {
        for text in ["", "  \n", "open\nsesame", "open\u{0}"] {
            assert!(Key::new(text).is_none());
        }
    }

    #[test]
    fn a_place_that_was_named_must_hold_a_key() {
        let error = Key::find(Some("BEDSIDE_TEST_UNSET"), None).unwrap_err().to_string();
        assert!(error.contains("the variable BEDSIDE_TEST_UNSET"), "{error}");
        let error = Key::find(None, Some(Path::new("no/such/file"))).unwrap_err().to_string();
        assert!(error.contains("the file no/such/file"), "{error}");
        assert!(Key::find(Some("PATH"), None).unwrap().is_some());
    }
}
