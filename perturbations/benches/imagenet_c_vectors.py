"""Writes the test vectors of imagenet_c from the package `imagecorruptions` itself.

    python perturbations/benches/imagenet_c_vectors.py > perturbations/tests/it/imagenet_c.json

in an environment made from requirements-imagecorruptions.txt. For what is deterministic: every STEP-th byte of the result
on a small picture that the Rust test draws by the same formula. For the rest: mean, deviation and mean difference from
the picture, over several random seeds.
"""
import json
import warnings

warnings.filterwarnings("ignore")
import numpy as np
from imagecorruptions import corrupt, corruptions as package

from picture import picture

EXACT = ["brightness", "contrast", "saturate", "defocus_blur", "gaussian_blur", "zoom_blur", "pixelate", "jpeg_compression", "motion_blur"]
DRAWN = ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "glass_blur", "snow", "frost", "fog", "spatter", "elastic_transform"]
TEXTURES = ["snow", "frost", "fog", "spatter", "elastic_transform"]
ANGLE = 20.0
STEP = 7


def exact():
    image = picture(64, 48)
    package.np.random.uniform, drawn = (lambda *a, **k: ANGLE), np.random.uniform
    cases = []
    for name in EXACT:
        for severity in range(1, 6):
            out = corrupt(image, corruption_name=name, severity=severity)
            cases.append({"corruption": name, "severity": severity, "hex": out.reshape(-1)[::STEP].tobytes().hex()})
    package.np.random.uniform = drawn
    return cases


def drawn():
    image = picture(160, 120)
    cases = []
    for name in DRAWN:
        for severity in range(1, 6):
            # The pure Python loop of the reference takes long; textures differ much from draw to draw.
            seeds = 2 if name == "glass_blur" else 400 if name in TEXTURES else 12
            rows = []
            for seed in range(seeds):
                np.random.seed(seed)
                out = corrupt(image, corruption_name=name, severity=severity).astype(float)
                rows.append((out.mean(), out.std(), np.abs(out - image).mean()))
            mean, deviation, moved = np.mean(rows, axis=0)
            spread = np.std(rows, axis=0)
            cases.append({"corruption": name, "severity": severity, "draws": seeds, "mean": round(mean, 3), "deviation": round(deviation, 3),
                          "moved": round(moved, 3), "spread": [round(s, 3) for s in spread]})
    return cases


print(json.dumps({"operator": "imagenet_c", "exact_size": [64, 48], "drawn_size": [160, 120], "angle": ANGLE, "step": STEP,
                  "exact": exact(), "drawn": drawn()}, indent=0))
