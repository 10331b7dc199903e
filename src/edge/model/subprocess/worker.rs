//! One running copy of the program.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::line;
use crate::answer::{Answer, Failure};
use crate::edge::model::{Setback, lock};

/// The longest line of an answer, in bytes.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// How much of standard error is kept, in bytes.
const TAIL: usize = 4096;
/// How long a program that has closed its output may take to end.
const LAST_BREATH: Duration = Duration::from_millis(500);

type Reply = Result<Answer, Setback>;

/// One running copy. Its program is ended when the last holder lets go.
pub(super) struct Worker {
    lines: mpsc::Sender<Vec<u8>>,
    state: Arc<State>,
    tasks: [JoinHandle<()>; 3],
}

#[derive(Default)]
struct State {
    waiting: Mutex<Waiting>,
    warm: AtomicBool,
    tail: Mutex<Vec<u8>>,
}

/// Who waits for which answer; `None` once no answer can come any more.
struct Waiting(Option<BTreeMap<u64, oneshot::Sender<Reply>>>);

impl Default for Waiting {
    fn default() -> Self {
        Self(Some(BTreeMap::new()))
    }
}

impl Worker {
    /// Starts the program.
    pub(super) fn start(command: &[String]) -> Result<Self, Setback> {
        let mut child = spawn(command)?;
        let missing = || Setback::new(Failure::Unreachable, "the program could not be connected to");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let state = Arc::new(State::default());
        let (lines, queue) = mpsc::channel(1);
        let tasks = [
            tokio::spawn(write_lines(input, queue)),
            tokio::spawn(read_lines(output, child, Arc::clone(&state))),
            tokio::spawn(keep_tail(errors, Arc::clone(&state))),
        ];
        Ok(Self { lines, state, tasks })
    }

    /// Sends one line and waits for the answer with that id.
    pub(super) async fn exchange(&self, id: u64, line: Vec<u8>) -> Reply {
        let (sender, answer) = oneshot::channel();
        self.state.wait_for(id, sender);
        // A line that can no longer be sent fails with everything that waits, with the reason why the program ended.
        let _ = self.lines.send(line).await;
        answer.await.unwrap_or_else(|_| Err(ended("")))
    }

    /// Whether an answer can still come.
    pub(super) fn is_alive(&self) -> bool {
        lock(&self.state.waiting).0.is_some() && !self.lines.is_closed()
    }

    /// Whether the program has answered before, so that it no longer loads its model.
    pub(super) fn is_warm(&self) -> bool {
        self.state.warm.load(Ordering::Relaxed)
    }

    /// Ends the program now, by the handle of its own process.
    pub(super) fn end(&self) {
        self.state.fail_all(&ended(""), true);
        for task in &self.tasks {
            task.abort();
        }
    }

    pub(super) fn last_words(&self) -> String {
        String::from_utf8_lossy(&lock(&self.state.tail)).into_owned()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

impl State {
    fn wait_for(&self, id: u64, sender: oneshot::Sender<Reply>) {
        match lock(&self.waiting).0.as_mut() {
            Some(waiting) => drop(waiting.insert(id, sender)),
            // Nobody is left to answer: the sender is dropped, and whoever waits is told so.
            None => drop(sender),
        }
    }

    /// Hands over one line. One that is no answer belongs to nobody in particular: everyone who waits is told.
    fn hand_over(&self, bytes: &[u8]) {
        let Some(line) = line::read(bytes) else {
            let words = "the program wrote a line that is no answer (logs belong on standard error)";
            return self.fail_all(&Setback::new(Failure::Garbled, words), false);
        };
        self.warm.store(true, Ordering::Relaxed);
        let sender = lock(&self.waiting).0.as_mut().and_then(|waiting| waiting.remove(&line.id));
        if let Some(sender) = sender {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(line.into_answer());
        }
    }

    fn fail_all(&self, setback: &Setback, for_good: bool) {
        let mut place = lock(&self.waiting);
        let Some(waiting) = place.0.take() else { return };
        if !for_good {
            place.0 = Some(BTreeMap::new());
        }
        for sender in waiting.into_values() {
            let _ = sender.send(Err(setback.clone()));
        }
    }
}

fn spawn(command: &[String]) -> Result<Child, Setback> {
    let cannot = |why: String| Setback::new(Failure::Rejected, format!("the program cannot be started: {why}"));
    let (program, arguments) = command.split_first().ok_or_else(|| cannot("there is no command".to_owned()))?;
    let mut process = Command::new(program);
    process.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // A group of its own: an interrupt from the terminal lets the program finish what is in flight.
    #[cfg(unix)]
    process.process_group(0);
    process.spawn().map_err(|error| cannot(format!("{program}: {}", error.kind())))
}

fn ended(how: &str) -> Setback {
    Setback::new(Failure::Unreachable, format!("the program ended before it answered{how}"))
}

/// Writes lines whole: a request that is given up meanwhile leaves no half line behind.
async fn write_lines(mut input: ChildStdin, mut queue: mpsc::Receiver<Vec<u8>>) {
    while let Some(line) = queue.recv().await {
        if input.write_all(&line).await.is_err() || input.flush().await.is_err() {
            return;
        }
    }
}

/// Reads lines to the end of the output, then sees how the program ended. Owns the program: with this task it ends.
async fn read_lines(output: ChildStdout, mut child: Child, state: Arc<State>) {
    let mut output = BufReader::new(output);
    while let Some(line) = next_line(&mut output).await {
        if !line.is_empty() {
            state.hand_over(&line);
        }
    }
    let how = match timeout(LAST_BREATH, child.wait()).await {
        Ok(Ok(status)) => format!(" ({status})"),
        Ok(Err(_)) | Err(_) => " (it closed its output)".to_owned(),
    };
    state.fail_all(&ended(&how), true);
}

/// The next line without its end; `None` at the end of the output or when a line is longer than any answer.
async fn next_line(output: &mut (impl AsyncBufRead + Unpin)) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let mut limited = output.take(LONGEST_LINE as u64);
    let read = limited.read_until(b'\n', &mut line).await.ok()?;
    let whole = line.last() == Some(&b'\n');
    if read == 0 || (!whole && read == LONGEST_LINE) {
        return None;
    }
    Some(line.trim_ascii().to_vec())
}

/// Keeps the end of standard error, so that the program never blocks on it.
async fn keep_tail(mut errors: ChildStderr, state: Arc<State>) {
    let mut buffer = [0_u8; 1024];
    while let Ok(read @ 1..) = errors.read(&mut buffer).await {
        let mut tail = lock(&state.tail);
        tail.extend(buffer.iter().take(read));
        let surplus = tail.len().saturating_sub(TAIL);
        tail.drain(..surplus);
    }
}
