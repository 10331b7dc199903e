"""Draws the doctors' responses of DermaVQA from which diagnosis strings are read.

The order is fixed by SHA-256 over a stated seed and the key of a response, so
that every machine draws the same ones without a random generator. A response
whose English text was drawn before (compared in lower case, letters, digits
and question marks only) is passed over: otherwise a third of the sample would be one word.

    BEDSIDE_DATA=... python3 tests/data/labels/draw_answers.py [--count N] [--text]

prints one JSON object per drawn response: record, field, and with --text the
text itself, which is not to be committed.
"""

import argparse
import hashlib
import json
import os
import pathlib

FILE = "dermavqa/valid_ht.json"
SHA256 = "be8fa34b43639908b75eaf560fb0e745ee968772834a8fd06e56bbdceca8b0de"
SEED = "bedside diagnoses 1"
COUNT = 283


def load(root):
    """The parsed file, after a check that it is the one the labels were made on."""
    raw = pathlib.Path(root, FILE).read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{FILE}: digest {found}, the labels were made on {SHA256}")
    return json.loads(raw)


def responses(encounters):
    """(record, field, English text) of every response that has an English text."""
    for encounter in encounters:
        for number, response in enumerate(encounter["responses"]):
            text = response["content_en"]
            if text.strip():
                yield encounter["encounter_id"], f"responses[{number}].content_en", text


def rank(seed, record, field):
    """Where a response stands in the draw: lower comes first."""
    return hashlib.sha256(f"{seed}\n{record}\n{field}".encode()).hexdigest()


def plain(text):
    """Lower-case letters, digits and question marks, by which repeats are recognised."""
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign == "?")


def draw(encounters, seed=SEED, count=COUNT):
    """The first `count` responses in the seeded order, repeats passed over."""
    seen, drawn = set(), []
    for response in sorted(responses(encounters), key=lambda one: rank(seed, *one[:2])):
        if plain(response[2]) not in seen:
            seen.add(plain(response[2]))
            drawn.append(response)
    return drawn[:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--text", action="store_true", help="print the text as well")
    asked = parser.parse_args()
    for record, field, text in draw(load(os.environ["BEDSIDE_DATA"]), asked.seed, asked.count):
        line = {"record": record, "field": field}
        if asked.text:
            line["text"] = text
        print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
