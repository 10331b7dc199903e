//! Every image operator of the catalogue at level 3 on 1024 × 768 RGB, the ImageNet-C suite, 12 megapixels, and a plain
//! copy as the floor; one thread.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Duration;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::photograph;
use bedside_perturbations::{Argument, Context, Image, Level, Perturbation, Setting, Stimulus, Stream, Takes, Target};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// The operator at level 3, required parameters at their first choice.
fn middle(entry: &Entry) -> Option<Box<dyn Perturbation>> {
    let mut setting = Setting::at(entry.card, Level::new(3)?);
    for parameter in entry.card.parameters.iter().filter(|parameter| parameter.required) {
        if let Takes::Choice([first, ..]) = parameter.takes {
            setting.arguments.insert(parameter.name.into(), Argument::Text((*first).into()));
        }
    }
    entry.build(&setting).ok()
}

fn apply(operator: &dyn Perturbation, image: &Image) -> bool {
    let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
    operator.apply(black_box(&mut stimulus), &mut Context::new(Stream::derive(1, &["bench"]))).is_ok()
}

fn at_size(criterion: &mut Criterion, name: &str, image: &Image) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(image.pixels.len() as u64));
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    group.bench_function("copy", |bench| bench.iter(|| black_box(image.pixels.clone())));
    for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::Image) {
        let Some(operator) = middle(entry).filter(|operator| apply(operator.as_ref(), image)) else { continue };
        group.bench_function(entry.card.id, |bench| {
            let fresh = || Stimulus { images: vec![image.clone()], ..Stimulus::default() };
            let run = |mut stimulus: Stimulus| {
                let mut cx = Context::new(Stream::derive(1, &["bench"]));
                operator.apply(black_box(&mut stimulus), &mut cx).unwrap();
                stimulus
            };
            bench.iter_batched(fresh, run, BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn usual(criterion: &mut Criterion) {
    at_size(criterion, "1024x768", &photograph(1024, 768, 1));
}

fn twelve_megapixels(criterion: &mut Criterion) {
    at_size(criterion, "4000x3000", &photograph(4000, 3000, 1));
}

criterion_group!(benches, usual, twelve_megapixels);
criterion_main!(benches);
