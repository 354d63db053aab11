//! How long decisions take.

mod scenarios;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use targeting::{Split, Trace};

fn decide(criterion: &mut Criterion) {
    for scenario in scenarios::ALL {
        let (rules, visitor) = (scenario.rules(), scenario.visitor());
        criterion.bench_function(&format!("decide/{}", scenario.name), |bencher| {
            bencher.iter(|| black_box(&rules).decide(black_box(&visitor)));
        });
        criterion.bench_function(&format!("traced/{}", scenario.name), |bencher| {
            bencher.iter(|| {
                let mut trace = Trace::default();
                (black_box(&rules).decide_traced(black_box(&visitor), &mut trace), trace)
            });
        });
        criterion.bench_function(&format!("explain/{}", scenario.name), |bencher| {
            bencher.iter(|| black_box(&rules).explain(black_box(&visitor)));
        });
    }
}

fn split(criterion: &mut Criterion) {
    criterion.bench_function("split/three", |bencher| {
        bencher.iter(|| Split::pick(black_box([60, 30, 10]), black_box(42)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).without_plots();
    targets = decide, split
}
criterion_main!(benches);
