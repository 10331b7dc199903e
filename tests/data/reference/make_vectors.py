"""Computes what the reference model must say, without any code of Bedside: numpy and Pillow only.

    python3 tests/data/reference/make_vectors.py            # after every training; writes vectors.json beside this file

Reads the weights (safetensors, half precision), the prompts in inputs.json and the pictures that they name, and writes
the logits from everything and from the photographs alone. `--pictures` draws the pictures anew. The test
`inference_equals_an_independent_implementation` compares the program with vectors.json.
"""

import argparse
import hashlib
import json
import pathlib
import re
import struct

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
WEIGHTS = HERE.parents[2] / "src/edge/model/reference/weights.safetensors"
GRID, LONGER, SHORTER, BUCKETS = 16, 192, 32, 1 << 14


def read_weights():
    """The tensors of a safetensors file: eight bytes of length, a JSON header, raw values."""
    data = WEIGHTS.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            values = np.frombuffer(data[8 + length + first : 8 + length + last], dtype="<f2")
            tensors[name] = values.reshape(entry["shape"]).astype(np.float64)
    return tensors, hashlib.sha256(data).hexdigest()


def shrink(pixels):
    """Averages over boxes of whole pixels, rounded half up to whole levels, in -1..1."""
    height, width, _ = pixels.shape
    longer = max(height, width)

    def side(n):
        return min(max((n * LONGER // GRID + longer // 2) // longer * GRID, SHORTER), LONGER)

    def span(place, to, n):
        first = min(place * n // to, n - 1)
        return first, min(max((place + 1) * n // to, first + 1), n)

    small = np.zeros((side(height), side(width), 3))
    for row in range(small.shape[0]):
        top, bottom = span(row, small.shape[0], height)
        for column in range(small.shape[1]):
            left, right = span(column, small.shape[1], width)
            box = pixels[top:bottom, left:right].reshape(-1, 3).astype(np.int64)
            small[row, column] = (box.sum(0) + len(box) // 2) // len(box)
    return small / 127.5 - 1.0


def dense(weights, name, x):
    return x @ weights[name + ".weight"] + weights[name + ".bias"]


def relu(x):
    return np.maximum(x, 0.0)


def patches(weights, number, side, x):
    rows, columns = x.shape[0] // side, x.shape[1] // side
    out = []
    for row in range(rows):
        for column in range(columns):
            out.append(x[row * side : (row + 1) * side, column * side : (column + 1) * side].ravel())
    return relu(dense(weights, f"patch{number}", np.array(out))).reshape(rows, columns, -1)


def centred(x, least):
    around = x - x.mean((0, 1))
    return around / (np.sqrt((around * around).mean()) + least)


def block(weights, number, x):
    even = centred(x, 0.003) * weights[f"block{number}.scale"]
    channels = x.shape[2]
    padded = np.pad(even, ((1, 1), (1, 1), (0, 0)))
    kernel = weights[f"block{number}.weight"].reshape(3, 3, channels, channels)
    made = np.zeros_like(x) + weights[f"block{number}.bias"]
    for row in range(3):
        for column in range(3):
            made += padded[row : row + x.shape[0], column : column + x.shape[1]] @ kernel[row, column]
    return x + relu(made)


def look(weights, path):
    x = shrink(np.asarray(Image.open(path).convert("RGB")))
    x = patches(weights, 0, 4, centred(x, 0.05))
    x = block(weights, 1, patches(weights, 1, 2, x))
    x = block(weights, 2, patches(weights, 2, 2, x))
    places = x.reshape(-1, x.shape[2])
    return relu(dense(weights, "photograph", np.concatenate([places.mean(0), places.max(0)])))


def size(number):
    if number < 10:
        return f"#{number}"
    if number < 100:
        return f"#~{(number + 2) // 5 * 5}"
    unit = 10 ** (len(str(number)) - 1)
    return f"#~{number // unit * unit}"


def words(text):
    found = re.findall(r"[^\W_]+", text)
    return [size(int(word)) if re.fullmatch(r"[0-9]+", word) else word.lower() for word in found]


def place(feature):
    value = 0x811C9DC5
    for byte in feature.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return (value ^ value >> 14 ^ value >> 28) & (BUCKETS - 1)


def features(prompt):
    """Fields are list items with a colon, except keys of the answer and the words for urgency; the rest is prose."""
    found, prose, urgency = [], [], False
    for line in prompt.split("\n"):
        item = line.lstrip()
        if not item.startswith("- "):
            urgency = "most urgent first" in line
            prose.append(line)
            continue
        label, colon, value = item[2:].partition(": ")
        if colon and not urgency and not label.startswith('"'):
            label, told = " ".join(words(label)), words(value)
            found.append(f"{label}={' '.join(told)}")
            found += [f"{label}:{word}" for word in told]
    for line in prose:
        for sentence in re.split(r"[.,;:?!()]", line):
            told = words(sentence)
            found += told + [f"{a} {b}" for a, b in zip(told, told[1:])]
    return [place(feature) for feature in found]


def answer(weights, case):
    shown = [look(weights, HERE / name) for name in case["images"]]
    seen = np.mean(shown, axis=0) if shown else np.zeros(weights["photograph.bias"].shape)
    total = weights["history.embedding"][features(case["prompt"])].sum(0)
    told = np.concatenate([total, relu(dense(weights, "history", total))])

    def logits(told):
        both = np.concatenate([seen, told])
        return dense(weights, "diagnosis", np.concatenate([both, relu(dense(weights, "fused", both))])).tolist()

    return {"all": logits(told), "photographs": logits(np.zeros_like(told)) if shown else None}


def draw_pictures(cases):
    """Soft coloured spots: small files of several sizes, one of them upright and one a strip."""
    generator = np.random.default_rng(5)
    for name in sorted({name for case in cases for name in case["images"]}):
        width, height = map(int, re.findall(r"(\d+)x(\d+)", name)[0])
        y, x = np.mgrid[0:height, 0:width] / max(width, height)
        pixels = np.full((height, width, 3), generator.uniform(90, 220, 3))
        for _ in range(6):
            centre, reach = generator.uniform(0, 1, 2), generator.uniform(0.05, 0.3)
            spot = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2)[..., None]
            pixels += spot * generator.uniform(-120, 60, 3)
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(HERE / name, optimize=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", action="store_true")
    arguments = parser.parse_args()
    cases = json.loads((HERE / "inputs.json").read_text())
    if arguments.pictures:
        draw_pictures(cases)
    weights, digest = read_weights()
    vectors = {"weights": digest, "cases": [answer(weights, case) for case in cases]}
    (HERE / "vectors.json").write_text(json.dumps(vectors, indent=1) + "\n")


if __name__ == "__main__":
    main()
