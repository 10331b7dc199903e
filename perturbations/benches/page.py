"""Makes BENCHMARKS.md of the figures that compare.py measured; it measures nothing and needs nothing but Python.

    python perturbations/benches/page.py FIGURES.json [NOTES.md] > perturbations/BENCHMARKS.md
"""
import json
import math
import statistics
import sys

from cases import COMPARABLE, NAMES, PIPELINE, POINT, TEXTURE, TWICE, at_size

# Load averages above it mean that other programs ran beside the benchmark, which keeps one core busy itself.
BUSY = 2.0
# From so many milliseconds on the goals for two threads and for twelve megapixels hold.
LONG = 1.0


def mean_ratio(ratios):
    """The geometric mean."""
    return math.exp(statistics.fmean(map(math.log, ratios))) if ratios else None


def times_(ratio, digits=1):
    return "not run" if ratio is None else f"{ratio:.{digits}f} ×"


def listed(found, text):
    """What lies beyond a goal, or that nothing does."""
    return ", ".join(text(name, value) for name, value in found) or "none"


def fastest(found, case):
    """The fastest comparable peer whose work is the same, and how many times as long as ours it takes."""
    ours = found["times"]["ours"][case]
    same = [(found["times"][p][case] / ours, p) for p in found["peers"]
            if p in COMPARABLE and found["parity"].get(p, {}).get(case, (False,))[0]]
    return min(same, default=None)


def by_operator(ratios):
    """Each operator once: of one that is there at two sizes the lower ratio."""
    once = {}
    for case, ratio in ratios.items():
        operator = TWICE.get(case, case)
        once[operator] = min(ratio, once.get(operator, math.inf))
    return once


def cell(found, peer, case):
    if case not in found["times"].get(peer, {}):
        return "fails" if case in found["errors"].get(peer, {}) else "–"
    ms = f"{found['times'][peer][case]:.3g}"
    return ms if found["parity"][peer][case][0] else f"({ms})"


def peers_table(found):
    """The lines of the table, and for each case the ratio to the fastest comparable peer."""
    peers = [p for p in found["peers"] if p in COMPARABLE] + [p for p in found["peers"] if p == "imagecorruptions"]
    lines = ["| case | ours | " + " | ".join(peers + ["fastest comparable", "ratio"]) + " |",
             "|---|" + "--:|" * (len(peers) + 1) + "---|--:|"]
    best = {}
    for case in at_size(found["size"]):
        if case not in found["times"]["ours"]:
            continue
        first = fastest(found, case)
        last = [first[1], times_(first[0], 2)] if first else ["–", "–"]
        if first:
            best[case] = first[0]
        cells = [cell(found, peer, case) for peer in peers]
        lines.append("| " + " | ".join([case, f"{found['times']['ours'][case]:.3g}", *cells, *last]) + " |")
    return lines, best


def dermatology_table(found):
    """The lines of the table of medmnist_c, and the ratio of each that ran."""
    theirs = found["times"].get("medmnistc", {})
    lines, ratios = ["| medmnist_c | ours | medmnistc | ratio | result |", "|---|--:|--:|--:|---|"], {}
    for case, ms in theirs.items():
        if case in found["times"]["ours"]:
            ours = found["times"]["ours"][case]
            ratios[case] = ms / ours
            how = found["parity"]["medmnistc"][case]
            result = how[1] if how[0] else f"other: {how[1]}"
            lines.append(f"| {case.split(' ')[-1]} | {ours:.3g} | {ms:.3g} | {ms / ours:.1f} × | {result} |")
    return lines if ratios else [], ratios


def suite(found):
    """The goals about the ImageNet-C suite: the sum of what ran in both."""
    theirs, ours = found["times"].get("imagecorruptions", {}), found["times"]["ours"]
    ran = [n for n in NAMES if n in theirs and n in ours]
    ratio = lambda names: sum(theirs[n] for n in names) / sum(ours[n] for n in names) if names else None
    without = ratio([n for n in ran if n != "glass_blur"])
    whole = ratio(ran) if "glass_blur" in ran else None
    of = f" ({len(ran)} of {len(NAMES)})" if len(ran) < len(NAMES) else ""
    return [f"| ImageNet-C suite{of} without glass blur, against imagecorruptions | 35 × | {times_(without)} |",
            f"| the same with it | 200 × | {times_(whole, 0)} |"]


def peer_goals(found, best, derma):
    ratios = by_operator({case: ratio for case, ratio in best.items() if case != PIPELINE})
    firm = [ratio for operator, ratio in ratios.items() if operator not in TEXTURE]
    slower = sorted(((c, r) for c, r in best.items() if c != PIPELINE and r < 0.9), key=lambda pair: pair[1])
    return [*suite(found),
            f"| medmnistc, geometric mean of {len(derma)} of its 15 for dermatology | 10 × | {times_(mean_ratio(list(derma.values())))} |",
            f"| fastest comparable peer, geometric mean of {len(ratios)} operators, each once | 2 × | {times_(mean_ratio(list(ratios.values())))} |",
            f"| the same without textures and warps, of {len(firm)} | – | {times_(mean_ratio(firm))} |",
            f"| cases below 0.9 × of it | none | {listed(slower, lambda c, r: f'{c} {r:.2f} ×')} |",
            f"| JPEG to five blurred pictures as PNG, hashed, in base64, against the OpenCV loop | 1.3 × | {times_(best.get(PIPELINE), 2)} |"]


def long_rows(rows, key):
    """Of the rows that take longer than a millisecond those in which a figure was measured."""
    return {name: row for name, row in rows.items() if row.get("ms", 0) > LONG and key in row}


def shares(catalogue):
    """Per cent of the copy's bandwidth, by point operator."""
    return {n: 100 * catalogue["copy"] / catalogue["rows"][n]["ms"] for n in POINT if "ms" in catalogue["rows"].get(n, {})}


def catalogue_goals(found):
    """The goals that every row of the catalogue is held to, with the names of those beyond."""
    catalogue = found["catalogue"]
    rows, lines = catalogue["rows"], []
    share = shares(catalogue)
    slow = sorted(((n, s) for n, s in share.items() if s < 60), key=lambda pair: pair[1])
    if share:
        lines += [f"| point operators at 60 % of the copy's bandwidth or more, of {len(share)}; below it: | none | {listed(slow, lambda n, s: f'{n} {s:.0f} %')} |"]
    gains = {n: row["one"] / row["two"] for n, row in long_rows(rows, "two").items()}
    if gains:
        under = sorted(((n, g) for n, g in gains.items() if g < 1.8), key=lambda pair: pair[1])
        lines += [f"| two threads over pictures, of {len(gains)} rows over {LONG:g} ms: the median | 1.8 × | {statistics.median(gains.values()):.2f} × |",
                  f"| those below 1.8 × | none | {listed(under, lambda n, g: f'{n} {g:.2f} ×')} |"]
    memory = {n: row["memory"] for n, row in rows.items() if "memory" in row}
    if memory:
        over = sorted(((n, m) for n, m in memory.items() if m >= 3.05), key=lambda pair: -pair[1])
        lines += [f"| memory in pictures, photograph and result included, of {len(memory)} rows: the median | 3 | {statistics.median(memory.values()):.1f} |",
                  f"| those above 3 | named | {listed(over, lambda n, m: f'{n} {m:.1f}')} |"]
    for key, text in (("large", "12 megapixels at most 16.5 × the time"), ("kept", "the same when freed memory is kept")):
        ratios = {n: row[key] / row["ms"] for n, row in long_rows(rows, key).items()}
        over = sorted(((n, r) for n, r in ratios.items() if r > 16.5), key=lambda pair: -pair[1])
        if ratios:
            lines += [f"| {text}, of {len(ratios)} rows over {LONG:g} ms: the median | 16.5 × | {statistics.median(ratios.values()):.1f} × |",
                      f"| those above 16.5 × | none | {listed(over, lambda n, r: f'{n} {r:.0f} ×')} |"]
    return lines


def catalogue_table(found):
    catalogue = found["catalogue"]
    share = shares(catalogue)
    lines = ["| operator | ms | of the copy | two threads | memory | 12 MP | 12 MP, freed memory kept |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, row in catalogue["rows"].items():
        if "ms" not in row:
            lines.append(f"| {name} | {row.get('error', 'not run')} | | | | | |")
            continue
        long = row["ms"] > LONG
        gain = f"{row['one'] / row['two']:.2f} ×" if long and "two" in row else "–"
        grown = [f"{row[key] / row['ms']:.1f} ×" if long and key in row else "–" for key in ("large", "kept")]
        memory = f"{row['memory']:.1f}" if "memory" in row else "–"
        cells = [name, f"{row['ms']:.3g}", f"{share[name]:.0f} %" if name in share else "–", gain, memory, *grown]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def distance_table(found):
    sizes = [found["size"], found["large"]]
    lines = ["| distance | " + " | ".join(sizes) + " |", "|---|" + "--:|" * len(sizes)]
    for name, by_size in found["distances"].items():
        lines.append(f"| {name} | " + " | ".join(f"{by_size[s]:.3g}" if s in by_size else "–" for s in sizes) + " |")
    return lines


def head(found):
    beside = ": other programs ran beside it, so take the ratios, not the times" if found["load"] > BUSY else ""
    return (f"One run of `perturbations/benches/run.sh` on {found['date']}: {found['machine']}, {found['cores']} virtual cores, "
            f"{found['size']} RGB, one thread, milliseconds, medians of {found['rounds']} rounds in which all take turns (highest load "
            f"average {found['load']:.1f}{beside}).")


def asides(found):
    """What is not counted and why, and what failed."""
    other = [f"{peer} {case}: {how}" for peer, cases in found["parity"].items() if peer != "medmnistc"
             for case, (same, how) in cases.items() if not same]
    failed = [f"{peer} {case} ({why})" for peer, cases in found["errors"].items() for case, why in sorted(cases.items())]
    lines = ["In brackets, with what differs from ours: " + "; ".join(other) + "."] if other else []
    return lines + ["Failed: " + "; ".join(failed) + "."] * bool(failed)


def written(found):
    """The page."""
    table, best = peers_table(found)
    derma, ratios = dermatology_table(found)
    copy = found["catalogue"]["copy"]
    intro = ("Peers in brackets do other work and are not counted. The fastest comparable peer is looked for among "
             f"{', '.join(COMPARABLE[:-1])} and {COMPARABLE[-1]}"
             + (" (which was not run)" if "torchvision" not in found["peers"] else "")
             + "; imagecorruptions and medmnistc have goals of their own.")
    alone = (f"At level 3, our program alone; two threads and 12 megapixels for what takes over {LONG:g} ms. A plain copy in "
             f"cache: {copy:.3f} ms ({2 * found['bytes'] / copy / 1e6:.0f} GB/s read and written).")
    goals = ["| goal | wanted | measured |", "|---|--:|--:|", *peer_goals(found, best, ratios), *catalogue_goals(found)]
    blocks = [["# Benchmarks"], [head(found)], ["## Beside the peers"], [intro], table, derma, *([line] for line in asides(found)), ["## Goals"], goals,
              ["## Every image operator"], [alone], catalogue_table(found)]
    if found["distances"]:
        blocks += [["## Distances"], distance_table(found)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


if __name__ == "__main__":
    text = written(json.load(open(sys.argv[1])))
    print(text + ("\n" + open(sys.argv[2]).read() if len(sys.argv) > 2 else ""), end="")
