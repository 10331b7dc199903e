"""Writes the test vectors of medmnist_c from the package `medmnistc` itself; see imagenet_c_vectors.py.

    python perturbations/benches/medmnist_c_vectors.py > perturbations/tests/it/medmnist_c.json

in an environment made from requirements-medmnistc.txt.
"""
import json
import random
import sys
import types
import warnings

warnings.filterwarnings("ignore")
import numpy as np
from PIL import Image

# Two of its corruptions, which are not used here, need torchvision.
for name in ("torchvision", "torchvision.transforms", "torchvision.transforms.functional"):
    sys.modules.setdefault(name, types.ModuleType(name))
from medmnistc.corruptions import filter as filters
from medmnistc.corruptions.registry import CORRUPTIONS_DS

from picture import picture

DERMA = CORRUPTIONS_DS["dermamnist"]
EXACT = ["pixelate", "jpeg_compression", "defocus_blur", "motion_blur", "zoom_blur", "brightness_up", "brightness_down",
         "contrast_up", "contrast_down", "black_corner"]
DRAWN = ["gaussian_noise", "speckle_noise", "impulse_noise", "shot_noise"]
ANGLE = 20.0
STEP = 7
SIDE = 64
WRITINGS = 1000


def exact():
    image = Image.fromarray(picture(SIDE, SIDE))
    filters.np.random.uniform, drawn = (lambda *a, **k: ANGLE), np.random.uniform
    cases = []
    for name in EXACT:
        for severity in range(1, 6):
            # The package lists the last two radii of the black corner in the wrong order.
            theirs = {4: 5, 5: 4}.get(severity, severity) if name == "black_corner" else severity
            out = np.asarray(DERMA[name].apply(image, severity=theirs - 1))
            cases.append({"corruption": name, "severity": severity, "hex": out.reshape(-1)[::STEP].tobytes().hex()})
    filters.np.random.uniform = drawn
    return cases


def drawn():
    image = picture(160, 120)
    cases = []
    for name in DRAWN:
        for severity in range(1, 6):
            rows = []
            for seed in range(12):
                np.random.seed(seed)
                DERMA[name].rng = np.random.default_rng(seed)
                out = np.asarray(DERMA[name].apply(Image.fromarray(image), severity=severity - 1)).astype(float)
                rows.append((out.mean(), out.std(), np.abs(out - image).mean()))
            (mean, deviation, moved), spread = np.mean(rows, axis=0), np.std(rows, axis=0)
            cases.append({"corruption": name, "severity": severity, "draws": 12, "mean": round(mean, 3), "deviation": round(deviation, 3),
                          "moved": round(moved, 3), "spread": [round(s, 3) for s in spread]})
    return cases


def covered():
    """Characters: how many pixels differ, and by how much in the mean over them, on one grey picture of 224 by 224."""
    grey = np.full((224, 224, 3), 128, dtype=np.uint8)
    cases = []
    for severity in range(1, 6):
        rows = []
        for seed in range(WRITINGS):
            random.seed(seed)
            np.random.seed(seed)
            DERMA["characters"].rng = np.random.default_rng(seed)
            out = np.asarray(DERMA["characters"].apply(Image.fromarray(grey), severity=severity - 1)).astype(float)
            moved = np.abs(out - grey)
            touched = moved.max(axis=2) > 0
            rows.append((touched.sum(), moved[touched].mean() if touched.any() else 0.0))
        (pixels, depth), spread = np.mean(rows, axis=0), np.std(rows, axis=0)
        cases.append({"severity": severity, "draws": WRITINGS, "pixels": round(pixels, 2), "depth": round(depth, 2),
                      "spread": [round(s, 2) for s in spread]})
    return cases


print(json.dumps({"operator": "medmnist_c", "exact_size": [SIDE, SIDE], "drawn_size": [160, 120], "angle": ANGLE, "step": STEP,
                  "exact": exact(), "drawn": drawn(), "covered": covered()}, indent=0))
