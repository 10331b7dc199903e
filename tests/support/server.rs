//! A small HTTP/1.1 server on loopback that behaves as it is told and remembers everything it was sent.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Method and path, e.g. `POST /v1/chat/completions`.
    pub line: String,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// When it was complete.
    pub at: Instant,
}

impl Seen {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The text of the last message, whether a string or the first part of a list.
    pub fn prompt(&self) -> String {
        let body = self.json();
        let content = body["messages"].as_array().and_then(|list| list.last()).map(|last| last["content"].clone());
        let content = content.unwrap_or_default();
        content.as_str().or_else(|| content[0]["text"].as_str()).unwrap_or_default().to_owned()
    }
}

/// What to do with one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Send that.
    Send { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// Send the head, then one byte after each such time, for ever.
    Drip(Duration),
    /// Send half of the announced body, then close.
    Cut,
    /// Close without a byte.
    Close,
    /// Send nothing and keep the connection open.
    Hang,
}

impl Reply {
    /// A JSON body with that status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// A body of that media type.
    pub fn text(status: u16, mime: &str, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), mime.to_owned())];
        Self::Send { status, headers, body: body.as_bytes().to_vec() }
    }

    /// An ordinary answer with that text.
    pub fn says(text: &str) -> Self {
        Self::json(200, &completion(text))
    }

    /// The same with one more header; only for [`Reply::Send`].
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Send { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// The body of an ordinary answer.
pub fn completion(text: &str) -> Value {
    json!({
        "id": "c1",
        "object": "chat.completion",
        "model": "test-model",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
    })
}

type Behaviour = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// The server; stops when dropped.
pub struct Server {
    /// The address up to the version.
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    open: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    /// Starts one that answers each request as told; the number counts requests from 0 in order of arrival.
    pub async fn start(behaviour: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let behaviour: Arc<Behaviour> = Arc::new(behaviour);
        let open = Arc::new(AtomicUsize::new(0));
        let accepting = tokio::spawn(accept(listener, behaviour, Arc::clone(&seen), Arc::clone(&open)));
        Self { url, seen, open, accepting }
    }

    /// One that gives these replies in turn, and the last one for ever.
    pub async fn scripted(replies: Vec<Reply>) -> Self {
        Self::start(move |_, index| replies[index.min(replies.len() - 1)].clone()).await
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until everything that clients who are gone had sent is among the seen: what a killed process wrote may
    /// still lie in the kernel's buffers, and its connection in the queue of those to be accepted.
    pub async fn settled(&self) {
        let address = self.url.trim_start_matches("http://").trim_end_matches("/v1");
        let mut last_in_the_queue = TcpStream::connect(address).await.unwrap();
        last_in_the_queue.shutdown().await.unwrap();
        assert_eq!(last_in_the_queue.read(&mut [0]).await.unwrap(), 0, "nothing was asked");
        while self.open.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn accept(listener: TcpListener, behaviour: Arc<Behaviour>, seen: Arc<Mutex<Vec<Seen>>>, open: Arc<AtomicUsize>) {
    while let Ok((stream, _)) = listener.accept().await {
        open.fetch_add(1, Ordering::SeqCst);
        let served = serve(stream, Arc::clone(&behaviour), Arc::clone(&seen));
        let open = Arc::clone(&open);
        tokio::spawn(async move {
            served.await;
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

/// Serves one connection until either side has enough.
async fn serve(mut stream: TcpStream, behaviour: Arc<Behaviour>, log: Arc<Mutex<Vec<Seen>>>) {
    let mut buffer = Vec::new();
    while let Some(seen) = read_request(&mut stream, &mut buffer).await {
        let index = {
            let mut log = log.lock().unwrap();
            log.push(seen.clone());
            log.len() - 1
        };
        if !answer(&mut stream, behaviour(&seen, index)).await {
            return;
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    let head_end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        fill(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.rsplit_once(' ')?.0.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while buffer.len() < head_end + length {
        fill(stream, buffer).await?;
    }
    let body = buffer[head_end..head_end + length].to_vec();
    buffer.drain(..head_end + length);
    Some(Seen { line, headers, body, at: Instant::now() })
}

async fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0_u8; 16 * 1024];
    let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
    buffer.extend_from_slice(&chunk[..read]);
    Some(())
}

/// Whether the connection stays open.
async fn answer(stream: &mut TcpStream, reply: Reply) -> bool {
    match reply {
        Reply::Send { status, headers, body } => {
            let mut bytes = head(status, &headers, body.len()).into_bytes();
            bytes.extend_from_slice(&body);
            stream.write_all(&bytes).await.is_ok()
        }
        Reply::Drip(gap) => {
            let _ = stream.write_all(head(200, &[], 1_000_000).as_bytes()).await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(gap).await;
            }
            false
        }
        Reply::Cut => {
            let bytes = head(200, &[], 1000) + "{\"choices\":[{\"mess";
            let _ = stream.write_all(bytes.as_bytes()).await;
            false
        }
        Reply::Close => false,
        Reply::Hang => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            false
        }
    }
}

fn head(status: u16, headers: &[(String, String)], length: usize) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} Status\r\n{lines}content-length: {length}\r\n\r\n")
}
