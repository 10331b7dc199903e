//! Training and measuring the reference model.
//!
//! `train` draws phantoms, fits the network to them, chooses temperature and thresholds on other phantoms, and writes the
//! weights. `evaluate` measures weights on yet others and writes the figures of `MODEL_CARD.md`. Everything is a
//! function of the seeds below and of the numbers of cases and epochs.

mod card;
mod cases;
mod evaluate;
mod fit;
mod measures;
mod network;
mod speed;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use self::fit::Settings;
use super::console;
use super::model::reference::weights::{self, Weights};
use crate::error::Error;
use crate::request::hex;

/// The seed of the phantoms that the weights are fitted to.
pub const TRAINING_SEED: u64 = 0x7261_696e;
/// The seed of the phantoms on which temperature and thresholds are chosen.
pub const CALIBRATION_SEED: u64 = 0x6361_6c69;
/// The root seed of everything that is drawn while fitting: first weights, order of cases, flips, dropout.
const FITTING_SEED: u64 = 0x6669_7474;

#[derive(Debug, Parser)]
#[command(name = "train-reference", about = "Trains and measures the reference model of Bedside.")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Draws phantoms, fits the network, writes weights and loss curve.
    Train(TrainArgs),
    /// Measures weights and writes the figures of the model card.
    Evaluate(EvaluateArgs),
    /// Measures how many cases per second are drawn and answered on this machine.
    Speed {
        /// How many phantoms.
        #[arg(long, default_value_t = 240)]
        cases: usize,
    },
}

#[derive(Debug, Args)]
struct TrainArgs {
    /// How many phantoms to fit to.
    #[arg(long, default_value_t = 24_000)]
    cases: usize,
    /// How many phantoms to choose temperature and thresholds on.
    #[arg(long, default_value_t = 1200)]
    calibration: usize,
    /// How often every phantom is seen.
    #[arg(long, default_value_t = 4)]
    epochs: usize,
    /// The highest learning rate.
    #[arg(long, default_value_t = 2e-3)]
    rate: f64,
    /// Weight decay per step, times the rate.
    #[arg(long, default_value_t = 0.03)]
    decay: f64,
    /// Chance that a unit of a description is left out in a step.
    #[arg(long, default_value_t = 0.1)]
    dropout: f64,
    /// The folder for drawn photographs (kept, and used again), weights and loss curve.
    #[arg(long)]
    out: PathBuf,
    /// Also put the weights into the sources, to be built into the program.
    #[arg(long)]
    install: bool,
}

#[derive(Debug, Args)]
struct EvaluateArgs {
    /// How many phantoms of the default seed to measure on.
    #[arg(long, default_value_t = 480)]
    cases: usize,
    /// How many of them to compare with the best possible reader on: clean, one side alone, shuffled.
    #[arg(long, default_value_t = 2400)]
    beside: usize,
    /// The folder of the training, for the loss curve; the figures go there too.
    #[arg(long)]
    out: PathBuf,
    /// Weights other than those in the program.
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Also put the figures into `MODEL_CARD.md`.
    #[arg(long)]
    install: bool,
}

fn speed(cases: usize) -> Result<(), Error> {
    for (what, seconds) in [("drawn", speed::drawing(cases)?), ("answered", speed::answering(cases)?)] {
        console::say(&format!("{cases} cases {what} in {seconds:.1} s, {:.0} a second", cases as f64 / seconds));
    }
    Ok(())
}

/// How many threads candle computes with; it reads that from the environment only.
const THREADS: &str = "RAYON_NUM_THREADS";

/// Reads the command line and does what it says, computing with one thread: candle's threads wait for each other
/// without sleeping, which takes longer than it saves where other programs run beside it.
#[must_use]
pub fn main() -> ExitCode {
    if std::env::var_os(THREADS).is_some() {
        return carry_out();
    }
    let again = std::env::current_exe().and_then(|program| {
        std::process::Command::new(program).args(std::env::args_os().skip(1)).env(THREADS, "1").status()
    });
    match again.map(|status| status.code()) {
        Ok(Some(code)) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        _ => ExitCode::FAILURE,
    }
}

fn carry_out() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::Train(args) => train(&args),
        Verb::Evaluate(args) => evaluate(&args),
        Verb::Speed { cases } => speed(cases),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::say(&format!("error: {error}"));
            ExitCode::from(error.exit().code())
        }
    }
}

fn train(args: &TrainArgs) -> Result<(), Error> {
    std::fs::create_dir_all(&args.out).map_err(|error| Error::at(args.out.display(), error))?;
    let training = cases::draw(TRAINING_SEED, args.cases, &args.out)?;
    let calibration = cases::draw(CALIBRATION_SEED, args.calibration, &args.out)?;
    let settings = Settings { epochs: args.epochs, rate: args.rate, decay: args.decay, dropout: args.dropout };
    let fitted = fit::fit(&training, &calibration, settings)?;
    let bytes = weights::write(fitted.network.weights(), &fitted.knowledge).map_err(|error| failed(&error))?;
    let digest = hex(&<sha2::Sha256 as sha2::Digest>::digest(&bytes));
    save(&args.out.join("curve.json"), &json(&fitted.curve)?)?;
    let sources = Path::new("src/edge/model/reference");
    for folder in [Some(args.out.as_path()), args.install.then_some(sources)].into_iter().flatten() {
        save(&folder.join("weights.safetensors"), &bytes)?;
        save(&folder.join("weights.sha256"), format!("{digest}\n").as_bytes())?;
    }
    console::say(&format!("weights {digest}, {} bytes", bytes.len()));
    Ok(())
}

fn evaluate(args: &EvaluateArgs) -> Result<(), Error> {
    let weights = match &args.weights {
        Some(path) => Weights::read(&read(path)?),
        None => Weights::embedded(),
    };
    let weights = weights.map_err(|error| failed(&error))?;
    let curve: Vec<fit::Epoch> =
        serde_json::from_slice(&read(&args.out.join("curve.json"))?).map_err(|error| failed(&error))?;
    let figures = evaluate::evaluate(&weights, args.cases, args.beside)?;
    let text = card::figures(&figures, &weights, &curve);
    console::put(&text).map_err(|error| failed(&error))?;
    save(&args.out.join("figures.md"), text.as_bytes())?;
    if args.install {
        let path = Path::new("MODEL_CARD.md");
        let old = String::from_utf8(read(path)?).map_err(|error| failed(&error))?;
        let new = card::put_in(&old, &text)
            .ok_or_else(|| Error::at(path.display(), "the marks around the figures are gone"))?;
        save(path, new.as_bytes())?;
    }
    Ok(())
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(|error| failed(&error))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::at(path.display(), error))
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(|error| Error::at(path.display(), error))
}

#[cfg(test)]
mod tests {
    use super::{CALIBRATION_SEED, TRAINING_SEED};
    use crate::edge::model::reference::weights::Weights;

    #[test]
    fn the_weights_say_which_seeds_they_are_from() {
        let trained = Weights::embedded().unwrap().knowledge.trained_on;
        assert_eq!((trained.training.0, trained.calibration.0), (TRAINING_SEED, CALIBRATION_SEED));
    }
}
