//! Words that match no known diagnosis: listed for a person, ruled on, and used when the run is measured again.

use std::fs;

use bedside_reports::record::{Line, Record};

use crate::support::server::{Reply, Seen, Server};
use crate::support::{Run, bedside, claim};

/// The words of the answers that no lexicon knows.
const ODD: &str = "blorped vesicoma";

/// Half of the pictures are named in known words, half in words that nobody knows; the same request always alike.
fn answer(seen: &Seen) -> Reply {
    let body = seen.json().to_string();
    let odd = body.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) >> 16 & 1 == 1;
    let name = if odd { ODD } else { "Melanoma" };
    Reply::says(&format!("{{\"differential\": [{{\"diagnosis\": \"{name}\"}}], \"triage\": \"urgent\"}}"))
}

fn flips(record: &Record) -> Line {
    claim(record, "messenger-jpeg").lines.iter().find(|line| line.metric == "flip").unwrap().clone()
}

/// Events and pairs left open at the first level.
fn counts(record: &Record) -> (f64, u64) {
    let level = flips(record).levels.remove(0);
    (level.estimate.and_then(|estimate| estimate.events).unwrap_or(0.0), level.missing)
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_listed_ruled_on_and_used_when_the_run_is_measured_again() {
    let server = Server::start(|seen, _| answer(seen)).await;
    let url = server.url.clone();
    tokio::task::spawn_blocking(move || measured_again(&url)).await.unwrap();
}

fn measured_again(url: &str) {
    let run = Run::new();
    let record = run.record(&[
        "messenger-jpeg",
        "--cases",
        "phantom:24",
        "--model",
        "openai:test",
        "--url",
        url,
        "--repeats",
        "2",
    ]);
    let (events, open) = counts(&record);
    assert!(events == 0.0 && open > 4, "known and unknown words may mean the same: {events} {open}");

    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("words.csv");
    let measure = |arguments: &[&str]| bedside().arg("measure").arg(run.path()).args(arguments).output().unwrap();
    let path = list.to_str().unwrap();
    let output = measure(&["--adjudicate-out", path]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 distinct answer matches no known diagnosis"));
    let table = fs::read_to_string(&list).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!((rows.len(), rows[0]), (2, "words,times,near,diagnosis,note"), "{table}");
    assert!(rows[1].starts_with(&format!("{ODD},")), "{table}");
    assert!(!table.contains("melanoma") && !table.contains("treated"), "neither truth nor arm: {table}");

    // A list that is there may hold somebody's work.
    let output = measure(&["--adjudicate-out", path]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_to_string(&list).unwrap(), table);

    let ruled = |diagnosis: &str| {
        fs::write(&list, table.replace(",,\n", &format!(",{diagnosis},\n"))).unwrap();
        let output = measure(&["--adjudication", path]);
        assert!(output.status.code().is_some_and(|code| code <= 4), "{}", String::from_utf8_lossy(&output.stderr));
        let record = run.results().unwrap();
        let by_hand = record.head.adjudication.clone().expect("the rulings are named");
        (counts(&record), (by_hand.mapped, by_hand.other, by_hand.open))
    };
    assert_eq!(ruled("melanoma"), ((0.0, 0), (1, 0, 0)), "the same disease after all: nothing flips, nothing is open");
    let all = f64::from(u32::try_from(open).unwrap());
    assert_eq!(ruled("other"), ((all, 0), (0, 1, 0)), "another disease: what was open flips");
    assert_eq!(ruled(""), ((0.0, open), (0, 0, 1)), "no ruling changes nothing");
    let page = String::from_utf8(run.bytes("report.html").unwrap()).unwrap();
    assert!(page.contains("Mapped by hand"));

    fs::write(&list, table.replace(",,\n", ",Spitz nevus,\n")).unwrap();
    let output = measure(&["--adjudication", path]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && told.contains("line 2") && told.contains("did you mean `spitz_naevus`?"),
        "{told}"
    );
}
