//! From YAML to a mapping.

use super::{Arm, Change, Column, Data, Kind, Mapping, Question, Reader, Role, Says, Shown, Source};
use crate::scenario::validate::{EXPECT_WORDS, bounds, slug};
use crate::scenario::{Expect, hazard};
use crate::yaml::{Diagnostic, Field, Fields, Log, Value, format_is_1, parse, quoted, suggest};

/// The keys of a mapping.
pub const KEYS: &[&str] = &[
    "format",
    "id",
    "title",
    "data",
    "case",
    "patient",
    "strata",
    "missing",
    "arms",
    "answers",
    "readers",
    "questions",
    "scenarios",
];
/// The keys of `data`.
pub const DATA_KEYS: &[&str] = &["name", "licence", "citation", "synthetic", "notes"];
/// The keys of an arm.
pub const ARM_KEYS: &[&str] = &["arm", "scenario", "level", "draw", "when"];
/// The keys of an answer.
pub const ANSWER_KEYS: &[&str] =
    &["answer", "reader", "question", "rater", "draw", "probability", "truth", "planted", "status"];
/// The keys of a reader.
pub const READER_KEYS: &[&str] = &["id", "title", "kind"];
/// The keys of a question.
pub const QUESTION_KEYS: &[&str] = &["id", "title", "kind", "yes", "no", "words", "nearest"];
/// The keys of a scenario.
pub const SCENARIO_KEYS: &[&str] =
    &["id", "claim", "expect", "hazard", "cause", "changes", "positive-control", "levels", "accept", "references"];
/// The words of `arm`.
pub const ARM_WORDS: &[(&str, Role)] =
    &[("control", Role::Control), ("retest", Role::Retest), ("sham", Role::Sham), ("treated", Role::Treated)];
/// The words of a reader's `kind`, and whether it is a panel.
pub const READER_WORDS: &[(&str, bool)] = &[("model", false), ("panel", true)];
/// The words of a question's `kind`.
pub const KIND_WORDS: &[&str] = &["yes-no", "choice", "number", "diagnosis", "text"];
/// The words of a scenario's `changes`.
pub const SHOWN_WORDS: &[(&str, Shown)] = &[("history", Shown::History), ("image", Shown::Image)];

/// Reads a mapping.
///
/// # Errors
/// Everything that is wrong with the file, in its order.
pub fn read(file: &str, bytes: &[u8]) -> Result<Mapping, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    if !format_is_1(&document.root, &mut log) {
        return Err(log.into_problems());
    }
    let source = (document.file.clone(), document.text.clone());
    let mapping =
        Fields::of(&document.root, "a mapping", KEYS, &mut log).and_then(|fields| whole(&fields, source, &mut log));
    if let Some(mapping) = &mapping {
        check_names(mapping, &document.root, &mut log);
        check_raters(mapping, &document.root, &mut log);
    }
    log.finish(mapping)
}

fn whole(fields: &Fields<'_>, source: (String, String), log: &mut Log<'_>) -> Option<Mapping> {
    let id = fields.need("id", log).and_then(|field| slug(&field, log));
    let title = fields.need("title", log).and_then(|field| field.text(log));
    let data = fields.need("data", log).and_then(|field| data(&field, log));
    let case = fields.need("case", log).and_then(|field| columns(&field, log));
    let patient = fields.get("patient").map_or(Some(Vec::new()), |field| columns(&field, log));
    let strata = fields.get("strata").map_or(Some(Vec::new()), |field| strata(&field, log));
    let missing = fields.get("missing").map_or(Some(vec![String::new()]), |field| words(&field, log));
    let arms = list(fields, "arms", "an arm", ARM_KEYS, arm, log);
    let answers = list(fields, "answers", "an answer", ANSWER_KEYS, answer, log);
    let readers = list(fields, "readers", "a reader", READER_KEYS, reader, log);
    let questions = list(fields, "questions", "a question", QUESTION_KEYS, question, log);
    let scenarios = list(fields, "scenarios", "a scenario", SCENARIO_KEYS, scenario, log);
    Some(Mapping {
        id: id?,
        title: title?,
        data: data?,
        case: case?,
        patient: patient?,
        strata: strata?,
        missing: missing?,
        arms: arms?,
        answers: answers?,
        readers: readers?,
        questions: questions?,
        scenarios: scenarios?,
        source,
    })
}

/// The items of a list that must be there, each a map with these keys.
fn list<T>(
    fields: &Fields<'_>,
    name: &'static str,
    owner: &'static str,
    keys: &[&str],
    read: fn(&Fields<'_>, &mut Log<'_>) -> Option<T>,
    log: &mut Log<'_>,
) -> Option<Vec<T>> {
    let items = fields.need(name, log)?.list(log)?;
    let mut one = |item: &Field<'_>| Fields::of(item.node, owner, keys, log).and_then(|fields| read(&fields, log));
    items.iter().map(&mut one).collect::<Vec<Option<T>>>().into_iter().collect()
}

fn data(field: &Field<'_>, log: &mut Log<'_>) -> Option<Data> {
    let fields = Fields::of(field.node, "a source of data", DATA_KEYS, log)?;
    let name = fields.need("name", log).and_then(|field| field.text(log));
    let licence = fields.need("licence", log).and_then(|field| field.text(log));
    let citation = fields.get("citation").map(|field| field.text(log));
    let synthetic = fields.need("synthetic", log).and_then(|field| field.truth(log));
    let notes = fields.get("notes").map_or(Some(Vec::new()), |field| texts(&field, log));
    Some(Data { name: name?, licence: licence?, citation: optional(citation)?, synthetic: synthetic?, notes: notes? })
}

/// What was given must have been read; what was not given is nothing.
fn optional<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

fn column(field: &Field<'_>, log: &mut Log<'_>) -> Option<Column> {
    field.word(log).map(|name| Column { name, at: field.node.at })
}

fn columns(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<Column>> {
    field.items().iter().map(|item| column(item, log)).collect()
}

/// Words that stand in cells; an empty one, written `""`, is allowed.
fn words(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<String>> {
    let mut word = |item: &Field<'_>| match &item.node.value {
        Value::Text(text) if text.trim().is_empty() => Some(String::new()),
        _ => item.word(log),
    };
    field.items().iter().map(&mut word).collect()
}

fn texts(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<String>> {
    field.items().iter().map(|item| item.text(log)).collect()
}

fn strata(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<(String, Column)>> {
    let entries = map(field, "e.g. strata: {sex: patient_sex}", log)?;
    let mut one = |(name, item): (&str, Field<'_>)| column(&item, log).map(|column| (name.replace('-', "_"), column));
    entries.into_iter().map(&mut one).collect()
}

/// The entries of a map with any keys.
fn map<'a>(field: &Field<'a>, help: &str, log: &mut Log<'_>) -> Option<Vec<(&'a str, Field<'a>)>> {
    let Value::Map(entries) = &field.node.value else {
        let why = format!("this is {}", field.node.value.describe());
        log.note(field.node.at, format!("`{}` is a map", field.name), why, help);
        return None;
    };
    Some(entries.iter().map(|(key, node)| (key.name.as_str(), Field { name: &key.name, node })).collect())
}

/// A word, or `{column: NAME}`.
fn says(field: &Field<'_>, log: &mut Log<'_>) -> Option<Says> {
    if let Value::Map(_) = &field.node.value {
        let fields = Fields::of(field.node, "a reference to a column", &["column"], log)?;
        return column(&fields.need("column", log)?, log).map(Says::Column);
    }
    field.word(log).map(Says::Always)
}

fn arm(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Arm> {
    let role = fields.need("arm", log).and_then(|field| field.choice(ARM_WORDS, log));
    let mut told = |name: &'static str| optional(fields.get(name).map(|field| says(&field, log)));
    let (scenario, level, draw) = (told("scenario"), told("level"), told("draw"));
    let when = fields.get("when").map_or(Some(Vec::new()), |field| when(&field, log));
    match (role, fields.get("scenario")) {
        (Some(Role::Treated), None) => {
            log.note(fields.at, "missing `scenario`", "a treated arm is one of a scenario", "");
        }
        (Some(Role::Control | Role::Retest | Role::Sham), Some(_)) => {
            log.note(fields.at("scenario"), "`scenario` without use", "only a treated arm has one", "leave it out");
        }
        _ => {}
    }
    Some(Arm { role: role?, scenario: scenario?, level: level?, draw: draw?, when: when? })
}

fn when(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<(Column, Vec<String>)>> {
    let Value::Map(entries) = &field.node.value else {
        let why = format!("this is {}", field.node.value.describe());
        log.note(field.node.at, "`when` is a map", why, "e.g. when: {version: [1, 2]}");
        return None;
    };
    let mut one = |(key, node): &(crate::yaml::Key, crate::yaml::Node)| {
        let words = words(&Field { name: &key.name, node }, log)?;
        Some((Column { name: key.name.clone(), at: key.at }, words))
    };
    entries.iter().map(&mut one).collect()
}

fn answer(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Source> {
    let answer = fields.need("answer", log).and_then(|field| column(&field, log));
    let reader = fields.need("reader", log).and_then(|field| says(&field, log));
    let question = fields.need("question", log).and_then(|field| says(&field, log));
    let mut told = |name: &'static str| optional(fields.get(name).map(|field| says(&field, log)));
    let (rater, draw) = (told("rater"), told("draw"));
    let mut place = |name: &'static str| optional(fields.get(name).map(|field| column(&field, log)));
    let (probability, truth) = (place("probability"), place("truth"));
    let (planted, status) = (place("planted"), place("status"));
    Some(Source {
        answer: answer?,
        reader: reader?,
        question: question?,
        rater: rater?,
        draw: draw?,
        probability: probability?,
        truth: truth?,
        planted: planted?,
        status: status?,
    })
}

fn reader(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Reader> {
    let id = fields.need("id", log).and_then(|field| field.word(log));
    let title = fields.get("title").map_or(id.clone(), |field| field.text(log));
    let panel = fields.get("kind").map_or(Some(false), |field| field.choice(READER_WORDS, log));
    Some(Reader { id: id?, title: title?, panel: panel? })
}

fn question(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Question> {
    let id = fields.need("id", log).and_then(|field| field.word(log));
    let title = fields.get("title").map_or(id.clone(), |field| field.text(log));
    let names: Vec<(&str, usize)> = KIND_WORDS.iter().copied().zip(0..).collect();
    let kind = fields.need("kind", log).and_then(|field| field.choice(&names, log));
    let kind = kind.and_then(|kind| self::kind(kind, fields, log));
    Some(Question { id: id?, title: title?, kind: kind? })
}

fn kind(kind: usize, fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Kind> {
    let fitting: &[&str] = match kind {
        0 => &["yes", "no"],
        1 => &["words"],
        2 => &["nearest"],
        _ => &[],
    };
    for name in ["yes", "no", "words", "nearest"] {
        if fields.get(name).is_some() && !fitting.contains(&name) {
            log.note(fields.at(name), format!("`{name}` without use"), "this kind of answer has none", "leave it out");
        }
    }
    let some = |name: &'static str, default: &[&str], log: &mut Log<'_>| {
        let default = || default.iter().map(|word| (*word).to_owned()).collect();
        fields.get(name).map_or_else(|| Some(default()), |field| words(&field, log))
    };
    Some(match kind {
        0 => Kind::YesNo { yes: some("yes", &["yes"], log)?, no: some("no", &["no"], log)? },
        1 => Kind::Choice(some("words", &[], log)?),
        2 => Kind::Number(optional(fields.get("nearest").map(|field| nearest(&field, log)))?),
        3 => Kind::Diagnosis,
        _ => Kind::Text,
    })
}

fn nearest(field: &Field<'_>, log: &mut Log<'_>) -> Option<f64> {
    let step = field.number(log)?;
    if step > 0.0 {
        return Some(step);
    }
    field.forbid("numbers are rounded to multiples of it, so it lies above 0", "", log);
    None
}

fn scenario(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Change> {
    let id = fields.need("id", log).and_then(|field| slug(&field, log));
    let claim = fields.need("claim", log).and_then(|field| field.text(log));
    let meanings = [Expect::Invariant, Expect::Abstain, Expect::Challenge, Expect::MeasureOnly];
    let expectations: Vec<(&str, Expect)> = EXPECT_WORDS.iter().copied().zip(meanings).collect();
    let expect = fields.need("expect", log).and_then(|field| field.choice(&expectations, log));
    let hazard = optional(fields.get("hazard").map(|field| hazard::of_scenario(&field, log)));
    let cause = optional(fields.get("cause").map(|field| field.text(log)));
    let shown = fields.get("changes").map_or(Some(Shown::History), |field| field.choice(SHOWN_WORDS, log));
    let positive = fields.get("positive-control").map_or(Some(false), |field| field.truth(log));
    let levels = fields.get("levels").map_or(Some(Vec::new()), |field| levels(&field, log));
    let judged = expect.clone().unwrap_or(Expect::MeasureOnly);
    let accept = bounds(fields, &judged, levels.as_deref().unwrap_or_default(), log);
    let references = fields.get("references").map_or(Some(Vec::new()), |field| texts(&field, log));
    Some(Change {
        id: id?,
        claim: claim?,
        expect: expect?,
        hazard: hazard?,
        cause: cause?,
        shown: shown?,
        positive_control: positive?,
        levels: levels?,
        accept,
        references: references?,
    })
}

fn levels(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<f64>> {
    let levels: Vec<f64> = field.items().iter().map(|item| item.number(log)).collect::<Option<_>>()?;
    if levels.windows(2).all(|pair| matches!(pair, [one, next] if one < next)) {
        return Some(levels);
    }
    log.note(field.node.at, "not in ascending order", "from mild to severe, each once", "");
    None
}

/// No id twice, and no word that names a reader, question or scenario that is not there.
fn check_names(mapping: &Mapping, root: &crate::yaml::Node, log: &mut Log<'_>) {
    let at = |list: &str, place: usize, key: &str| {
        let Some(Value::List(items)) = root.get(list).map(|node| &node.value) else { return root.at };
        items.get(place).map_or(root.at, |item| item.get(key).map_or(item.at, |node| node.at))
    };
    let lists: [(&str, Vec<&str>); 3] = [
        ("readers", mapping.readers.iter().map(|reader| reader.id.as_str()).collect()),
        ("questions", mapping.questions.iter().map(|question| question.id.as_str()).collect()),
        ("scenarios", mapping.scenarios.iter().map(|change| change.id.as_str()).collect()),
    ];
    for (list, ids) in &lists {
        for (place, id) in ids.iter().enumerate() {
            if ids.iter().take(place).any(|other| crate::yaml::alike(other, id)) {
                log.note(at(list, place, "id"), format!("duplicate id {}", quoted(id)), "an earlier one has it", "");
            }
        }
    }
    let [readers, questions, scenarios] = lists.map(|(_, ids)| ids);
    let mut known = |says: Option<&Says>, ids: &[&str], at| {
        if let Some(Says::Always(word)) = says
            && !ids.iter().any(|id| crate::yaml::alike(id, word))
        {
            log.note(at, format!("unknown id {}", quoted(word)), "the mapping does not list it", suggest(word, ids));
        }
    };
    for (place, source) in mapping.answers.iter().enumerate() {
        known(Some(&source.reader), &readers, at("answers", place, "reader"));
        known(Some(&source.question), &questions, at("answers", place, "question"));
    }
    for (place, arm) in mapping.arms.iter().enumerate() {
        known(arm.scenario.as_ref(), &scenarios, at("arms", place, "scenario"));
    }
}

/// People of a panel are told apart by their raters; nobody else has any.
fn check_raters(mapping: &Mapping, root: &crate::yaml::Node, log: &mut Log<'_>) {
    let Some(Value::List(items)) = root.get("answers").map(|node| &node.value) else { return };
    for (source, item) in mapping.answers.iter().zip(items) {
        let Says::Always(word) = &source.reader else { continue };
        let Some(reader) = mapping.reader(word).and_then(|place| mapping.readers.get(place)) else { continue };
        if reader.panel && source.rater.is_none() {
            let why = "without it nobody can tell one person's answer from another's";
            log.note(item.at, "missing `rater`", why, "e.g. rater: {column: clinician}");
        } else if !reader.panel && source.rater.is_some() {
            let at = item.get("rater").map_or(item.at, |node| node.at);
            log.note(at, "`rater` without use", "this reader is no panel", "say `kind: panel` of the reader");
        }
    }
}
