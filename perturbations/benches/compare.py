"""Times the peers and our operators in turns, in one run, and writes the page of ratios.

    cargo bench -p bedside-perturbations --features bench --bench turns --no-run
    PYTHON perturbations/benches/compare.py --ours target/release/deps/turns-… --out perturbations/BENCHMARKS.md \\
        --peer imagecorruptions=VENV/bin/python --peer medmnistc=VENV/bin/python \\
        --peer albumentations=VENV/bin/python --peer opencv=VENV/bin/python --peer pillow=VENV/bin/python

PYTHON needs NumPy and Pillow. It installs nothing: the environments are made from the requirements files beside it. Every round
runs every program once, so a busy machine slows all of them; a figure is the median over the rounds of the medians within a
round. A peer counts as comparable only where its result agrees with ours (see `parity`); the others stand in brackets.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

import page
from cases import NAMES, NOISE, PIPELINE, SQUARE, TEXTURE, at_size, dermatology, kind
from picture import picture

LARGE = "4000x3000"
# glibc then gives freed memory back at once, so that what a process holds is what is in use.
GIVES_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "0"}
# glibc then keeps all freed memory, so that a large result is not new pages each time.
KEEPS = {"GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=2000000000"}


def rows(command, **environment):
    """The lines of JSON that a program prints."""
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})
    if made.returncode:
        # What it printed before counts; what is missing stands as not run.
        print(f"{command[0]} stopped: {made.stderr.strip()[-300:]}", file=sys.stderr)
    return [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]


class Bench:
    """The pictures in a folder, and how our program and the peers are called on them."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        for size in (options.size, SQUARE, LARGE):
            os.mkdir(self.place(size))
            rgb = picture(*map(int, size.split("x")))
            rgb.tofile(self.place(size, "in.rgb"))
            Image.fromarray(rgb).save(self.place(size, "in.jpg"), quality=90)
        self.peers = [peer.split("=", 1) for peer in options.peer]

    def place(self, size, *name):
        return os.path.join(self.folder, size, *name)

    def wanted(self, names):
        """Of those names the ones that --only asks for: a whole name, or the operator that it begins with."""
        only = self.options.only
        return [n for n in names if not only or n in only or n.split(" ")[0] in only]

    def ours(self, size, seconds, cases, *flags, **environment):
        texts = [f"{name}={text}" for name, text in cases.items()]
        jpeg = ["--jpeg", self.place(size, "in.jpg")]
        return rows([self.options.ours, self.place(size, "in.rgb"), size, str(seconds), *jpeg, *flags, *texts], **environment)

    def peer(self, name, python, size, cases, dump):
        beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers.py")
        command = [python, beside, name, self.place(size), size, str(self.options.seconds), *cases]
        return rows(command + ["--dump"] * dump)

    def stations(self, first):
        """What one round does: who, at which size, and the work."""
        usual, derma = at_size(self.options.size), dermatology()
        sides = {self.options.size: {**usual, **derma}, SQUARE: {}}
        sides[SQUARE]["medmnist_c zoom_blur"] = sides[self.options.size].pop("medmnist_c zoom_blur")
        for size, cases in sides.items():
            cases = {n: cases[n] for n in self.wanted(cases)}
            if not cases:
                continue
            flags = ["--dump", self.place(size)] if first else []
            yield "ours", lambda s=size, c=cases, f=flags: self.ours(s, self.options.seconds, c, *f)
            for name, python in self.peers:
                mine = [n for n in cases if n.startswith("medmnist_c") == (name == "medmnistc")]
                # Glass blur takes many seconds in one of them: once is enough.
                if not first and name == "imagecorruptions" and not self.options.only:
                    mine = [n for n in mine if n != "glass_blur"]
                if mine and (size == self.options.size or name == "medmnistc"):
                    yield name, lambda n=name, p=python, s=size, m=mine: self.peer(n, p, s, m, first)

    def gather(self):
        """Medians by who and case, what went wrong, and the load after each round."""
        times, errors, loads = {}, {}, []
        for turn in range(self.options.rounds):
            stations = list(self.stations(turn == 0))
            for who, work in stations if turn % 2 == 0 else stations[::-1]:
                for row in work():
                    if "ms" in row:
                        times.setdefault(who, {}).setdefault(row["case"], []).append(row["ms"])
                    else:
                        errors.setdefault(who, {})[row["case"]] = row["error"]
            loads.append(os.getloadavg()[0])
            print("round", turn + 1, file=sys.stderr)
        middle = lambda found: {case: statistics.median(values) for case, values in found.items()}
        return {who: middle(found) for who, found in times.items()}, errors, loads

    def catalogue(self):
        """Every row of the catalogue at level 3: milliseconds at both sizes, with one thread and with two; memory."""
        names = subprocess.run([self.options.ours, "--rows"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        cases = {name: "level-3" for name in self.wanted(names)}
        usual, found = self.options.size, {name: {} for name in cases}
        def note(measured, **keys):
            for row in measured:
                if row["case"] in found:
                    found[row["case"]].update({key: row[ours] for key, ours in keys.items() if ours in row})
                    if "error" in row:
                        found[row["case"]]["error"] = row["error"]

        copy = self.ours(usual, self.options.seconds, {"copy": "copy"})
        note(self.ours(usual, 2 * self.options.seconds, cases), ms="ms")
        note(self.ours(LARGE, 0.4, cases), large="ms")
        note(self.ours(LARGE, 0.4, cases, **KEEPS), kept="ms")
        # One process each: what one leaves behind would hide what the next takes.
        note([row for n in cases for row in self.ours(usual, 0, {n: "level-3"}, "--memory", **GIVES_BACK)], memory="pictures")
        note(self.ours(usual, 1.0, cases, "--scaling"), one="one", two="two")
        return {"copy": statistics.median(r["ms"] for r in copy), "rows": found}

    def distances(self):
        """Milliseconds of what `distance` does, by name and size."""
        names = subprocess.run([self.options.ours, "--distances"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        cases, found = {name: "distance" for name in names}, {}
        for size in (self.options.size, LARGE) if not self.options.only or "distance" in self.options.only else ():
            for row in self.ours(size, 0.4, cases):
                found.setdefault(row["case"], {})[size] = row["ms"]
        return found

    def parities(self, times):
        """For each peer and case: whether it is the same work, and how far apart the results are."""
        found = {}
        for name, _ in self.peers:
            for case in times.get(name, {}):
                size = SQUARE if case == "medmnist_c zoom_blur" else self.options.size
                if case in times["ours"]:
                    found.setdefault(name, {})[case] = parity(self.place(size), name, case, size)
        return found


def parity(folder, name, case, size):
    """Whether a peer's result is the same work, and how far it is from ours.

    Deterministic: a mean difference of at most 1.5 grey levels away from the border (the reference cuts fractions off,
    others round, and zooms keep other corners). Noise: mean and deviation of what was added within 5 % or 1.5 levels.
    Textures and warps: the mean change within a half to twice ours.
    """
    if case == PIPELINE:
        return True, "PNG files of another size"
    read = lambda file: np.fromfile(os.path.join(folder, file), np.uint8).astype(float)
    ours, theirs, base = read(f"{case}.rgb"), read(f"{name}-{case}.rgb"), read("in.rgb")
    if ours.size != theirs.size:
        return False, "other size"
    if kind(case) in NOISE:
        one, other = (((v - base).mean(), (v - base).std()) for v in (ours, theirs))
        same = abs(one[0] - other[0]) < 1.5 and abs(one[1] - other[1]) < max(1.5, 0.05 * one[1])
        return bool(same), f"deviation {other[1]:.1f} for {one[1]:.1f}"
    if kind(case) in TEXTURE:
        one, other = (np.abs(v - base).mean() for v in (ours, theirs))
        return bool(0.5 < other / one < 2), f"change {other:.2g} for {one:.2g}"
    width = int(size.split("x")[0])
    shape = (-1, width // 2 if case == "half_the_size" else width, 3)
    cut = lambda v: v.reshape(shape)[40:-40, 40:-40]
    apart = np.abs(cut(ours) - cut(theirs)).mean()
    return bool(apart <= 1.5), f"{apart:.2f} levels"


def measured(options):
    """Everything that the page is made from."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        times, errors, loads = bench.gather()
        catalogue, distances = bench.catalogue(), bench.distances()
        parities = bench.parities(times)
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    width, height = map(int, options.size.split("x"))
    return {"date": time.strftime("%Y-%m-%d"), "machine": model, "cores": os.cpu_count(), "load": max(loads), "size": options.size,
            "bytes": 3 * width * height, "rounds": options.rounds, "peers": [name for name, _ in bench.peers], "large": LARGE,
            "times": times, "errors": errors, "parity": parities, "catalogue": catalogue, "distances": distances}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", required=True)
    parser.add_argument("--peer", action="append", default=[], help="NAME=PYTHON")
    parser.add_argument("--size", default="1024x768")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.15)
    parser.add_argument("--only", type=lambda text: [t for t in text.split(",") if t], default=[], help="names of cases or operators")
    parser.add_argument("--out")
    parser.add_argument("--raw", help="the figures as JSON; page.py makes the page of them")
    parser.add_argument("--notes", help="a file with what the goals missed are bound by; added to the end")
    options = parser.parse_args()
    found = measured(options)
    if options.raw:
        json.dump(found, open(options.raw, "w"), indent=1)
    text = page.written(found) + ("\n" + open(options.notes).read() if options.notes else "")
    if options.out:
        open(options.out, "w").write(text)
    print(text)


if __name__ == "__main__":
    main()
