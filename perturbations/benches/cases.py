"""What is compared: our cases at a size, which of them a peer's are set against, and which goals they belong to."""

NAMES = ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "gaussian_blur", "defocus_blur", "glass_blur",
         "motion_blur", "zoom_blur", "brightness", "contrast", "saturate", "jpeg_compression", "pixelate",
         "elastic_transform", "snow", "frost", "fog", "spatter"]
DERMATOLOGY = ["gaussian_noise", "pixelate", "jpeg_compression", "speckle_noise", "impulse_noise", "shot_noise", "defocus_blur",
               "motion_blur", "zoom_blur", "brightness_up", "brightness_down", "contrast_up", "contrast_down", "black_corner",
               "characters"]
# Of these the random numbers are compared by their moments, of those the size of the change.
NOISE = {"gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise"}
TEXTURE = {"snow", "frost", "fog", "spatter", "elastic_transform", "glass_blur", "characters"}
# The trail of motion blur, in degrees, for all of them.
ANGLE = 20.0
# The peers among which the fastest comparable one is looked for. Others have goals of their own.
COMPARABLE = ["albumentations", "opencv", "pillow", "torchvision"]
# The same operator at another size: not a second time in the mean.
TWICE = {"blur_19_taps": "gaussian_blur", "disc_radius_6": "defocus_blur", "even_line_31": "motion_blur",
         "jpeg_quality_15": "jpeg_compression"}
# Operators that make a value of the pixel's own values alone.
POINT = ["gamma", "exposure", "brightness", "contrast", "colour_temperature", "tint", "saturation", "bit_depth", "greyscale"]
# Not an operator: a loop around one, with a goal of its own.
PIPELINE = "pipeline"
# medmnistc's zoom needs a square; this one has as many pixels as 1024 x 768.
SQUARE = "887x887"


def at_size(size):
    """Our text for each case: ImageNet-C at severity 3, our own operators at the same sizes in pixels."""
    height = int(size.split("x")[1])
    cases = {n: f"imagenet_c?dose=3&corruption={n}" for n in NAMES}
    cases["motion_blur"] += f"&angle={ANGLE}"
    cases["gamma"] = "gamma?dose=1.5"
    cases["blur_19_taps"] = f"gaussian_blur?dose={3 / height}"
    cases["disc_radius_6"] = f"defocus?dose={6 / height}"
    cases["even_line_31"] = f"motion_blur?dose={31 / height}&angle=20"
    cases["jpeg_quality_15"] = "jpeg?dose=15"
    cases["rotate_5_degrees"] = "rotate?dose=5&direction=clockwise"
    cases["crop_and_enlarge"] = "crop_centre?dose=0.3&enlarge=yes"
    cases["half_the_size"] = "downscale?dose=0.5"
    cases[PIPELINE] = "pipeline"
    return cases


def dermatology():
    """Our text for the fifteen of medmnist_c at severity 3."""
    cases = {f"medmnist_c {n}": f"medmnist_c?dose=3&corruption={n}" for n in DERMATOLOGY}
    cases["medmnist_c motion_blur"] += f"&angle={ANGLE}"
    return cases


def kind(case):
    """A case's corruption, whatever scale it belongs to."""
    return case.split(" ")[-1]
