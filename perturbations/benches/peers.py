"""The peers: what each does for our cases, and one of them timed in an interpreter of its own.

    VENV/bin/python perturbations/benches/peers.py NAME FOLDER WIDTHxHEIGHT SECONDS CASE… [--dump]

prints a line of JSON for each case: its name and its median in milliseconds, or what went wrong. FOLDER holds the picture as
`in.rgb` and `in.jpg`; with --dump results are written there as raw bytes. `compare.py` calls it.
"""
import json
import os
import statistics
import sys
import time

for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
    os.environ[key] = "1"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import warnings

warnings.filterwarnings("ignore")
import numpy as np

from cases import ANGLE, DERMATOLOGY, NAMES

# Where the pictures lie; set before any peer is asked.
FOLDER = "."


def motion_kernel():
    """The 31 taps of the reference at severity 3 as a dense kernel."""
    weights = np.exp(-np.arange(31) ** 2 / (2 * 8.0**2))
    weights /= weights.sum()
    kernel = np.zeros((61, 61), np.float32)
    turn = np.deg2rad(ANGLE)
    for i, weight in enumerate(weights):
        kernel[30 + int(np.ceil(i * np.sin(turn) - 0.5)), 30 + int(np.ceil(i * np.cos(turn) - 0.5))] += weight
    return kernel


def line_kernel(length):
    """An even line sampled with bilinear weights."""
    kernel = np.zeros((33, 33), np.float32)
    turn = np.deg2rad(ANGLE)
    for along in (np.arange(32 * length) + 0.5) / 32 - length / 2:
        x, y = 16 + along * np.cos(turn), 16 + along * np.sin(turn)
        left, top = int(x), int(y)
        for dx in (0, 1):
            for dy in (0, 1):
                kernel[top + dy, left + dx] += (1 - abs(x - left - dx)) * (1 - abs(y - top - dy))
    return kernel / kernel.sum()


def disc_kernel(cv2):
    grid = np.arange(-8, 9)
    disc = (grid[:, None] ** 2 + grid**2 <= 36).astype(np.float32)
    return cv2.GaussianBlur(disc / disc.sum(), (3, 3), 0.5)


def covered_disc(radius):
    """The share of each pixel that a disc covers, by 64 × 64 points."""
    points = (np.arange(64) + 0.5) / 64 - 0.5
    grid = np.arange(-7, 8)
    x = (grid[:, None] + points).reshape(-1)
    inside = (x[:, None] ** 2 + x**2 <= radius**2).reshape(15, 64, 15, 64).mean((1, 3))
    return (inside / inside.sum()).astype(np.float32)


def imagecorruptions(rgb):
    from imagecorruptions import corrupt, corruptions

    even = corruptions.np.random.uniform

    def motion():
        corruptions.np.random.uniform = lambda *a, **k: ANGLE
        try:
            return corrupt(rgb, corruption_name="motion_blur", severity=3)
        finally:
            corruptions.np.random.uniform = even

    cases = {n: (lambda n=n: corrupt(rgb, corruption_name=n, severity=3)) for n in NAMES}
    return cases | {"motion_blur": motion}


def medmnistc(rgb):
    """The fifteen of its dermatology set at severity 3; it counts from 0, and its zoom needs a square picture."""
    import random
    import types

    from PIL import Image

    # None of the fifteen uses torchvision; the package imports it for two others.
    for name in ("torchvision", "torchvision.transforms", "torchvision.transforms.functional"):
        sys.modules.setdefault(name, types.ModuleType(name))
    from medmnistc.corruptions import filter as filters
    from medmnistc.corruptions.registry import CORRUPTIONS_DS

    random.seed(0)
    np.random.seed(0)
    image, even = Image.fromarray(rgb), np.random.uniform

    def applied(operator):
        filters.np.random.uniform = lambda *a, **k: ANGLE
        try:
            return np.asarray(operator.apply(image, severity=2))
        finally:
            filters.np.random.uniform = even

    derma = CORRUPTIONS_DS["dermamnist"]
    for operator in derma.values():
        operator.rng = np.random.default_rng(0)
    return {f"medmnist_c {n}": (lambda o=derma[n]: applied(o)) for n in DERMATOLOGY}


def albumentations(rgb):
    import albumentations as A
    import cv2

    cv2.setNumThreads(1)
    height = rgb.shape[0]
    made = {
        "gaussian_noise": lambda: A.GaussNoise(std_range=(0.18, 0.18), p=1),
        "shot_noise": lambda: A.ShotNoise(scale_range=(1 / 12, 1 / 12), p=1),
        "impulse_noise": lambda: A.SaltAndPepper(amount=(0.09, 0.09), p=1),
        "speckle_noise": lambda: A.MultiplicativeNoise(multiplier=(0.65, 1.35), per_channel=True, elementwise=True, p=1),
        "gaussian_blur": lambda: A.GaussianBlur(blur_limit=(25, 25), sigma_limit=(3, 3), p=1),
        "blur_19_taps": lambda: A.GaussianBlur(blur_limit=(19, 19), sigma_limit=(3, 3), p=1),
        "defocus_blur": lambda: A.Defocus(radius=(6, 6), alias_blur=(0.5, 0.5), p=1),
        "glass_blur": lambda: A.GlassBlur(sigma=1.0, max_delta=2, iterations=3, mode="fast", p=1),
        "motion_blur": lambda: A.MotionBlur(blur_limit=(31, 31), p=1),
        "zoom_blur": lambda: A.ZoomBlur(max_factor=(1.21, 1.21), step_factor=(0.02, 0.02), p=1),
        "brightness": lambda: A.RandomBrightnessContrast((0.3, 0.3), (0, 0), p=1),
        "contrast": lambda: A.RandomBrightnessContrast((0, 0), (-0.8, -0.8), p=1),
        "gamma": lambda: A.RandomGamma((150, 150), p=1),
        "saturate": lambda: A.HueSaturationValue((0, 0), (60, 60), (0, 0), p=1),
        "jpeg_compression": lambda: A.ImageCompression(quality_range=(15, 15), p=1),
        "jpeg_quality_15": lambda: A.ImageCompression(quality_range=(15, 15), p=1),
        "pixelate": lambda: A.Downscale(
            scale_range=(0.4, 0.4), interpolation_pair={"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_NEAREST}, p=1),
        "elastic_transform": lambda: A.ElasticTransform(alpha=160, sigma=0.01 * height, p=1),
        "spatter": lambda: A.Spatter(mode="rain", p=1),
    }
    return {name: (lambda t=make(): t(image=rgb)["image"]) for name, make in made.items()}


def opencv(rgb):
    import cv2

    cv2.setNumThreads(1)
    height, width = rgb.shape[:2]
    # Its codecs take blue first.
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    i16, f32, u16 = (np.empty(rgb.shape, kind) for kind in (np.int16, np.float32, np.uint16))
    disc, motion, covered, line = disc_kernel(cv2), motion_kernel(), covered_disc(6.0), line_kernel(31)
    gx, gy = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    curve = np.rint(255 * (np.arange(256) / 255.0) ** 1.5).astype(np.uint8)

    def gaussian_noise():
        cv2.randn(i16, (0, 0, 0), (45.9, 45.9, 45.9))
        return cv2.add(rgb, i16, dtype=cv2.CV_8U)

    def shot_noise():  # OpenCV has no Poisson numbers: their normal approximation
        cv2.randn(f32, (0, 0, 0), (1, 1, 1))
        root = cv2.LUT(rgb, np.sqrt(np.arange(256) * 255.0 / 12).astype(np.float32))
        return cv2.add(rgb, cv2.multiply(root, f32), dtype=cv2.CV_8U)

    def impulse_noise():
        cv2.randu(u16, (0, 0, 0), (65536, 65536, 65536))
        out = rgb.copy()
        out[u16 < 2949] = 0
        out[u16 > 65535 - 2949] = 255
        return out

    def speckle_noise():
        cv2.randn(f32, (1, 1, 1), (0.35, 0.35, 0.35))
        return cv2.multiply(rgb, f32, dtype=cv2.CV_8U)

    def zoom_blur():
        total = rgb.astype(np.float32)
        for factor in np.arange(1, 1.21, 0.02):
            h, w = int(np.ceil(height / factor)), int(np.ceil(width / factor))
            top, left = (height - h) // 2, (width - w) // 2
            part = cv2.resize(rgb[top : top + h, left : left + w], (width, height), interpolation=cv2.INTER_LINEAR)
            cv2.accumulate(part, total)
        return cv2.convertScaleAbs(total, alpha=1 / 12)

    def in_hsv(channel, factor, added):
        parts = list(cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)))
        parts[channel] = cv2.convertScaleAbs(parts[channel], alpha=factor, beta=added)
        return cv2.cvtColor(cv2.merge(parts), cv2.COLOR_HSV2RGB)

    def contrast():
        mean = np.array(cv2.mean(rgb)[:3])
        table = np.clip((np.arange(256)[:, None] - mean) * 0.2 + mean, 0, 255).astype(np.uint8)
        return cv2.LUT(rgb, table.reshape(256, 1, 3))

    def jpeg():
        return cv2.imdecode(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 15])[1], cv2.IMREAD_COLOR)[..., ::-1]

    def pixelate():
        small = cv2.resize(rgb, (int(width * 0.4), int(height * 0.4)), interpolation=cv2.INTER_AREA)
        return cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)

    def elastic():
        fields = []
        for grid in (gx, gy):
            field = np.empty((height, width), np.float32)
            cv2.randu(field, -height * 0.005, height * 0.005)
            size = (2 * int(0.03 * width + 0.5) + 1, 2 * int(0.03 * height + 0.5) + 1)
            fields.append(cv2.GaussianBlur(field, size, 0.01 * width, sigmaY=0.01 * height) * 21.25 + grid)
        return cv2.remap(rgb, fields[0], fields[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)

    turned = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -5, 1)

    def rotate():
        return cv2.warpAffine(rgb, turned, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)

    def crop():
        w, h = (int(np.rint(side * 0.7**0.5)) for side in (width, height))
        left, top = (width - w) // 2, (height - h) // 2
        return cv2.resize(rgb[top : top + h, left : left + w], (width, height), interpolation=cv2.INTER_LINEAR)

    with open(os.path.join(FOLDER, "in.jpg"), "rb") as opened:
        file = np.frombuffer(opened.read(), np.uint8)

    def pipeline():  # the loop that people write: everything anew for every level
        import base64
        import hashlib

        sent = []
        for share in (0.0025, 0.005, 0.01, 0.015, 0.025):
            pixels = cv2.imdecode(file, cv2.IMREAD_COLOR)
            png = cv2.imencode(".png", cv2.GaussianBlur(pixels, (0, 0), share * height))[1].tobytes()
            hashlib.sha256(png).hexdigest()
            sent.append(base64.b64encode(png))
        return np.frombuffer(b"".join(sent), np.uint8)

    repeat = cv2.BORDER_REPLICATE
    return {
        "rotate_5_degrees": rotate, "crop_and_enlarge": crop, "pipeline": pipeline,
        "half_the_size": lambda: cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA),
        "gaussian_noise": gaussian_noise, "shot_noise": shot_noise, "impulse_noise": impulse_noise,
        "speckle_noise": speckle_noise, "zoom_blur": zoom_blur, "contrast": contrast, "pixelate": pixelate,
        "jpeg_compression": jpeg, "jpeg_quality_15": jpeg, "elastic_transform": elastic,
        "gaussian_blur": lambda: cv2.GaussianBlur(rgb, (25, 25), 3, borderType=repeat),
        "blur_19_taps": lambda: cv2.GaussianBlur(rgb, (19, 19), 3, borderType=repeat),
        "defocus_blur": lambda: cv2.filter2D(rgb, -1, disc),
        "disc_radius_6": lambda: cv2.filter2D(rgb, -1, covered, borderType=repeat),
        "motion_blur": lambda: cv2.filter2D(rgb, -1, motion, borderType=repeat),
        "even_line_31": lambda: cv2.filter2D(rgb, -1, line, borderType=repeat),
        "brightness": lambda: in_hsv(2, 1, 76.5), "saturate": lambda: in_hsv(1, 2, 0),
        "gamma": lambda: cv2.LUT(rgb, curve), "copy": lambda: rgb.copy(),
    }


def pillow(rgb):
    from io import BytesIO

    from PIL import Image, ImageEnhance, ImageFilter

    image = Image.fromarray(rgb)
    curve = [round(255 * (v / 255) ** 1.5) for v in range(256)] * 3

    def jpeg():
        file = BytesIO()
        image.save(file, "JPEG", quality=15)
        return np.asarray(Image.open(file).convert("RGB"))

    def pixelate():
        small = image.resize((int(image.width * 0.4), int(image.height * 0.4)), Image.BOX)
        return small.resize(image.size, Image.NEAREST)

    return {
        "jpeg_compression": jpeg, "jpeg_quality_15": jpeg, "pixelate": pixelate, "gamma": lambda: image.point(curve),
        "gaussian_blur": lambda: image.filter(ImageFilter.GaussianBlur(3)),
        "blur_19_taps": lambda: image.filter(ImageFilter.GaussianBlur(3)),
        "brightness": lambda: ImageEnhance.Brightness(image).enhance(1.3),
        "contrast": lambda: ImageEnhance.Contrast(image).enhance(0.2),
        "saturate": lambda: ImageEnhance.Color(image).enhance(2.0),
    }


PEERS = {f.__name__: f for f in (imagecorruptions, medmnistc, albumentations, opencv, pillow)}

# ---- timing --------------------------------------------------------------------------------------------------------


def run(name, folder, size, seconds, dump, wanted):
    width, height = map(int, size.split("x"))
    rgb = np.fromfile(os.path.join(folder, "in.rgb"), np.uint8).reshape(height, width, 3)
    global FOLDER
    FOLDER = folder
    for case, work in PEERS[name](rgb).items():
        if case not in wanted:
            continue
        try:
            start = time.perf_counter()
            out = np.asarray(work())
            times = [time.perf_counter() - start]
            end = time.perf_counter() + seconds
            # A very slow one is run once.
            while times[0] < 3 and (len(times) < 5 or time.perf_counter() < end):
                start = time.perf_counter()
                work()
                times.append(time.perf_counter() - start)
            print(json.dumps({"case": case, "ms": 1e3 * statistics.median(times)}), flush=True)
            if dump:
                np.ascontiguousarray(out).tofile(os.path.join(folder, f"{name}-{case}.rgb"))
        except Exception as error:  # what a peer cannot do is a finding
            print(json.dumps({"case": case, "error": f"{type(error).__name__}: {error}"[:200]}), flush=True)


if __name__ == "__main__":
    asked = [argument for argument in sys.argv[1:] if argument != "--dump"]
    run(asked[0], asked[1], asked[2], float(asked[3]), "--dump" in sys.argv, asked[4:])
