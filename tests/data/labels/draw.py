#!/usr/bin/env python3
"""Draw the sentences that were labelled by hand, and print them for the annotator.

    BEDSIDE_DATA=<data folder> python3 draw.py            # text for reading, one sentence per block
    BEDSIDE_DATA=<data folder> python3 draw.py --keys     # keys only, no text of the data

Nothing but the Python standard library is used, and no `random`: every choice is the order of
SHA-256 digests of `SEED | purpose | key`, so the draw is the same on every machine and version.

Sources and records, in file order
  dermavqa/valid_ht.json     one record per encounter, named by its `encounter_id`; fields
                             `query_title_en` and `query_content_en`.
  medperturb/data.csv        one record per row, named `dataset/dataset_id/context_id`; field
                             `clinical_context`. Rows that share a name are all left out. The rows of one
                             context are versions of one text, so one version of each (dataset, context)
                             is kept, by the smallest digest: no sentence is drawn twice in two wordings.

Sentences
  A field is cut at every line end, and after a run of `.`, `!`, `?` (with closing quotes or brackets)
  that white space follows; not after an abbreviation of ABBREVIATIONS, and not after a list number
  that opens the line. Outer white space is trimmed. A piece without a letter is no sentence. Start and end
  are byte offsets in the UTF-8 encoding of the field (as decoded from JSON or CSV).

Strata
  Per source, sentences are ordered by digest. `any` takes the first of all sentences; then each other
  stratum of QUOTAS takes, in turn, the first sentences that are not yet drawn and that match its word list.
  The lists are wide on purpose (`may`, `right`, `second`), so that look-alikes are drawn too. A stratum
  that runs out takes what there is. Sentences that agree but for case and digits (`Age: 60 years`,
  `Age: 54 years`) are one template, of which only the first by digest can be drawn.
"""

import csv
import hashlib
import json
import os
import re
import sys
from pathlib import Path

SEED = "bedside-history-labels-1"
DERMAVQA = "dermavqa/valid_ht.json"
MEDPERTURB = "medperturb/data.csv"
ABBREVIATIONS = {"dr", "mr", "mrs", "ms", "vs", "e.g", "i.e", "ft", "approx", "st", "etc", "jan", "feb", "aug", "sept", "oct", "nov", "dec"}

STRATA = {
    "digit": r"\d",
    "negation": r"\b(no|not|none|nor|never|cannot|without|deny|denies|denied|negative|absent|absence|free of)\b|n['’]t\b",
    "side": r"\b(left|right|both|either|bilateral\w*|sides?(?! effect)|two (?:legs?|hands?|arms?|feet|toes?))\b",
    "measure": r"\d\s?(%|°|[cm]?m\b|[mµu]?c?g\b|kg|m[lL]\b|units?|lbs?|pounds?|tablets?|pills?|miles?|cups?)",
    "time": r"\b(seconds?|minutes?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|decades?)\b",
    "date": r"\b(19|20)\d\d\b|\d/\d|\b(january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|mon|tues?|wed|thurs?|fri|sat)\b",
}
QUOTAS = {"any": 34, "date": 26, "side": 20, "negation": 14, "digit": 18, "measure": 10, "time": 14}


def digest(*parts):
    return hashlib.sha256("|".join((SEED, *parts)).encode()).hexdigest()


def records(root):
    """Yield (file, record, field, text) in the stated order, one version per context."""
    for case in json.loads((root / DERMAVQA).read_text(encoding="utf-8")):
        for field in ("query_title_en", "query_content_en"):
            yield DERMAVQA, case["encounter_id"], field, case[field]
    with open(root / MEDPERTURB, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in kept(rows):
        yield MEDPERTURB, name(row), "clinical_context", row["clinical_context"]


def name(row):
    return "/".join((row["dataset"], row["dataset_id"], row["context_id"]))


def kept(rows):
    """One row per (dataset, context), in file order; rows that share a name are left out."""
    names = [name(row) for row in rows]
    single = [row for row in rows if names.count(name(row)) == 1]
    best = {}
    for row in single:
        context = (row["dataset"], row["context_id"])
        rank = digest("version", name(row))
        best[context] = min(best.get(context, (rank, row)), (rank, row), key=lambda pair: pair[0])
    chosen = {name(row) for _, row in best.values()}
    return [row for row in single if name(row) in chosen]


def sentences(text):
    """Yield (start, end) in bytes of UTF-8."""
    for line in re.finditer(r"[^\r\n]+", text):
        begin = line.start()
        for stop in re.finditer(r"[.!?]+[\"'”’)\]]*(?=\s)", line.group()):
            cut = line.start() + stop.end()
            if holds(text[begin : line.start() + stop.start()], stop.group()):
                continue
            yield from trimmed(text, begin, cut)
            begin = cut
        yield from trimmed(text, begin, line.end())


def holds(before, mark):
    """Whether the mark ends an abbreviation or a list number rather than a sentence."""
    last = before.split()[-1].lower().lstrip("(") if before.split() else ""
    return mark == "." and (last in ABBREVIATIONS or re.fullmatch(r"\s*\d+", before) is not None)


def trimmed(text, begin, end):
    piece = text[begin:end]
    if not any(letter.isalpha() for letter in piece):
        return
    begin += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    yield len(text[:begin].encode()), len(text[:end].encode())


def key(sentence):
    return "|".join(str(sentence[part]) for part in ("file", "record", "field", "start", "end"))


def half(sentence):
    """`open` or `locked`, by the first hexadecimal digit of a digest of the sentence key."""
    return "open" if int(digest("half", key(sentence))[0], 16) % 2 == 0 else "locked"


def population(root):
    for file, record, field, text in records(root):
        data = text.encode()
        for start, end in sentences(text):
            yield {"file": file, "record": record, "field": field, "start": start, "end": end,
                   "text": data[start:end].decode()}


def drawn(root):
    """The drawn sentences, by source, then in the order of records and of text."""
    everything = list(population(root))
    for number, sentence in enumerate(everything):
        sentence["order"] = number
        sentence["half"] = half(sentence)
    picked = []
    for file in (DERMAVQA, MEDPERTURB):
        pool = sorted((s for s in everything if s["file"] == file), key=lambda s: digest("sentence", key(s)))
        picked += sample(pool)
    return sorted(picked, key=lambda s: s["order"])


def sample(pool):
    taken = []
    pool = distinct(pool)
    for stratum, quota in QUOTAS.items():
        wanted = re.compile(STRATA.get(stratum, ""), re.IGNORECASE)
        fits = [s for s in pool if "stratum" not in s and wanted.search(s["text"])][:quota]
        for sentence in fits:
            sentence["stratum"] = stratum
        taken += fits
    return taken


def distinct(pool):
    """The first sentence of each template: equal text with case ignored and every digit read as 0."""
    first = {}
    for sentence in pool:
        first.setdefault(re.sub(r"\d", "0", sentence["text"].lower()), sentence)
    return list(first.values())


def main():
    if "BEDSIDE_DATA" not in os.environ:
        sys.exit("set BEDSIDE_DATA to the folder that holds dermavqa/ and medperturb/")
    for number, sentence in enumerate(drawn(Path(os.environ["BEDSIDE_DATA"])), 1):
        print(f"[{number:03}] {sentence['stratum']} {sentence['half']} {key(sentence)}")
        if "--keys" not in sys.argv:
            print("      " + sentence["text"])


if __name__ == "__main__":
    main()
