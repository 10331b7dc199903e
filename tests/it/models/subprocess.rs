//! The subprocess back end with real programs.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use bedside::answer::Failure;
use bedside::edge::model::conformance::conformance;
use bedside::edge::model::spec::{OpenError, Process};
use bedside::edge::model::subprocess::Subprocess;
use bedside::edge::model::{Model, Repeatable};
use bedside::request::Picture;
use futures_util::future::join_all;

use super::request;

/// What every program begins with.
const PRELUDE: &str = "
import json, os, sys, time
def say(ask, text, **more): print(json.dumps({'v': 1, 'id': ask['id'], 'text': text, **more}), flush=True)
def asks():
    for line in sys.stdin: yield json.loads(line)
";

const ECHO: &str = "
for ask in asks(): say(ask, ask['system'] + '|' + ask['prompt'] + '|' + str([len(i['base64']) for i in ask['images']]))
";

fn process(program: &str) -> Process {
    let mut process = Process::running(["python3", "-c"].map(str::to_owned).to_vec());
    process.command.push(PRELUDE.to_owned() + program);
    process.start_seconds = 30;
    process.deadline_seconds = 20;
    process
}

fn open(process: Process) -> Subprocess {
    Subprocess::open("subprocess:test", process).unwrap()
}

#[tokio::test]
async fn it_is_asked_and_answers() {
    let model = open(process(
        "for ask in asks(): say(ask, ask['prompt'], finish='truncated', model='m 3', usage={'prompt': 2, 'completion': 1})",
    ));
    let answer = model.ask(&request("what is it?")).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.served.as_deref()), ("what is it?", Some("m 3")));
    assert_eq!(answer.usage.map(|usage| usage.prompt), Some(2));
    assert_eq!(answer.finish, bedside::answer::Finish::Truncated);
}

#[tokio::test]
async fn it_conforms_with_one_copy_and_with_several() {
    for (processes, in_flight) in [(1, 1), (2, 3)] {
        let process = Process { processes, in_flight, repeatable: Repeatable::Everywhere, ..process(ECHO) };
        assert_eq!(conformance(&open(process), |_| ()).await, Vec::<&str>::new());
    }
}

#[tokio::test]
async fn one_copy_is_started_once_and_a_large_picture_goes_through() {
    let model = open(process("for ask in asks(): say(ask, f\"{os.getpid()} {len(ask['images'][0]['base64'])}\")"));
    let mut large = request("x");
    large.images = vec![Picture::png(vec![7; 3_000_000])];
    let first = model.ask(&large).await.unwrap().text;
    assert!(first.ends_with(" 4000000"), "{first}");
    assert_eq!(model.ask(&large).await.unwrap().text, first);
}

#[tokio::test]
async fn answers_may_come_in_any_order() {
    let program = "
held = []
for ask in asks():
    held.append(ask)
    if len(held) == 3:
        for old in reversed(held): say(old, old['prompt'])
        held = []
";
    let model = open(Process { in_flight: 3, ..process(program) });
    let requests = ["a", "b", "c"].map(request);
    let answers = join_all(requests.iter().map(|request| model.ask(request))).await;
    let texts: Vec<String> = answers.into_iter().map(|answer| answer.unwrap().text).collect();
    assert_eq!(texts, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_line_that_is_no_answer_is_garbled_and_the_next_request_is_answered() {
    let program = "
for index, ask in enumerate(asks()):
    if index == 0: print('Loading ' + ask['prompt'], flush=True)
    say(ask, ask['prompt'])
";
    let model = open(process(program));
    let error = model.ask(&request("Quillfeather")).await.unwrap_err();
    assert_eq!(error.kind, Failure::Garbled);
    assert!(error.message.contains("standard error"));
    assert!(!format!("{error:?} {model:?}").contains("Quillfeather"));
    assert_eq!(model.ask(&request("second")).await.unwrap().text, "second");
}

#[tokio::test]
async fn a_program_that_dies_is_started_again() {
    let model = open(process(
        "
for ask in asks():
    if ask['prompt'] == 'die': sys.exit(3)
    say(ask, str(os.getpid()))
",
    ));
    let first = model.ask(&request("x")).await.unwrap().text;
    let error = model.ask(&request("die")).await.unwrap_err();
    assert_eq!(error.kind, Failure::Unreachable);
    assert!(error.message.contains("exit status: 3"), "{error}");
    assert_ne!(model.ask(&request("x")).await.unwrap().text, first);
}

#[tokio::test]
async fn a_program_that_hangs_is_ended_at_the_deadline_and_no_other_process_is() {
    let program = "
for ask in asks():
    if ask['prompt'] == 'hang': time.sleep(60)
    say(ask, str(os.getpid()))
";
    let model = open(Process { deadline_seconds: 1, ..process(program) });
    let bystander = open(process(program));
    let pid = model.ask(&request("x")).await.unwrap().text;
    let other = bystander.ask(&request("x")).await.unwrap().text;
    let begin = Instant::now();
    let error = model.ask(&request("hang")).await.unwrap_err();
    assert_eq!(error.kind, Failure::TimedOut, "{error}");
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert!(gone(&pid).await);
    assert_eq!(bystander.ask(&request("x")).await.unwrap().text, other);
    assert_ne!(model.ask(&request("x")).await.unwrap().text, pid);
}

/// Whether that process ends within ten seconds.
async fn gone(pid: &str) -> bool {
    for _ in 0..500 {
        if !running(pid) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

fn running(pid: &str) -> bool {
    let mut status = String::new();
    let file = std::fs::File::open(Path::new("/proc").join(pid).join("stat"));
    file.is_ok_and(|mut file| file.read_to_string(&mut status).is_ok()) && !status.contains(") Z ")
}

#[tokio::test]
async fn a_program_ends_with_its_model() {
    let model = open(process("for ask in asks(): say(ask, str(os.getpid()))"));
    let pid = model.ask(&request("x")).await.unwrap().text;
    drop(model);
    assert!(gone(&pid).await);
}

#[tokio::test]
async fn errors_are_told_by_kind_and_never_in_the_programs_words() {
    let program = "
for ask in asks():
    print(json.dumps({'v': 1, 'id': ask['id'], 'error': ask['prompt'], 'retry_after': 0.2}), flush=True)
";
    let model = open(process(program));
    for (error, kind) in
        [("rate-limited", Failure::RateLimited), ("unsuitable", Failure::Unsuitable), ("Quillfeather", Failure::Server)]
    {
        let setback = model.attempt(&request(error)).await.unwrap_err();
        assert_eq!(setback.error.kind, kind);
        assert_eq!(setback.retry_after, Some(Duration::from_millis(200)));
        assert!(!format!("{setback:?}").contains("Quillfeather"));
    }
}

#[tokio::test]
async fn standard_error_is_kept_short_and_to_itself() {
    let program = "
for ask in asks():
    sys.stderr.write('x' * 300000 + 'Quillfeather'); sys.stderr.flush()
    say(ask, 'a')
";
    let model = open(process(program));
    model.ask(&request("x")).await.unwrap();
    let mut words = String::new();
    for _ in 0..500 {
        words = model.last_words().await;
        if words.ends_with("Quillfeather") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(words.len() <= 4096 && words.ends_with("Quillfeather"), "{}", words.len());
    assert!(!format!("{model:?}").contains("Quillfeather"));
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_rejected() {
    let model = open(Process::running(vec!["no-such-program".to_owned()]));
    let error = model.ask(&request("x")).await.unwrap_err();
    assert_eq!(error.kind, Failure::Rejected);
    assert!(error.message.contains("no-such-program"), "{error}");
    assert!(matches!(Subprocess::open("subprocess:", Process::running(Vec::new())), Err(OpenError::NoCommand)));
}
