"""How well heads are masked: rendered people whose heads are known to the pixel, and what the masks leave of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator, default_rng

from lepatrol import assembly
from lepatrol.evaluation.masking_stage import INFO, Mask, Rgb, Shot, shots
from lepatrol.model.observation import CameraImage
from lepatrol.perception.camera_anomaly import CameraAnomaly
from lepatrol.perception.masking import Masker
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.simulation.expected_view import SceneView

Way = Callable[[CameraImage], Rgb]
"""Returns a masked picture."""


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

    ``foreground`` knows what the camera's expected view does not explain and the scan, ``scan`` the scan alone, and
    ``band`` neither. Sightings and detectors, which mask more, have no part.
    """
    plan = assembly.load_site(site)
    view = SceneView(assembly.load_scene(plan.world, {}).world)
    try:
        return _measure(frames, seed, site, Masker(PrivacySettings(), plan.zones), view)
    finally:
        view.close()


def _measure(frames: int, seed: int, site: str, masker: Masker, view: SceneView) -> dict[str, MaskingFigures]:
    camera = CameraAnomaly(view, CameraAnomalySettings())
    noise = default_rng(seed)
    totals = {name: MaskingFigures() for name in ('foreground', 'band', 'scan')}
    for shot in shots(site, frames, seed):
        camera.reset()
        foreground = camera.look(CameraImage(0.0, 'eye', shot.rgb, INFO), shot.pose, ()).foreground
        told = partial(masker.mask, camera_pose=shot.pose)
        seeing = partial(told, scan=(shot.scan, shot.lidar_pose))
        ways = {'foreground': partial(seeing, foreground=foreground), 'scan': seeing, 'band': told}
        for name, way in ways.items():
            totals[name] = _add(totals[name], shot, *_what_is_left(way, shot.rgb, noise))
    return {name: dataclasses.replace(total, sharp_share=total.sharp_share / max(total.frames, 1))
            for name, total in totals.items()}


def _what_is_left(way: Way, rgb: Rgb, noise: Generator) -> tuple[Rgb, Mask]:
    """Return a masked picture, each pixel of which had noise of its own, and which pixels (height, width) were left.

    Noise makes every pixel unlike the mean of its block; where it does not by chance, other noise does.
    """
    left = np.ones(rgb.shape[:2], dtype=bool)
    for _ in range(2):
        noisy = np.bitwise_or(rgb & np.uint8(0xE0), noise.integers(0, 32, rgb.shape, dtype=np.uint8))
        masked = way(CameraImage(0.0, 'eye', noisy, INFO))
        left &= (masked == noisy).all(axis=2)
    return masked, left


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
