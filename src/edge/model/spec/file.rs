//! Model files: `scenarios/models/*.yaml`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{KEY_VARIABLE, Kind, OPENAI, Spec, SpecError};
use crate::edge::model::planted::nature::Nature;
use crate::edge::model::{ModelCard, Repeatable};
use crate::request::hex;

/// The largest model file, in bytes.
const LARGEST: u64 = 64 * 1024;
/// The longest deadline, in seconds: a day.
const DAY: u64 = 86_400;
/// Names under which people write keys.
const SECRETS: [&str; 6] = ["key", "api-key", "apikey", "token", "secret", "password"];

/// Any endpoint that speaks the OpenAI chat protocol.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Endpoint {
    /// The format's version; 1.
    pub format: u32,
    /// `openai`.
    pub kind: String,
    /// The model's name, as the server knows it.
    pub name: String,
    /// The address up to the version, e.g. `http://localhost:8000/v1`.
    #[serde(default = "openai")]
    pub url: String,
    /// The environment variable that holds the key; must be set when it is named here. `OPENAI_API_KEY` unless named.
    #[serde(default)]
    pub key_env: Option<String>,
    /// A file that holds the key and nothing else; wins over the variable.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// Under which name the limit of tokens is sent.
    #[serde(default)]
    pub token_limit: TokenLimit,
    /// How a structured answer is asked for.
    #[serde(default)]
    pub structured: Structured,
    /// Whether the protocol's seed is sent.
    #[serde(default = "yes")]
    pub send_seed: bool,
    /// Whether the protocol's temperature is sent.
    #[serde(default = "yes")]
    pub send_temperature: bool,
    /// Further fields of the request body; they never replace those that Bedside writes.
    #[serde(default)]
    pub extra: BTreeMap<String, Value>,
    /// Whether a key and real cases may travel to another machine without encryption.
    #[serde(default)]
    pub plain_http: bool,
    /// Whether the proxy of the environment (`HTTPS_PROXY` and the like) is used.
    #[serde(default)]
    pub use_proxy: bool,
    /// A PEM file of certificates to trust beside those of the machine.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Seconds until a connection must stand.
    #[serde(default = "ten")]
    pub connect_seconds: u64,
    /// Seconds until an answer must be complete.
    #[serde(default = "two_minutes")]
    pub deadline_seconds: u64,
    /// How much and how often it is asked.
    #[serde(default)]
    pub limits: Limiting,
    /// Where asking the same twice gives the same.
    #[serde(default = "nowhere")]
    pub repeatable: Repeatable,
    /// Prices, to estimate the cost of a plan.
    #[serde(default)]
    pub price: Option<Price>,
    /// Tokens that one picture counts as, to estimate the cost of a plan.
    #[serde(default)]
    pub tokens_per_image: Option<u64>,
}

/// A program that reads and writes JSON lines.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Process {
    /// The format's version; 1.
    pub format: u32,
    /// `subprocess`.
    pub kind: String,
    /// A name for the report; the program's file name unless given.
    #[serde(default)]
    pub name: Option<String>,
    /// The program and its arguments; no shell is involved.
    pub command: Vec<String>,
    /// How many copies run, 1–64.
    #[serde(default = "one")]
    pub processes: usize,
    /// How many requests one copy may have at once, 1–64.
    #[serde(default = "one")]
    pub in_flight: usize,
    /// Seconds until an answer must be there.
    #[serde(default = "two_minutes")]
    pub deadline_seconds: u64,
    /// Seconds until the first answer must be there, with the time to load the model.
    #[serde(default = "ten_minutes")]
    pub start_seconds: u64,
    /// How often it is asked; `in-flight` of these limits is not used.
    #[serde(default)]
    pub limits: Limiting,
    /// Where asking the same twice gives the same.
    #[serde(default = "nowhere")]
    pub repeatable: Repeatable,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ReplayFile {
    format: u32,
    #[expect(dead_code, reason = "read before, and allowed here")]
    kind: String,
    file: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PlantedFile {
    format: u32,
    #[expect(dead_code, reason = "read before, and allowed here")]
    kind: String,
    instrument: String,
}

/// Under which name the limit of tokens is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenLimit {
    /// The newer name, which reasoning models want.
    #[default]
    MaxCompletionTokens,
    /// The older name, the only one that some local servers know.
    MaxTokens,
}

/// How a structured answer is asked for, where the protocol wants one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structured {
    /// With the schema.
    #[default]
    JsonSchema,
    /// As any JSON object; the words of the prompt say which.
    JsonObject,
    /// By the words of the prompt alone.
    None,
}

/// How much and how often a model is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Limiting {
    /// Requests at once.
    pub in_flight: usize,
    /// Requests started per minute; no limit unless given.
    pub per_minute: Option<u32>,
    /// Attempts per request.
    pub attempts: u8,
    /// Seconds after which a request is given up, with all its attempts and waits.
    pub give_up_seconds: u64,
}

impl Default for Limiting {
    fn default() -> Self {
        Self { in_flight: 4, per_minute: None, attempts: 6, give_up_seconds: 600 }
    }
}

/// Prices in money per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Of the request.
    pub prompt: f64,
    /// Of the answer.
    pub completion: f64,
}

fn openai() -> String {
    OPENAI.to_owned()
}
fn yes() -> bool {
    true
}
fn one() -> usize {
    1
}
fn ten() -> u64 {
    10
}
fn two_minutes() -> u64 {
    120
}
fn ten_minutes() -> u64 {
    600
}
fn nowhere() -> Repeatable {
    Repeatable::No
}

impl Endpoint {
    /// The model of that name at that address, everything else as in a file that says nothing.
    #[must_use]
    pub fn named(name: &str, url: &str) -> Self {
        Self {
            format: 1,
            kind: "openai".to_owned(),
            name: name.to_owned(),
            url: url.to_owned(),
            key_env: None,
            key_file: None,
            token_limit: TokenLimit::default(),
            structured: Structured::default(),
            send_seed: true,
            send_temperature: true,
            extra: BTreeMap::new(),
            plain_http: false,
            use_proxy: false,
            ca_file: None,
            connect_seconds: ten(),
            deadline_seconds: two_minutes(),
            limits: Limiting::default(),
            repeatable: Repeatable::No,
            price: None,
            tokens_per_image: None,
        }
    }

    /// The variable that the key is looked for in.
    #[must_use]
    pub fn key_name(&self) -> &str {
        self.key_env.as_deref().unwrap_or(KEY_VARIABLE)
    }

    /// Everything in the file that can change an answer, beside the address; limits, deadlines and keys cannot.
    fn behaviour(&self) -> Value {
        json!([self.name, self.token_limit, self.structured, self.send_seed, self.send_temperature, self.extra])
    }

    /// The card, with the address as it is asked.
    #[must_use]
    pub fn card(&self, id: &str, address: &str) -> ModelCard {
        ModelCard {
            id: id.to_owned(),
            name: self.name.clone(),
            endpoint: address.to_owned(),
            instrument: false,
            repeatable: self.repeatable,
            takes_real_cases: true,
            price: self.price.map(|price| (price.prompt, price.completion)),
            tokens_per_image: self.tokens_per_image,
        }
    }
}

impl Process {
    /// That command, everything else as in a file that says nothing.
    #[must_use]
    pub fn running(command: Vec<String>) -> Self {
        Self {
            format: 1,
            kind: "subprocess".to_owned(),
            name: None,
            command,
            processes: 1,
            in_flight: 1,
            deadline_seconds: two_minutes(),
            start_seconds: ten_minutes(),
            limits: Limiting::default(),
            repeatable: Repeatable::No,
        }
    }

    /// The card.
    #[must_use]
    pub fn card(&self, id: &str) -> ModelCard {
        let program = self.command.first().map(Path::new).and_then(Path::file_name).unwrap_or_default();
        ModelCard {
            id: id.to_owned(),
            name: self.name.clone().unwrap_or_else(|| program.to_string_lossy().into_owned()),
            endpoint: String::new(),
            instrument: false,
            repeatable: self.repeatable,
            takes_real_cases: true,
            price: None,
            tokens_per_image: None,
        }
    }
}

/// Reads a model file.
pub(super) fn read(path: &Path) -> Result<Spec, SpecError> {
    let text = load(path)?;
    let fields: BTreeMap<String, IgnoredAny> = parse(path, &text)?;
    if let Some(name) = fields.keys().find(|name| SECRETS.contains(&name.to_lowercase().replace('_', "-").as_str())) {
        let why =
            format!("`{name}`: keys do not belong into files; name a variable with key-env, or a file with key-file");
        return Err(wrong(path, why));
    }
    #[derive(Deserialize)]
    struct Head {
        kind: String,
    }
    let head: Head = parse(path, &text)?;
    let kind = match head.kind.as_str() {
        "openai" => Kind::OpenAi(endpoint(path, parse(path, &text)?)?),
        "subprocess" => Kind::Subprocess(process(path, parse(path, &text)?)?),
        "replay" => Kind::Replay(replay(path, &parse(path, &text)?)?),
        "planted" => Kind::Planted(planted(path, &parse(path, &text)?)?),
        other => {
            let allowed = ["openai", "subprocess", "replay", "planted"];
            let hint =
                super::nearest(other, allowed).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            return Err(wrong(path, format!("`kind: {other}` is not one of {}{hint}", allowed.join(", "))));
        }
    };
    Ok(Spec { id: id(path, &kind), kind })
}

/// The id of a model from a file: the file's name and, since two files of one name can differ, eight digits of a
/// digest of what can change an answer.
fn id(path: &Path, kind: &Kind) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let behaviour = match kind {
        Kind::Reference => return crate::edge::model::reference::ID.to_owned(),
        Kind::Planted(nature) => return format!("planted:{nature}"),
        Kind::Replay(file) => return format!("replay:{}", file.display()),
        Kind::OpenAi(endpoint) => endpoint.behaviour(),
        Kind::Subprocess(process) => json!([process.name, process.command]),
    };
    let digest: String = hex(&Sha256::digest(behaviour.to_string())).chars().take(8).collect();
    format!("{stem}#{digest}")
}

fn endpoint(path: &Path, file: Endpoint) -> Result<Endpoint, SpecError> {
    check_format(path, file.format)?;
    check_name(path, &file.name)?;
    for (field, seconds) in [
        ("connect-seconds", file.connect_seconds),
        ("deadline-seconds", file.deadline_seconds),
        ("limits.give-up-seconds", file.limits.give_up_seconds),
    ] {
        check_seconds(path, field, seconds)?;
    }
    let priced = |price: Price| [price.prompt, price.completion].iter().all(|money| money.is_finite() && *money >= 0.0);
    if !file.price.is_none_or(priced) {
        return Err(wrong(path, "`price` must hold two numbers that are not negative".to_owned()));
    }
    Ok(file)
}

fn process(path: &Path, file: Process) -> Result<Process, SpecError> {
    check_format(path, file.format)?;
    for (field, seconds) in [
        ("deadline-seconds", file.deadline_seconds),
        ("start-seconds", file.start_seconds),
        ("limits.give-up-seconds", file.limits.give_up_seconds),
    ] {
        check_seconds(path, field, seconds)?;
    }
    for (field, number) in [("processes", file.processes), ("in-flight", file.in_flight)] {
        if !(1..=64).contains(&number) {
            return Err(wrong(path, format!("`{field}` must lie between 1 and 64")));
        }
    }
    Ok(file)
}

fn replay(path: &Path, file: &ReplayFile) -> Result<PathBuf, SpecError> {
    check_format(path, file.format)?;
    // A path in a file is meant from that file.
    Ok(path.parent().unwrap_or(Path::new("")).join(&file.file))
}

fn planted(path: &Path, file: &PlantedFile) -> Result<Nature, SpecError> {
    check_format(path, file.format)?;
    Ok(file.instrument.parse()?)
}

fn check_format(path: &Path, format: u32) -> Result<(), SpecError> {
    if format == 1 {
        Ok(())
    } else {
        Err(wrong(path, format!("`format: {format}` is not known here; this program reads 1")))
    }
}

fn check_name(path: &Path, name: &str) -> Result<(), SpecError> {
    if name.trim().is_empty() { Err(wrong(path, "`name` must not be empty".to_owned())) } else { Ok(()) }
}

fn check_seconds(path: &Path, field: &str, seconds: u64) -> Result<(), SpecError> {
    let words = format!("`{field}` must lie between 1 and {DAY} seconds");
    if (1..=DAY).contains(&seconds) { Ok(()) } else { Err(wrong(path, words)) }
}

fn load(path: &Path) -> Result<String, SpecError> {
    let cannot = |error: std::io::Error| wrong(path, format!("cannot be read: {}", error.kind()));
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(cannot)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong(path, format!("is larger than {LARGEST} bytes, which no model file is")));
    }
    String::from_utf8(bytes).map_err(|_| wrong(path, "is not UTF-8 text".to_owned()))
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, SpecError> {
    serde_yaml::from_str(text).map_err(|error| {
        let position = error.location().map(|place| (place.line(), place.column()));
        SpecError::File { path: path.to_owned(), position, why: first_line(&error.without_snippet().to_string()) }
    })
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("cannot be understood").to_owned()
}

fn wrong(path: &Path, why: String) -> SpecError {
    SpecError::File { path: path.to_owned(), position: None, why }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_text(text: &str) -> Result<Spec, String> {
        let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let name = file.path().display().to_string();
        Spec::parse(&name).map_err(|error| format!("{error} {error:?}").replace(&name, "FILE"))
    }

    #[test]
    fn the_shipped_examples_are_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/models");
        let mut seen = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            seen.push(read(&path).unwrap_or_else(|error| panic!("{error}")).id);
        }
        seen.sort();
        let names: Vec<&str> = seen.iter().map(|id| id.split('#').next().unwrap()).collect();
        assert_eq!(names, ["local-server", "openai", "subprocess"]);
    }

    #[test]
    fn what_can_change_an_answer_changes_the_id_and_nothing_else_does() {
        let digest = |more: &str| {
            let id = read_text(&format!("format: 1\nkind: openai\nname: m\n{more}")).unwrap().id;
            id.split_once('#').unwrap().1.to_owned()
        };
        let plain = digest("");
        assert_eq!(plain, digest("# a comment\nlimits: {in-flight: 1}\ndeadline-seconds: 9\nkey-env: A\n"));
        for more in ["extra: {top_p: 1}\n", "send-seed: false\n", "structured: none\n", "token-limit: max-tokens\n"] {
            assert_ne!(plain, digest(more), "{more}");
        }
    }

    #[test]
    fn a_file_that_says_little_is_as_the_short_form() {
        let spec = read_text("format: 1\nkind: openai\nname: m\n").unwrap();
        assert_eq!(spec.kind, Kind::OpenAi(Endpoint::named("m", OPENAI)));
        let spec = read_text("format: 1\nkind: subprocess\ncommand: [a, b]\n").unwrap();
        assert_eq!(spec.kind, Kind::Subprocess(Process::running(vec!["a".to_owned(), "b".to_owned()])));
        let spec = read_text("format: 1\nkind: planted\ninstrument: unsteady=0.1\n").unwrap();
        assert_eq!(spec.id, "planted:unsteady=0.1");
        assert!(matches!(read_text("format: 1\nkind: replay\nfile: a.jsonl\n").unwrap().kind, Kind::Replay(_)));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, advice) in [
            ("format: 1\nkind: openai\nname: m\nurll: x\n", "FILE:4:1"),
            ("format: 1\nkind: opnai\n", "did you mean `openai`?"),
            ("format: 2\nkind: openai\nname: m\n", "`format: 2` is not known"),
            ("format: 1\nkind: openai\nname: ' '\n", "`name` must not be empty"),
            ("format: 1\nkind: openai\nname: m\ndeadline-seconds: 0\n", "`deadline-seconds` must lie between"),
            ("format: 1\nkind: openai\nname: m\nprice: {prompt: -1, completion: 1}\n", "`price` must hold"),
            ("format: 1\nkind: subprocess\ncommand: [a]\nprocesses: 0\n", "`processes` must lie between 1 and 64"),
            ("format: 1\nkind: openai\nname: m\nname: n\n", "FILE:4:1"),
        ] {
            let error = read_text(text).unwrap_err();
            assert!(error.contains(advice), "{text}: {error}");
        }
    }

    #[test]
    fn a_key_in_a_file_is_refused_and_not_repeated() {
        for name in ["key", "api_key", "API-KEY", "password"] {
            let error = read_text(&format!("format: 1\nkind: openai\nname: m\n{name}: sesame\n")).unwrap_err();
            assert!(error.contains("keys do not belong into files"), "{error}");
            assert!(!error.contains("sesame"), "{error}");
        }
        let error = read_text("format: 1\nkind: openai\nname: m\nsesame").unwrap_err();
        assert!(!error.contains("sesame"), "{error}");
    }

    #[test]
    fn too_much_and_not_text() {
        assert!(read_text(&"#".repeat(70_000)).unwrap_err().contains("larger than"));
    }
}
