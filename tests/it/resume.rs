//! A run that was stopped, or shut out, goes on where it was: nothing is asked twice, nothing is lost to an outage.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bedside_perturbations::Stream;

use crate::support::server::{Reply, Server};
use crate::support::{Run, bedside};

const TEXT: &str = r#"{"differential": [{"diagnosis": "Melanoma", "probability": 0.7}], "triage": "urgent"}"#;

fn arguments(url: &str) -> Vec<&str> {
    vec!["phone-defocus", "--cases", "phantom:24?size=160x120", "--model", "openai:x", "--url", url, "--in-flight", "4"]
}

async fn finish(run: &Arc<Run>, url: &str) -> Option<i32> {
    let (run, url) = (Arc::clone(run), url.to_owned());
    tokio::task::spawn_blocking(move || run.finish(&arguments(&url)).status.code()).await.unwrap()
}

/// How often the body asked most often was asked more than it stands in the plan.
fn repeated(server: &Server, planned: &BTreeMap<Vec<u8>, usize>) -> usize {
    let mut asked: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    server.seen().into_iter().for_each(|seen| *asked.entry(seen.body).or_default() += 1);
    asked.iter().map(|(body, times)| times.saturating_sub(planned.get(body).copied().unwrap_or(0))).sum()
}

/// What an undisturbed run asks.
async fn undisturbed() -> BTreeMap<Vec<u8>, usize> {
    let server = Server::start(|_, _| Reply::says(TEXT)).await;
    finish(&Arc::new(Run::new()), &server.url).await;
    let mut asked = BTreeMap::new();
    server.seen().into_iter().for_each(|seen| *asked.entry(seen.body).or_default() += 1);
    asked
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_finishes_what_is_under_way_and_nothing_is_asked_twice() {
    let planned = undisturbed().await;
    let server = Server::start(|_, index| {
        std::thread::sleep(Duration::from_millis(if index < 40 { 20 } else { 0 }));
        Reply::says(TEXT)
    })
    .await;
    let run = Arc::new(Run::new());
    let mut child = run.command(&arguments(&server.url)).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    while server.seen().len() < 10 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let stopped = tokio::task::spawn_blocking(move || child.wait().unwrap().code()).await.unwrap();
    assert_eq!(stopped, Some(8));
    let before = server.seen().len();
    let total: usize = planned.values().sum();
    assert!(before < total, "the run was over before it was interrupted");
    finish(&run, &server.url).await;
    assert_eq!((server.seen().len(), repeated(&server, &planned)), (total, 0));
    // The check can fail: one body asked once more is seen.
    let mut fewer = planned;
    *fewer.values_mut().next().unwrap() -= 1;
    assert_eq!(repeated(&server, &fewer), 1);
}

/// An answer that depends on the question and on nothing else.
fn answer(question: &[u8]) -> Reply {
    let mut leading = ["Melanoma", "Seborrhoeic keratosis", "Psoriasis"];
    leading.rotate_left(question.iter().map(|byte| usize::from(*byte)).sum::<usize>() % 3);
    let [first, second, _] = leading;
    Reply::says(&format!(r#"{{"differential": ["{first}", "{second}"], "triage": "urgent"}}"#))
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_at_five_random_moments_only_what_was_under_way_is_asked_again_and_the_bytes_are_the_same() {
    let server = Server::start(|seen, _| {
        std::thread::sleep(Duration::from_millis(4));
        answer(&seen.body)
    })
    .await;
    let whole = Arc::new(Run::new());
    finish(&whole, &server.url).await;
    let total = server.seen().len();
    let run = Arc::new(Run::new());
    let mut moments = Stream::derive(29, &["moments"]);
    let mut lost = 0;
    for _ in 0..5 {
        let before = run.settled();
        let asked = server.seen().len() + 6 + moments.index(total / 8);
        let mut child =
            run.command(&arguments(&server.url)).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        while server.seen().len() < asked && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        server.settled().await;
        let settled = run.settled();
        assert!(before < settled && settled < total, "{settled} of {total} after {before}: killed in the midst of it");
        let newly_lost = server.seen().len() - total - settled - lost;
        assert!(newly_lost <= 4, "{newly_lost} questions were asked in vain, with 4 under way at most");
        lost += newly_lost;
    }
    finish(&run, &server.url).await;
    assert_eq!(server.seen().len(), total + total + lost);
    for ((name, one), (_, other)) in whole.fingerprint().into_iter().zip(run.fingerprint()) {
        assert!(one == other, "{name} differs");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_interrupt_does_not_wait_for_a_server_that_hangs() {
    let server = Server::start(|_, _| Reply::Hang).await;
    let run = Run::new();
    let mut child = run.command(&arguments(&server.url)).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let id = child.id().to_string();
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap().code());
    for _ in 0..2 {
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let ended = tokio::time::timeout(Duration::from_secs(10), ended).await;
    assert_eq!(ended.expect("it ends without the server").unwrap(), Some(8));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_expires_during_a_run_does_not_turn_the_rest_of_the_plan_into_missing_data() {
    let shut = Arc::new(AtomicBool::new(true));
    let door = Arc::clone(&shut);
    let server = Server::start(move |_, index| {
        if index >= 60 && door.load(Ordering::SeqCst) {
            Reply::json(401, &serde_json::json!({"error": {"message": "expired", "code": "invalid_api_key"}}))
        } else {
            Reply::says(TEXT)
        }
    })
    .await;
    let run = Arc::new(Run::new());
    assert_eq!(finish(&run, &server.url).await, Some(8));
    let interim = run.results().unwrap();
    assert!(interim.head.interim.is_some());
    // Only what was under way beside the last answers can have been taken for missing.
    assert!(interim.flow.failed < 4, "{} trials are lost", interim.flow.failed);
    shut.store(false, Ordering::SeqCst);
    finish(&run, &server.url).await;
    let record = run.results().unwrap();
    assert!(record.head.interim.is_none());
    assert_eq!(record.flow.failed, interim.flow.failed);
}

#[test]
fn measuring_a_folder_whose_store_is_gone_leaves_its_results_alone() {
    let run = Run::new();
    run.record(&["phone-defocus", "--cases", "phantom:3", "--model", "planted:balanced"]);
    let before = run.fingerprint();
    std::fs::remove_file(run.path().join("run.sqlite")).unwrap();
    let output = bedside().arg("measure").arg(run.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(before == run.fingerprint() && !run.path().join("run.sqlite").exists());
}

#[test]
fn answers_that_were_taken_out_at_the_end_of_the_store_are_missed() {
    let run = Run::new();
    run.record(&["wrong-impression", "--cases", "phantom:6", "--model", "planted:balanced"]);
    let store = rusqlite::Connection::open(run.path().join("run.sqlite")).unwrap();
    store.execute("DELETE FROM settled WHERE arrival > (SELECT max(arrival) - 3 FROM settled)", []).unwrap();
    drop(store);
    for verb in ["measure", "inspect"] {
        let output = bedside().arg(verb).arg(run.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{verb}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("answers are missing"), "{verb}");
    }
}

#[test]
fn a_plan_that_was_changed_after_it_was_sealed_is_not_resumed() {
    let run = Run::new();
    let arguments = ["phone-defocus", "--cases", "phantom:3", "--model", "planted:balanced"];
    run.record(&arguments);
    let plan = String::from_utf8(run.bytes("plan.json").unwrap()).unwrap();
    std::fs::write(run.path().join("plan.json"), plan.replacen("0.1", "0.3", 1)).unwrap();
    let output = run.finish(&arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("changed after it was sealed"));
}
