"""Times the peers and our operators in turns, on one picture, in one run, and writes the table of ratios.

    cargo bench -p bedside-perturbations --features bench --bench turns --no-run
    PYTHON perturbations/benches/peers.py --ours target/release/deps/turns-… --out perturbations/BENCHMARKS.md \\
        --peer imagecorruptions=VENV/bin/python --peer medmnistc=VENV/bin/python \\
        --peer albumentations=VENV/bin/python --peer opencv=VENV/bin/python --peer pillow=VENV/bin/python

PYTHON needs NumPy and Pillow. It installs nothing: the environments are made from the requirements files beside it. Every round runs
every program once, so a busy machine slows all of them; a figure is the median over the rounds of the medians within a
round. A peer counts as comparable only where its result agrees with ours (see `parity`); the others stand in brackets.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
    os.environ[key] = "1"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import warnings

warnings.filterwarnings("ignore")
import numpy as np

from picture import picture

NAMES = ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "gaussian_blur", "defocus_blur", "glass_blur",
         "motion_blur", "zoom_blur", "brightness", "contrast", "saturate", "jpeg_compression", "pixelate",
         "elastic_transform", "snow", "frost", "fog", "spatter"]
NOISE = {"gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise"}
TEXTURE = {"snow", "frost", "fog", "spatter", "elastic_transform", "glass_blur"}
ANGLE = 20.0
# Where the pictures lie; set before any peer is asked.
FOLDER = "."


def our_cases(height):
    """Our name for each case; the ImageNet-C ones at severity 3, our own at the same sizes in pixels."""
    cases = {n: f"imagenet_c?dose=3&corruption={n}" for n in NAMES}
    cases["motion_blur"] += f"&angle={ANGLE}"
    cases["gamma"] = "gamma?dose=1.5"
    cases["blur_19_taps"] = f"gaussian_blur?dose={3 / height}"
    cases["disc_radius_6"] = f"defocus?dose={6 / height}"
    cases["even_line_31"] = f"motion_blur?dose={31 / height}&angle=20"
    cases["exposure"] = "exposure?dose=-1"
    cases["colour_temperature"] = "colour_temperature?dose=4000"
    cases["jpeg_quality_15"] = "jpeg?dose=15"
    cases["rotate_5_degrees"] = "rotate?dose=5&direction=clockwise"
    cases["crop_and_enlarge"] = "crop_centre?dose=0.3&enlarge=yes"
    cases["half_the_size"] = "downscale?dose=0.5"
    cases["glare"] = "glare?dose=0.06"
    cases["pipeline"] = "pipeline"
    cases["copy"] = "copy"
    return cases


# ---- the peers: each gives its cases as functions of nothing -------------------------------------------------------


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
    import importlib.util
    import types

    from PIL import Image

    if importlib.util.find_spec("torchvision") is None:
        # Two of its corruptions use torchvision; the others only need that the import works.
        for name in ("torchvision", "torchvision.transforms", "torchvision.transforms.functional"):
            sys.modules[name] = types.ModuleType(name)
    from medmnistc.corruptions.registry import CORRUPTIONS_DS

    image, derma = Image.fromarray(rgb), CORRUPTIONS_DS["dermamnist"]
    picked = {n: derma[n] for n in ("gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "defocus_blur",
                                    "motion_blur", "zoom_blur", "jpeg_compression", "pixelate")}
    picked["brightness"], picked["contrast"] = derma["brightness_up"], derma["contrast_down"]
    picked["gamma"] = CORRUPTIONS_DS["chestmnist"]["gamma_corr_up"]
    picked["saturate"] = CORRUPTIONS_DS["pathmnist"]["saturate"]
    picked["gaussian_blur"] = CORRUPTIONS_DS["tissuemnist"]["gaussian_blur"]
    for operator in picked.values():
        operator.rng = np.random.default_rng(0)
    return {n: (lambda o=o: np.asarray(o.apply(image, severity=2))) for n, o in picked.items()}


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


def run_peer(name, folder, size, seconds, dump, only):
    """One peer in its own interpreter: a line of JSON for each case."""
    width, height = map(int, size.split("x"))
    rgb = np.fromfile(os.path.join(folder, "in.rgb"), np.uint8).reshape(height, width, 3)
    global FOLDER
    FOLDER = folder
    for case, work in PEERS[name](rgb).items():
        if only and case not in only:
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


def lines(command):
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]


def jpeg(folder):
    return ["--jpeg", os.path.join(folder, "in.jpg")]


def scaling(options, folder):
    """Milliseconds for one picture with one thread and with two, by case; and memory in pictures."""
    height = int(options.size.split("x")[1])
    cases = [f"{n}={t}" for n, t in our_cases(height).items() if n != "copy" and (not options.only or n in options.only)]
    base = [options.ours, os.path.join(folder, "in.rgb"), options.size, "0.4", *jpeg(folder)]
    per_thread = [{r["case"]: r["ms"] for r in lines([*base, "--threads", str(n), *cases]) if "ms" in r} for n in (1, 2)]
    # Each case in a process of its own: what one leaves behind would hide what the next takes.
    memory = {r["case"]: r["pictures"] for case in cases for r in lines([*base, "--memory", case]) if "pictures" in r}
    return per_thread, memory


def gather(options, folder):
    """Times by (who, case), in milliseconds, one for each round, and what went wrong."""
    height = int(options.size.split("x")[1])
    # The copy is what bandwidths are shares of.
    cases = [f"{n}={t}" for n, t in our_cases(height).items() if not options.only or n == "copy" or n in options.only]
    times, errors = {}, {}
    for turn in range(options.rounds):
        dump = ["--dump", folder] if turn == 0 else []
        runs = [("ours", [options.ours, os.path.join(folder, "in.rgb"), options.size, str(options.seconds), *jpeg(folder), *dump, *cases])]
        for peer in options.peer:
            name, python = peer.split("=", 1)
            command = [python, os.path.abspath(__file__), "--run", name, "--folder", folder, "--size", options.size,
                       "--seconds", str(options.seconds), "--only", ",".join(options.only)]
            # Glass blur takes 11 s in one of them: once is enough.
            if turn and name == "imagecorruptions" and not options.only:
                command[-1] = ",".join(n for n in NAMES if n != "glass_blur")
            runs.append((name, command + (["--dump"] if turn == 0 else [])))
        for name, command in runs if turn % 2 == 0 else runs[::-1]:
            for row in lines(command):
                key = (name, row["case"])
                if "ms" in row:
                    times.setdefault(key, []).append(row["ms"])
                else:
                    errors[key] = row["error"]
        print("round", turn + 1, file=sys.stderr)
    return {key: statistics.median(values) for key, values in times.items()}, errors


def parity(folder, name, case, rgb):
    """Whether a peer's result is the same work, and how far it is from ours.

    Deterministic: a mean difference of at most 1.5 grey levels away from the border (the reference cuts fractions off,
    others round, and zooms keep other corners). Noise: mean and deviation of what was added within 5 % or 1.5 levels.
    Textures and warps: the mean change within a half to twice ours.
    """
    read = lambda who: np.fromfile(os.path.join(folder, who), np.uint8).astype(float)
    ours = read(f"{case}.rgb")
    theirs = read(f"{name}-{case}.rgb")
    if case == "pipeline":
        return True, "PNG files of another size"
    if ours.size != theirs.size:
        return False, "other size"
    base = rgb.reshape(-1).astype(float)
    if case in NOISE:
        one, other = (((v - base).mean(), (v - base).std()) for v in (ours, theirs))
        same = abs(one[0] - other[0]) < 1.5 and abs(one[1] - other[1]) < max(1.5, 0.05 * one[1])
        return same, f"deviation {other[1]:.1f} for {one[1]:.1f}"
    if case in TEXTURE:
        one, other = (np.abs(v - base).mean() for v in (ours, theirs))
        return 0.5 < other / one < 2, f"change {other:.1f} for {one:.1f}"
    shape = (-1, rgb.shape[1] // 2, 3) if case == "half_the_size" else rgb.shape
    cut = lambda v: v.reshape(shape)[40:-40, 40:-40]
    apart = np.abs(cut(ours) - cut(theirs)).mean()
    return apart <= 1.5, f"{apart:.2f} levels"


# ---- the table -----------------------------------------------------------------------------------------------------


def mean_ratio(ratios):
    return float(np.exp(np.mean(np.log(ratios)))) if ratios else float("nan")


def table(times, errors, folder, rgb, peers):
    """The lines of the table, and the ratios to the fastest comparable peer by case and to each peer."""
    head = ["case", "ours", *peers, "fastest comparable", "ratio"]
    rows = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(peers) + 1) + "---|--:|"]
    best, by_peer, notes = {}, {}, []
    for case in our_cases(rgb.shape[0]):
        if ("ours", case) not in times or case == "copy":
            continue
        ours, cells, comparable = times["ours", case], [], []
        for peer in peers:
            if (peer, case) not in times:
                cells.append("fails" if (peer, case) in errors else "–")
                continue
            same, how = parity(folder, peer, case, rgb)
            ms = f"{times[peer, case]:.3g}"
            cells.append(ms if same else f"({ms})")
            by_peer.setdefault(peer, {})[case] = times[peer, case] / ours
            (comparable if same else notes).append((times[peer, case], peer) if same else f"{peer} {case}: {how}")
        fastest = min(comparable, default=None)
        best[case] = fastest[0] / ours if fastest else None
        last = [fastest[1], f"{best[case]:.2f} ×"] if fastest else ["–", "–"]
        rows.append("| " + " | ".join([case, f"{ours:.3g}", *cells, *last]) + " |")
    return rows, best, by_peer, notes


def report(options, times, errors, folder, rgb, large, threads, memory):
    peers = [peer.split("=", 1)[0] for peer in options.peer]
    rows, best, by_peer, notes = table(times, errors, folder, rgb, peers)
    reference = {n: times.get(("imagecorruptions", n)) for n in NAMES}
    without = [n for n in NAMES if n != "glass_blur" and reference[n]]
    suite = lambda who, names: sum(times[who, n] for n in names)
    known = [ratio for ratio in best.values() if ratio]
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    copy = times["ours", "copy"]
    load = os.getloadavg()[0]
    beside = ": other programs ran beside it, so take the ratios, not the times" if load > 2 else ""
    out = [
        "# Benchmarks", "",
        f"One run of `perturbations/benches/peers.py` on {time.strftime('%Y-%m-%d')}: {model}, {os.cpu_count()} virtual cores, "
        f"{options.size} RGB, one thread, milliseconds, medians of {options.rounds} rounds in which all take turns "
        f"(load average at the end {load:.1f}{beside}). Peers in brackets do other work and are not counted: see below the "
        "table.", "",
        *rows, "",
        f"A plain copy in cache: {copy:.3f} ms ({2 * rgb.size / copy / 1e6:.0f} GB/s read and written).", "",
        "| goal | wanted | measured |", "|---|--:|--:|",
    ]
    if without:
        out.append(f"| ImageNet-C suite without glass blur, against imagecorruptions | 35 × | {suite('imagecorruptions', without) / suite('ours', without):.0f} × |")
        if reference["glass_blur"]:
            out.append(f"| the same with it | 200 × | {suite('imagecorruptions', NAMES) / suite('ours', NAMES):.0f} × |")
    if "medmnistc" in by_peer:
        out.append(f"| medmnistc, geometric mean of {len(by_peer['medmnistc'])} | 10 × | {mean_ratio(list(by_peer['medmnistc'].values())):.1f} × |")
    out.append(f"| fastest comparable peer, geometric mean of {len(known)} | 2 × | {mean_ratio(known):.1f} × |")
    slower = sorted((r, c) for c, r in best.items() if r and r < 0.9)
    out.append("| no operator below 0.9 × of it | 0 | " + (", ".join(f"{c} {r:.2f} ×" for r, c in slower) or "0") + " |")
    for case in ("gamma", "exposure", "colour_temperature", "contrast"):
        if ("ours", case) in times:
            out.append(f"| {case}: share of the copy's bandwidth | 60 % | {100 * copy / times['ours', case]:.0f} % |")
    if best.get("pipeline"):
        out.append(f"| JPEG to five blurred pictures as PNG, hashed, in base64, against the OpenCV loop | 1.3 × | {best['pipeline']:.2f} × |")
    one, two = threads
    gains = {c: one[c] / two[c] for c in two if one.get(c, 0) > 1}
    if gains:
        worst = ", ".join(f"{c} {g:.2f} ×" for c, g in sorted(gains.items(), key=lambda pair: pair[1]) if g < 1.8) or "none"
        out.append(f"| two threads over pictures, of {len(gains)} over 1 ms: the median | 1.8 × | {statistics.median(gains.values()):.2f} × |")
        out.append(f"| those below 1.8 × | none | {worst} |")
    if memory:
        over = ", ".join(f"{c} {m:.1f}" for c, m in sorted(memory.items(), key=lambda pair: -pair[1]) if m > 3) or "none"
        out.append(f"| memory in pictures, the result included, of {len(memory)}: the median | 3 | {statistics.median(memory.values()):.1f} |")
        out.append(f"| those above 3 | named | {over} |")
    if large:
        ratios = {c: large[c] / times["ours", c] for c in large if ("ours", c) in times and times["ours", c] > 1}
        over = ", ".join(f"{c} {r:.0f} ×" for c, r in sorted(ratios.items()) if r > 16.5) or "none"
        out.append(f"| 12 megapixels at most 16.5 × the time (of {len(ratios)} over 1 ms); above it: | none | {over} |")
    out += ["", "Not comparable, with what differs from ours: " + "; ".join(notes) + "." if notes else ""]
    if errors:
        out += ["", "Failed: " + "; ".join(f"{p} {c} ({e})" for (p, c), e in sorted(errors.items())) + "."]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--size", default="1024x768")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.15)
    parser.add_argument("--only", type=lambda text: [t for t in text.split(",") if t], default=[])
    parser.add_argument("--out")
    parser.add_argument("--notes", help="a file with what the goals missed are bound by; added to the end")
    parser.add_argument("--large", action="store_true", help="12 megapixels, too")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--dump", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        return run_peer(options.run, options.folder, options.size, options.seconds, options.dump, options.only)
    with tempfile.TemporaryDirectory() as folder:
        width, height = map(int, options.size.split("x"))
        rgb = picture(width, height)
        rgb.tofile(os.path.join(folder, "in.rgb"))
        from PIL import Image

        Image.fromarray(rgb).save(os.path.join(folder, "in.jpg"), quality=90)
        times, errors = gather(options, folder)
        threads, memory = scaling(options, folder)
        large = {}
        if options.large:
            picture(4000, 3000).tofile(os.path.join(folder, "large.rgb"))
            cases = [f"{n}={t}" for n, t in our_cases(height).items() if n not in ("copy", "pipeline")]
            large = {r["case"]: r["ms"] for r in lines([options.ours, os.path.join(folder, "large.rgb"), "4000x3000", "0.5", *cases]) if "ms" in r}
        text = report(options, times, errors, folder, rgb, large, threads, memory)
    if options.notes:
        text += "\n" + open(options.notes).read()
    if options.out:
        open(options.out, "w").write(text)
    print(text)


if __name__ == "__main__":
    main()
