//! What happens during a run, as values: the console and the tests hear the same.

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The run begins: trials in the plan, of which some were settled before.
    Begun {
        /// Trials in the plan.
        planned: u64,
        /// Settled before.
        settled: u64,
    },
    /// One trial ended.
    Settled {
        /// The trial's place in the plan.
        ordinal: u64,
        /// How it ended.
        ending: Ending,
    },
    /// The user asked to stop: what is in flight is finished.
    Stopping,
    /// Something was seen that the user should know at once.
    Noticed(String),
    /// A limit was reached: no more is asked.
    LimitReached(String),
}

/// How a trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Answered.
    Answered,
    /// No answer came.
    Failed,
    /// The perturbation did not apply; nothing was asked.
    Unfit,
}
