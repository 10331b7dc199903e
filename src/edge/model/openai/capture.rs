//! The transport under the client library: sends, reads everything, and hands up either JSON or a [`Setback`].
//!
//! The library never sees a body that it could not parse, so it has none to put into an error or a log.

use core::error::Error;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::AUTHORIZATION;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tower::Service;

use super::complaint::Complaint;
use super::key::Key;
use crate::answer::Failure;
use crate::edge::model::{Setback, retry_after};

/// The most bytes of an answer that are read, unpacked.
const LARGEST: usize = 16 * 1024 * 1024;

/// What stands for the answer of a filter that turned the request down.
const FILTERED: &str = r#"{"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]}"#;

/// The transport.
#[derive(Debug, Clone)]
pub(super) struct Capture {
    pub(super) http: reqwest::Client,
    pub(super) key: Option<Key>,
    /// Where the key comes from, for messages.
    pub(super) key_name: Arc<str>,
}

/// What came back, read to its end.
struct Heard {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl Service<HttpRequestFactory> for Capture {
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, factory: HttpRequestFactory) -> Self::Future {
        let this = self.clone();
        let boxed = |setback| OpenAIError::Boxed(Box::new(setback));
        Box::pin(async move { this.exchange(factory).await.map_err(boxed) })
    }
}

impl Capture {
    async fn exchange(&self, factory: HttpRequestFactory) -> Result<Response, Setback> {
        let unwritable = |_| Setback::new(Failure::Rejected, "the request could not be written");
        let mut request = factory.build().await.map_err(unwritable)?;
        request.headers_mut().remove(AUTHORIZATION);
        if let Some(key) = &self.key {
            request.headers_mut().insert(AUTHORIZATION, key.header());
        }
        let response = self.http.execute(request).await.map_err(|error| broken(&error))?;
        let body = self.judge(hear(response).await?)?;
        Ok(Response::from(http::Response::new(body)))
    }

    /// The body of an answer, or what to make of anything else.
    fn judge(&self, heard: Heard) -> Result<Vec<u8>, Setback> {
        let retry_after = heard.retry_after;
        let complaint = Complaint::find(&heard.body);
        let status = heard.status.as_u16();
        if complaint.is_filter() && (heard.status.is_success() || heard.status.is_client_error()) {
            return Ok(FILTERED.as_bytes().to_vec());
        }
        if !heard.status.is_success() {
            return Err(Setback { retry_after, ..self.declined(status, &complaint) });
        }
        if complaint.is_error {
            // Some routers answer 200 and put the status that they met into the body.
            let status = complaint.status.unwrap_or(500);
            return Err(Setback { retry_after, ..self.declined(status, &complaint) });
        }
        match serde_json::from_slice::<Value>(&heard.body) {
            Ok(_) => Ok(heard.body),
            Err(_) => Err(Setback::new(Failure::Garbled, "the server's answer is not JSON")),
        }
    }

    fn declined(&self, status: u16, complaint: &Complaint) -> Setback {
        let (kind, words) = match status {
            300..=399 => {
                (Failure::Rejected, "the server points to another address: set --url to the final one".to_owned())
            }
            401 | 403 => (Failure::Rejected, self.about_the_key()),
            404 => (Failure::Rejected, "no such address or model: check --url and the model's name".to_owned()),
            408 | 504 => (Failure::TimedOut, "the server gave up waiting".to_owned()),
            413 => {
                (Failure::Rejected, "the request is too large: shrink pictures with the protocol's max-side".to_owned())
            }
            429 if complaint.is_final() => (Failure::Rejected, "the account has no credit left".to_owned()),
            429 => (Failure::RateLimited, "too many requests".to_owned()),
            500.. => (Failure::Server, "the server failed".to_owned()),
            _ => (Failure::Rejected, "the server does not accept the request".to_owned()),
        };
        let details = complaint.words();
        Setback::new(kind, format!("{words} (HTTP status {status}){details}"))
    }

    fn about_the_key(&self) -> String {
        match self.key {
            Some(_) => format!("the server does not accept the key from {}", self.key_name),
            None => format!("the server wants a key: put one into {}", self.key_name),
        }
    }
}

async fn hear(mut response: Response) -> Result<Heard, Setback> {
    let status = response.status();
    let headers = response.headers().clone();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let retry_after = retry_after::wait(header, SystemTime::now());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Setback::new(Failure::Garbled, "the server's answer is larger than any answer can be"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Heard { status, retry_after, body })
}

/// Why no complete answer came. The library's own words may hold the address with its query; none of them is repeated.
fn broken(error: &reqwest::Error) -> Setback {
    if error.is_timeout() && error.is_connect() {
        Setback::new(Failure::Unreachable, "no connection to the server within the connect time")
    } else if error.is_timeout() {
        Setback::new(Failure::TimedOut, "no complete answer within the deadline")
    } else if error.is_connect() {
        Setback::new(Failure::Unreachable, "no connection to the server: is it running, and is --url right?")
    } else if is_unpackable(error) {
        Setback::new(Failure::Garbled, "the server's answer is packed in a way that cannot be unpacked")
    } else if error.is_builder() {
        Setback::new(Failure::Rejected, "the request could not be written")
    } else {
        Setback::new(Failure::Unreachable, "the connection broke before the answer was complete")
    }
}

/// Whether bytes came that cannot be unpacked; a body that ends too early is reported in the same way.
fn is_unpackable(error: &reqwest::Error) -> bool {
    let mut cause = error.source().filter(|_| error.is_decode());
    while let Some(this) = cause {
        let kind = this.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(kind, Some(ErrorKind::InvalidData | ErrorKind::InvalidInput)) {
            return true;
        }
        cause = this.source();
    }
    false
}
