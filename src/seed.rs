//! Derived randomness: every draw is a function of the root seed and of names, never of order or time.

use bedside_perturbations::Stream;

/// The stream of one step of one treatment on one case. The level is not part of it, so that all levels of a draw share
/// their random numbers; neither is the scenario, so that identical treatments are identical bytes.
#[must_use]
pub fn of_step(root: u64, operator: &str, case: &str, step: usize, draw: u32) -> Stream {
    Stream::derive(root, &["step", operator, case, &step.to_string(), &draw.to_string()])
}

/// The stream of one decision of the plan, e.g. the order of patients or the donors of a treatment.
#[must_use]
pub fn of_plan(root: u64, decision: &str, subject: &str) -> Stream {
    Stream::derive(root, &["plan", decision, subject])
}

/// The seed that is sent to the model: the same in all arms of a case, different across repeats. 31 bits, because some
/// servers read it as a signed 32-bit number.
#[must_use]
pub fn of_model(root: u64, case: &str, repeat: u32) -> u64 {
    Stream::derive(root, &["model", case, &repeat.to_string()]).bits() >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_for_the_model_differs_across_repeats_only() {
        assert_eq!(of_model(1, "c", 0), of_model(1, "c", 0));
        assert_ne!(of_model(1, "c", 0), of_model(1, "c", 1));
        assert!(of_model(1, "c", 0) < 1 << 31);
    }

    #[test]
    fn two_steps_of_one_operator_draw_differently() {
        assert_ne!(of_step(1, "jpeg", "c", 0, 0).bits(), of_step(1, "jpeg", "c", 1, 0).bits());
    }
}
