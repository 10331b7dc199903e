//! The files of adjudication: unmapped words out, rulings in.

use std::fs;
use std::path::Path;

use super::console;
use crate::diagnosis::{Adjudication, Lexicon, Unmapped};
use crate::error::Error;
use crate::words::count;

/// The largest file of rulings in bytes.
const LARGEST: u64 = 64 << 20;

/// The files of what a person says of words that match no known diagnosis.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByHand<'a> {
    /// Where the words are listed.
    pub out: Option<&'a Path>,
    /// Where their meanings are read from.
    pub rulings: Option<&'a Path>,
}

impl ByHand<'_> {
    /// The rulings, where there are some.
    ///
    /// # Errors
    /// As [`read`].
    pub fn rulings(self, lexicon: &Lexicon) -> Result<Option<Adjudication>, Error> {
        self.rulings.map(|path| read(path, lexicon)).transpose()
    }

    /// Lists words that nobody ruled on, where that is wanted, and says how many.
    ///
    /// # Errors
    /// As [`write()`].
    pub fn list(self, words: &[Unmapped]) -> Result<(), Error> {
        let Some(path) = self.out else { return Ok(()) };
        write(path, words)?;
        let number = count(words.len() as u64, "distinct answer matches", "distinct answers match");
        console::say(&format!("{number} no known diagnosis: listed in {}", path.display()));
        Ok(())
    }
}

/// Writes the list that a person is to fill in. A file that is there already is left alone: it may hold their work.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn write(path: &Path, list: &[Unmapped]) -> Result<(), Error> {
    let at = |why: String| Error::at(path.display(), why);
    let text = Unmapped::csv(list).map_err(|error| at(error.to_string()))?;
    if path.exists() {
        return Err(at("exists already and may hold rulings; choose another name".into()));
    }
    fs::write(path, text).map_err(|error| at(error.to_string()))
}

/// Reads the list that a person filled in.
///
/// # Errors
/// When it cannot be read, is too large or makes no sense; the message names the line.
pub fn read(path: &Path, lexicon: &Lexicon) -> Result<Adjudication, Error> {
    let at = |why: String| Error::at(path.display(), why);
    let size = fs::metadata(path).map_err(|error| at(error.to_string()))?.len();
    if size > LARGEST {
        return Err(at(format!("is too large ({size} bytes; at most {LARGEST})")));
    }
    let bytes = fs::read(path).map_err(|error| at(error.to_string()))?;
    Adjudication::parse(&bytes, lexicon).map_err(|error| at(error.to_string()))
}
