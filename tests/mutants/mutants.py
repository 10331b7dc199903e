"""Mutants of Bedside, compiled at once and chosen when the tests run: which change of the code would no test notice?

    cargo install cargo-mutants --locked
    python3 tests/mutants/mutants.py build PLACE PACKAGE [--files PREFIX...] [--not PREFIX...] [--sample N] [--seed S]
    nice python3 tests/mutants/mutants.py run PLACE

`cargo mutants` knows the mutants: bodies replaced by constants, operators swapped or removed, arms, guards and fields deleted.
It builds the crate anew for each, which takes days here. `build` takes its list and writes all bodies of a function side by side
into a copy of the repository in PLACE (`match active() { 17 => {…} 18 => {…} _ => {the original} }`), then builds the tests of
PACKAGE once; what the compiler refuses is left out and listed in PLACE/refused.txt, as cargo-mutants does with what it calls
unviable. `run` runs them for each mutant, first those of its module, then all, and prints the mutants that
live: all tests passed. A mutant that uses far more processor time than the tests need, or memory without end, counts as noticed.
PLACE/result.json remembers every mutant's end, so that `run` continues where it was stopped; CARGO_TARGET_DIR saves building the
dependencies again.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACTIVE = """
pub(crate) fn active() -> u32 {
    static ACTIVE: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *ACTIVE.get_or_init(|| std::env::var("MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(u32::MAX))
}
"""
ALLOWED = "#![allow(warnings, missing_docs, arithmetic_overflow, unconditional_panic, overflowing_literals, clippy::all)]\n"
LIB = {"bedside": "src/lib.rs", "bedside-stats": "stats/lib.rs", "bedside-perturbations": "perturbations/lib.rs",
       "bedside-paint": "paint/lib.rs", "bedside-reports": "reports/lib.rs"}
MEMORY = 8 << 30


def listed(package, files, without, sample, seed):
    """The mutants of a package whose file begins as wanted, by number; a seeded sample orders them by a digest of their names."""
    text = subprocess.run(["cargo-mutants", "mutants", "--list", "--json", "--no-config", "-p", package], cwd=ROOT, check=True,
                          capture_output=True, text=True).stdout
    found = [m for m in json.loads(text) if not files or m["file"].startswith(tuple(files))]
    found = [m for m in found if not m["file"].startswith(tuple(without))] if without else found
    for mutant in found:
        if not mutant["function"]:
            print("outside of functions, to be looked at by hand:", mutant["name"])
    found = [m for m in found if m["function"]]
    if sample:
        found = sorted(found, key=lambda m: hashlib.sha256(f"{seed} {m['name']}".encode()).digest())[:sample]
    return dict(enumerate(sorted(found, key=lambda m: m["name"])))


def offset(lines, place):
    """The position in the text of a line and column counted from 1."""
    return sum(len(line) for line in lines[:place["line"] - 1]) + place["column"] - 1


def signature(text, lines, function):
    """Where the name's `fn` begins, where the statements begin, and where they end."""
    start, end = (offset(lines, function["span"][side]) for side in ("start", "end"))
    name = re.escape(function["function_name"].split("::")[-1])
    found = re.search(r"\bfn\s+" + name + r"\b", text[start:end])
    depth, at = 0, start + found.end()
    while not (text[at] == "{" and depth == 0):
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(text[at], 0)
        at += 1
    return start + found.start(), at + 1, text.rindex("}", at, end)


def boxed(returns):
    """What makes bodies of different types one type, where a function returns `impl Trait`."""
    kind = re.match(r"-> impl (.*)", returns, re.S)
    if not kind:
        return "{\n", "\n}"
    bounds = kind[1] if "'" in kind[1] else kind[1] + " + '_"
    return "(Box::new({\n", "\n}) as Box<dyn " + bounds + ">),"


def outermost(text, lines, mutants):
    """The mutants of each function; those of a function inside another belong to the outer."""
    functions, outer = collections.defaultdict(list), None
    found = [(signature(text, lines, mutant["function"]), number) for number, mutant in mutants.items()]
    for place, number in sorted(found):
        if outer is None or place[0] >= outer[2]:
            outer = place
        functions[outer].append((number, mutants[number]))
    return functions


def rewritten(text, mutants):
    """The file with all bodies, and the mutant of each of its lines."""
    lines = text.splitlines(keepends=True)
    functions = outermost(text, lines, mutants)
    pieces, last = [], 0
    for (begin, start, end), inside in sorted(functions.items()):
        # A constant function cannot ask which mutant is active; none of ours is needed in a constant.
        head = re.sub(r"\bconst\s+$", "", text[last:begin])
        pieces.append((head + text[begin:start] + "\nmatch crate::mutants::active() {\n", None))
        opened, closed = boxed(inside[0][1]["function"]["return_type"])
        for number, mutant in inside:
            a, b = (offset(lines, mutant["span"][side]) for side in ("start", "end"))
            body = text[start:a] + mutant["replacement"] + text[b:end]
            pieces.append((f"{number} => {opened}{body}{closed}\n", number))
        pieces.append((f"_ => {opened}{text[start:end]}{closed}\n}}\n", None))
        last = end
    pieces.append((text[last:], None))
    owners = [owner for piece, owner in pieces for _ in range(piece.count("\n"))]
    return "".join(piece for piece, _ in pieces), owners


def written(copy, mutants, files):
    """Writes the files with these mutants; by file, the mutant of each line."""
    owners = {}
    for file in files:
        mine = {number: mutant for number, mutant in mutants.items() if mutant["file"] == file}
        text, owners[file] = rewritten((ROOT / file).read_text(), mine)
        (copy / file).write_text(opened_lib(text) if file in LIB.values() else text)
        if file in LIB.values():
            owners[file] = None
    return owners


def opened_lib(text):
    """The root of a crate with the switch in it; what the compiler only dislikes is allowed."""
    first = re.search(r"^(#\[.*\]\n)*(pub )?mod ", text, re.M).start()
    return text[:first] + ALLOWED + "mod mutants;\n" + text[first:]


def copied(place, package):
    copy = place / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
                           text=True).stdout.splitlines()
    for file in files:
        if (ROOT / file).is_file():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, copy / file)
    lib = copy / LIB[package]
    lib.write_text(opened_lib(lib.read_text()))
    (lib.parent / "mutants.rs").write_text(ACTIVE)
    return copy


def cargo(copy, package, *arguments):
    run = subprocess.run(["cargo", *arguments, "-p", package, "--lib", "--message-format=json"], cwd=copy,
                         capture_output=True, text=True)
    messages = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return run.returncode, messages, run.stderr


def viable(place, copy, package, mutants):
    """Leaves out what does not compile, until the rest does."""
    files, refused = sorted({mutant["file"] for mutant in mutants.values()}), []
    while True:
        owners = written(copy, mutants, files)
        failed, messages, errors = cargo(copy, package, "check", "--profile", "test")
        if not failed:
            (place / "refused.txt").write_text("\n".join(refused) + "\n")
            return mutants
        guilty = {}
        for message in (m["message"] for m in messages if m.get("reason") == "compiler-message"):
            for span in message["spans"]:
                lines = owners.get(span["file_name"])
                if message["level"] == "error" and span["is_primary"] and lines:
                    guilty.setdefault(lines[span["line_start"] - 1], (message.get("code") or {}).get("code") or message["message"])
        guilty.pop(None, None)
        if not guilty:
            raise SystemExit(errors[-2000:] + "\n".join(m["message"]["rendered"] for m in messages if "message" in m)[:6000])
        print(f"{len(guilty)} do not compile", flush=True)
        refused += [f"{why}: {mutants[number]['name']}" for number, why in guilty.items()]
        mutants = {number: mutant for number, mutant in mutants.items() if number not in guilty}


def build(options):
    place = options.place.resolve()
    place.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("CARGO_TARGET_DIR", str(place / "target"))
    mutants = listed(options.package, options.files, options.without, options.sample, options.seed)
    copy = copied(place, options.package)
    print(len(mutants), "mutants", flush=True)
    mutants = viable(place, copy, options.package, mutants)
    failed, messages, errors = cargo(copy, options.package, "test", "--no-run")
    if failed:
        raise SystemExit(errors[-4000:])
    binary = next(m["executable"] for m in messages if m.get("executable"))
    shutil.copy(binary, place / "tests")
    known = {number: {"name": m["name"], "file": m["file"]} for number, m in mutants.items()}
    (place / "mutants.json").write_text(json.dumps({"package": options.package, "mutants": known}))
    (place / "result.json").unlink(missing_ok=True)
    print(len(mutants), "compile")


def module(package, file):
    """The first part of the path of tests that stand in a file or beside it."""
    first = pathlib.Path(file).relative_to(pathlib.Path(LIB[package]).parent).parts[0]
    return first.removesuffix(".rs") + "::"


def passes(place, folder, number, arguments, seconds):
    """Whether these tests pass with that mutant, within so much processor time."""
    def limited():
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        run = subprocess.run([place / "tests", "-q", "--test-threads=1", *arguments], cwd=folder, preexec_fn=limited,
                             env={**os.environ, "MUTANT": str(number)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             timeout=3600)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def processor_time(place, folder, arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not passes(place, folder, "none", arguments, 3000):
        raise SystemExit(f"the tests {arguments} do not pass without a mutant")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(options):
    place = options.place.resolve()
    told = json.loads((place / "mutants.json").read_text())
    package, mutants = told["package"], told["mutants"]
    folder = place / "copy" / pathlib.Path(LIB[package]).parent
    folder = folder.parent if package == "bedside" else folder
    skips = [part for name in options.skip for part in ("--skip", name)]
    lates = [part for name in options.late for part in ("--skip", name)]
    stages = [skips + lates] + ([skips] if lates else [])
    limits = [2 + 3 * processor_time(place, folder, stage) for stage in stages]
    kept = place / "result.json"
    ends = json.loads(kept.read_text()) if kept.exists() else {}

    def end(number):
        near = [module(package, mutants[number]["file"]), *options.first]
        if not passes(place, folder, number, [*near, *skips, *lates], limits[0]):
            return "killed nearby"
        return "lives" if all(passes(place, folder, number, *stage) for stage in zip(stages, limits)) else "killed"
    left = [number for number in mutants if number not in ends]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for count, (number, found) in enumerate(zip(left, pool.map(end, left))):
            ends[number] = found
            if found == "lives":
                print("lives:", mutants[number]["name"], flush=True)
            if count % 20 == 0:
                kept.write_text(json.dumps(ends))
    kept.write_text(json.dumps(ends))
    print(f"{sum(found == 'lives' for found in ends.values())} of {len(ends)} live")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    actions = parser.add_subparsers(required=True)
    builds = actions.add_parser("build")
    builds.set_defaults(do=build)
    builds.add_argument("place", type=pathlib.Path)
    builds.add_argument("package", choices=sorted(LIB))
    builds.add_argument("--files", nargs="+", default=[], help="only files whose path begins so")
    builds.add_argument("--not", dest="without", nargs="+", default=[], help="no files whose path begins so")
    builds.add_argument("--sample", type=int, default=0, help="so many, the same for the same seed")
    builds.add_argument("--seed", type=int, default=1)
    runs = actions.add_parser("run")
    runs.set_defaults(do=run)
    runs.add_argument("place", type=pathlib.Path)
    runs.add_argument("--jobs", type=int, default=2)
    runs.add_argument("--first", nargs="+", default=[], help="tests that are run first, beside those of the mutated module")
    runs.add_argument("--skip", nargs="+", default=[], help="tests that are not run")
    runs.add_argument("--late", nargs="+", default=[], help="slow tests, run only for what all others let live")
    options = parser.parse_args()
    options.do(options)


if __name__ == "__main__":
    main()
