"""How well heads are masked: rendered people whose heads are known to the pixel, and what the masks leave of them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng

from lepatrol import assembly
from lepatrol.evaluation.masking_stage import INFO, Mask, Rgb, Shot, shots
from lepatrol.model.observation import CameraImage
from lepatrol.perception.masking import Masker
from lepatrol.settings.privacy import PrivacySettings


@dataclass(frozen=True)
class MaskingFigures:
    """What masking did to ``frames`` pictures.

    ``heads`` are those of which enough rows can be seen, ``unmasked`` those of which any pixel was left,
    ``sharp_share`` is how much of the pictures stays as it was, and ``most_blocks`` the most blocks that a head was
    wide or tall.
    """

    frames: int = 0
    heads: int = 0
    unmasked: int = 0
    sharp_share: float = 0.0
    most_blocks: float = 0.0


def measure_site(frames: int = 1000, seed: int = 1, *, site: str = 'prison') -> dict[str, MaskingFigures]:
    """Mask pictures from a site's patrol road with people in them and return the figures of three ways to do it.

    ``foreground`` masks what differs from the expected view, and bands of rows where that is not known (in fog).
    ``band`` never knows, and ``scan`` neither, but knows from a scan how near anybody can be. Sightings and detectors,
    which mask more, have no part.
    """
    masker = Masker(PrivacySettings(), assembly.load_site(site).zones)
    noise = default_rng(seed)
    totals = {name: MaskingFigures() for name in ('foreground', 'band', 'scan')}
    for shot in shots(site, frames, seed):
        # Every pixel of this picture is unlike all others: what is left of it was not masked.
        unlike = noise.integers(0, 256, shot.rgb.shape, dtype=np.uint8)
        image = CameraImage(0.0, 'eye', unlike, INFO)
        ways = {
            'foreground': masker.mask(image, shot.pose, (), shot.foreground),
            'band': masker.mask(image, shot.pose),
            'scan': masker.mask(image, shot.pose, scan=(shot.scan, shot.lidar_pose)),
        }
        for name, masked in ways.items():
            totals[name] = _add(totals[name], shot, masked, np.asarray((masked == unlike).all(axis=2)))
    return {name: dataclasses.replace(total, sharp_share=total.sharp_share / max(total.frames, 1))
            for name, total in totals.items()}


def _add(total: MaskingFigures, shot: Shot, masked: Rgb, left: Mask) -> MaskingFigures:
    blocks = max((_blocks_across(masked, head) for head in shot.heads), default=0.0)
    return MaskingFigures(
        total.frames + 1, total.heads + len(shot.heads),
        total.unmasked + sum(bool((head & left).any()) for head in shot.heads),
        total.sharp_share + float(left.mean()), max(total.most_blocks, blocks))


def _blocks_across(masked: Rgb, head: Mask) -> float:
    """Return a head's width or height in blocks, the larger: how many edges of blocks its mean row or column meets."""
    rows, columns = np.flatnonzero(head.any(axis=1)), np.flatnonzero(head.any(axis=0))
    part = masked[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].astype(np.int32)
    down = (np.diff(part, axis=0) != 0).any(axis=2).sum() / part.shape[1]
    across = (np.diff(part, axis=1) != 0).any(axis=2).sum() / part.shape[0]
    return float(max(down, across))
