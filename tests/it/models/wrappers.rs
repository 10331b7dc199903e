//! Limits, patience and recorded answers.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bedside::answer::{Answer, Failure, Finish, ModelError};
use bedside::edge::model::conformance::{conformance, questions};
use bedside::edge::model::limited::{Limited, Limits};
use bedside::edge::model::openai::OpenAi;
use bedside::edge::model::replay::{self, Recorded, Replay};
use bedside::edge::model::retrying::{Patience, Retrying};
use bedside::edge::model::spec::{Endpoint, Spec};
use bedside::edge::model::{Model, ModelCard};
use bedside::request::Request;
use futures_util::future::join_all;
use serde_json::json;

use super::request;
use crate::server::{Reply, Server};

/// Short waits, so that tests are quick.
fn patience() -> Patience {
    Patience {
        first: Duration::from_millis(10),
        longest: Duration::from_millis(40),
        attempts: 4,
        deadline: Duration::from_secs(5),
    }
}

fn patient(server: &Server, patience: Patience) -> Retrying {
    Retrying::new(Arc::new(OpenAi::open("openai:m", Endpoint::named("m", &server.url)).unwrap()), patience)
}

#[tokio::test]
async fn transient_failures_are_asked_again_and_counted() {
    let server = Server::scripted(vec![
        Reply::text(429, "text/html", "<html>"),
        Reply::text(503, "text/html", "<html>"),
        Reply::Cut,
        Reply::says("at last"),
    ])
    .await;
    let answer = patient(&server, patience()).ask(&request("x")).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.attempts), ("at last", 4));
    let bodies: Vec<Vec<u8>> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn what_asking_again_cannot_mend_is_asked_once() {
    let server = Server::scripted(vec![Reply::json(401, &json!({"error": {"message": "x"}}))]).await;
    let error = patient(&server, patience()).ask(&request("x")).await.unwrap_err();
    assert_eq!((error.kind, error.attempts, server.seen().len()), (Failure::Rejected, 1, 1));
}

#[tokio::test]
async fn it_gives_up_after_the_last_attempt() {
    let server = Server::scripted(vec![Reply::text(500, "text/plain", "")]).await;
    let error = patient(&server, patience()).ask(&request("x")).await.unwrap_err();
    assert_eq!((error.kind, error.attempts, server.seen().len()), (Failure::Server, 4, 4));
}

#[tokio::test]
async fn a_wait_that_the_server_asks_for_is_kept_to() {
    let busy = Reply::text(429, "text/html", "<html>").with("retry-after", "0.3");
    let server = Server::scripted(vec![busy, Reply::says("a")]).await;
    patient(&server, patience()).ask(&request("x")).await.unwrap();
    let seen = server.seen();
    assert!(seen[1].at - seen[0].at >= Duration::from_millis(290));
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let busy = Reply::text(429, "text/html", "<html>").with("retry-after", "86400");
    let server = Server::scripted(vec![busy]).await;
    let begin = Instant::now();
    let error = patient(&server, patience()).ask(&request("x")).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Failure::RateLimited, 1));
    assert!(begin.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn one_deadline_ends_all_attempts() {
    let server = Server::scripted(vec![Reply::Hang]).await;
    let patience = Patience { deadline: Duration::from_millis(300), ..patience() };
    let begin = Instant::now();
    let error = patient(&server, patience).ask(&request("x")).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Failure::TimedOut, 1));
    assert!(begin.elapsed() < Duration::from_secs(15));
}

/// Counts how many ask it at once.
#[derive(Debug)]
struct Crowd {
    card: ModelCard,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Crowd {
    fn new() -> Arc<Self> {
        let card = Spec::parse("default").unwrap().open(None, 1).unwrap().model.card().clone();
        Arc::new(Self { card, now: AtomicUsize::new(0), most: AtomicUsize::new(0) })
    }
}

fn said(text: &str) -> Answer {
    Answer { text: text.to_owned(), finish: Finish::Complete, served: None, usage: None, attempts: 1 }
}

#[async_trait]
impl Model for Crowd {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, _: &Request) -> Result<Answer, ModelError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(10)).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(said("a"))
    }
}

#[tokio::test]
async fn no_more_are_in_flight_than_allowed() {
    for in_flight in [1, 3] {
        let crowd = Crowd::new();
        let model = Limited::new(crowd.clone(), Limits { in_flight, per_minute: None });
        let request = request("x");
        let answers = join_all((0..12).map(|_| model.ask(&request))).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(crowd.most.load(Ordering::SeqCst), in_flight);
    }
}

#[tokio::test]
async fn starts_are_spread_over_the_minute() {
    let model = Limited::new(Crowd::new(), Limits { in_flight: 10, per_minute: Some(1200) });
    let request = request("x");
    let begin = Instant::now();
    join_all((0..5).map(|_| model.ask(&request))).await;
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

/// Does everything wrong that conformance looks for.
struct Unfit {
    card: ModelCard,
    last: std::sync::Mutex<String>,
}

impl std::fmt::Debug for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "last asked: {}", self.last.lock().unwrap())
    }
}

#[async_trait]
impl Model for Unfit {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        request.prompt.clone_into(&mut self.last.lock().unwrap());
        Err(ModelError { kind: Failure::Server, message: request.prompt.clone(), attempts: 1 })
    }
}

#[tokio::test]
async fn conformance_finds_what_is_wrong() {
    let card = ModelCard { id: "a\nb".to_owned(), ..Crowd::new().card.clone() };
    let found = conformance(&Unfit { card, last: std::sync::Mutex::default() }, |_| ()).await;
    // Failing always is repeatable, so one of six behaviours is left.
    assert_eq!(found.len(), 5, "{found:?}");
}

fn recorded() -> Vec<Recorded> {
    let record = |(index, request): (usize, &Request)| Recorded {
        request_digest: request.digest(),
        repeat: request.repeat,
        answer: said(&format!("answer {index}")),
    };
    questions().iter().enumerate().map(record).collect()
}

fn replayed() -> Arc<dyn Model> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for line in recorded() {
        replay::write(&mut file, &line).unwrap();
    }
    file.flush().unwrap();
    Spec::parse(&format!("replay:{}", file.path().display())).unwrap().open(None, 1).unwrap().model
}

#[tokio::test]
async fn recorded_answers_conform_and_come_back_word_for_word() {
    let model = replayed();
    assert_eq!(conformance(model.as_ref(), |_| ()).await, Vec::<&str>::new());
    for (request, recorded) in questions().iter().zip(recorded()) {
        assert_eq!(model.ask(request).await, Ok(recorded.answer));
    }
}

#[tokio::test]
async fn a_request_that_was_not_recorded_is_rejected_in_words() {
    let error = replayed().ask(&request("another")).await.unwrap_err();
    assert_eq!(error.kind, Failure::Rejected);
    assert!(error.message.contains("belong to another plan"));
    let mut later = questions().remove(0);
    later.repeat = 1;
    assert_eq!(replayed().ask(&later).await.unwrap_err().kind, Failure::Rejected);
}

#[test]
fn other_answers_are_another_model() {
    let card = |text: &str| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let line = Recorded { request_digest: "d".to_owned(), repeat: 0, answer: said(text) };
        replay::write(&mut file, &line).unwrap();
        Replay::open(file.path()).unwrap().card().name.clone()
    };
    assert_ne!(card("a"), card("b"));
    assert_eq!(card("a"), card("a"));
}
