//! What the tests share: the program, run folders, real data, a misbehaving server.

pub mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bedside::edge::store::Store;
use bedside_reports::record::{Claim, Record, Verdict};
use tempfile::TempDir;

/// The folder with real data, or a message why a test is skipped. A folder that is named but not there is a failure.
pub fn data() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("BEDSIDE_DATA").map(PathBuf::from) else {
        println!("skipped: BEDSIDE_DATA is not set");
        return None;
    };
    assert!(folder.is_dir(), "BEDSIDE_DATA names {}, which is not there", folder.display());
    Some(folder)
}

/// The program under test.
pub fn bedside() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedside"));
    command.env_remove("OPENAI_API_KEY").env_remove("OPENAI_BASE_URL");
    command
}

/// A run folder that goes away with the test.
pub struct Run {
    folder: TempDir,
}

impl Run {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `bedside run` with these arguments into this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bedside();
        command.arg("run").args(arguments).arg("--out").arg(self.path());
        command
    }

    /// Runs it to its end.
    pub fn finish(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it to its end, checks that the exit code is the one in the results, and returns the record.
    pub fn record(&self, arguments: &[&str]) -> Record {
        let output = self.finish(arguments);
        let record = self.results().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(output.status.code(), Some(i32::from(record.summary.exit)), "exit code and results.json differ");
        record
    }

    /// Runs it, and gives its exit code and what it said to people.
    pub fn ends(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.finish(arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// How many trials are in the store of a process that is gone.
    pub fn settled(&self) -> usize {
        let Some(plan) = self.bytes("plan.sha256") else { return 0 };
        let plan = String::from_utf8(plan).unwrap();
        Store::open(&self.path().join("run.sqlite"), plan.trim()).unwrap().settled().unwrap().len()
    }

    /// The record that is there.
    pub fn results(&self) -> Option<Record> {
        serde_json::from_slice(&self.bytes("results.json")?).ok()
    }

    /// The bytes of a file in the folder.
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path().join(name)).ok()
    }

    /// The files that must be the same bytes whenever the same run is made again.
    pub fn fingerprint(&self) -> Vec<(&'static str, Vec<u8>)> {
        ["plan.json", "results.json", "results/shifts.csv", "report.html"]
            .map(|name| (name, self.bytes(name).unwrap_or_else(|| panic!("{name} is not there"))))
            .to_vec()
    }
}

/// The claim of that id.
pub fn claim<'a>(record: &'a Record, id: &str) -> &'a Claim {
    record.claims.iter().find(|claim| claim.id == id).unwrap_or_else(|| panic!("no claim {id}"))
}

/// Checks the verdict of a claim, and shows why it is another where it is.
pub fn expect(record: &Record, id: &str, verdict: Verdict) {
    let claim = claim(record, id);
    assert_eq!(claim.verdict, verdict, "{id}: {} {:#?}", claim.why, claim.lines);
}
