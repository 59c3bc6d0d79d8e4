"""Coordinate frames and how they lie in each other."""

from __future__ import annotations

from dataclasses import dataclass

from .geometry import Pose3

MAP = 'map'
ODOM = 'odom'
BASE_LINK = 'base_link'
"""REP-105's names."""


@dataclass(frozen=True, slots=True)
class FrameTransform:
    """The frame ``child`` has ``pose`` in the frame ``parent``; ``stamp_s`` is 0 for what never changes."""

    parent: str
    child: str
    pose: Pose3
    stamp_s: float = 0.0
