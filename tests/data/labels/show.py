#!/usr/bin/env python3
"""Check the hand labels against the data, show them in their sentences, count them.

    BEDSIDE_DATA=<data folder> python3 show.py              # check, then show the open half
    BEDSIDE_DATA=<data folder> python3 show.py --locked     # show the locked half: only to review the labels,
                                                            # never by who writes or tunes a finder
    BEDSIDE_DATA=<data folder> python3 show.py --counts     # check, then the table of counts
    BEDSIDE_DATA=<data folder> python3 show.py --agreement  # second pass against first, per kind

The check (always run, exit status 1 on a fault): file digests; every span lies in its sentence, on characters,
without white space at its ends; every sentence of the draw is labelled, and no other; half and stratum are those
of the draw; every negation concept has a cue of its pair; the number in the text is the number in the label.
"""

import hashlib
import json
import os
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import draw

HERE = Path(__file__).parent
KINDS = ("negation", "age", "duration", "quantity", "laterality", "date", "none")


def read(file):
    return [json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()]


def place(label):
    return draw.key({**label, "start": label["sentence"][0], "end": label["sentence"][1]})


def faults(labels, sentences, root):
    digests = {file: hashlib.sha256((root / file).read_bytes()).hexdigest() for file in {x["file"] for x in labels}}
    for label in labels:
        where = f"{place(label)} [{label['start']}, {label['end']})"
        sentence = sentences.get(place(label))
        if label["sha256"] != digests[label["file"]]:
            yield f"{where}: digest of another file"
        elif sentence is None:
            yield f"{where}: not in the draw"
        else:
            yield from (f"{where}: {fault}" for fault in span_faults(label, sentence))
    for missing in sentences.keys() - {place(label) for label in labels}:
        yield f"{missing}: drawn, not labelled"
    cues = {x["pair"] for x in labels if x.get("part") == "cue"}
    concepts = {x["pair"] for x in labels if x.get("part") == "concept"}
    yield from (f"pair {pair}: cue or concept missing" for pair in cues ^ concepts)


def span_faults(label, sentence):
    if (label["half"], label["stratum"]) != (sentence["half"], sentence["stratum"]):
        yield "half or stratum is not that of the draw"
    if label["kind"] not in KINDS:
        yield "unknown kind"
    if not label["sentence"][0] <= label["start"] < label["end"] <= label["sentence"][1]:
        yield "outside its sentence"
        return
    try:
        text = spanned(label, sentence)
    except UnicodeDecodeError:
        yield "cuts a character"
        return
    if text != text.strip():
        yield "white space at an end"
    number = re.match(r"\d+(\.\d+)?", text)
    if number and "unit" in label and label["unit"] != "in" and label["value"] != float(number.group()):
        yield "another number in the text"


def spanned(label, sentence):
    data = sentence["text"].encode()
    return data[label["start"] - sentence["start"] : label["end"] - sentence["start"]].decode()


def describe(label):
    hidden = {"file", "sha256", "record", "field", "start", "end", "kind", "sentence", "stratum", "half"}
    rest = " ".join(f"{name}={value}" for name, value in label.items() if name not in hidden)
    return f"{label['kind']} {rest}".strip()


def show(labels, sentences, half):
    by_sentence = defaultdict(list)
    for label in labels:
        by_sentence[place(label)].append(label)
    for key, sentence in sentences.items():
        if sentence["half"] != half:
            continue
        print(f"\n{key}  ({sentence['stratum']})\n  {sentence['text']}")
        for label in by_sentence[key]:
            text = "" if label["kind"] == "none" else f"“{spanned(label, sentence)}”  "
            print(f"    {text}{describe(label)}")


def counts(labels, sentences):
    columns = [(file, half) for file in (draw.DERMAVQA, draw.MEDPERTURB) for half in ("open", "locked")]
    print("| | " + " | ".join(f"{file.split('/')[0]} {half}" for file, half in columns) + " | all |")
    print("|---|" + "---:|" * (len(columns) + 1))
    table = Counter((row(label), (label["file"], label["half"])) for label in labels)
    table.update(("sentences", (s["file"], s["half"])) for s in sentences.values())
    for name in sorted({name for name, _ in table}):
        cells = [table[name, column] for column in columns]
        print(f"| {name} | " + " | ".join(map(str, cells)) + f" | {sum(cells)} |")


def row(label):
    if label["kind"] == "none":
        return "sentences without a span"
    details = {"negation": ("part", "scope"), "date": ("form",), "laterality": ("side",)}
    extra = [label[name] for name in details.get(label["kind"], ()) if name in label]
    return " ".join([label["kind"], *extra])


def agreement(first, second):
    """Spans of both passes in the sentences of the second, matched on kind, part and equal or overlapping bytes."""
    again = {place(label) for label in second}
    first = [label for label in first if place(label) in again]
    print(f"{len(again)} sentences")
    print("| kind | first | second | equal span | overlapping | equal in every value |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind in KINDS:
        ours = [x for x in first if x["kind"] == kind]
        theirs = [x for x in second if x["kind"] == kind]
        pairs = [(x, y) for x in ours for y in theirs if overlap(x, y)]
        equal = [(x, y) for x, y in pairs if (x["start"], x["end"]) == (y["start"], y["end"])]
        same = [1 for x, y in equal if values(x) == values(y)]
        print(f"| {kind} | {len(ours)} | {len(theirs)} | {len(equal)} | {len(pairs)} | {len(same)} |")


def overlap(one, other):
    return (place(one) == place(other) and one.get("part") == other.get("part")
            and one["start"] < other["end"] and other["start"] < one["end"])


def values(label):
    return {name: value for name, value in label.items() if name != "pair"}


def main():
    if "BEDSIDE_DATA" not in os.environ:
        sys.exit("set BEDSIDE_DATA to the folder that holds dermavqa/ and medperturb/")
    root = Path(os.environ["BEDSIDE_DATA"])
    sentences = {draw.key(sentence): sentence for sentence in draw.drawn(root)}
    labels = read("history.jsonl")
    found = list(faults(labels, sentences, root))
    for fault in found:
        print(fault, file=sys.stderr)
    if "--counts" in sys.argv:
        counts(labels, sentences)
    elif "--agreement" in sys.argv:
        agreement(labels, read("second.jsonl"))
    else:
        show(labels, sentences, "locked" if "--locked" in sys.argv else "open")
    print(f"\n{len(sentences)} sentences, {len(labels)} lines, {len(found)} faults", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
