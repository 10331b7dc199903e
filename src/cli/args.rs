//! The command line: what may be typed, and nothing else.

use std::path::PathBuf;

use bedside_perturbations::Region;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Stress-test a medical multimodal model: corrupt what it is shown, compare its answers, report with uncertainty.
///
/// A test tool for models, not a medical device.
#[derive(Debug, Parser)]
#[command(name = "bedside", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub verb: Verb,
}

const EXIT_CODES: &str = "Exit codes: 0 every claim holds · 1 a claim breaks · 2 usage · 3 none breaks, some undecided, \
vacuous or not tested · 4 no claim could be judged · 5 scenario or cohort invalid · 6 model unreachable, misconfigured \
or refusing the cohort · 8 incomplete · 70 our fault. Results on phantoms say nothing about patients.";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Plan, ask, measure, report; resume if the folder holds the same plan
    Run(RunArgs),
    /// Print the same plan without asking anything
    Plan(PlanArgs),
    /// Recompute the results of a run from its store, or measure answers that exist already
    Measure(MeasureArgs),
    /// Write the report and tables of a run again
    Report(FolderArgs),
    /// Show one trial: what was done, the prompt, the raw answer, the reading
    Inspect(InspectArgs),
    /// Write corrupted copies of an image, a folder of images or a cohort, with a ledger of every change
    Perturb(PerturbArgs),
    /// Write contact sheets: every level beside the original
    Preview(PreviewArgs),
    /// List the catalogue
    List(ListArgs),
    /// Show one entry of the catalogue
    Show(ShowArgs),
    /// Validate scenario, suite, protocol and model files and cohorts, or ask a server one case and say what it can do
    Check(CheckArgs),
    /// Print a JSON Schema for editors
    Schema(SchemaArgs),
    /// Turn a known data set into a cohort
    Import(ImportArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What decides a plan.
#[derive(Debug, Args)]
pub struct DesignArgs {
    /// Suites or scenarios, by id or by path
    #[arg(required = true)]
    pub what: Vec<String>,
    /// Cases: a cohort folder, or phantom:N or phantom:N:SEED, perhaps with ?views=close,regional,oblique,poor&size=WxH
    #[arg(long, value_name = "CASES")]
    pub cases: Option<String>,
    /// Model: reference, planted:NAME[=P], replay:FILE, openai:NAME, subprocess:COMMAND, or a model file
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Base URL of the model's endpoint
    #[arg(long)]
    pub url: Option<String>,
    /// Protocol, by id or by path
    #[arg(long)]
    pub protocol: Option<String>,
    /// Root seed
    #[arg(long)]
    pub seed: Option<u64>,
    /// Control repeats (control and retests together)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub repeats: Option<u32>,
    /// Use only the first N cases, in order of their ids
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Run only scenarios whose id matches one of these patterns, with commas between, e.g. 'blur*,age-?*'
    #[arg(long, value_name = "GLOB")]
    pub only: Option<String>,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// What decides the plan
    #[command(flatten)]
    pub design: DesignArgs,
    /// Run folder [default: bedside-runs/SUITE-MODEL-N]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Ask at most N questions in this call
    #[arg(long, value_name = "N")]
    pub max_calls: Option<u64>,
    /// Stop once the model's own unrest is beyond the bounds of every claim that is still open
    #[arg(long)]
    pub stop_when_unsteady: bool,
    /// Questions under way at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub in_flight: u16,
    /// Worker threads [default: one per core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// What to do with the results
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What is written of the results.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Show words and pictures of real cases in the report; every page is then marked
    #[arg(long)]
    pub include_inputs: bool,
    /// Print the summary as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// What decides the plan
    #[command(flatten)]
    pub design: DesignArgs,
    /// Seal the plan into this run folder; refuses a claim that cannot hold
    #[arg(long, value_name = "DIR")]
    pub lock: Option<PathBuf>,
    /// Print the plan as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `measure`.
#[derive(Debug, Args)]
pub struct MeasureArgs {
    /// Run folder
    #[arg(required_unless_present = "answers", conflicts_with = "answers")]
    pub run: Option<PathBuf>,
    /// A table (CSV) of answers that exist already, instead of a run
    #[arg(long, value_name = "FILE", requires_all = ["mapping", "out"])]
    pub answers: Option<PathBuf>,
    /// What the columns of the table mean and what is claimed: a YAML file, or medperturb
    #[arg(long, value_name = "FILE", requires = "answers")]
    pub mapping: Option<PathBuf>,
    /// Where results and report of the table are written
    #[arg(long, value_name = "DIR", requires = "answers")]
    pub out: Option<PathBuf>,
    /// Cases, where they are no longer at the place the run used
    #[arg(long, conflicts_with = "answers")]
    pub cases: Option<String>,
    /// Write the distinct answers in words that match no known diagnosis as a table (CSV) for a person to fill in
    #[arg(long, value_name = "FILE")]
    pub adjudicate_out: Option<PathBuf>,
    /// Use what a person filled into such a table
    #[arg(long, value_name = "FILE")]
    pub adjudication: Option<PathBuf>,
    /// Show words and pictures of real cases in the report; every page is then marked
    #[arg(long, conflicts_with = "answers")]
    pub include_inputs: bool,
    /// Print the summary as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

impl MeasureArgs {
    /// The same for a run.
    ///
    /// # Errors
    /// When no run is named.
    pub fn folder(&self) -> Result<FolderArgs, crate::error::Error> {
        let run = self.run.clone();
        let run = run.ok_or_else(|| crate::error::Error::Usage("name a run folder, or --answers FILE".into()))?;
        Ok(FolderArgs {
            run,
            cases: self.cases.clone(),
            adjudicate_out: self.adjudicate_out.clone(),
            adjudication: self.adjudication.clone(),
            output: OutputArgs { include_inputs: self.include_inputs, json: self.json },
        })
    }
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct FolderArgs {
    /// Run folder
    pub run: PathBuf,
    /// Cases, where they are no longer at the place the run used
    #[arg(long)]
    pub cases: Option<String>,
    /// Write the distinct answers in words that match no known diagnosis as a table (CSV) for a person to fill in
    #[arg(long, value_name = "FILE")]
    pub adjudicate_out: Option<PathBuf>,
    /// Use what a person filled into such a table
    #[arg(long, value_name = "FILE")]
    pub adjudication: Option<PathBuf>,
    /// What to do with the results
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Run folder
    pub run: PathBuf,
    /// The case's id
    #[arg(long, allow_hyphen_values = true)]
    pub case: Option<String>,
    /// The scenario's id
    #[arg(long)]
    pub scenario: Option<String>,
    /// Only the trial of this number
    #[arg(long, value_name = "NUMBER")]
    pub trial: Option<u64>,
    /// Only pairs whose leading answer changed
    #[arg(long)]
    pub flipped: bool,
    /// Only trials without an answer
    #[arg(long)]
    pub missing: bool,
    /// Only answers in words that match no known diagnosis
    #[arg(long)]
    pub unmapped: bool,
    /// Write all answers to a file that --model replay:FILE repeats, and show nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["case", "scenario", "trial", "flipped", "missing", "unmapped"])]
    pub answers_out: Option<PathBuf>,
    /// Show words of real cases
    #[arg(long)]
    pub include_inputs: bool,
}

/// Arguments of `perturb`.
#[derive(Debug, Args)]
pub struct PerturbArgs {
    /// An image, a folder of images, or a cohort (a folder with cases.jsonl, or phantom:N); donors are other cases of the
    /// cohort
    pub input: String,
    /// A scenario, by id or by path
    #[arg(long, required_unless_present = "step", conflicts_with = "step")]
    pub scenario: Option<String>,
    /// One step, as in a scenario: 'jpeg: {quality: 20}'
    #[arg(long)]
    pub step: Option<String>,
    /// The wrong diagnosis that a step plants, by its id, e.g. psoriasis; a cohort's cases have one chosen for each, images
    /// have none
    #[arg(long, value_name = "ID")]
    pub foil: Option<String>,
    /// The lesion's box in the one image, in pixels: left, top, width, height
    #[arg(long, value_name = "X,Y,W,H", value_parser = region)]
    pub lesion: Option<Region>,
    /// Where to write
    #[arg(long)]
    pub out: PathBuf,
    /// Root seed
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Reads a box: left, top, width and height.
fn region(text: &str) -> Result<Region, String> {
    let sides: Result<Vec<u32>, _> = text.split(',').map(|side| side.trim().parse()).collect();
    match sides.as_deref() {
        Ok([x, y, w, h]) => Ok(Region { x: *x, y: *y, w: *w, h: *h }),
        _ => Err("takes four whole numbers of pixels with commas between: left, top, width, height".into()),
    }
}

/// Arguments of `preview`.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// Scenarios, by id or by path
    #[arg(required_unless_present_any = ["all", "cohort"])]
    pub scenarios: Vec<String>,
    /// Every perturbation of the catalogue instead
    #[arg(long, conflicts_with = "scenarios")]
    pub all: bool,
    /// The clean cases instead: one of every diagnosis and value of a stratum, e.g. skin_tone
    #[arg(long, value_name = "STRATUM", conflicts_with_all = ["scenarios", "all", "case"])]
    pub cohort: Option<String>,
    /// Cases: a cohort folder, or phantom:N or phantom:N:SEED, perhaps with ?views=close,regional,oblique,poor&size=WxH; three at most
    /// are shown, one of each skin tone group where there is one (of few phantoms, N of the first 240)
    #[arg(long, default_value = "phantom:3")]
    pub cases: String,
    /// Only the case of this id
    #[arg(long, allow_hyphen_values = true)]
    pub case: Option<String>,
    /// Small sheets (JPEG, at most 25 kB each), for a page of many
    #[arg(long, conflicts_with = "cohort")]
    pub small: bool,
    /// Print word diffs of real cases, too; those of phantoms are printed anyway, [-taken away-] and {+added+}
    #[arg(long)]
    pub include_inputs: bool,
    /// Where to write
    #[arg(long)]
    pub out: PathBuf,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Perturbations
    Perturbations,
    /// Scenarios and suites
    Scenarios,
    /// Metrics
    Metrics,
    /// Models
    Models,
    /// Protocols
    Protocols,
    /// Hazards
    Hazards,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// What to list
    pub kind: Kind,
    /// Only the scenarios of this suite
    #[arg(long, value_name = "SUITE")]
    pub suite: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The id of a perturbation, scenario, suite, protocol, metric or hazard
    pub id: String,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scenario, suite, protocol and model files; cohort folders
    #[arg(required_unless_present = "model")]
    pub files: Vec<PathBuf>,
    /// A model to check
    #[arg(long)]
    pub model: Option<String>,
    /// Base URL of the model's endpoint
    #[arg(long)]
    pub url: Option<String>,
    /// Ask the model one case and say what it can do
    #[arg(long, requires = "model")]
    pub probe: bool,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// What the schema is of
    pub what: String,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The layout: csv, mediqa-m3g, medperturb, pad-ufes-20 or scin
    pub layout: String,
    /// The data set's table; for scin, the folder of its two tables
    pub source: PathBuf,
    /// The folder that holds its images
    #[arg(long, required_unless_present = "no_images", conflicts_with = "no_images")]
    pub images: Option<PathBuf>,
    /// Histories only
    #[arg(long)]
    pub no_images: bool,
    /// What the columns of a table mean (layout csv)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Where to write the cohort
    #[arg(long)]
    pub out: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_begin_with_a_hyphen() {
        let inspect = Cli::try_parse_from(["bedside", "inspect", "run", "--case", "-123"]).unwrap();
        assert!(matches!(inspect.verb, Verb::Inspect(InspectArgs { case: Some(id), .. }) if id == "-123"));
        let preview = Cli::try_parse_from(["bedside", "preview", "s.yaml", "--case", "-a-1", "--out", "o"]).unwrap();
        assert!(matches!(preview.verb, Verb::Preview(PreviewArgs { case: Some(id), .. }) if id == "-a-1"));
    }
}
