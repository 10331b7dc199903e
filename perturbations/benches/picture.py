"""The picture that peers and test vectors are made from."""
import numpy as np


def picture(width, height):
    """A lesion-like patch on a shaded, grainy ground: the formula of the Rust test, in whole numbers."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    grain = (x * 73 + y * 151 + x * y * 31) % 23
    shade = (x * 40) // width + (y * 30) // height
    away = (2 * x - width) ** 2 + (2 * y - height) ** 2
    inside = away < (min(width, height) ** 2) // 3
    ground = np.stack([205 - shade, 165 - shade, 140 - shade], -1)
    patch = np.stack([120 - shade, 70 - shade, 60 + 0 * shade], -1)
    return (np.where(inside[..., None], patch, ground) + grain[..., None]).astype(np.uint8)
