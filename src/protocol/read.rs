//! A protocol file: from YAML to the typed form.

use super::render::PLACEHOLDERS;
use super::{Form, Protocol};
use crate::yaml::{self, Diagnostic, Log, Node, Span, parse, quoted, suggest};

impl Protocol {
    /// Reads a protocol.
    ///
    /// # Errors
    /// What is wrong with the file: what does not fit the type (the first), or else everything that does not make
    /// sense, such as a placeholder that nothing fills.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let protocol: Self = yaml::read(file, bytes)?;
        let document = parse(file, bytes)?;
        let mut log = document.log();
        let at = |path: &[&str]| {
            path.iter().try_fold(&document.root, |node, key| node.get(key)).map_or(Span::START, |n| n.at)
        };
        check_template(&protocol, document.root.get("template"), &mut log);
        check_contract(&protocol, &at, &mut log);
        check_values(&protocol, &at, &mut log);
        log.finish(Some(protocol))
    }
}

/// Every `{…}` of the template is one that is filled, and what the contract needs is there.
fn check_template(protocol: &Protocol, node: Option<&Node>, log: &mut Log<'_>) {
    let at = node.map_or(Span::START, |node| node.at);
    for name in super::render::names(&protocol.template) {
        if !PLACEHOLDERS.contains(&name) {
            let what = format!("unknown placeholder {}", quoted(&format!("{{{name}}}")));
            log.note(at, what, "nothing fills it", suggest(name, PLACEHOLDERS));
        }
    }
    let needed = [
        ("history", true),
        ("note", true),
        ("photographs", true),
        ("question", true),
        ("contract", true),
        ("triage", protocol.contract.triage),
        ("diagnoses", protocol.contract.form == Form::ForcedChoice),
    ];
    for (name, needed) in needed {
        let given = super::render::names(&protocol.template).any(|found| found == name);
        if needed && !given {
            log.note(at, format!("missing `{{{name}}}`"), "the template has no such placeholder", "");
        }
        if given && name == "triage" && !needed {
            log.note(at, "`{triage}` without use", "the contract does not ask for a triage level", "");
        }
    }
}

fn check_contract(protocol: &Protocol, at: &dyn Fn(&[&str]) -> Span, log: &mut Log<'_>) {
    let contract = &protocol.contract;
    if !(1..=10).contains(&contract.entries) {
        log.note(at(&["contract", "entries"]), "`entries` is out of range", "a differential has 1 to 10 entries", "");
    }
    if contract.form == Form::ForcedChoice && (contract.entries != 1 || contract.probabilities) {
        let why = "a forced choice is one diagnosis without a probability";
        log.note(at(&["contract"]), "the contract contradicts itself", why, "entries: 1, probabilities: false");
    }
    if protocol.decoding.max_tokens == 0 {
        log.note(at(&["decoding", "max-tokens"]), "`max-tokens` is out of range", "no answer has no tokens", "");
    }
    if protocol.decoding.temperature.is_some_and(|t| !(0.0..=2.0).contains(&t)) {
        log.note(at(&["decoding", "temperature"]), "`temperature` is out of range", "it lies between 0 and 2", "");
    }
    if protocol.pictures.max_side.is_some_and(|side| side < 32) {
        log.note(at(&["pictures", "max-side"]), "`max-side` is out of range", "at least 32 pixels", "");
    }
}

/// The states of a history value must be told apart.
fn check_values(protocol: &Protocol, at: &dyn Fn(&[&str]) -> Span, log: &mut Log<'_>) {
    let values = &protocol.values;
    let mut words = vec![("yes", &values.yes), ("no", &values.no), ("unknown", &values.unknown)];
    words.extend(values.absent.as_ref().map(|absent| ("absent", absent)));
    for (index, (name, word)) in words.iter().enumerate() {
        let twin = words.iter().take(index).find(|(_, other)| other.trim().eq_ignore_ascii_case(word.trim()));
        if let Some((other, _)) = twin {
            let why = format!("`{other}` is written the same way");
            log.note(at(&["values", name]), "two states cannot be told apart", why, "write each in its own words");
        }
        if word.trim().is_empty() {
            log.note(at(&["values", name]), format!("`{name}` is blank"), "a state needs a word", "");
        }
    }
    if values.nothing.trim().is_empty() {
        log.note(at(&["values", "nothing"]), "`nothing` is blank", "an empty history must be said to be empty", "");
    }
}

#[cfg(test)]
mod tests {
    use crate::library::PROTOCOLS;
    use crate::protocol::Protocol;

    fn changed(from: &str, to: &str) -> String {
        let text = PROTOCOLS[0].text;
        assert!(text.contains(from), "{from}");
        let problems = Protocol::read("p.yaml", text.replacen(from, to, 1).as_bytes()).unwrap_err();
        problems[0].what.clone()
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(changed("{question}", "{questoin}"), "unknown placeholder `{questoin}`");
        assert_eq!(changed("{triage}", ""), "missing `{triage}`");
        assert_eq!(changed("triage: true", "triage: false"), "`{triage}` without use");
        assert_eq!(changed("entries: 5", "entries: 0"), "`entries` is out of range");
        assert_eq!(changed("unknown: not known", "unknown: No"), "two states cannot be told apart");
        assert_eq!(changed("may-abstain", "may-abstian"), "unknown key `may-abstian`");
        assert_eq!(changed("form: json", "form: yaml"), "unknown word `yaml`");
    }

    #[test]
    fn every_built_in_protocol_is_sound_and_named_after_its_file() {
        for entry in PROTOCOLS {
            let protocol = Protocol::read(entry.path, entry.text.as_bytes()).unwrap_or_else(|e| panic!("{}", e[0]));
            assert_eq!(protocol.id, entry.id);
        }
    }
}
