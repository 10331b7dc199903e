//! The rules of dependence, read off the sources. Each rule has a planted violation, so that it is known to be able to fail.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The nouns of the pipeline from left to right: a file may use what stands to its left, never what stands to its right.
const ORDER: &[&str] = &[
    "words",
    "tables",
    "exit",
    "stats",
    "yaml",
    "answer",
    "case",
    "necessity",
    "cohort",
    "request",
    "reading",
    "scenario",
    "suite",
    "mapping",
    "protocol",
    "diagnosis",
    "library",
    "check",
    "schema",
    "foil",
    "seed",
    "treatment",
    "metrics",
    "readers",
    "phantom",
    "plan",
    "trial",
    "shift",
    "sensitivity",
    "reliance",
    "forecast",
    "steadiness",
    "calibration",
    "evidence",
    "answers",
    "error",
    "event",
];

/// Pairs that look backwards for a reason.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("case", "schema", "the JSON Schema of a case says how types of another crate are written")];

fn sources(folder: &str) -> Vec<PathBuf> {
    fn walk(path: &Path, list: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, list);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                list.push(path);
            }
        }
    }
    let mut list = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut list);
    list.sort();
    list
}

/// The noun that a source file belongs to: `plan/donors.rs` belongs to `plan`.
fn noun(path: &Path) -> String {
    let inner = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inner.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The nouns that a source text uses outside its tests.
fn uses(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut list: Vec<String> = code
        .split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
        .collect();
    list.sort();
    list.dedup();
    list
}

/// What is wrong with a file of that noun using those nouns.
fn violations(noun: &str, uses: &[String]) -> Vec<String> {
    let place = |name: &str| ORDER.iter().position(|other| *other == name);
    let wrong = |used: &&String| {
        let excepted = EXCEPTIONS.iter().any(|(from, to, _)| *from == noun && *to == used.as_str());
        let outward = matches!(used.as_str(), "edge" | "cli");
        let backward = place(used).zip(place(noun)).is_some_and(|(used, own)| used > own);
        !excepted && used.as_str() != noun && (outward || backward)
    };
    uses.iter().filter(wrong).map(|used| format!("{noun} uses {used}")).collect()
}

#[test]
fn a_noun_uses_only_nouns_to_its_left() {
    let mut found = Vec::new();
    for path in sources("src") {
        let noun = noun(&path);
        let tests = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"));
        if !tests && !matches!(noun.as_str(), "lib" | "main" | "edge" | "cli") {
            assert!(ORDER.contains(&noun.as_str()), "{noun} has no place in the order of the pipeline");
            found.extend(violations(&noun, &uses(&std::fs::read_to_string(&path).unwrap())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nobody_uses_the_command_line_but_the_program() {
    for path in sources("src") {
        let noun = noun(&path);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(matches!(noun.as_str(), "cli" | "main") || !uses(&text).contains(&"cli".into()), "{}", path.display());
    }
}

#[test]
fn the_rule_of_order_can_fail() {
    let planted = "use crate::edge::store::Store;\nuse crate::evidence;\nuse crate::stats;\n";
    assert_eq!(uses(planted), ["edge", "evidence", "stats"]);
    assert_eq!(violations("metrics", &uses(planted)), ["metrics uses edge", "metrics uses evidence"]);
}

/// The packages that a crate is built from, by name.
fn tree(package: &str) -> String {
    let arguments = ["tree", "--locked", "--package", package, "--edges", "normal", "--prefix", "none"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The features of every package that the workspace is built from along these edges.
fn features(edges: &str) -> BTreeMap<String, String> {
    let arguments = ["tree", "--locked", "--workspace", "--edges", edges, "--prefix", "none", "--format", "{p}|{f}"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let pairs = lines.lines().filter_map(|line| line.trim_end_matches(" (*)").split_once('|'));
    pairs.map(|(package, features)| (package.to_owned(), features.to_owned())).collect()
}

#[test]
fn the_tests_ask_nothing_of_a_dependency_that_would_have_the_program_compiled_again() {
    let (program, tests) = (features("normal,build"), features("normal,build,dev"));
    assert!(program.len() > 100 && tests.len() > program.len());
    let other = program.iter().filter(|(package, features)| tests.get(*package) != Some(*features));
    assert_eq!(other.collect::<Vec<_>>(), [], "see the note at `similar` in Cargo.toml");
}

fn forbidden(tree: &str) -> Vec<&'static str> {
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    const NEVER: [&str; 19] = [
        "tokio",
        "async-std",
        "async-trait",
        "smol",
        "futures",
        "futures-util",
        "mio",
        "reqwest",
        "hyper",
        "ureq",
        "curl",
        "isahc",
        "socket2",
        "rustls",
        "native-tls",
        "openssl",
        "async-openai",
        "rusqlite",
        "bedside",
    ];
    NEVER.into_iter().filter(|name| names.contains(name)).collect()
}

#[test]
fn the_leaf_crates_know_no_network_no_store_and_not_each_other() {
    for (leaf, other) in [
        ("bedside-perturbations", "bedside-reports"),
        ("bedside-reports", "bedside-perturbations"),
        ("bedside-stats", "bedside-reports"),
        ("bedside-paint", "bedside-reports"),
        ("bedside-paint", "bedside-stats"),
        ("bedside-perturbations", "bedside-stats"),
    ] {
        let tree = tree(leaf);
        assert_eq!(forbidden(&tree), [""; 0], "{leaf}");
        assert!(!tree.lines().any(|line| line.starts_with(other)), "{leaf} knows {other}");
    }
}

#[test]
fn the_rule_of_leaves_can_fail() {
    assert!(forbidden(&tree("bedside")).contains(&"tokio"));
}
