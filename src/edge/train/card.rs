//! The machine-made part of `MODEL_CARD.md`.

use std::fmt::Write as _;

use super::evaluate::{Beside, Figures, Tally};
use super::fit::Epoch;
use crate::edge::model::reference::judgement::URGENT_FROM;
use crate::edge::model::reference::weights::Weights;
use crate::phantom::bayes::{ACCURACY, Accuracy};
use crate::stats::clopper_pearson;

/// What stands before the figures in the card.
const BEGIN: &str = "<!-- figures: written by `train-reference evaluate --install` -->\n";
/// What stands after them.
const END: &str = "<!-- end of figures -->";

/// The figures as Markdown.
pub(super) fn figures(figures: &Figures, weights: &Weights, curve: &[Epoch]) -> String {
    let mut text = String::new();
    about(&mut text, weights);
    loss(&mut text, curve);
    let _ = writeln!(
        text,
        "\n### What it gets right\n\n`train-reference evaluate` on {}; intervals are exact (Clopper–Pearson, 95 %) and count cases as independent.\n",
        figures.cohort
    );
    table(&mut text, "What is shown", figures.shown.iter().map(|(label, tally)| (label.as_str(), tally)));
    bayes(&mut text, figures);
    text.push_str("\n### By skin tone (Fitzpatrick), clean\n\n");
    table(&mut text, "Skin tone", figures.tones.iter().map(|(label, tally)| (label.as_str(), tally)));
    text.push_str("\n### By diagnosis, clean\n\n");
    table(&mut text, "Diagnosis", figures.diagnoses.iter().map(|(label, tally)| (label.as_str(), tally)));
    text
}

fn about(text: &mut String, weights: &Weights) {
    let known = &weights.knowledge;
    let trained = &known.trained_on;
    let rows = [
        ("SHA-256 of the weights", format!("`{}`", weights.digest)),
        ("phantoms", format!("generator {}", trained.phantoms)),
        ("fitted to", format!("{} cases of seed {}", trained.training.1, trained.training.0)),
        (
            "temperature and thresholds from",
            format!("{} cases of seed {}", trained.calibration.1, trained.calibration.0),
        ),
        ("temperature", format!("{:.2}", known.temperature)),
        ("urgency is said from a chance of", format!("{URGENT_FROM:.2} that it or a more urgent one is right")),
        (
            "abstains, where it may, above an entropy of",
            format!("{:.3} of the greatest possible", known.abstains_above),
        ),
        (
            "asks then for new photographs above",
            format!("{:.3}, for the photographs by themselves", known.retakes_above),
        ),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (what, value) in rows {
        let _ = writeln!(text, "| {what} | {value} |");
    }
}

fn loss(text: &mut String, curve: &[Epoch]) {
    text.push_str("\n### Loss curve\n\nCross-entropies in nats; the training loss is the sum of those of the whole case, of its photographs alone and of its history alone, and 0.3 times that of what was drawn. Accuracies are on the calibration cases.\n\n");
    text.push_str("| epoch | training loss | calibration loss | both | photographs only | history only |\n|--:|--:|--:|--:|--:|--:|\n");
    for point in curve {
        let _ = writeln!(
            text,
            "| {} | {:.3} | {:.3} | {:.1} % | {:.1} % | {:.1} % |",
            point.epoch,
            point.training_loss,
            point.calibration_loss,
            100.0 * point.both,
            100.0 * point.photographs,
            100.0 * point.history
        );
    }
}

/// The accuracies beside those of the best possible reader of the phantoms' true features, case by case the same.
fn bayes(text: &mut String, figures: &Figures) {
    let Accuracy { image, history, both } = ACCURACY;
    let _ = writeln!(
        text,
        "\n### Beside the best possible reader\n\nBayes' rule over the tables that draw the phantoms, on the same cases, {}: a cohort that neither a suite nor the fitting uses. It reads a picture's true features without error. Over all phantoms it is right in {:.1} % with both, {:.1} % with photographs, {:.1} % with the history. The share's interval is that of a ratio over patients.\n",
        figures.beside_cohort,
        100.0 * both,
        100.0 * image,
        100.0 * history
    );
    text.push_str(
        "| What is shown | best possible | `reference` | 95 % interval | share of the best | 95 % interval |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for beside in &figures.beside {
        let Beside { label, tally, .. } = beside;
        let [share, low, high] = beside.share().map(|share| 100.0 * share);
        let best = percent(beside.best() as usize, tally.cases);
        let (own, limits) = (percent(tally.right, tally.cases), interval(tally));
        let _ = writeln!(text, "| {label} | {best} | {own} | {limits} | {share:.1} % | {low:.1}–{high:.1} % |");
    }
}

fn table<'a>(text: &mut String, head: &str, rows: impl Iterator<Item = (&'a str, &'a Tally)>) {
    let _ = writeln!(
        text,
        "| {head} | cases | right diagnosis first | 95 % interval | urgent cases judged too late | abstains |\n|---|--:|--:|--:|--:|--:|"
    );
    for (label, tally) in rows {
        let late = if tally.urgent == 0 { "–".into() } else { format!("{} of {}", tally.late, tally.urgent) };
        let _ = writeln!(
            text,
            "| {label} | {} | {} | {} | {late} | {} |",
            tally.cases,
            percent(tally.right, tally.cases),
            interval(tally),
            percent(tally.abstains, tally.cases)
        );
    }
}

/// The exact interval of the share of right ones.
fn interval(tally: &Tally) -> String {
    let (low, high) = clopper_pearson(tally.right as f64, tally.cases.max(1) as f64, 0.025);
    format!("{:.1}–{:.1} %", 100.0 * low, 100.0 * high)
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// The card with these figures in place of the old ones; `None` when the marks around them are not there.
pub(super) fn put_in(card: &str, figures: &str) -> Option<String> {
    let (before, rest) = card.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{figures}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, put_in};

    #[test]
    fn new_figures_take_the_place_of_old_ones() {
        let card = format!("# Card\n{BEGIN}old\n{END}\nmore\n");
        let new = put_in(&card, "new").unwrap();
        assert_eq!(new, format!("# Card\n{BEGIN}\nnew\n{END}\nmore\n"));
        assert_eq!(put_in("# Card", "new"), None);
    }
}
