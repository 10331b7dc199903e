//! Every image operator of the catalogue at level 3 on 1024 × 768 RGB and on 12 megapixels, beside a plain copy as the
//! floor; and the distances between a photograph and its corrupted copy, which no operator takes. One thread.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

mod common;

use std::hint::black_box;
use std::time::Duration;

use bedside_perturbations::contract::photograph;
use bedside_perturbations::{Image, Stimulus};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};

use common::{after, context, distances, middles, stimulus};

fn group<'a>(criterion: &'a mut Criterion, name: &str, image: &Image) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(image.pixels.len() as u64));
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    group
}

fn operators(criterion: &mut Criterion, name: &str, image: &Image) {
    let mut group = group(criterion, name, image);
    group.bench_function("copy", |bench| bench.iter(|| black_box(image.pixels.clone())));
    for middle in middles() {
        let Some(operator) = middle.build().filter(|operator| after(operator.as_ref(), image).is_some()) else {
            continue;
        };
        group.bench_function(&middle.name, |bench| {
            let run = |mut stimulus: Stimulus| {
                operator.apply(black_box(&mut stimulus), &mut context()).unwrap();
                stimulus
            };
            bench.iter_batched(|| stimulus(image), run, BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn between(criterion: &mut Criterion, name: &str, image: &Image) {
    let mut group = group(criterion, name, image);
    for (name, measure) in distances(image).unwrap() {
        group.bench_function(name, |bench| bench.iter(|| black_box(measure())));
    }
    group.finish();
}

fn usual(criterion: &mut Criterion) {
    operators(criterion, "1024x768", &photograph(1024, 768, 1));
}

fn twelve_megapixels(criterion: &mut Criterion) {
    operators(criterion, "4000x3000", &photograph(4000, 3000, 1));
}

fn distance(criterion: &mut Criterion) {
    between(criterion, "distance 1024x768", &photograph(1024, 768, 1));
    between(criterion, "distance 4000x3000", &photograph(4000, 3000, 1));
}

criterion_group!(benches, usual, twelve_megapixels, distance);
criterion_main!(benches);
