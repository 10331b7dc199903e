//! What the model leans on, as rows of a table.

use bedside_reports::record::Beside;

use super::estimate;
use crate::plan::Plan;
use crate::reliance::channels::{self, Quadrant};
use crate::shift::{Run, Slots};
use crate::stats::Estimate;
use crate::treatment::Channel;

/// Every row that the run's arms allow.
pub(super) fn leans(plan: &Plan, slots: &Slots) -> Vec<Beside> {
    let run = Run::of(plan, slots);
    let photo = "Accuracy with photograph and history, less accuracy with the history alone.";
    let words = "Accuracy with photograph and history, less accuracy with the photographs alone.";
    let conflict = "Right answers that turn wrong under another patient's history, less those under another patient's \
                    photograph: above 0 the words win.";
    let mut rows = vec![
        row("gain of the photographs", "no image", channels::gain(&run, Channel::Image), photo),
        row("gain of the history", "no history", channels::gain(&run, Channel::History), words),
        row("conflict index", "wrong history, wrong image", channels::conflict(&run), conflict),
    ];
    rows.extend(channels::quadrants(&run).into_iter().map(|(quadrant, share)| {
        let (title, note) = quadrant_in_words(quadrant);
        row(title, "wrong image", Some(share), note)
    }));
    rows.extend(plan.scenarios.iter().enumerate().map(|(index, scenario)| {
        let note = "Right with the bad photograph and the true history, less right with the bad photograph alone.";
        row("rescue by the history", &scenario.id, channels::rescue(&run, index), note)
    }));
    rows.into_iter().flatten().collect()
}

fn row(title: &str, at: &str, value: Option<Estimate>, note: &str) -> Option<Beside> {
    value.map(|value| Beside {
        title: title.into(),
        at: at.into(),
        estimate: Some(estimate(&value)),
        note: note.into(),
    })
}

const fn quadrant_in_words(quadrant: Quadrant) -> (&'static str, &'static str) {
    match quadrant {
        Quadrant::Ideal => ("ideal", "Repeats agree, and another diagnosis's photograph moves the answer."),
        Quadrant::Fragile => ("fragile", "Repeats disagree, and another diagnosis's photograph moves the answer."),
        Quadrant::Dangerous => {
            ("dangerous", "Repeats agree, and another diagnosis's photograph does not move the answer.")
        }
        Quadrant::Worst => ("worst", "Repeats disagree, and another diagnosis's photograph does not move the answer."),
    }
}
