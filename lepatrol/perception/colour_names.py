"""The everyday names of colours, by which is nearest to the eye: distances in CIE Lab."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.inspection import ColourShare

_PALETTE: dict[str, tuple[tuple[int, int, int], ...]] = {
    'black': ((15, 15, 15), (35, 35, 38)),
    'grey': ((80, 80, 80), (125, 125, 125), (165, 165, 165)),
    'white': ((215, 215, 215), (245, 245, 245)),
    'red': ((190, 30, 30), (130, 22, 22), (80, 14, 14)),
    'orange': ((235, 130, 30),),
    'brown': ((115, 80, 50), (80, 55, 35), (150, 110, 70)),
    'beige': ((215, 200, 165), (190, 175, 140)),
    'yellow': ((235, 215, 50), (190, 170, 30)),
    'green': ((60, 140, 50), (45, 85, 40), (120, 190, 100), (30, 55, 28)),
    'blue': ((40, 70, 170), (30, 50, 110), (90, 140, 220), (18, 30, 66)),
    'purple': ((120, 50, 140), (80, 35, 95)),
    'pink': ((235, 130, 170),),
}
"""Shades of each colour in sRGB, in light and in shadow."""
_LIGHTNESS = 0.6
"""How much lightness counts beside hue: a red box has a lit side and a dark one."""
_LEAST_SHARE = 0.12
_DARKEST = 30.0
"""In pictures darker than that colours are not told apart."""


def colours_in(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[ColourShare, ...]:
    """Return the colours that fill more than a little of a mask (h, w), the largest share first.

    Where it is too dark to tell them there are none. Pixels at the mask's edge, which show half of what is beside, are
    left out where enough remain.
    """
    if float(np.percentile(rgb[::4, ::4].max(axis=2), 75)) < _DARKEST:
        return ()
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), dtype=np.uint8)) > 0
    pixels = rgb[inner if np.count_nonzero(inner) >= 9 else mask]
    if not len(pixels):
        return ()
    away = np.linalg.norm(_lab(pixels)[:, None] - _SHADES, axis=2)
    counts = np.bincount(_SHADE_OF[away.argmin(axis=1)], minlength=len(_NAMES)) / len(pixels)
    return _ranked({name: float(share) for name, share in zip(_NAMES, counts, strict=True)})


def mixed(views: list[tuple[ColourShare, ...]]) -> tuple[ColourShare, ...]:
    """Return the colours of all views together; those that show none do not count."""
    seen = [view for view in views if view]
    shares: dict[str, float] = {}
    for view in seen:
        for colour in view:
            shares[colour.name] = shares.get(colour.name, 0.0) + colour.share / len(seen)
    return _ranked(shares)


def _ranked(shares: dict[str, float]) -> tuple[ColourShare, ...]:
    kept = [ColourShare(name, round(share, 3)) for name, share in shares.items() if share >= _LEAST_SHARE]
    return tuple(sorted(kept, key=lambda colour: (-colour.share, colour.name)))


def _lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return colours (n, 3) in Lab, lightness scaled."""
    lab = cv2.cvtColor(np.ascontiguousarray(rgb[None], dtype=np.float32) / 255.0, cv2.COLOR_RGB2Lab)[0]
    return np.asarray(lab * np.array([_LIGHTNESS, 1.0, 1.0], dtype=np.float32))


_NAMES = tuple(_PALETTE)
_SHADES = _lab(np.array([shade for shades in _PALETTE.values() for shade in shades], dtype=np.uint8))
_SHADE_OF = np.array([number for number, shades in enumerate(_PALETTE.values()) for _ in shades])
