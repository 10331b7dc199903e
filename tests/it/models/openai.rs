//! The endpoint back end against a server that misbehaves.

use std::io::Write;
use std::time::{Duration, Instant};

use bedside::answer::{Answer, Failure, Finish, ModelError};
use bedside::edge::model::conformance::conformance;
use bedside::edge::model::openai::OpenAi;
use bedside::edge::model::probe::{State, probe};
use bedside::edge::model::spec::{Endpoint, OpenError, Spec};
use bedside::edge::model::{Model, Setback};
use serde_json::{Value, json};

use super::request;
use crate::server::{Reply, Seen, Server, completion};

const KEY: &str = "sk-planted-sesame";
const PATIENT: &str = "Ludmilla Quillfeather, 61, forearm";

/// A model at that server, with a key from a file.
fn open(server: &Server, deadline_seconds: u64) -> OpenAi {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{KEY}").unwrap();
    let mut endpoint = Endpoint::named("m", &server.url);
    endpoint.key_file = Some(file.path().to_owned());
    endpoint.deadline_seconds = deadline_seconds;
    OpenAi::open("openai:m", endpoint).unwrap()
}

async fn attempt(server: &Server) -> Result<Answer, Setback> {
    attempt_within(server, 20).await
}

async fn attempt_within(server: &Server, deadline_seconds: u64) -> Result<Answer, Setback> {
    let model = open(server, deadline_seconds);
    let outcome = model.attempt(&request(PATIENT)).await;
    let shown = format!("{model:?} {:?} {:?}", model.card(), outcome.as_ref().err());
    for secret in [KEY, "sesame", "Ludmilla", "Quillfeather"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    outcome
}

async fn answer(reply: Reply) -> Answer {
    attempt(&Server::scripted(vec![reply]).await).await.unwrap()
}

async fn error(reply: Reply) -> ModelError {
    let server = Server::scripted(vec![reply]).await;
    let error = attempt(&server).await.unwrap_err().error;
    assert_eq!(server.seen().len(), 1, "asked again: {error}");
    error
}

#[tokio::test]
async fn what_arrives_is_what_was_asked() {
    let server = Server::scripted(vec![Reply::says("{}")]).await;
    let answer = attempt(&server).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.served.as_deref()), ("{}", Some("test-model")));
    assert_eq!(answer.usage.map(|usage| (usage.prompt, usage.completion)), Some((12, 3)));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /v1/chat/completions");
    assert_eq!(seen.headers["authorization"], format!("Bearer {KEY}"));
    let body = seen.json();
    assert_eq!(body["messages"][1]["content"][0]["text"], PATIENT);
    assert_eq!(body["messages"][1]["content"][1]["image_url"]["url"], "data:image/png;base64,iVBORw==");
    assert_eq!((&body["seed"], &body["stream"]), (&json!(7), &json!(false)));
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    let server = Server::scripted(vec![Reply::says("a")]).await;
    let model = OpenAi::open("openai:m", Endpoint::named("m", &server.url)).unwrap();
    model.ask(&request("x")).await.unwrap();
    let sent = server.seen()[0].headers.get("authorization").cloned();
    assert_eq!(sent, std::env::var("OPENAI_API_KEY").ok().map(|key| format!("Bearer {key}")));
}

#[tokio::test]
async fn rate_limits_in_every_shape_keep_their_wait() {
    let html = || Reply::text(429, "text/html", "<html>slow down</html>");
    let date =
        html().with("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT").with("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    for (reply, wait) in [
        (html(), None),
        (html().with("retry-after", "7"), Some(7.0)),
        (html().with("retry-after", "0.25"), Some(0.25)),
        (html().with("retry-after-ms", "1500"), Some(1.5)),
        (date, Some(30.0)),
        (Reply::json(429, &json!({"error": {"message": "x", "code": 429}})).with("retry-after", "2"), Some(2.0)),
        (Reply::json(429, &json!({"message": "x"})), None),
        (Reply::text(429, "text/plain", ""), None),
        (Reply::json(200, &json!({"error": {"message": "x", "code": 429}})), None),
    ] {
        let setback = attempt(&Server::scripted(vec![reply]).await).await.unwrap_err();
        assert_eq!(setback.error.kind, Failure::RateLimited);
        assert_eq!(setback.retry_after.map(|wait| wait.as_secs_f64()), wait);
    }
}

#[tokio::test]
async fn an_empty_account_is_no_rate_limit() {
    let body = json!({"error": {"message": "x", "type": "insufficient_quota", "code": "insufficient_quota"}});
    assert_eq!(error(Reply::json(429, &body)).await.kind, Failure::Rejected);
}

#[tokio::test]
async fn every_status_has_its_failure_whatever_the_body() {
    let flat = json!({"object": "error", "message": "x", "code": 40});
    for (reply, kind, words) in [
        (Reply::text(503, "text/html", "<html>busy</html>"), Failure::Server, "503"),
        (Reply::json(500, &json!({"error": {"message": "x", "code": 500}})), Failure::Server, "500"),
        (Reply::text(504, "text/html", "<html>"), Failure::TimedOut, "504"),
        (
            Reply::json(401, &json!({"error": {"message": "x", "code": "invalid_api_key"}})),
            Failure::Rejected,
            "the key file",
        ),
        (Reply::json(400, &json!({"error": {"message": "x", "code": 400}})), Failure::Rejected, "400"),
        (Reply::json(400, &flat), Failure::Rejected, "400"),
        (Reply::text(404, "text/plain", "no"), Failure::Rejected, "check --url"),
        (Reply::text(413, "text/html", "<html>"), Failure::Rejected, "max-side"),
        (Reply::json(200, &json!({"error": {"message": "x"}})), Failure::Server, "the server failed"),
    ] {
        let error = error(reply).await;
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.message.contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_refused_field_comes_with_its_way_out() {
    let body =
        json!({"error": {"message": "Unsupported parameter", "param": "max_tokens", "code": "unsupported_parameter"}});
    let error = error(Reply::json(400, &body)).await;
    assert!(error.message.contains("unsupported_parameter"), "{error}");
    assert!(error.message.contains("token-limit: max-completion-tokens"), "{error}");
}

#[tokio::test]
async fn a_body_that_quotes_request_and_key_stays_unsaid() {
    let echo = |status: u16| {
        move |seen: &Seen, _: usize| {
            let text = format!("{} {:?}", String::from_utf8_lossy(&seen.body), seen.headers);
            Reply::json(status, &json!({"error": {"message": text, "type": text, "code": text, "param": text}}))
        }
    };
    for status in [400, 401, 403, 404, 422, 429, 500, 503, 200] {
        attempt(&Server::start(echo(status)).await).await.unwrap_err();
    }
    let broken = |seen: &Seen, _: usize| Reply::text(200, "application/json", &format!("{{ {} {KEY}", seen.prompt()));
    attempt(&Server::start(broken).await).await.unwrap_err();
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_body_is_not_sent_again() {
    for status in [301, 302, 307, 308] {
        let target = Server::scripted(vec![Reply::says("a")]).await;
        let location = format!("{}/chat/completions", target.url);
        let first = Server::scripted(vec![Reply::text(status, "text/html", "").with("location", &location)]).await;
        let error = attempt(&first).await.unwrap_err().error;
        assert_eq!(error.kind, Failure::Rejected);
        assert!(error.message.contains("another address"), "{error}");
        assert_eq!((first.seen().len(), target.seen().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_slow_drip_ends_at_the_deadline() {
    let begin = Instant::now();
    let drip = Server::scripted(vec![Reply::Drip(Duration::from_millis(50))]).await;
    let hang = Server::scripted(vec![Reply::Hang]).await;
    let (drip, hang) = tokio::join!(attempt_within(&drip, 1), attempt_within(&hang, 1));
    assert_eq!((drip.unwrap_err().error.kind, hang.unwrap_err().error.kind), (Failure::TimedOut, Failure::TimedOut));
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn broken_connections_are_unreachable() {
    for reply in [Reply::Cut, Reply::Close] {
        assert_eq!(error(reply).await.kind, Failure::Unreachable);
    }
    let server = Server::scripted(vec![Reply::Close]).await;
    let model = open(&server, 20);
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let error = model.ask(&request(PATIENT)).await.unwrap_err();
    assert_eq!(error.kind, Failure::Unreachable, "{error}");
}

#[tokio::test]
async fn encryption_is_ready_and_a_server_without_it_is_unreachable() {
    let server = Server::scripted(vec![Reply::says("a")]).await;
    let mut endpoint = Endpoint::named("m", &server.url.replace("http://", "https://"));
    endpoint.connect_seconds = 1;
    match OpenAi::open("openai:m", endpoint) {
        Ok(model) => assert_eq!(model.ask(&request("x")).await.unwrap_err().kind, Failure::Unreachable),
        Err(error) => assert!(matches!(error, OpenError::Tls), "{error}"),
    }
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn what_is_no_answer_is_garbled() {
    for reply in [
        Reply::text(200, "application/json", "{\"choices\":"),
        Reply::text(200, "text/html", "<html>login</html>"),
        Reply::text(200, "application/json", ""),
        Reply::json(200, &json!(null)),
        Reply::json(200, &json!({"choices": null})),
        Reply::json(200, &json!({"choices": []})),
        Reply::json(200, &json!({"choices": [{"message": null}]})),
    ] {
        assert_eq!(error(reply).await.kind, Failure::Garbled);
    }
}

#[tokio::test]
async fn odd_but_readable_answers_are_read() {
    let mut odd = completion("a");
    odd["created"] = json!(1.5);
    odd["service_tier"] = json!("on_demand");
    odd["usage"] = json!(null);
    odd["id"] = json!(null);
    for (reason, finish) in [
        (json!(""), Finish::Complete),
        (json!(null), Finish::Complete),
        (json!("eos_token"), Finish::Complete),
        (json!(3), Finish::Complete),
        (json!("length"), Finish::Truncated),
        (json!("content_filter"), Finish::Refused),
    ] {
        odd["choices"][0]["finish_reason"] = reason;
        let answer = answer(Reply::json(200, &odd)).await;
        assert_eq!((answer.text.as_str(), answer.finish), ("a", finish));
    }
}

#[tokio::test]
async fn refusals_empty_texts_and_parts() {
    let with = |message: Value| {
        let mut body = completion("");
        body["choices"][0]["message"] = message;
        Reply::json(200, &body)
    };
    let refused = answer(with(json!({"content": null, "refusal": "I cannot."}))).await;
    assert_eq!((refused.finish, refused.text.as_str()), (Finish::Refused, "I cannot."));
    assert_eq!(answer(with(json!({"content": ""}))).await.text, "");
    let parts = json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
    assert_eq!(answer(with(json!({"content": parts}))).await.text, "ab");
}

#[tokio::test]
async fn a_filter_in_front_of_the_model_is_a_refusal() {
    let body = json!({"error": {"message": "filtered", "code": "content_filter", "status": 400}});
    assert_eq!(answer(Reply::json(400, &body)).await.finish, Finish::Refused);
}

#[tokio::test]
async fn an_unasked_gzip_body_is_unpacked() {
    let body = gzip(completion("packed").to_string().as_bytes());
    let headers = vec![("content-encoding".to_owned(), "gzip".to_owned())];
    assert_eq!(answer(Reply::Send { status: 200, headers: headers.clone(), body }).await.text, "packed");
    let broken = Reply::Send { status: 200, headers, body: b"not gzip at all".to_vec() };
    assert_eq!(error(broken).await.kind, Failure::Garbled);
}

/// A gzip file (RFC 1952) of one stored block.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(bytes);
    let crc = !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    });
    out.extend(crc.to_le_bytes());
    out.extend(u32::from(length).to_le_bytes());
    out
}

#[tokio::test]
async fn an_endless_answer_is_not_swallowed() {
    let body = vec![b' '; 17 * 1024 * 1024];
    let error = error(Reply::Send { status: 200, headers: Vec::new(), body }).await;
    assert_eq!(error.kind, Failure::Garbled);
}

#[test]
fn a_key_does_not_travel_in_the_clear_to_another_machine() {
    let mut endpoint = Endpoint::named("m", "http://192.0.2.1/v1");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(KEY.as_bytes()).unwrap();
    endpoint.key_file = Some(file.path().to_owned());
    assert!(matches!(OpenAi::open("openai:m", endpoint.clone()), Err(OpenError::Exposed)));
    endpoint.plain_http = true;
    assert!(OpenAi::open("openai:m", endpoint).is_ok());
}

#[tokio::test]
async fn it_conforms() {
    let server = Server::start(|seen, _| Reply::says(&seen.prompt())).await;
    let mut endpoint = Endpoint::named("m", &server.url);
    endpoint.repeatable = bedside::edge::model::Repeatable::Machine;
    let model = OpenAi::open("openai:m", endpoint).unwrap();
    assert_eq!(conformance(&model, |_| ()).await, Vec::<&str>::new());
}

#[tokio::test]
async fn conformance_notices_a_model_that_mixes_answers_up() {
    let server = Server::start(|_, index| Reply::says(&index.to_string())).await;
    let mut endpoint = Endpoint::named("m", &server.url);
    endpoint.repeatable = bedside::edge::model::Repeatable::Machine;
    let model = OpenAi::open("openai:m", endpoint).unwrap();
    assert_eq!(conformance(&model, |_| ()).await.len(), 2);
}

/// A server that sees: it answers from the bytes of the picture.
fn seeing(seen: &Seen) -> String {
    let body = seen.json();
    let url = body["messages"][0]["content"][1]["image_url"]["url"].as_str().unwrap_or_default().to_owned();
    let encoded = url.strip_prefix("data:image/png;base64,").unwrap_or_default();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded).unwrap();
    let pixel = image::load_from_memory(&bytes).unwrap().to_rgb8().get_pixel(0, 0).0;
    let colour = if pixel[2] > pixel[0] { "blue" } else { "yellow" };
    json!({"colour": colour, "differential": [{"diagnosis": "naevus", "probability": 0.5}]}).to_string()
}

async fn probed(server: &Server) -> Vec<(&'static str, State)> {
    let model = Spec::parse("openai:test-model").unwrap().open(Some(&server.url), 1).unwrap().model;
    probe(model.as_ref()).await.into_iter().map(|finding| (finding.what, finding.state)).collect()
}

#[tokio::test]
async fn a_probe_of_a_good_server_finds_everything_well() {
    let server = Server::start(|seen, _| Reply::says(&seeing(seen))).await;
    let found = probed(&server).await;
    assert_eq!(found.len(), 8);
    assert!(found.iter().all(|(_, state)| *state == State::Ok), "{found:?}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_probe_of_a_blind_server_without_schemas_says_so() {
    let server = Server::start(|seen, _| {
        let body = seen.json();
        if body["response_format"].is_object() || body["messages"][0]["content"].is_array() {
            return Reply::json(400, &json!({"error": {"message": "no", "code": 400}}));
        }
        Reply::json(200, &json!({"choices": [{"message": {"content": "a naevus"}}]}))
    })
    .await;
    let found = probed(&server).await;
    for (what, state) in [
        ("reachable", State::Ok),
        ("model", State::Degraded),
        ("photographs", State::Failed),
        ("schema", State::Degraded),
        ("usage", State::Degraded),
    ] {
        assert!(found.contains(&(what, state)), "{what}: {found:?}");
    }
}

#[tokio::test]
async fn a_probe_of_a_server_that_does_not_look_says_so() {
    let server = Server::start(|_, index| Reply::says(&format!("{index}: a naevus"))).await;
    let found = probed(&server).await;
    for (what, state) in [("photographs", State::Failed), ("schema", State::Degraded), ("seed", State::Degraded)] {
        assert!(found.contains(&(what, state)), "{what}: {found:?}");
    }
}

#[tokio::test]
async fn a_probe_of_nothing_fails_with_a_way_out() {
    let model = Spec::parse("openai:m").unwrap().open(Some("http://127.0.0.1:9/v1"), 1).unwrap().model;
    let found = probe(model.as_ref()).await;
    assert_eq!((found[0].what, found[0].state), ("reachable", State::Failed));
    assert!(found[0].way_out.as_ref().unwrap().contains("start the server"));
}
