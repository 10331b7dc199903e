"""Shows the labelled diagnosis strings in their context, and checks every label.

    BEDSIDE_DATA=... python3 tests/data/labels/show_answers.py [--id a001 ...] [--half open|locked]
    BEDSIDE_DATA=... python3 tests/data/labels/show_answers.py --check
    BEDSIDE_DATA=... python3 tests/data/labels/show_answers.py --concepts [--half open|locked]
    BEDSIDE_DATA=... python3 tests/data/labels/show_answers.py --agreement

What it shows is text of the data and is not to be committed. Without --half only
the open half is shown: the locked one is for a single scoring. --check wants the
digest of the file, spans that are whole words in whole UTF-8 and share no byte,
the fields and values of the guideline, the half that the key gives, and a label
for every drawn response; it exits 1 if anything is wrong. --concepts counts the
concepts over all responses, repeats included. --agreement compares the second pass.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import sys

import draw_answers

LABELS = pathlib.Path(__file__).with_name("diagnoses.jsonl")
SECOND = pathlib.Path(__file__).with_name("second_pass.jsonl")
HALVES = "bedside labels 1"
SPAN_RELATIONS = {"exact", "narrower-than-name", "broader-than-name", "not-a-diagnosis", "several"}
PAIR_RELATIONS = {"same", "parent", "child", "sibling", "different"}
STATUS = {"asserted", "considered", "ruled-out"}
SPAN_FIELDS = {"id", "file", "sha256", "record", "field", "start", "end", "means", "relation", "status", "half"}
PAIR_FIELDS = {"id", "text", "reference", "relation", "status", "why", "half"}
AROUND = 60


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def is_pair(label):
    return "text" in label


def cut(text, label):
    """(before, span, after) of a label in the text of its response."""
    raw = text.encode()
    parts = raw[: label["start"]], raw[label["start"] : label["end"]], raw[label["end"] :]
    return tuple(part.decode() for part in parts)


def key(label, texts):
    """What decides the half: one text has one half wherever it stands, a pair the same in both directions."""
    if is_pair(label):
        return "\n".join(sorted([label["text"].casefold(), label["reference"].casefold()]))
    return draw_answers.plain(cut(texts[label["record"], label["field"]], label)[1])


def half(key_text):
    """"open" where the first byte of SHA-256 is even, "locked" where it is odd."""
    even = hashlib.sha256(f"{HALVES}\n{key_text}".encode()).digest()[0] % 2 == 0
    return "open" if even else "locked"


def faults(label, texts):
    """What is wrong with one label, as sentences."""
    pair = is_pair(label)
    wanted = PAIR_FIELDS if pair else SPAN_FIELDS
    if set(label) - {"doubt"} != wanted:
        yield f"fields {sorted(set(label) ^ wanted)}"
        return
    if label["relation"] not in (PAIR_RELATIONS if pair else SPAN_RELATIONS):
        yield f"relation {label['relation']}"
    if label["status"] not in STATUS:
        yield f"status {label['status']}"
    if label["half"] != half(key(label, texts)):
        yield f"half {label['half']}"
    if not pair:
        yield from span_faults(label, *cut(texts[label["record"], label["field"]], label))


def span_faults(label, before, span, after):
    if (label["file"], label["sha256"]) != (draw_answers.FILE, draw_answers.SHA256):
        yield "another file"
    if not span or span != span.strip() or before[-1:].isalnum() or after[:1].isalnum():
        yield f"span cuts a word or carries blanks: {span!r}"
    count = len(label["means"])
    fits = {"not-a-diagnosis": count == 0, "several": count > 1}.get(label["relation"], count == 1)
    if not fits:
        yield f"{count} meanings for {label['relation']}"


def overlaps(spans):
    """Pairs of neighbours in one response that share bytes."""
    order = sorted(spans, key=lambda one: (one["record"], one["field"], one["start"]))
    for one, next_one in zip(order, order[1:]):
        same = (one["record"], one["field"]) == (next_one["record"], next_one["field"])
        if same and next_one["start"] < one["end"]:
            yield one["id"], next_one["id"]


def check(all_labels, texts, drawn):
    bad = [f"{label['id']}: {fault}" for label in all_labels for fault in faults(label, texts)]
    spans = [label for label in all_labels if not is_pair(label)]
    bad += [f"{one} overlaps {two}" for one, two in overlaps(spans)]
    ids = collections.Counter(label["id"] for label in all_labels)
    bad += [f"{name} stands {times} times" for name, times in ids.items() if times > 1]
    labelled = {(label["record"], label["field"]) for label in spans}
    bad += [f"{one} was not drawn" for one in sorted(labelled - drawn)]
    bad += [f"{one} was drawn and has no label" for one in sorted(drawn - labelled)]
    for line in bad:
        print(line)
    counts = collections.Counter(("pair" if is_pair(one) else "span", one["half"]) for one in all_labels)
    print(f"{len(all_labels)} labels, {len(bad)} faults;", dict(sorted(counts.items())))
    return bool(bad)


def show(label, texts):
    if is_pair(label):
        print(f"{label['id']} {label['text']} | {label['reference']} | {label['relation']} | {label['status']}")
        return
    before, span, after = cut(texts[label["record"], label["field"]], label)
    context = f"{before[-AROUND:]}[[{span}]]{after[:AROUND]}".replace("\n", " / ")
    names = " + ".join(one["name"] for one in label["means"]) or "none"
    print(f"{label['id']} {names} | {label['relation']} | {label['status']} | {context}")


def concepts(all_labels, texts):
    """Times each concept is named over all responses: a repeat counts as the response it repeats."""
    repeats = collections.Counter(draw_answers.plain(text) for text in texts.values())
    counts = collections.defaultdict(collections.Counter)
    for label in all_labels:
        for one in label.get("means", []):
            times = repeats[draw_answers.plain(texts[label["record"], label["field"]])]
            counts[one["name"], one.get("icd10cm", "")][label["status"]] += times
    for (name, code), by in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])):
        print(f"| {name} | {code} | {by.total()} | {by['asserted']} | {by['considered']} | {by['ruled-out']} |")


def agreement(all_labels):
    """Prints, per field, how many items of the second pass agree with the first."""
    first = {label["id"]: label for label in all_labels}
    agree, asked = collections.Counter(), collections.Counter()
    for item in lines(SECOND):
        label = first[item["id"]]
        kind = "pair" if is_pair(label) else "span"
        names = [one["name"] for one in label.get("means", [])]
        for field in sorted(set(item) - {"id"}):
            same = item[field] == (names if field == "means" else label[field])
            asked[kind, field] += 1
            agree[kind, field] += same
            if not same:
                print(f"{item['id']} {field}: second pass {item[field]}")
    for field, count in sorted(asked.items()):
        print(*field, f"{agree[field]} of {count}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--concepts", action="store_true")
    parser.add_argument("--agreement", action="store_true")
    parser.add_argument("--half", choices=["open", "locked"], default="open")
    parser.add_argument("--id", nargs="*", default=[])
    asked = parser.parse_args()
    encounters = draw_answers.load(os.environ["BEDSIDE_DATA"])
    texts = {(record, field): text for record, field, text in draw_answers.responses(encounters)}
    all_labels = lines(LABELS)
    one_half = [label for label in all_labels if label["half"] == asked.half]
    if asked.check:
        drawn = {response[:2] for response in draw_answers.draw(encounters)}
        sys.exit(check(all_labels, texts, drawn))
    elif asked.concepts:
        concepts(one_half, texts)
    elif asked.agreement:
        agreement(all_labels)
    else:
        for label in one_half:
            if not asked.id or label["id"] in asked.id:
                show(label, texts)


if __name__ == "__main__":
    main()
