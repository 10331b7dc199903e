"""Times the patient bootstrap beside two NumPy programs, in turns, in one run, and writes the table of ratios.

    cargo build -p bedside-stats --features bench --benches
    PYTHON stats/benches/compare.py --ours TARGET/debug/deps/bootstrap-… --out stats/BENCHMARKS.md

PYTHON needs NumPy. Every round runs every program once, so a busy machine slows all of them. The gather takes minutes for
all replicates, so it does as many as asked for (--gather) and its time is scaled up; the other two do them all. All three
repeat the same draws, and the largest relative difference of their metrics from ours is printed.
"""
import argparse
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
REPLICATES, THREADS = 2000, 2


def ran(command):
    threads = {key: str(THREADS) for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return json.loads(subprocess.run(command, env=os.environ | threads, check=True, capture_output=True).stdout)


def numpy(program, folder, replicates):
    found = ran([sys.executable, str(HERE / program), folder, str(replicates)])
    assert found["apart"] < 1e-9, f"{program} differs by {found['apart']}"
    return found | {"all_s": found["seconds"] * REPLICATES / replicates}


def processor_seconds(command):
    """What both threads used together, with the invention of the data; half of it is the time on free processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def table(patients, rounds, used):
    ours = statistics.median(r[0]["all_s"] for r in rounds)
    text = [f"\n{patients} patients, 5811 cases:\n", "| program | seconds | ours is faster by | peak MB | largest difference |",
            "|---|--:|--:|--:|--:|"]
    for place, name in enumerate(("ours", "NumPy, weights as a matrix product", "NumPy, index gather (scaled up)")):
        seconds = statistics.median(r[place]["all_s"] for r in rounds)
        peak = max(r[place]["peak_mb"] for r in rounds)
        apart = "–" if place == 0 else f"{max(r[place]['apart'] for r in rounds):.0e}"
        ratio = "–" if place == 0 else f"{seconds / ours:.0f} ×"
        text.append(f"| {name} | {seconds:.2f} | {ratio} | {peak:.0f} | {apart} |")
    text.append(f"\nProcessor time of ours, all threads and the invention of the data included: {used:.2f} s.")
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gather", type=int, default=100)
    parser.add_argument("--matrix", type=int, default=REPLICATES)
    parser.add_argument("--patients", type=int, nargs="+", default=[5811, 1937])
    parser.add_argument("--date", default="")
    options = parser.parse_args()
    parts = []
    for patients in options.patients:
        with tempfile.TemporaryDirectory() as folder:
            rounds = []
            for _ in range(options.rounds):
                mine = ran([options.ours, folder, str(patients), str(THREADS)])
                rounds.append((mine, numpy("matrix.py", folder, options.matrix),
                               numpy("gather.py", folder, options.gather)))
        used = statistics.median(
            processor_seconds([options.ours, "-", str(patients), str(THREADS)]) for _ in range(options.rounds))
        parts.append(table(patients, rounds, used))
    load = os.getloadavg()[0]
    shares = f"of the matrix product {options.matrix}, of the gather {options.gather} replicates were run and scaled to {REPLICATES}"
    head = (f"# Benchmarks\n\nOne run of `stats/benches/compare.py`{' on ' + options.date if options.date else ''}: {processor()}, "
            f"{os.cpu_count()} processors, {THREADS} threads; medians of {options.rounds} rounds in which all take turns; {shares}. "
            f"Load average at the end {load:.1f}: above {THREADS + 1} other programs ran beside it, so take the ratios, not "
            "the times.\n\n5,811 cases × 60 arms × 10 metrics (five rates, two means, weighted kappa, calibration error, area "
            "under the risk–coverage curve), 2,000 replicates of the patient bootstrap, from the cases to percentile "
            "intervals. The product prints percentile intervals of none of these: rates have Clopper–Pearson, means BCa or the hull of "
            "`stats/COVERAGE.md`, kappa a jackknife, and the last two none; what is timed is drawing and "
            "computing replicates. Wanted: under 3 s on two free processors, under 500 MB, ten times as fast as the gather.\n")
    text = head + "".join(parts)
    if options.out:
        options.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
