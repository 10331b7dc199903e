//! Answers that exist already: from an earlier run ([`crate::edge::recording`] writes them), or from somebody else's harness.
//!
//! The file holds one JSON object per line: `{"request_digest": "…", "repeat": 0, "answer": {…}}`. The digest is
//! [`Request::digest`], the answer an [`Answer`].

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Model, ModelCard, Repeatable};
use crate::answer::{Answer, Failure, ModelError};
use crate::request::{Request, hex};

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The request's digest.
    pub request_digest: String,
    /// Which repetition it was.
    pub repeat: u32,
    /// What came back.
    pub answer: Answer,
}

/// Why a file of answers cannot be used.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The file cannot be read.
    #[error("the answers in {} cannot be read: {}", path.display(), source.kind())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A line is not an answer.
    #[error("{}:{line}: not a recorded answer (expected request_digest, repeat and answer)", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// The same request and repetition has two different answers.
    #[error("{}:{line}: this request and repeat has another answer above", path.display())]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// There is no line at all.
    #[error("{} holds no answer", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// A model that repeats recorded answers.
#[derive(Debug)]
pub struct Replay {
    card: ModelCard,
    answers: Answers,
}

/// Answers by request digest and repeat.
struct Answers(BTreeMap<(String, u32), Answer>);

impl core::fmt::Debug for Answers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} answers", self.0.len())
    }
}

impl Replay {
    /// Reads the whole file. Lines that repeat an answer word for word are allowed, as from a resumed run.
    ///
    /// # Errors
    /// [`ReplayError`] with the line that is wrong.
    pub fn open(path: &Path) -> Result<Self, ReplayError> {
        let unreadable = |source| ReplayError::Unreadable { path: path.to_owned(), source };
        let reader = BufReader::new(File::open(path).map_err(unreadable)?);
        let mut answers = BTreeMap::new();
        let mut hash = Sha256::new();
        for (index, line) in reader.split(b'\n').enumerate() {
            let bytes = line.map_err(unreadable)?;
            hash.update(&bytes);
            hash.update(b"\n");
            if !bytes.trim_ascii().is_empty() {
                add(&mut answers, &bytes, path, index + 1)?;
            }
        }
        if answers.is_empty() {
            return Err(ReplayError::Empty { path: path.to_owned() });
        }
        Ok(Self { card: card(path, &hex(&hash.finalize())), answers: Answers(answers) })
    }
}

fn add(
    answers: &mut BTreeMap<(String, u32), Answer>,
    bytes: &[u8],
    path: &Path,
    line: usize,
) -> Result<(), ReplayError> {
    let wrong = |_| ReplayError::Line { path: path.to_owned(), line };
    let recorded: Recorded = serde_json::from_slice(bytes).map_err(wrong)?;
    let key = (recorded.request_digest, recorded.repeat);
    match answers.get(&key) {
        Some(known) if *known != recorded.answer => Err(ReplayError::Contradiction { path: path.to_owned(), line }),
        _ => {
            answers.insert(key, recorded.answer);
            Ok(())
        }
    }
}

/// The card names the content, so that a plan that was made for other answers is another plan.
fn card(path: &Path, digest: &str) -> ModelCard {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    ModelCard {
        id: format!("replay:{file}"),
        name: format!("answers {digest}"),
        endpoint: String::new(),
        instrument: false,
        repeatable: Repeatable::Everywhere,
        takes_real_cases: true,
        price: None,
        tokens_per_image: None,
    }
}

/// Writes one line of such a file.
///
/// # Errors
/// The writer's.
pub fn write(out: &mut impl Write, recorded: &Recorded) -> io::Result<()> {
    serde_json::to_writer(&mut *out, recorded)?;
    out.write_all(b"\n")
}

#[async_trait]
impl Model for Replay {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        let key = (request.digest(), request.repeat);
        self.answers.0.get(&key).cloned().ok_or_else(|| ModelError {
            kind: Failure::Rejected,
            message: "the recorded answers hold none for this request: they belong to another plan".to_owned(),
            attempts: 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Finish;

    fn recorded(digest: &str, repeat: u32, text: &str) -> Recorded {
        let answer = Answer { text: text.to_owned(), finish: Finish::Complete, served: None, usage: None, attempts: 1 };
        Recorded { request_digest: digest.to_owned(), repeat, answer }
    }

    fn opened(lines: &[Recorded]) -> Result<Replay, ReplayError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for line in lines {
            write(&mut file, line).unwrap();
        }
        Replay::open(file.path())
    }

    #[test]
    fn what_is_written_is_read() {
        let replay = opened(&[recorded("a", 0, "x"), recorded("a", 1, "y"), recorded("a", 0, "x")]).unwrap();
        assert_eq!(replay.answers.0.len(), 2);
        assert!(replay.card.name.starts_with("answers "));
    }

    #[test]
    fn contradictions_and_nonsense_are_named_by_line() {
        let error = opened(&[recorded("a", 0, "x"), recorded("a", 0, "y")]).unwrap_err().to_string();
        assert!(error.contains(":2: this request and repeat has another answer"), "{error}");
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"\n{\"request_digest\":\"a\"}\n").unwrap();
        assert!(Replay::open(file.path()).unwrap_err().to_string().contains(":2: not a recorded answer"));
        assert!(matches!(opened(&[]), Err(ReplayError::Empty { .. })));
    }

    #[test]
    fn debug_shows_no_answer() {
        let replay = opened(&[recorded("a", 0, "Mr Smith")]).unwrap();
        assert!(!format!("{replay:?}").contains("Smith"));
    }
}
