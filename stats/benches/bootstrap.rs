//! Times the patient bootstrap on made-up data of a stated size, and leaves the data for the NumPy programs beside it.
//!
//! `bootstrap [FOLDER [PATIENTS [THREADS]]]`; prints one JSON object. `-` leaves nothing. `compare.py` calls it.
#![expect(clippy::disallowed_methods, reason = "a benchmark has a clock, threads, arguments and files")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "it may end with a panic, and prints what it found")]

use std::path::Path;
use std::time::Instant;

use bedside_perturbations::Stream;
use bedside_stats::replicates::{
    Answer, Calibration, Columns, Draws, LANES, Moments, Risk, Weights, quantile, weighted_kappa,
};

const CASES: usize = 5_811;
const ARMS: usize = 60;
/// Means over cases: five of events, two of continuous numbers.
const LINEAR: usize = 7;
const EVENTS: usize = 5;
const METRICS: usize = LINEAR + 3;
const REPLICATES: usize = 2_000;
const BINS: u32 = 10;
/// Replicates that are written down, for the others to repeat.
const SHOWN: usize = 64;

/// Case by case, as a run would have them.
struct Data {
    patient: Vec<u32>,
    patients: usize,
    arms: Vec<Arm>,
}

struct Arm {
    /// A value per case and linear metric; NaN outside the denominator.
    linear: Vec<Vec<f64>>,
    confidence: Vec<f64>,
    right: Vec<bool>,
    grades: Vec<(u8, u8)>,
}

impl Data {
    fn invent(patients: usize) -> Self {
        let root = Stream::derive(2_026, &["benchmark"]);
        let patient = (0..CASES).map(|case| (case * patients / CASES) as u32).collect();
        let arms = (0..ARMS as u64).map(|arm| Arm::invent(root.fork("arm", arm))).collect();
        Self { patient, patients, arms }
    }
}

impl Arm {
    fn invent(mut stream: Stream) -> Self {
        let value = |stream: &mut Stream, metric: usize| match metric {
            _ if stream.chance(0.03) => f64::NAN,
            metric if metric < EVENTS => f64::from(u8::from(stream.chance(0.05 + 0.1 * metric as f64))),
            _ => stream.between(-1.0, 1.0),
        };
        let linear = (0..LINEAR).map(|m| (0..CASES).map(|_| value(&mut stream, m)).collect()).collect();
        let confidence: Vec<f64> = (0..CASES).map(|_| stream.between(0.2, 1.0)).collect();
        let right = confidence.iter().map(|c| stream.chance(c - 0.1)).collect();
        let grade = |stream: &mut Stream| stream.below(4) as u8;
        let grades = (0..CASES).map(|_| {
            let control = grade(&mut stream);
            (control, if stream.chance(0.7) { control } else { grade(&mut stream) })
        });
        Self { linear, confidence, right, grades: grades.collect() }
    }
}

/// What is made of the data once, for all replicates.
struct Ready {
    columns: Columns,
    calibration: Vec<Calibration>,
    risk: Vec<Risk>,
}

impl Ready {
    fn of(data: &Data) -> Self {
        let mut columns = Columns::new(data.patients);
        for arm in &data.arms {
            for values in &arm.linear {
                columns.push(&by_patient(data, |case| if values[case].is_nan() { 0.0 } else { values[case] }));
                columns.push(&by_patient(data, |case| f64::from(u8::from(!values[case].is_nan()))));
            }
            for moment in [|_, _| 1.0, |i: f64, j: f64| (i - j) * (i - j), |i, j| i * i + j * j, |i, _| i, |_, j| j] {
                let grade = |case: usize| moment(f64::from(arm.grades[case].0), f64::from(arm.grades[case].1));
                columns.push(&by_patient(data, grade));
            }
        }
        let answers: Vec<Vec<Answer>> = data.arms.iter().map(|arm| arm.answers(&data.patient)).collect();
        let calibration = answers.iter().map(|list| Calibration::of(list, BINS).unwrap()).collect();
        let risk = answers.iter().map(|list| Risk::of(list).unwrap()).collect();
        Self { columns, calibration, risk }
    }

    /// Every metric of every arm in every lane.
    fn block(&self, weights: &Weights) -> Vec<[f64; LANES]> {
        let totals = self.columns.totals(weights);
        let mut metrics = Vec::with_capacity(ARMS * METRICS);
        for (arm, totals) in totals.chunks_exact(2 * LINEAR + 5).enumerate() {
            let (linear, moments) = totals.split_at(2 * LINEAR);
            metrics.extend(linear.as_chunks::<2>().0.iter().map(|[sum, n]| each_lane(|lane| sum[lane] / n[lane])));
            metrics.push(each_lane(|lane| kappa(moments, lane)));
            metrics.push(self.calibration[arm].errors(weights));
            metrics.push(self.risk[arm].areas(weights));
        }
        metrics
    }
}

impl Arm {
    fn answers(&self, patient: &[u32]) -> Vec<Answer> {
        let cases = patient.iter().zip(&self.confidence).zip(&self.right);
        cases
            .map(|((patient, confidence), right)| Answer { patient: *patient, confidence: *confidence, right: *right })
            .collect()
    }
}

fn each_lane(value: impl Fn(usize) -> f64) -> [f64; LANES] {
    std::array::from_fn(value)
}

fn kappa(moments: &[[f64; LANES]], lane: usize) -> f64 {
    let [n, apart, squares, first, second] = [0, 1, 2, 3, 4].map(|moment| moments[moment][lane]);
    weighted_kappa(Moments { n, apart, squares, first, second }).unwrap_or(f64::NAN)
}

fn by_patient(data: &Data, value: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; data.patients];
    for (case, patient) in data.patient.iter().enumerate() {
        sums[*patient as usize] += value(case);
    }
    sums
}

/// All replicates: each thread takes every so many-th block.
fn replicates(ready: &Ready, draws: &Draws, threads: usize) -> Vec<Vec<f64>> {
    let blocks = REPLICATES.div_ceil(LANES);
    let work = |thread: usize| -> Vec<(usize, Vec<[f64; LANES]>)> {
        (thread..blocks).step_by(threads).map(|block| (block, ready.block(&draws.block(block as u64)))).collect()
    };
    let done: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    let mut metrics = vec![vec![0.0; blocks * LANES]; ARMS * METRICS];
    for (block, values) in done {
        for (metric, lanes) in metrics.iter_mut().zip(values) {
            metric[block * LANES..(block + 1) * LANES].copy_from_slice(&lanes);
        }
    }
    metrics
}

fn intervals(metrics: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let limits = |replicates: &Vec<f64>| {
        let mut ascending = replicates[..REPLICATES].to_vec();
        ascending.sort_unstable_by(f64::total_cmp);
        (quantile(&ascending, 0.025).unwrap(), quantile(&ascending, 0.975).unwrap())
    };
    metrics.iter().map(limits).collect()
}

fn write(folder: &Path, name: &str, numbers: impl IntoIterator<Item = f64>) {
    let bytes: Vec<u8> = numbers.into_iter().flat_map(f64::to_le_bytes).collect();
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// Leaves data, draws and results as rows of little-endian doubles.
fn leave(folder: &Path, data: &Data, draws: &Draws, metrics: &[Vec<f64>]) {
    std::fs::create_dir_all(folder).unwrap();
    write(folder, "patient", data.patient.iter().map(|p| f64::from(*p)));
    write(folder, "linear", data.arms.iter().flat_map(|arm| arm.linear.iter().flatten().copied()));
    write(folder, "confidence", data.arms.iter().flat_map(|arm| arm.confidence.iter().copied()));
    write(folder, "right", data.arms.iter().flat_map(|arm| arm.right.iter().map(|r| f64::from(u8::from(*r)))));
    let grades = |arm: &Arm| -> Vec<f64> {
        let (control, treated): (Vec<f64>, Vec<f64>) =
            arm.grades.iter().map(|(i, j)| (f64::from(*i), f64::from(*j))).unzip();
        [control, treated].concat()
    };
    write(folder, "grades", data.arms.iter().flat_map(grades));
    write(folder, "draws", (0..REPLICATES as u64).flat_map(|r| draws.indices(r).map(|p| p as f64).collect::<Vec<_>>()));
    write(folder, "shown", metrics.iter().flat_map(|metric| metric[..SHOWN].iter().copied()));
}

/// The most memory that was ever in use, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).map_or(f64::NAN, |kb| kb / 1000.0)
}

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|argument| argument != "--bench").collect();
    let number = |place: usize, usual: usize| arguments.get(place).map_or(usual, |text| text.parse().unwrap());
    let (patients, threads) = (number(2, CASES), number(3, 2));
    let data = Data::invent(patients);
    let draws = Draws::new(Stream::derive(2_026, &["bootstrap"]), patients);
    let start = Instant::now();
    let ready = Ready::of(&data);
    let prepared = start.elapsed().as_secs_f64();
    let metrics = replicates(&ready, &draws, threads);
    let resampled = start.elapsed().as_secs_f64();
    let limits = intervals(&metrics);
    let all = start.elapsed().as_secs_f64();
    println!(
        "{{\"patients\": {patients}, \"threads\": {threads}, \"prepare_s\": {prepared:.3}, \"resample_s\": {:.3}, \
         \"sort_s\": {:.3}, \"all_s\": {all:.3}, \"peak_mb\": {:.0}, \"intervals\": {}}}",
        resampled - prepared,
        all - resampled,
        peak(),
        limits.len()
    );
    if let Some(folder) = arguments.get(1).filter(|folder| *folder != "-") {
        leave(Path::new(folder), &data, &draws, &metrics);
    }
}
