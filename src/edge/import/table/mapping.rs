//! The mapping file: which column means what. Everything wrong with it is said at once, with its place.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::{Kind, View};
use csv::StringRecord;

use super::cell::is_years;
use crate::yaml::{Diagnostic, Field, Fields, Log, Node, Value, alike, format_is_1, parse, quoted, suggest};

/// The keys of a mapping.
const KEYS: &[&str] = &[
    "format",
    "name",
    "licence",
    "citation",
    "provenance",
    "language",
    "synthetic",
    "separator",
    "case",
    "patient",
    "lesion",
    "images",
    "note",
    "fields",
    "truth",
    "strata",
];
const TRUTH_KEYS: &[&str] =
    &["diagnosis", "differential", "values", "triage", "least-urgent-safe", "dangerous", "must-consider", "source"];
const COLUMN_KEYS: &[&str] = &["column", "kind", "meaning", "unit", "values", "yes", "no", "unknown", "deleted"];
const IMAGE_KEYS: &[&str] = &["column", "view"];
const VIEWS: &[(&str, View)] =
    &[("close", View::Close), ("regional", View::Regional), ("oblique", View::Oblique), ("poor", View::Poor)];
const KINDS: &[(&str, Kind)] = &[
    ("age", Kind::Age),
    ("sex", Kind::Sex),
    ("site", Kind::Site),
    ("side", Kind::Side),
    ("duration", Kind::Duration),
    ("evolution", Kind::Evolution),
    ("symptom", Kind::Symptom),
    ("severity", Kind::Severity),
    ("diameter", Kind::Diameter),
    ("drug", Kind::Drug),
    ("dose", Kind::Dose),
    ("allergy", Kind::Allergy),
    ("past-history", Kind::PastHistory),
    ("family-history", Kind::FamilyHistory),
    ("exposure", Kind::Exposure),
    ("travel", Kind::Travel),
    ("contact", Kind::Contact),
    ("occupation", Kind::Occupation),
    ("prior-treatment", Kind::PriorTreatment),
    ("lab", Kind::Lab),
    ("vital-sign", Kind::VitalSign),
    ("prior-diagnosis", Kind::PriorDiagnosis),
    ("impression", Kind::Impression),
    ("other", Kind::Other),
];

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header(Vec<String>);

impl Header {
    pub(super) fn of(record: &StringRecord) -> Self {
        Self(record.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect())
    }

    /// The first name that two columns have.
    pub(super) fn twice(&self) -> Option<&str> {
        let mut seen = BTreeSet::new();
        self.0.iter().find(|name| !seen.insert(*name)).map(String::as_str)
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    /// The columns that are not among these.
    pub(super) fn others(&self, used: &BTreeSet<usize>) -> Vec<&str> {
        let unused = self.0.iter().enumerate().filter(|(at, _)| !used.contains(at));
        unused.map(|(_, name)| name.as_str()).collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|column| column == name)
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

/// What the columns of a table mean.
#[derive(Debug, Clone)]
pub(super) struct Mapping {
    pub(super) name: String,
    pub(super) licence: String,
    pub(super) citation: Option<String>,
    pub(super) provenance: String,
    pub(super) language: String,
    pub(super) synthetic: bool,
    pub(super) case: usize,
    pub(super) patient: usize,
    pub(super) lesion: Option<usize>,
    pub(super) images: Vec<(usize, View)>,
    pub(super) note: Option<usize>,
    pub(super) fields: Vec<Column>,
    pub(super) truth: TruthColumns,
    pub(super) strata: Vec<(String, Column)>,
    /// Every column that the mapping names.
    pub(super) used: BTreeSet<usize>,
}

/// A column and how its cells are read.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) column: usize,
    pub(super) kind: Kind,
    pub(super) meaning: String,
    pub(super) unit: Option<String>,
    /// Cells that stand for other words.
    pub(super) values: BTreeMap<String, String>,
    pub(super) states: States,
}

/// Words for the states of a value; empty where the usual ones count.
#[derive(Debug, Clone, Default)]
pub(super) struct States {
    pub(super) yes: Vec<String>,
    pub(super) no: Vec<String>,
    pub(super) unknown: Vec<String>,
    pub(super) deleted: Vec<String>,
}

/// The columns that hold the truth.
#[derive(Debug, Clone)]
pub(super) struct TruthColumns {
    pub(super) diagnosis: Column,
    /// Whether its cells list diagnoses with weights.
    pub(super) weighted: bool,
    /// The ideal and the least urgent safe triage.
    pub(super) triage: Option<(Column, Column)>,
    pub(super) dangerous: Option<Column>,
    pub(super) must_consider: Option<Column>,
    pub(super) source: Option<usize>,
}

impl Column {
    /// The cell in the mapping's words.
    pub(super) fn value(&self, row: &StringRecord) -> String {
        let cell = super::cell(row, self.column);
        self.values.get(cell).map_or(cell, String::as_str).to_owned()
    }
}

/// The byte that parts the cells of the table: a comma unless the mapping says otherwise.
pub(super) fn separator(file: &str, bytes: &[u8]) -> Result<u8, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    let Some(node) = document.root.get("separator") else { return Ok(b',') };
    let field = Field { name: "separator", node };
    let words = [(",", b','), (";", b';'), ("tab", b'\t'), ("|", b'|')];
    let byte = field.choice(&words, &mut log);
    byte.ok_or_else(|| log.into_problems())
}

/// Reads a mapping and checks it against the columns of the table.
pub(super) fn read(file: &str, bytes: &[u8], header: &Header) -> Result<Mapping, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    if !format_is_1(&document.root, &mut log) {
        return Err(log.into_problems());
    }
    let fields = Fields::of(&document.root, "a mapping", KEYS, &mut log);
    let mapping = fields.and_then(|fields| Reading { header, log: &mut log }.mapping(&fields));
    if let Some(mapping) = &mapping {
        shown_truth(mapping, &document.root, header, &mut log);
    }
    log.finish(mapping)
}

/// Notes columns of the truth that would be shown to a model.
fn shown_truth(mapping: &Mapping, root: &Node, header: &Header, log: &mut Log<'_>) {
    let truth = &mapping.truth;
    let columns = [&truth.dangerous, &truth.must_consider].into_iter().flatten().chain([&truth.diagnosis]);
    let triage = truth.triage.iter().flat_map(|(ideal, safe)| [ideal, safe]);
    let mut secret: BTreeSet<usize> = columns.chain(triage).map(|column| column.column).collect();
    secret.extend(truth.source);
    let fields = mapping.fields.iter().map(|field| (field.column, "fields"));
    let told = fields.chain(mapping.note.map(|note| (note, "note")));
    for (column, key) in told.filter(|(column, _)| secret.contains(column)) {
        let at = root.get(key).map_or(root.at, |node| node.at);
        let what = format!("the column {} would be shown", quoted(header.name(column)));
        log.note(at, what, "it holds the truth", "take it out of what a model sees");
    }
}

/// A mapping under reading.
struct Reading<'a, 'b> {
    header: &'a Header,
    log: &'a mut Log<'b>,
}

impl Reading<'_, '_> {
    fn mapping(&mut self, fields: &Fields<'_>) -> Option<Mapping> {
        let text = |this: &mut Self, key| fields.get(key).map(|field| field.text(this.log)).unwrap_or_default();
        let needed = |this: &mut Self, key| fields.need(key, this.log).and_then(|field| field.text(this.log));
        let (name, licence) = (needed(self, "name"), needed(self, "licence"));
        let (citation, provenance) = (text(self, "citation"), text(self, "provenance"));
        let language = fields.get("language").map_or(Some("en".to_owned()), |field| self.language(&field));
        let synthetic = fields.get("synthetic").is_some_and(|field| field.truth(self.log).unwrap_or_default());
        let (case, patient) = (self.needed_place(fields, "case"), self.needed_place(fields, "patient"));
        let lesion = fields.get("lesion").map(|field| self.place(&field));
        let note = fields.get("note").map(|field| self.place(&field));
        let images = fields.get("images").map_or(Some(Vec::new()), |field| self.images(&field));
        let truth = fields.need("truth", self.log).and_then(|field| self.truth(field.node));
        let history = fields.get("fields").map_or(Some(Vec::new()), |field| self.columns(&field, true));
        let strata = fields.get("strata").map_or(Some(Vec::new()), |field| self.columns(&field, false));
        let mut mapping = Mapping {
            name: name?,
            licence: licence?,
            citation,
            provenance: provenance.unwrap_or_else(|| "Imported from a table; photographs without metadata.".into()),
            language: language?,
            synthetic,
            case: case?,
            patient: patient?,
            lesion: lesion.flatten(),
            images: images?,
            note: note.flatten(),
            fields: history?,
            truth: truth?,
            strata: strata?.into_iter().map(|column| (column.name.clone(), column)).collect(),
            used: BTreeSet::new(),
        };
        mapping.used = used(&mapping);
        Some(mapping)
    }

    /// The column that a value names; notes a name that the table does not have.
    fn place(&mut self, field: &Field<'_>) -> Option<usize> {
        let name = field.word(self.log)?;
        let found = self.header.find(&name);
        if found.is_none() {
            let help = suggest(&name, &self.header.names());
            self.log.note(
                field.node.at,
                format!("unknown column {}", quoted(&name)),
                "the table has no such column",
                help,
            );
        }
        found
    }

    /// A language tag (BCP 47, RFC 5646): a language of two letters, or three where it has no shorter code, and subtags.
    fn language(&mut self, field: &Field<'_>) -> Option<String> {
        let tag = field.word(self.log)?;
        let mut parts = tag.split('-');
        let primary = parts.next().unwrap_or_default().to_lowercase();
        let known = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
        let further = parts
            .clone()
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if known && further && primary != "eng" {
            return Some(core::iter::once(primary.as_str()).chain(parts).collect::<Vec<_>>().join("-"));
        }
        let help = "write language: en, or the tag of another language: pt-BR, de";
        self.log.note(field.node.at, format!("{} is no language tag", quoted(&tag)), "tags are those of BCP 47", help);
        None
    }

    fn needed_place(&mut self, fields: &Fields<'_>, key: &'static str) -> Option<usize> {
        fields.need(key, self.log).and_then(|field| self.place(&field))
    }

    fn images(&mut self, field: &Field<'_>) -> Option<Vec<(usize, View)>> {
        field.items().iter().map(|item| self.image(item)).collect()
    }

    fn image(&mut self, item: &Field<'_>) -> Option<(usize, View)> {
        if !matches!(item.node.value, Value::Map(_)) {
            return Some((self.place(item)?, View::Close));
        }
        let fields = Fields::of(item.node, "a photograph", IMAGE_KEYS, self.log)?;
        let view = fields.get("view").map_or(Some(View::Close), |field| field.choice(VIEWS, self.log));
        Some((self.needed_place(&fields, "column")?, view?))
    }

    /// The columns of a map from names to columns; those of a history have a kind.
    fn columns(&mut self, field: &Field<'_>, with_kind: bool) -> Option<Vec<Column>> {
        let Value::Map(entries) = &field.node.value else {
            field.refuse("a map from names to columns", self.log);
            return None;
        };
        let read = entries.iter().map(|(key, node)| self.column(&key.name, node, with_kind));
        // Every entry is read before one that failed ends it: all problems come out at once.
        let read: Vec<Option<Column>> = read.collect();
        read.into_iter().collect()
    }

    fn column(&mut self, name: &str, node: &Node, with_kind: bool) -> Option<Column> {
        let plain = !matches!(node.value, Value::Map(_));
        let own = KINDS.iter().find(|(kind, _)| alike(kind, name)).map(|(_, kind)| *kind);
        if plain {
            let column = self.place(&Field { name, node })?;
            let kind = self.kind(name, node, own, with_kind)?;
            return Some(self.plain(name, column, kind));
        }
        let fields = Fields::of(node, "a column", COLUMN_KEYS, self.log)?;
        let column = self.needed_place(&fields, "column");
        let given = fields.get("kind").map(|field| field.choice(KINDS, self.log));
        let kind = match given {
            Some(kind) => kind,
            None => self.kind(name, node, own, with_kind),
        };
        let text = |this: &mut Self, key| fields.get(key).and_then(|field| field.text(this.log));
        let (meaning, unit) = (text(self, "meaning"), text(self, "unit"));
        let aged = kind == Some(Kind::Age) || name == "age_band";
        if let Some(other) = unit.as_deref().filter(|unit| aged && !is_years(unit)) {
            let what = format!("an age in {}", quoted(other));
            self.log.note(
                node.at,
                what,
                "ages are read in years, so that great age can be one group",
                "write unit: years",
            );
            return None;
        }
        let values = fields.get("values").map_or(Some(BTreeMap::new()), |field| self.values(&field));
        let states = self.states(&fields);
        let plain = self.plain(name, column?, kind?);
        Some(Column { meaning: meaning.unwrap_or(plain.meaning), unit, values: values?, states, ..plain })
    }

    fn plain(&self, name: &str, column: usize, kind: Kind) -> Column {
        Column {
            name: name.to_owned(),
            column,
            kind,
            meaning: format!("column {}", self.header.name(column)),
            unit: None,
            values: BTreeMap::new(),
            states: States::default(),
        }
    }

    /// The kind of a field whose entry gives none: that of its name.
    fn kind(&mut self, name: &str, node: &Node, own: Option<Kind>, needed: bool) -> Option<Kind> {
        if own.is_none() && needed {
            let kinds = KINDS.iter().map(|(kind, _)| *kind).collect::<Vec<_>>().join(", ");
            let help = format!("write {name}: {{ column: …, kind: … }} with one of {kinds}");
            self.log.note(node.at, format!("{} needs a kind", quoted(name)), "its name is no kind of fact", help);
            return None;
        }
        Some(own.unwrap_or(Kind::Other))
    }

    /// A map from cells to words.
    fn values(&mut self, field: &Field<'_>) -> Option<BTreeMap<String, String>> {
        let Value::Map(entries) = &field.node.value else {
            field.refuse("a map from cells to words", self.log);
            return None;
        };
        let word = |this: &mut Self, node| Field { name: field.name, node }.word(this.log);
        entries.iter().map(|(key, node)| Some((key.name.clone(), word(self, node)?))).collect()
    }

    fn states(&mut self, fields: &Fields<'_>) -> States {
        // An empty cell may be listed, so a text need not be something.
        let word = |item: &Field<'_>, log: &mut Log<'_>| match &item.node.value {
            Value::Text(text) => Some(text.trim().to_owned()),
            _ => item.word(log),
        };
        let mut words = |key| {
            let items = fields.get(key).map(|field| field.items()).unwrap_or_default();
            items.iter().filter_map(|item| word(item, self.log)).collect()
        };
        States { yes: words("yes"), no: words("no"), unknown: words("unknown"), deleted: words("deleted") }
    }

    fn truth(&mut self, node: &Node) -> Option<TruthColumns> {
        let fields = Fields::of(node, "a truth", TRUTH_KEYS, self.log)?;
        let values = fields.get("values").map_or(Some(BTreeMap::new()), |field| self.values(&field));
        let mut column = |key| fields.get(key).map(|field| self.column(key, field.node, false));
        let (single, list) = (column("diagnosis"), column("differential"));
        let (ideal, safe) = (column("triage"), column("least-urgent-safe"));
        let (dangerous, must_consider) = (column("dangerous"), column("must-consider"));
        let source = fields.get("source").map(|field| self.place(&field));
        if ideal.is_none() && safe.is_some() {
            let why = "what is safe is told beside what is ideal";
            self.log.note(node.at, "`least-urgent-safe` without `triage`", why, "name the column of the ideal, too");
            return None;
        }
        if single.is_some() == list.is_some() {
            let why = "it needs either `diagnosis` (one name) or `differential` (`name: weight; name: weight`)";
            self.log.note(node.at, "the truth has no reference, or two", why, "");
            return None;
        }
        let weighted = list.is_some();
        let with = |column: Column, values: &BTreeMap<String, String>| {
            let own = column.values.is_empty();
            Column { values: if own { values.clone() } else { column.values.clone() }, ..column }
        };
        let values = values?;
        let triage = ideal.flatten().map(|ideal| (ideal.clone(), safe.flatten().unwrap_or(ideal)));
        Some(TruthColumns {
            diagnosis: with(single.or(list)??, &values),
            weighted,
            triage,
            dangerous: dangerous.flatten(),
            must_consider: must_consider.flatten().map(|column| with(column, &values)),
            source: source.flatten(),
        })
    }
}

/// Every column that a mapping names.
fn used(mapping: &Mapping) -> BTreeSet<usize> {
    let truth = &mapping.truth;
    let triage = truth.triage.iter().flat_map(|(ideal, safe)| [ideal, safe]);
    let others = [&truth.dangerous, &truth.must_consider].into_iter().flatten().chain([&truth.diagnosis]);
    let columns = mapping.fields.iter().chain(mapping.strata.iter().map(|(_, column)| column));
    let mut used: BTreeSet<usize> = columns.chain(triage).chain(others).map(|column| column.column).collect();
    used.extend([mapping.case, mapping.patient]);
    used.extend([mapping.lesion, mapping.note, truth.source].into_iter().flatten());
    used.extend(mapping.images.iter().map(|(column, _)| *column));
    used
}
