//! The console: a progress bar on a terminal, plain lines elsewhere; everything for people goes to standard error.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event::{Ending, Event};

/// How often a line is printed where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// Shows a run as it goes.
#[derive(Debug)]
pub struct Console {
    bar: Option<ProgressBar>,
    counts: Counts,
    begun: Instant,
    said: Instant,
}

#[derive(Debug, Default)]
struct Counts {
    planned: u64,
    before: u64,
    settled: u64,
    failed: u64,
    unfit: u64,
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}

impl Console {
    /// A console on standard error.
    #[must_use]
    pub fn new() -> Self {
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(bar);
        Self { bar, counts: Counts::default(), begun: now, said: now }
    }

    /// Shows one event.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Begun { planned, settled } => self.begin(*planned, *settled),
            Event::Settled { ending, .. } => self.settle(*ending),
            Event::Stopping => self.say("Stopping: what is under way is finished; the same command resumes."),
            Event::Noticed(what) => self.say(what),
            Event::LimitReached(why) => self.say(&format!("Stopped: {why}; the same command resumes.")),
        }
    }

    fn begin(&mut self, planned: u64, settled: u64) {
        self.counts = Counts { planned, before: settled, settled, ..Counts::default() };
        if let Some(bar) = &self.bar {
            bar.set_length(planned);
            bar.set_position(settled);
            bar.reset_eta();
        } else if settled > 0 {
            say(&format!("Resuming: {settled} of {planned} trials are settled."));
        }
    }

    fn settle(&mut self, ending: Ending) {
        self.counts.settled += 1;
        match ending {
            Ending::Answered => {}
            Ending::Failed => self.counts.failed += 1,
            Ending::Unfit => self.counts.unfit += 1,
        }
        if let Some(bar) = &self.bar {
            bar.inc(1);
            if self.counts.failed > 0 {
                bar.set_message(format!("{} without an answer", self.counts.failed));
            }
        } else if self.said.elapsed() >= EVERY {
            self.said = Instant::now();
            say(&self.line());
        }
    }

    /// One plain line: how far, and how long still.
    fn line(&self) -> String {
        let Counts { planned, before, settled, failed, .. } = self.counts;
        let done = settled.saturating_sub(before).max(1);
        let left = planned.saturating_sub(settled);
        let seconds = self.begun.elapsed().as_secs().saturating_mul(left) / done;
        let failed = if failed > 0 { format!(", {failed} without an answer") } else { String::new() };
        format!("{settled} of {planned} trials{failed}, about {} left", duration(seconds))
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => say(text),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let template = "{bar:32} {pos} of {len} trials · {elapsed} · {eta} left {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━━╌"));
    }
    bar
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

/// Writes one line for people. A closed standard error is no reason to stop.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Writes one line of data.
///
/// # Errors
/// When standard output is closed.
pub fn put(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{text}")
}
