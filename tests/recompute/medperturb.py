"""Recomputes every number of the report on MedPerturb from the published table, without any code of Bedside.

    python3 tests/recompute/medperturb.py DATA.csv --write tests/data/answers/medperturb.json
    python3 tests/recompute/medperturb.py DATA.csv --report OUT

The first writes the figures (no text of the table), the second compares them with OUT/results.json of
`bedside measure --answers DATA.csv --mapping scenarios/answers/medperturb.yaml --out OUT`, to 1e-9. What a row means is
written here again, from the description of the data set, so that a mistake in the mapping shows as well. Needs numpy and
scipy, nothing else. Exits 1 on any difference.
"""

import argparse
import csv
import json
import math
import pathlib
import sys
from collections import Counter, defaultdict
from fractions import Fraction as F
from itertools import combinations, product

import numpy as np
from scipy import stats

READERS = {"gpt-4": "GPT4", "llama-3-8b": "LLAMA3", "llama-3-70b": "LLAMA3-70", "palmyra-med": "PALMYRA-MED"}
QUESTIONS = {"manage": "MANAGE", "visit": "VISIT", "resource": "RESOURCE"}
SHORT = {"2": "gender-swapped", "3": "gender-removed", "4": "uncertain-style", "5": "colourful-style"}
LONG = {"2": "multi-turn", "3": "summary"}
SCENARIOS = [*SHORT.values(), *LONG.values()]
TAIL, LEAST, REACH, TOLERANCE = 0.025, 20, float(stats.norm.ppf(0.95)), 1e-9
BOUND = 0.10


def version(row):
    if row["dataset_id"] == "1":
        return "control"
    return (LONG if row["dataset"] == "conversational" else SHORT)[row["dataset_id"]]


class Table:
    """The answers that may be used, by reader, question and version, then case."""

    def __init__(self, path):
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.rows = len(rows)
        key = lambda row: (f"{row['dataset']}/{row['context_id']}", version(row))
        times = Counter(map(key, rows))
        self.repeated_rows = sum(n for n in times.values() if n > 1)
        self.answers = len(rows) * 21
        self.duplicates = Counter({k: 21 * n for k, n in times.items() if n > 1})
        self.said = defaultdict(dict)
        self.people = defaultdict(dict)
        self.strata = {}
        for row in rows:
            case, which = key(row)
            self.strata.setdefault(case, (row["dataset"], row["original_patient_gender"]))
            if times[key(row)] > 1:
                continue
            for question, column in QUESTIONS.items():
                for reader, name in READERS.items():
                    self.said[reader, question, which][case] = row[f"{name}_{column}"] == "1"
                who = [row[f"Clinician_{k}"] for k in (1, 2, 3)]
                once = [k for k in range(3) if who.count(who[k]) == 1]
                self.duplicates[case, which] += 3 - len(once)
                if once:
                    self.people[question, which][case] = {who[k]: row[f"{column}_{k + 1}"] == "1" for k in once}
        self.duplicates = +self.duplicates
        self.used = sum(map(len, self.said.values())) + sum(len(p) for v in self.people.values() for p in v.values())


# ---------------------------------------------------------------- intervals (every case is a patient of its own)

def clopper_pearson(x, n):
    lower = 0.0 if x <= 0 else float(stats.beta.ppf(TAIL, x, n - x + 1))
    upper = 1.0 if x >= n else float(stats.beta.isf(TAIL, x + 1, n - x))
    return lower, upper


class Rate:
    """The mean of exact shares, one per case, with limits on the effective number of cases."""

    def __init__(self, values):
        self.values, self.n = values, len(values)
        self.p = sum(values, F(0)) / self.n
        self.variance = F(0)
        if self.n > 1:
            self.variance = F(self.n, self.n - 1) * sum((v - self.p) ** 2 for v in values) / self.n**2
        self.effective = float(self.n)
        if 0 < self.p < 1 and self.variance > 0:
            independent = self.p * (1 - self.p) / (self.n - 1)
            self.effective = min(float(self.n), self.n / float(self.variance / independent))
        n, x = self.n, self.effective * float(self.p)
        if self.p in (0, 1):
            self.limits = clopper_pearson(n * int(self.p), n)
        else:
            low, high = clopper_pearson(x, self.effective)
            self.limits = min(low, clopper_pearson(n, n)[0]), max(high, clopper_pearson(0, n)[1])

    def figures(self):
        return {"point": float(self.p), "lower": self.limits[0], "upper": self.limits[1], "n": self.n}


def difference(before, after):
    """After less before: limits recovered from those of both rates, with their correlation."""
    a, b = Rate(after), Rate(before)
    r = 0.0
    if a.variance and b.variance:
        covariance = F(a.n, a.n - 1) * sum((x - a.p) * (y - b.p) for x, y in zip(after, before)) / a.n**2
        r = max(-1.0, min(1.0, float(covariance) / math.sqrt(float(a.variance) * float(b.variance))))
    if r > 0:
        spread = float(a.p * (1 - a.p) * b.p * (1 - b.p))
        r = max(0.0, r - 1 / (2 * min(a.effective, b.effective) * math.sqrt(spread)))
    p, q, (pl, pu), (ql, qu) = float(a.p), float(b.p), a.limits, b.limits
    reach = lambda u, v: math.sqrt(max(0.0, u * u + v * v - 2 * r * u * v))
    return {"point": float(a.p - b.p), "lower": p - q - reach(p - pl, qu - q), "upper": p - q + reach(pu - p, q - ql),
            "n": a.n}


# ---------------------------------------------------------------- pairing

def pairing(table, scenario, readers):
    """Own agreement against all permutations: exact mean and variance."""
    columns = []
    for reader, question in product(readers, QUESTIONS):
        if reader == "clinicians":
            sides = [{c: list(v.values()) for c, v in table.people[question, w].items()} for w in ("control", scenario)]
        else:
            sides = [{c: [v] for c, v in table.said[reader, question, w].items()} for w in ("control", scenario)]
        columns.append(sides)
    cases = sorted({c for control, treated in columns for c in control if c in treated})
    n = len(cases)
    own, every, excess = [], [], np.zeros((n, n))
    for control, treated in columns:
        a = np.full((n, n), np.nan)
        for i, one in enumerate(cases):
            for j, other in enumerate(cases):
                x, y = control.get(one), treated.get(other)
                if x and y:
                    a[i, j] = sum(p == q for p in x for q in y) / (len(x) * len(y))
        there = ~np.isnan(a)
        own += list(a[np.arange(n), np.arange(n)][there.diagonal()])
        every.append(a[there])
        excess += np.where(there, a - a[there].mean(), 0.0)
    every = np.concatenate(every)
    d = excess - excess.mean(1, keepdims=True) - excess.mean(0, keepdims=True) + excess.mean()
    variance = (d**2).sum() / (n - 1)
    z = float((np.trace(excess) - n * excess.mean()) / math.sqrt(variance)) if variance > 1e-9 else None
    return {"cases": n, "own": float(np.mean(own)), "random": float(every.mean()), "z": z,
            "doubtful": bool(n >= LEAST and (z is None or z < REACH))}


# ---------------------------------------------------------------- lines

def line(table, reader, question, scenario, doubtful):
    control, treated = table.said[reader, question, "control"], table.said[reader, question, scenario]
    both = sorted(set(control) & set(treated))
    pairs = [(control[c], treated[c]) for c in both]
    found = {"reader": reader, "question": question, "scenario": scenario, "pairs": len(both),
             "unpaired": len(set(treated) - set(control)), "doubtful": doubtful, "flips": None, "moved": None}
    flips = Rate([F(a != b) for a, b in pairs])
    found["verdict"] = "not-tested" if doubtful else "undecided"  # nobody was asked twice
    found["groups"] = [] if doubtful else groups(table, both, flips.values)
    if not doubtful:
        before, after = [F(a) for a, _ in pairs], [F(b) for _, b in pairs]
        up, down = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
        p = float(stats.binomtest(up, up + down).pvalue) if up + down else 1.0
        found["flips"] = flips.figures()
        found["moved"] = {"control": float(Rate(before).p), "treated": float(Rate(after).p),
                          "difference": difference(before, after), "up": up, "down": down, "mcnemar": p}
    return found


def groups(table, cases, flips):
    """Flips by collection and by sex, each group less the largest; nobody is in two groups. Below 30 cases nothing is said."""
    rows = []
    for place, stratum in enumerate(("collection", "sex")):
        if not 2 <= len({s[place] for s in table.strata.values()}) <= 12:
            continue
        members = defaultdict(list)
        for case, flip in zip(cases, flips):
            members[table.strata[case][place]].append(flip)
        large = [name for name in sorted(members) if len(members[name]) >= 30]
        most = max(large, key=lambda name: len(members[name]), default=None)
        for name in sorted(members):
            rate, less = Rate(members[name]), None
            if name in large and name != most:
                other = Rate(members[most])
                p, q, (pl, pu), (ql, qu) = float(rate.p), float(other.p), rate.limits, other.limits
                less = (most, {"point": p - q, "lower": p - q - math.hypot(p - pl, qu - q),
                               "upper": p - q + math.hypot(pu - p, q - ql), "n": rate.n + other.n})
            rows.append((stratum, name, rate.n, rate.figures() if name in large else None, less))
    return rows


def share(events):
    events = list(events)
    return F(sum(events), len(events)) if events else None


def panel(table, question, scenario, doubtful):
    control, treated = table.people[question, "control"], table.people[question, scenario]
    between, within, same, readings, unpaired = [], [], 0, 0, 0
    for case in sorted(treated):
        if case not in control:
            unpaired += 1
            continue
        before, after = control[case], treated[case]
        readings += len(after)
        same += sum(who in before for who in after)
        across = share(before[x] != after[y] for x in before for y in after if x != y)
        inside = [share(a != b for a, b in combinations(side.values(), 2)) for side in (before, after)]
        inside = [s for s in inside if s is not None]
        if across is not None and inside:
            between.append(across)
            within.append(sum(inside, F(0)) / len(inside))
    found = {"question": question, "scenario": scenario, "cases": len(between), "unpaired": unpaired,
             "same_person": same, "readings": readings, "doubtful": doubtful,
             "between": None, "within": None, "excess": None}
    if not doubtful:
        found |= {"between": Rate(between).figures(), "within": Rate(within).figures(),
                  "excess": difference(within, between)}
    return found


def figures(path):
    table = Table(path)
    everyone = [*READERS, "clinicians"]
    pairings = {(s, w): pairing(table, s, everyone if w is None else [w]) for s in SCENARIOS for w in [None, *everyone]}
    doubt = lambda s, w: pairings[s, None]["doubtful"] or pairings[s, w]["doubtful"]
    lines = [line(table, r, q, s, doubt(s, r)) for r in READERS for q in QUESTIONS for s in SCENARIOS]
    panels = [panel(table, q, s, doubt(s, "clinicians")) for q in QUESTIONS for s in SCENARIOS]
    strata = table.strata.values()
    return {
        "rows": table.rows, "answers": table.answers, "used": table.used, "repeated_rows": table.repeated_rows,
        "duplicates": sorted([case, which, n] for (case, which), n in table.duplicates.items()),
        "cases": len(table.strata),
        "strata": {"collection": dict(Counter(s for s, _ in strata)), "sex": dict(Counter(g for _, g in strata))},
        "readable": sum(map(len, table.said.values())) - sum(x["unpaired"] for x in lines),
        "pairs": sum(x["pairs"] for x in lines),
        "unpaired": sum(x["unpaired"] for x in lines) + sum(x["unpaired"] for x in panels),
        "undecided": sum(x["verdict"] == "undecided" for x in lines),
        "without_verdict": sum(x["verdict"] == "not-tested" for x in lines),
        "lines": lines, "panels": panels,
        "pairings": [{"scenario": s, "reader": w, **p} for (s, w), p in pairings.items()],
    }


# ---------------------------------------------------------------- comparison

class Check:
    def __init__(self):
        self.wrong, self.compared = [], 0

    def same(self, where, ours, theirs):
        self.compared += 1
        number = lambda x: isinstance(x, (int, float)) and not isinstance(x, bool)
        equal = abs(ours - theirs) <= TOLERANCE if number(ours) and number(theirs) else ours == theirs
        if not equal:
            self.wrong.append(f"{where}: recomputed {ours!r}, printed {theirs!r}")

    def estimate(self, where, ours, theirs):
        if ours is None or theirs is None:
            return self.same(where, ours, theirs)
        for name, value in (("point", theirs["point"]), ("lower", theirs["interval"][0]),
                            ("upper", theirs["interval"][1]), ("n", theirs["n"]), ("n", theirs["patients"])):
            self.same(f"{where}.{name}", ours[name], value)


def compare(ours, record):
    check, answers, summary = Check(), record["answers"], record["summary"]
    check.same("exit", 3, summary["exit"])
    check.same("sentence", f"4 readers and 1 panel, 3 questions, 6 changes: of {len(ours['lines'])} claims "
               f"{ours['undecided']} undecided, {ours['without_verdict']} without a verdict.", summary["sentence"])
    for name in ("holds", "breaks", "vacuous", "measured"):
        check.same(name, 0, summary[name])
    check.same("undecided", ours["undecided"], summary["undecided"])
    check.same("not tested", ours["without_verdict"], summary["not_tested"])
    check.same("chance", 0, summary["expected_false_breaks"])  # without a floor nothing breaks, so not by chance either
    steps = {step["name"]: (step["n"], dict(map(tuple, step["left"]))) for step in answers["flow"]}
    check.same("rows", (ours["rows"], {}), steps["rows read"])
    twice = sum(n for *_, n in ours["duplicates"])
    check.same("answers", (ours["answers"], {"given more than once, named below": twice}), steps["answers in them"])
    check.same("used", (ours["used"], {}), steps["answers used"])
    check.same("pairs", (ours["pairs"], {}), steps["pairs of one reader's answers"])
    check.same("cases of panels", (sum(x["cases"] for x in ours["panels"]), {}),
               steps["cases compared between people, per question"])
    left = sorted([case, f"{which}: given more than once, so all {n} answers are left out"]
                  for case, which, n in ours["duplicates"])
    check.same("left out", left, sorted([x["case"], x["reason"]] for x in record["flow"]["excluded"]))
    check.same("cases", ours["cases"], record["flow"]["cases"])
    check.same("patients", ours["cases"], record["flow"]["patients"])
    check.same("readable", ours["readable"], record["flow"]["readable"])
    check.same("strata", {k: sorted(map(list, v.items())) for k, v in ours["strata"].items()},
               {x["name"]: sorted(x["groups"]) for x in record["strata"]})
    values = {x["name"]: (x["value"], x["state"]) for x in record["checks"]}
    doubtful = sorted(x["scenario"] for x in ours["pairings"] if x["reader"] is None and x["doubtful"])
    check.same("alignment", (f"doubtful: {', '.join(doubtful)}", "bad"), values["alignment"])
    check.same("floor", ("floor not measured", "unknown"), values["floor"])
    check.same("duplicates", (f"{twice} answers left out ({ours['repeated_rows']} rows repeated)", "doubtful"),
               values["duplicates"])
    check.same("readable", ("100 %", "good"), values["readable"])
    readings, same = sum(x["readings"] for x in ours["panels"]), sum(x["same_person"] for x in ours["panels"])
    check.same("different people", (f"{same} of {readings} readings by somebody who read both", "good"),
               values["different people"])
    claims = {claim["id"]: claim for claim in record["claims"]}
    check.same("claims", len(ours["lines"]), len(claims))
    printed = {(x["reader"], x["question"], x["scenario"]): x for x in answers["lines"]}
    check.same("lines", len(ours["lines"]), len(printed))
    for x in ours["lines"]:
        where = f"{x['reader']}/{x['question']}/{x['scenario']}"
        theirs, claim = printed[x["reader"], x["question"], x["scenario"]], claims[where]
        for name in ("pairs", "unpaired", "verdict"):
            check.same(f"{where}.{name}", x[name], theirs[name])
        check.same(f"{where}.failed", 0, theirs["failed"])
        check.estimate(f"{where}.flips", x["flips"], theirs["flips"])
        moved = theirs["moved"]
        check.same(f"{where}.moved", x["moved"] is None, moved is None)
        if moved and x["moved"]:
            for name in ("up", "down", "mcnemar"):
                check.same(f"{where}.{name}", x["moved"][name], moved[name])
            for name in ("control", "treated"):
                check.same(f"{where}.{name}", x["moved"][name], moved[name]["point"])
            check.estimate(f"{where}.difference", x["moved"]["difference"], moved["difference"])
        check.same(f"{where}.claim", (x["verdict"], "invariant"), (claim["verdict"], claim["expect"]))
        check.same(f"{where}.applied", {"events": x["pairs"], "of": x["pairs"] + x["unpaired"]}, claim["applied"])
        check.same(f"{where}.why", True, claim["why"].startswith("Alignment" if x["doubtful"] else "The control was not"))
        [of_flips] = claim["lines"]
        check.same(f"{where}.bound", (BOUND, True), (of_flips["bound"], of_flips["at_most"]))
        check.estimate(f"{where}.line", x["flips"], of_flips["estimate"])
        check.same(f"{where}.groups", [g[:3] for g in x["groups"]],
                   [(g["stratum"], g["group"], g["n"]) for g in of_flips["groups"]])
        for (stratum, name, _, rate, less), g in zip(x["groups"], of_flips["groups"]):
            check.estimate(f"{where}.{stratum} {name}", rate, g["estimate"])
            check.same(f"{where}.{stratum} {name} less", less and less[0], g["less"] and g["less"]["than"])
            check.estimate(f"{where}.{stratum} {name} less", less and less[1], g["less"] and g["less"]["estimate"])
        check.same(f"{where}.levels", 1, len(of_flips["levels"]))
        check.estimate(f"{where}.level", x["flips"], of_flips["levels"][0]["estimate"])
        beside = {b["title"]: b["estimate"] for b in claim["beside"]}
        wanted = {} if x["doubtful"] else {"flips, gross": x["flips"], "say yes, treated less control": x["moved"]["difference"]}
        check.same(f"{where}.beside", sorted(wanted), sorted(beside))
        for title, estimate in wanted.items():
            check.estimate(f"{where}.{title}", estimate, beside[title])
    printed = {(x["question"], x["scenario"]): x for x in answers["panels"]}
    check.same("panels", len(ours["panels"]), len(answers["panels"]))
    for x in ours["panels"]:
        where, theirs = f"clinicians/{x['question']}/{x['scenario']}", printed[x["question"], x["scenario"]]
        for name in ("cases", "unpaired"):
            check.same(f"{where}.{name}", x[name], theirs[name])
        check.same(f"{where}.people", {"events": x["same_person"], "of": x["readings"]}, theirs["same_person"])
        for name in ("between", "within", "excess"):
            check.estimate(f"{where}.{name}", x[name], theirs[name])
    printed = {(x["scenario"], x["reader"]): x for x in answers["pairings"]}
    check.same("pairings", len(ours["pairings"]), len(printed))
    for x in ours["pairings"]:
        where, theirs = f"pairing {x['scenario']} {x['reader']}", printed[x["scenario"], x["reader"]]
        for name in ("cases", "own", "random", "z"):
            check.same(f"{where}.{name}", x[name], theirs[name])
        check.same(f"{where}.state", "bad" if x["doubtful"] else "good", theirs["state"])
    check.same("curves, tables, examples, harms", [[], [], [], []],
               [record[name] for name in ("curves", "tables", "examples", "harms")])
    return check


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path, help="write the figures here")
    parser.add_argument("--report", type=pathlib.Path, help="compare with the results in this folder")
    arguments = parser.parse_args()
    ours = figures(arguments.data)
    if arguments.write:
        lines = [{k: v for k, v in x.items() if k != "groups"} for x in ours["lines"]]  # those are for a report only
        arguments.write.write_text(json.dumps(ours | {"lines": lines}, indent=1) + "\n", encoding="utf-8")
    if arguments.report:
        record = json.loads((arguments.report / "results.json").read_text(encoding="utf-8"))
        check = compare(ours, record)
        print(f"{check.compared} numbers compared, {len(check.wrong)} differ")
        print("\n".join(check.wrong[:40]))
        return 1 if check.wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
