//! Any endpoint that speaks the OpenAI chat protocol, hosted or local.
//!
//! Requests go out through `async-openai` with its "bring your own types" calls, on top of a transport of our own
//! (`capture.rs`): that one reads status, headers and body before the client library parses anything, so that no
//! status is lost to a body that is not OpenAI's, and no body ever reaches an error or a log. Nothing is asked again
//! here; that is the business of [`super::retrying`].

mod capture;
mod complaint;
pub mod key;
mod wire;

use core::fmt;
use std::sync::{Arc, Once};
use std::time::Duration;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_trait::async_trait;
use reqwest::{Certificate, Url};
use serde_json::Value;

use self::capture::Capture;
use self::key::Key;
use super::spec::{Endpoint, OpenError};
use super::{Model, ModelCard, Setback};
use crate::answer::{Answer, Failure, ModelError};
use crate::request::Request;

/// A model behind such an endpoint.
pub struct OpenAi {
    card: ModelCard,
    endpoint: Endpoint,
    client: Client<OpenAIConfig>,
    exposed: bool,
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAi").field("card", &self.card).finish_non_exhaustive()
    }
}

impl OpenAi {
    /// Makes ready to ask; nothing is sent yet.
    ///
    /// # Errors
    /// [`OpenError`] when address, key or certificates cannot be used.
    pub fn open(id: &str, endpoint: Endpoint) -> Result<Self, OpenError> {
        let base = base(&endpoint.url)?;
        let key = Key::find(endpoint.key_env.as_deref(), endpoint.key_file.as_deref())?;
        guard(&base, key.as_ref(), &endpoint)?;
        let address = address(&endpoint.url)?;
        let key_name =
            endpoint.key_file.as_ref().map_or_else(|| endpoint.key_name().to_owned(), |_| "the key file".to_owned());
        let capture = Capture { http: http(&base, &endpoint)?, key, key_name: Arc::from(key_name) };
        // The key is added by the transport alone: the library's own configuration panics on keys with control
        // characters, and sends an empty one where there is none.
        let config = OpenAIConfig::new().with_api_base(&address).with_api_key("").with_org_id("").with_project_id("");
        let client = Client::build(capture.http.clone(), config).with_http_service(capture);
        Ok(Self { card: endpoint.card(id, &address), endpoint, client, exposed: is_exposed(&base) })
    }

    /// Whether requests travel to another machine without encryption.
    #[must_use]
    pub const fn is_exposed(&self) -> bool {
        self.exposed
    }
}

/// The address that is asked, as a person's words for it are understood.
///
/// # Errors
/// [`OpenError::Address`] when it is none.
pub fn address(url: &str) -> Result<String, OpenError> {
    Ok(base(url)?.as_str().trim_end_matches('/').to_owned())
}

/// The address up to and including the version, e.g. `https://api.openai.com/v1`.
fn base(url: &str) -> Result<Url, OpenError> {
    let wrong = |why: &str| OpenError::Address { why: why.to_owned() };
    let mut base = Url::parse(url.trim())
        .map_err(|_| wrong("it cannot be read as an address such as http://localhost:8000/v1"))?;
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
        return Err(wrong("it must begin with http:// or https:// and name a host"));
    }
    if !base.username().is_empty() || base.password().is_some() || base.query().is_some() {
        return Err(wrong("it must hold no password and no `?…`: keys come from the environment or a key file"));
    }
    base.set_fragment(None);
    let path = base.path().trim_end_matches('/').trim_end_matches("/chat/completions").to_owned();
    base.set_path(if path.is_empty() { "/v1" } else { &path });
    Ok(base)
}

fn guard(base: &Url, key: Option<&Key>, endpoint: &Endpoint) -> Result<(), OpenError> {
    if is_exposed(base) && key.is_some() && !endpoint.plain_http {
        return Err(OpenError::Exposed);
    }
    if key.is_none() && base.host_str() == Some("api.openai.com") {
        return Err(OpenError::NoKey { name: endpoint.key_name().to_owned() });
    }
    Ok(())
}

/// Whether what is sent there travels to another machine without encryption.
fn is_exposed(base: &Url) -> bool {
    base.scheme() == "http" && !is_local(base)
}

/// Whether that address is this machine.
fn is_local(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || host == "localhost" || host.ends_with(".localhost")
}

fn http(base: &Url, endpoint: &Endpoint) -> Result<reqwest::Client, OpenError> {
    install_ring();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .gzip(true)
        .connect_timeout(Duration::from_secs(endpoint.connect_seconds))
        .timeout(Duration::from_secs(endpoint.deadline_seconds))
        .user_agent(concat!("bedside/", env!("CARGO_PKG_VERSION")));
    if !endpoint.use_proxy {
        builder = builder.no_proxy();
    }
    if let Some(path) = &endpoint.ca_file {
        builder = builder.tls_certs_merge(certificates(path)?);
    } else if base.scheme() == "http" {
        // Without encryption no certificates are needed; a machine that has none can still ask a local server.
        builder = builder.tls_certs_only(Vec::new());
    }
    builder.build().map_err(|_| OpenError::Tls)
}

fn certificates(path: &std::path::Path) -> Result<Vec<Certificate>, OpenError> {
    let unreadable = || OpenError::Certificates { path: path.to_owned() };
    let pem = std::fs::read(path).map_err(|_| unreadable())?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|_| unreadable())?;
    if found.is_empty() { Err(unreadable()) } else { Ok(found) }
}

/// Makes ring the provider of cryptography, unless the program has chosen one.
fn install_ring() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that another provider was installed before: that one serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[async_trait]
impl Model for OpenAi {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        self.attempt(request).await.map_err(|setback| setback.error)
    }

    async fn attempt(&self, request: &Request) -> Result<Answer, Setback> {
        let body = wire::write(request, &self.endpoint);
        let reply: Result<Value, OpenAIError> = self.client.chat().create_byot(body).await;
        wire::read(&reply.map_err(setback)?)
    }
}

/// What the transport made of it; whatever else the library says may quote a body and is not repeated.
fn setback(error: OpenAIError) -> Setback {
    let garbled = || Setback::new(Failure::Garbled, "the server's answer could not be read");
    match error {
        OpenAIError::Boxed(boxed) => boxed.downcast::<Setback>().map_or_else(|_| garbled(), |setback| *setback),
        OpenAIError::InvalidArgument(_) => Setback::new(Failure::Rejected, "the request could not be written"),
        _ => garbled(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_its_version() {
        for (url, expected) in [
            ("http://localhost:8000", "http://localhost:8000/v1"),
            ("http://localhost:8000/", "http://localhost:8000/v1"),
            ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
            ("https://example.org/openai/v1/", "https://example.org/openai/v1"),
        ] {
            assert_eq!(base(url).map(|base| base.to_string()).unwrap(), expected);
        }
    }

    #[test]
    fn an_address_with_a_secret_is_refused_without_repeating_it() {
        for url in ["https://user:sesame@example.org/v1", "https://example.org/v1?key=sesame", "sesame", "ftp://sesame"]
        {
            let error = base(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("sesame"));
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (url, local) in [
            ("http://localhost:1", true),
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://192.168.0.4:1", false),
            ("http://localhost.example.org", false),
        ] {
            assert_eq!(is_local(&Url::parse(url).unwrap()), local, "{url}");
        }
    }
}
