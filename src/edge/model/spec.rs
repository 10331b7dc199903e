//! From what a person writes to a model: `reference`, `planted:NAME[=P]`, `replay:FILE`, `openai:NAME`, `subprocess:COMMAND`, a YAML
//! file, or `default`.

mod file;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

pub use self::file::{Endpoint, Limiting, Price, Process, Structured, TokenLimit};
use super::limited::{Limited, Limits};
use super::planted::nature::{Nature, NatureError};
use super::planted::{Briefing, Planted};
use super::reference::weights::WeightsError;
use super::reference::{self, Reference};
use super::replay::{Replay, ReplayError};
use super::retrying::{Patience, Retrying};
use super::subprocess::Subprocess;
use super::{Model, ModelCard};

/// What `default` stands for.
pub const DEFAULT: &str = reference::ID;

/// The address that is asked unless another is named.
pub const OPENAI: &str = "https://api.openai.com/v1";

/// The variable that holds the key unless another is named.
pub const KEY_VARIABLE: &str = "OPENAI_API_KEY";

/// A model as asked for, understood but not yet opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// How it was asked for; the id of its card.
    pub id: String,
    /// What sort of model.
    pub kind: Kind,
}

/// The sorts of model.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// The network that comes with this program.
    Reference,
    /// An instrument inside this program.
    Planted(Nature),
    /// Recorded answers.
    Replay(PathBuf),
    /// An endpoint of the OpenAI protocol.
    OpenAi(Endpoint),
    /// A program.
    Subprocess(Process),
}

/// A model, ready to be asked.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The model, within its limits and with its patience.
    pub model: Arc<dyn Model>,
    /// The table through which a planted instrument is briefed; `None` for every other model.
    pub briefing: Option<Arc<Briefing>>,
    /// Whether requests travel to another machine without encryption.
    pub exposed: bool,
    /// Whether its file allows that for real cases, too.
    pub plain_http: bool,
}

/// Why what was written is no model.
#[derive(Debug, Error)]
pub enum SpecError {
    /// Nothing of that sort exists.
    #[error(
        "`{text}` is no model: write reference, planted:NAME, replay:FILE, openai:NAME, subprocess:COMMAND, or the path of a \
         .yaml file{}", match nearest { Some(nearest) => format!("; did you mean `{nearest}`?"), None => String::new() }
    )]
    Unknown {
        /// What was written.
        text: String,
        /// What it is most like.
        nearest: Option<String>,
    },
    /// A planted instrument that does not exist or lacks its parameter.
    #[error(transparent)]
    Planted(#[from] NatureError),
    /// A name, file or command is missing after the colon.
    #[error("`{kind}:` needs {wants} after the colon")]
    Incomplete {
        /// The sort of model.
        kind: &'static str,
        /// What is missing.
        wants: &'static str,
    },
    /// A command whose quotes do not match.
    #[error("the quotes in the command do not match")]
    Quotes,
    /// A file that cannot be read or says what it may not. Never quotes the file, which may hold a key by mistake.
    #[error("{}{}: {why}", path.display(), match position { Some((line, column)) => format!(":{line}:{column}"), None => String::new() })]
    File {
        /// The file.
        path: PathBuf,
        /// Line and column, counted from 1.
        position: Option<(u64, u64)>,
        /// What is wrong.
        why: String,
    },
}

/// Why a model that was understood cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// An address for a model that has none.
    #[error("--url goes with openai models only")]
    UrlNotTaken,
    /// An address that cannot be used. Never repeats it: it may hold a password.
    #[error("the address cannot be used: {why}")]
    Address {
        /// What is wrong.
        why: String,
    },
    /// A place that was named as the key's holds none.
    #[error("{place} holds no key that can be sent")]
    Key {
        /// The file or variable.
        place: String,
    },
    /// No key for a server that always wants one.
    #[error("api.openai.com wants a key: put it into the variable {name}")]
    NoKey {
        /// The variable.
        name: String,
    },
    /// A key and cases would travel in the clear.
    #[error("key and cases would travel unencrypted: use https, or say `plain-http: true` in a model file")]
    Exposed,
    /// No certificates to trust, or none that can be read.
    #[error("no certificates to trust were found on this machine: install them, or name a file with `ca-file`")]
    Tls,
    /// A file of certificates that holds none.
    #[error("{} holds no certificate in PEM form", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
    },
    /// A program without a name.
    #[error("there is no command to run")]
    NoCommand,
    /// Recorded answers that cannot be used.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// Weights that are not those that were trained.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// Left out of this build.
    #[error("this program was built without the feature `openai`")]
    LeftOut,
}

impl Spec {
    /// Understands what a person wrote.
    ///
    /// # Errors
    /// [`SpecError`] with the nearest allowed name or the place in the file.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let text = if text.trim() == "default" { DEFAULT } else { text.trim() };
        match text.split_once(':') {
            None if text == reference::ID => Ok(Self { id: text.to_owned(), kind: Kind::Reference }),
            Some(("planted", rest)) => Ok(Self::planted(rest.parse()?)),
            Some(("replay", rest)) => {
                let path = PathBuf::from(present(rest, "replay", "a file")?);
                Ok(Self { id: text.to_owned(), kind: Kind::Replay(path) })
            }
            Some(("openai", rest)) => {
                let name = present(rest, "openai", "the model's name")?;
                Ok(Self { id: text.to_owned(), kind: Kind::OpenAi(Endpoint::named(name, OPENAI)) })
            }
            Some(("subprocess", rest)) => {
                let command = words(present(rest, "subprocess", "a command")?).ok_or(SpecError::Quotes)?;
                Ok(Self { id: text.to_owned(), kind: Kind::Subprocess(Process::running(command)) })
            }
            _ if is_file(text) => file::read(Path::new(text)),
            _ => Err(SpecError::Unknown { text: text.to_owned(), nearest: nearest_model(text) }),
        }
    }

    fn planted(nature: Nature) -> Self {
        Self { id: format!("planted:{nature}"), kind: Kind::Planted(nature) }
    }

    /// Its card, which needs no key and asks nobody: enough for a plan.
    ///
    /// # Errors
    /// [`OpenError`] when the address or what stands behind it cannot be used.
    pub fn card(&self, url: Option<&str>, seed: u64) -> Result<ModelCard, OpenError> {
        match &self.kind {
            Kind::OpenAi(endpoint) => card_of_endpoint(&self.id, endpoint, url.unwrap_or(&endpoint.url)),
            _ => Ok(self.open(url, seed)?.model.card().clone()),
        }
    }

    /// Opens it. `url` replaces the address of an `openai` model; `seed` is the root of an instrument's randomness.
    ///
    /// # Errors
    /// [`OpenError`] with the way out; nothing has been sent yet.
    pub fn open(&self, url: Option<&str>, seed: u64) -> Result<Opened, OpenError> {
        if url.is_some() && !matches!(self.kind, Kind::OpenAi(_)) {
            return Err(OpenError::UrlNotTaken);
        }
        match &self.kind {
            Kind::Reference => Ok(Opened::plain(Arc::new(Reference::open()?))),
            Kind::Planted(nature) => {
                let (model, briefing) = Planted::new(nature.clone(), seed);
                Ok(Opened { briefing: Some(briefing), ..Opened::plain(Arc::new(model)) })
            }
            Kind::Replay(path) => Ok(Opened::plain(Arc::new(Replay::open(path)?))),
            Kind::OpenAi(endpoint) => {
                let mut endpoint = endpoint.clone();
                endpoint.url = url.map_or(endpoint.url, str::to_owned);
                let (limits, plain_http) = (endpoint.limits, endpoint.plain_http);
                let (model, exposed) = open_endpoint(&self.id, endpoint)?;
                Ok(Opened { exposed, plain_http, ..Opened::plain(patient(model, limits)) })
            }
            Kind::Subprocess(process) => {
                let capacity = process.processes.saturating_mul(process.in_flight);
                let limits = Limiting { in_flight: capacity, ..process.limits };
                Ok(Opened::plain(patient(Arc::new(Subprocess::open(&self.id, process.clone())?), limits)))
            }
        }
    }
}

impl Opened {
    fn plain(model: Arc<dyn Model>) -> Self {
        Self { model, briefing: None, exposed: false, plain_http: false }
    }
}

/// The model at an endpoint, and whether requests travel to it in the clear.
#[cfg(feature = "openai")]
fn open_endpoint(id: &str, endpoint: Endpoint) -> Result<(Arc<dyn Model>, bool), OpenError> {
    let model = super::openai::OpenAi::open(id, endpoint)?;
    let exposed = model.is_exposed();
    Ok((Arc::new(model), exposed))
}

#[cfg(feature = "openai")]
fn card_of_endpoint(id: &str, endpoint: &Endpoint, url: &str) -> Result<ModelCard, OpenError> {
    Ok(endpoint.card(id, &super::openai::address(url)?))
}

#[cfg(not(feature = "openai"))]
fn card_of_endpoint(_: &str, _: &Endpoint, _: &str) -> Result<ModelCard, OpenError> {
    Err(OpenError::LeftOut)
}

#[cfg(not(feature = "openai"))]
fn open_endpoint(_: &str, _: Endpoint) -> Result<(Arc<dyn Model>, bool), OpenError> {
    Err(OpenError::LeftOut)
}

/// Limits inside, patience outside: whoever waits to ask again holds no place.
fn patient(model: Arc<dyn Model>, limits: Limiting) -> Arc<dyn Model> {
    let limited = Limited::new(model, Limits { in_flight: limits.in_flight, per_minute: limits.per_minute });
    let patience = Patience {
        attempts: limits.attempts,
        deadline: Duration::from_secs(limits.give_up_seconds),
        ..Patience::default()
    };
    Arc::new(Retrying::new(Arc::new(limited), patience))
}

fn present<'a>(rest: &'a str, kind: &'static str, wants: &'static str) -> Result<&'a str, SpecError> {
    let rest = rest.trim();
    if rest.is_empty() { Err(SpecError::Incomplete { kind, wants }) } else { Ok(rest) }
}

fn is_file(text: &str) -> bool {
    let path = Path::new(text);
    path.extension().is_some_and(|end| end == "yaml" || end == "yml") || path.is_file()
}

fn nearest_model(text: &str) -> Option<String> {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    if let Some(kind) = nearest(kind, ["planted", "replay", "openai", "subprocess"]) {
        return Some(format!("{kind}:{rest}"));
    }
    if nearest(text, [reference::ID]).is_some() {
        return Some(reference::ID.to_owned());
    }
    let natures = super::planted::nature::NATURES.iter().map(|(name, ..)| *name);
    nearest(text, natures).map(|name| format!("planted:{name}"))
}

/// The allowed name that is most like that one, if any is at all like it (Jaro–Winkler similarity of at least 0.75).
pub(crate) fn nearest<'a>(name: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = allowed.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.75).then_some(best.1)
}

/// The words of a command, split at white space; quotes of both sorts hold words together, a backslash is a backslash.
/// `None` when a quote is left open.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in command.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, space) if space.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_model() {
        let kind = |text: &str| Spec::parse(text).unwrap().kind;
        assert_eq!(kind("default"), Kind::Reference);
        assert_eq!(kind("planted:blind-from=3"), Kind::Planted(Nature::BlindFrom(3)));
        assert_eq!(kind("replay:a:b.jsonl"), Kind::Replay("a:b.jsonl".into()));
        assert_eq!(kind("openai:gpt:4"), Kind::OpenAi(Endpoint::named("gpt:4", OPENAI)));
        let Kind::Subprocess(process) = kind("subprocess:python3 'my model.py' --fast") else { panic!() };
        assert_eq!(process.command, ["python3", "my model.py", "--fast"]);
    }

    #[test]
    fn a_wrong_one_is_told_the_nearest() {
        for (text, advice) in [
            ("opnai:gpt-4.1", "did you mean `openai:gpt-4.1`?"),
            ("balanced", "did you mean `planted:balanced`?"),
            ("planted:indiferent", "did you mean `indifferent`?"),
            ("openai:", "needs the model's name"),
            ("subprocess: ", "needs a command"),
            ("subprocess:'open", "the quotes in the command do not match"),
            ("no/such.yaml", "no/such.yaml: cannot be read"),
        ] {
            let error = Spec::parse(text).unwrap_err().to_string();
            assert!(error.contains(advice), "{text}: {error}");
        }
    }

    #[test]
    fn words_of_a_command() {
        assert_eq!(words(r#"a  "b c"d '' \e"#).unwrap(), ["a", "b cd", "", r"\e"]);
        assert_eq!(words("a 'b"), None);
    }

    #[test]
    fn the_default_is_a_model_and_a_planted_one_an_instrument_that_says_so() {
        let opened = |name: &str| Spec::parse(name).unwrap().open(None, 1).unwrap();
        assert!(!opened("default").model.card().instrument && opened("default").briefing.is_none());
        assert!(opened("planted:balanced").model.card().instrument && opened("planted:balanced").briefing.is_some());
    }

    #[test]
    fn an_address_goes_with_openai_only() {
        let error = Spec::parse("default").unwrap().open(Some("http://localhost"), 1).unwrap_err();
        assert!(matches!(error, OpenError::UrlNotTaken));
    }
}
