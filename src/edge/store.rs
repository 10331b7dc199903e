//! The run store: one SQLite file per run that an auditor can read with stock tools.
//!
//! A trial is planned, then asked, then settled. Settled trials carry the hash of the one before them, in order of
//! arrival, so that a row that was changed or taken out later shows. Pictures stand as digests; secrets never enter.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bedside_perturbations::Unfit;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::answer::{Answer, ModelError};
use crate::error::Error;
use crate::request::hex;
use crate::treatment::Done;

/// The version of the store's format (`PRAGMA user_version`).
const VERSION: u32 = 1;

/// The hash that the first row refers to.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const SCHEMA: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE request (digest TEXT PRIMARY KEY, canonical TEXT NOT NULL) STRICT;
    CREATE TABLE asked (ordinal INTEGER PRIMARY KEY, request TEXT NOT NULL) STRICT;
    CREATE TABLE settled (
        arrival INTEGER PRIMARY KEY,
        ordinal INTEGER NOT NULL UNIQUE,
        ending TEXT NOT NULL CHECK (ending IN ('answered', 'failed', 'unfit')),
        request TEXT,
        done TEXT NOT NULL,
        planted TEXT,
        body TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT;
";

/// The store of one run.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
    head: String,
}

/// How one trial ended, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The trial's place in the plan.
    pub ordinal: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// Digest of the request, unless nothing was asked.
    pub request: Option<String>,
    /// What was done, step by step.
    pub done: Vec<Done>,
    /// The planted wrong diagnosis, where one was planted.
    pub planted: Option<String>,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// An answer.
    Answered(Answer),
    /// No answer.
    Failed(ModelError),
    /// The treatment did not apply.
    Unfit(Unfit),
}

impl Outcome {
    const fn word(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Failed(_) => "failed",
            Self::Unfit(_) => "unfit",
        }
    }
}

impl Store {
    /// Opens the store at that path for the plan of that digest, creating it if it is not there.
    ///
    /// # Errors
    /// When the file belongs to another plan, to another version, is in use by another process, or is damaged.
    pub fn open(path: &Path, plan: &str) -> Result<Self, Error> {
        let connection = Connection::open(path).map_err(|error| damaged(path, &error))?;
        let mut store = Self { path: path.to_owned(), connection, head: GENESIS.into() };
        store.prepare(plan)?;
        store.head = store.last_hash()?;
        Ok(store)
    }

    /// Opens the store of a run that was begun; to measure or look, never to begin one.
    ///
    /// # Errors
    /// As [`Store::open`], and when nothing is there.
    pub fn open_existing(path: &Path, plan: &str) -> Result<Self, Error> {
        if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
            return Self::open(path, plan);
        }
        let why = "is not there or empty: restore it from a copy, or begin the run again with `bedside run`";
        Err(Error::at(path.display(), why))
    }

    fn prepare(&self, plan: &str) -> Result<(), Error> {
        let pragmas = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";
        self.connection.execute_batch(pragmas).map_err(|error| self.trouble(&error))?;
        let version: u32 = self.query("PRAGMA user_version")?;
        match version {
            0 => self.create(plan),
            VERSION => self.check_plan(plan),
            other => Err(Error::at(
                self.path.display(),
                format!("this store has format {other}; this version of Bedside reads format {VERSION}"),
            )),
        }
    }

    fn create(&self, plan: &str) -> Result<(), Error> {
        let batch = format!("BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION};");
        let create = || {
            self.connection.execute_batch(&batch)?;
            self.connection.execute("INSERT INTO meta VALUES ('plan', ?1)", [plan])?;
            self.connection.execute_batch("COMMIT")
        };
        create().map_err(|error| self.trouble(&error))
    }

    fn check_plan(&self, plan: &str) -> Result<(), Error> {
        let kept: String = self.query("SELECT value FROM meta WHERE key = 'plan'")?;
        if kept == plan {
            return Ok(());
        }
        let why = format!(
            "this folder holds the run of another plan ({}…, not {}…); choose another --out, or give the same \
             scenarios, cases, model, protocol and seed again to resume it",
            short(&kept),
            short(plan)
        );
        Err(Error::at(self.path.display(), why))
    }

    /// The places in the plan of the trials that are settled.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn settled(&self) -> Result<BTreeSet<u64>, Error> {
        let list = || -> rusqlite::Result<BTreeSet<u64>> {
            let mut statement = self.connection.prepare("SELECT ordinal FROM settled")?;
            statement.query_map([], |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))?.collect()
        };
        list().map_err(|error| self.trouble(&error))
    }

    /// Notes that a trial is about to be asked, and keeps its request with digests in place of pictures.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn ask(&mut self, ordinal: u64, digest: &str, canonical: &str) -> Result<(), Error> {
        let write = |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            transaction
                .prepare_cached("INSERT OR IGNORE INTO request VALUES (?1, ?2)")?
                .execute(params![digest, canonical])?;
            transaction
                .prepare_cached("INSERT OR REPLACE INTO asked VALUES (?1, ?2)")?
                .execute(params![signed(ordinal), digest])?;
            transaction.commit()
        };
        write(&mut self.connection).map_err(|error| trouble(&self.path, &error))
    }

    /// Keeps how a trial ended. A trial that is already settled stays as it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn settle(&mut self, settled: &Settled) -> Result<(), Error> {
        let row = Row::of(settled, &self.head)?;
        let changed = self
            .connection
            .prepare_cached(
                "INSERT OR IGNORE INTO settled (ordinal, ending, request, done, planted, body, previous, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    signed(row.ordinal),
                    row.ending,
                    row.request,
                    row.done,
                    row.planted,
                    row.body,
                    row.previous,
                    row.hash
                ])
            })
            .map_err(|error| trouble(&self.path, &error))?;
        if changed == 1 {
            self.head = row.hash;
        }
        Ok(())
    }

    /// Hands over every settled trial in order of arrival.
    ///
    /// # Errors
    /// When the file is damaged, a row cannot be read, or the chain of hashes is broken.
    pub fn read(&self, mut take: impl FnMut(Settled)) -> Result<(), Error> {
        let mut statement = self
            .connection
            .prepare(
                "SELECT ordinal, ending, request, done, planted, body, previous, hash FROM settled ORDER BY arrival",
            )
            .map_err(|error| self.trouble(&error))?;
        let mut rows = statement.query([]).map_err(|error| self.trouble(&error))?;
        let mut previous = GENESIS.to_owned();
        while let Some(row) = rows.next().map_err(|error| self.trouble(&error))? {
            let row = Row::read(row).map_err(|error| self.trouble(&error))?;
            if row.previous != previous || row.hash != row.digest() {
                let why = format!("the chain of hashes is broken at trial {}: the store was changed", row.ordinal);
                return Err(Error::at(self.path.display(), why));
            }
            previous.clone_from(&row.hash);
            take(row.settled(&self.path)?);
        }
        Ok(())
    }

    /// The stored form of a request.
    ///
    /// # Errors
    /// When the file is damaged, or the request is not the one that was asked.
    pub fn request(&self, digest: &str) -> Result<Option<String>, Error> {
        let found: Option<String> = self
            .connection
            .query_row("SELECT canonical FROM request WHERE digest = ?1", [digest], |row| row.get(0))
            .optional()
            .map_err(|error| self.trouble(&error))?;
        if found.as_ref().is_some_and(|canonical| hex(&Sha256::digest(canonical)) != digest) {
            let why = format!("the request {}… does not have its digest: the store was changed", short(digest));
            return Err(Error::at(self.path.display(), why));
        }
        Ok(found)
    }

    /// Refuses a store from which rows were taken since its journal was written.
    ///
    /// # Errors
    /// When no row carries the hash that the journal ended with.
    pub fn check_head(&self, journal: Option<&str>) -> Result<(), Error> {
        let Some(head) = journal.filter(|head| *head != GENESIS) else { return Ok(()) };
        let found: Option<i64> = self
            .connection
            .query_row("SELECT arrival FROM settled WHERE hash = ?1", [head], |row| row.get(0))
            .optional()
            .map_err(|error| self.trouble(&error))?;
        let why = "answers are missing that were there when run.json was written: the store was changed";
        found.map(|_| ()).ok_or_else(|| Error::at(self.path.display(), why))
    }

    /// The hash of the last row: it stands for all of them.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    fn last_hash(&self) -> Result<String, Error> {
        let last = "SELECT hash FROM settled ORDER BY arrival DESC LIMIT 1";
        let found: Option<String> =
            self.connection.query_row(last, [], |row| row.get(0)).optional().map_err(|error| self.trouble(&error))?;
        Ok(found.unwrap_or_else(|| GENESIS.into()))
    }

    fn query<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<T, Error> {
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(|error| self.trouble(&error))
    }

    fn trouble(&self, error: &rusqlite::Error) -> Error {
        trouble(&self.path, error)
    }
}

/// A row of `settled`.
struct Row {
    ordinal: u64,
    ending: String,
    request: Option<String>,
    done: String,
    planted: Option<String>,
    body: String,
    previous: String,
    hash: String,
}

impl Row {
    fn of(settled: &Settled, previous: &str) -> Result<Self, Error> {
        let json = |result: serde_json::Result<String>| result.map_err(|error| Error::Internal(error.to_string()));
        let mut row = Self {
            ordinal: settled.ordinal,
            ending: settled.outcome.word().into(),
            request: settled.request.clone(),
            done: json(serde_json::to_string(&settled.done))?,
            planted: settled.planted.clone(),
            body: json(serde_json::to_string(&settled.outcome))?,
            previous: previous.into(),
            hash: String::new(),
        };
        row.hash = row.digest();
        Ok(row)
    }

    /// SHA-256 over the row's contents and the hash before it, each part length-prefixed.
    fn digest(&self) -> String {
        let ordinal = self.ordinal.to_string();
        let (request, planted) = (self.request.as_deref().unwrap_or("-"), self.planted.as_deref().unwrap_or("-"));
        let parts = [&self.previous, &ordinal, &self.ending, request, &self.done, planted, &self.body];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hex(&hash.finalize())
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            ordinal: row.get::<_, i64>(0)?.unsigned_abs(),
            ending: row.get(1)?,
            request: row.get(2)?,
            done: row.get(3)?,
            planted: row.get(4)?,
            body: row.get(5)?,
            previous: row.get(6)?,
            hash: row.get(7)?,
        })
    }

    fn settled(self, path: &Path) -> Result<Settled, Error> {
        let broken = |_| Error::at(path.display(), format!("trial {} cannot be read", self.ordinal));
        Ok(Settled {
            ordinal: self.ordinal,
            outcome: serde_json::from_str(&self.body).map_err(broken)?,
            request: self.request,
            done: serde_json::from_str(&self.done).map_err(broken)?,
            planted: self.planted,
        })
    }
}

/// SQLite's integers are signed; a plan holds fewer than 2^63 trials.
fn signed(ordinal: u64) -> i64 {
    i64::try_from(ordinal).unwrap_or(i64::MAX)
}

fn short(digest: &str) -> &str {
    digest.get(..8).unwrap_or(digest)
}

fn damaged(path: &Path, error: &rusqlite::Error) -> Error {
    trouble(path, error)
}

/// A sentence for what SQLite says, with the way out.
fn trouble(path: &Path, error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode;
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process is using this run folder; wait for it, or choose another --out".into()
        }
        Some(ErrorCode::DiskFull) => {
            "the disk is full; nothing that was answered is lost: make room and give the same command again".into()
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "this file is damaged or not a run store; restore it from a copy, or choose another --out".into()
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            format!("cannot be opened for writing ({error})")
        }
        _ => error.to_string(),
    };
    Error::at(path.display(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Finish;

    fn answered(ordinal: u64) -> Settled {
        let answer = Answer {
            text: format!("text {ordinal}"),
            finish: Finish::Complete,
            served: None,
            usage: None,
            attempts: 1,
        };
        Settled {
            ordinal,
            outcome: Outcome::Answered(answer),
            request: Some("digest".into()),
            done: Vec::new(),
            planted: None,
        }
    }

    fn ordinals(store: &Store) -> Result<Vec<u64>, Error> {
        let mut list = Vec::new();
        store.read(|settled| list.push(settled.ordinal))?;
        Ok(list)
    }

    #[test]
    fn what_is_settled_stays_and_is_read_in_order_of_arrival() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        {
            let mut store = Store::open(&path, "plan").unwrap();
            for ordinal in [2, 0, 2, 1] {
                store.settle(&answered(ordinal)).unwrap();
            }
        }
        let store = Store::open(&path, "plan").unwrap();
        assert_eq!(ordinals(&store).unwrap(), [2, 0, 1]);
        assert_eq!(store.settled().unwrap().into_iter().collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn another_plan_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        drop(Store::open(&path, "plan").unwrap());
        let error = Store::open(&path, "other").unwrap_err().to_string();
        assert!(error.contains("another plan") && error.contains("--out"), "{error}");
    }

    #[test]
    fn a_row_that_was_changed_afterwards_breaks_the_chain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        {
            let mut store = Store::open(&path, "plan").unwrap();
            (0..3).for_each(|ordinal| store.settle(&answered(ordinal)).unwrap());
            store.connection.execute("UPDATE settled SET body = replace(body, 'text 1', 'text 9')", []).unwrap();
        }
        let store = Store::open(&path, "plan").unwrap();
        assert!(ordinals(&store).unwrap_err().to_string().contains("chain of hashes is broken at trial 1"));
    }

    #[test]
    fn a_row_that_was_taken_out_breaks_the_chain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        {
            let mut store = Store::open(&path, "plan").unwrap();
            (0..3).for_each(|ordinal| store.settle(&answered(ordinal)).unwrap());
            store.connection.execute("DELETE FROM settled WHERE ordinal = 1", []).unwrap();
        }
        assert!(ordinals(&Store::open(&path, "plan").unwrap()).is_err());
    }

    #[test]
    fn a_request_that_was_changed_afterwards_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("run.sqlite"), "plan").unwrap();
        let digest = hex(&Sha256::digest("asked"));
        store.ask(0, &digest, "asked").unwrap();
        assert_eq!(store.request(&digest).unwrap().as_deref(), Some("asked"));
        store.connection.execute("UPDATE request SET canonical = 'other'", []).unwrap();
        assert!(store.request(&digest).unwrap_err().to_string().contains("was changed"));
    }

    #[test]
    fn measuring_never_begins_a_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        assert!(Store::open_existing(&path, "plan").unwrap_err().to_string().contains("not there"));
        assert!(!path.exists());
        drop(Store::open(&path, "plan").unwrap());
        assert!(Store::open_existing(&path, "plan").is_ok());
    }

    #[test]
    fn a_file_that_is_no_store_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        std::fs::write(&path, b"this is not a database, it only looks like one from far away").unwrap();
        let error = Store::open(&path, "plan").unwrap_err().to_string();
        assert!(error.contains("run.sqlite") && error.contains("not a run store"), "{error}");
    }
}
