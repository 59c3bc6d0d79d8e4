"""What perception sees that the site does not explain: sightings, gaps and what sensors say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .zones import Point2

Box = tuple[int, int, int, int]
"""A rectangle in an image in pixels: left, top, right, bottom; right and bottom are not part of it."""


class ThingKind(Enum):
    """What a thing is by its size and shape; who a person is is never asked."""

    PERSON = 'person'
    VEHICLE = 'vehicle'
    ANIMAL = 'animal'
    OBJECT = 'object'
    UNKNOWN = 'unknown'


class SensorKind(Enum):
    """Which sensor saw something."""

    LIDAR = 'lidar'
    CAMERA = 'camera'


@dataclass(frozen=True, slots=True)
class Sighting:
    """One sensor's view, at one time, of one thing that is not expected there.

    ``position_m`` is the thing's middle on the ground in ``map`` and ``deviation_m`` one sigma of it along each axis.
    Sizes are metres, None where the sensor cannot tell. ``box`` is where a camera shows it. ``seen_from_m`` is where
    the sensor stood. ``moving`` is True where the sensor itself saw it move.
    """

    stamp_s: float
    sensor: SensorKind
    position_m: Point2
    deviation_m: float
    seen_from_m: Point2
    kind: ThingKind = ThingKind.UNKNOWN
    confidence: float = 0.5
    width_m: float | None = None
    height_m: float | None = None
    box: Box | None = None
    moving: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a guarded structure that a sensor sees through: ``start_m`` to ``end_m`` on its line in ``map``.

    ``structure`` is the name of the site's structure it lies in; ``depth_m`` is how far behind the line a lidar's beams
    went on at least, or how far a camera from above saw the ground there; ``beams`` are those of either's rays.
    """

    stamp_s: float
    structure: str
    start_m: Point2
    end_m: Point2
    width_m: float
    depth_m: float
    beams: int


class ChangeKind(Enum):
    """How a view differs from what it ought to be."""

    NEW = 'new'
    MISSING = 'missing'
    CHANGED = 'changed'


@dataclass(frozen=True, slots=True)
class Change:
    """A lasting difference between what a place ought to look like and how it looks.

    ``place`` is the waypoint, structure or thing concerned. ``position_m`` is None where a picture alone cannot tell.
    """

    stamp_s: float
    kind: ChangeKind
    place: str
    position_m: Point2 | None
    deviation_m: float
    width_m: float | None = None
    height_m: float | None = None
    box: Box | None = None
    confidence: float = 0.5


class Trouble(Enum):
    """What can be wrong with a sensor or with what it says."""

    CAMERA_COVERED = 'camera covered'
    CAMERA_BLINDED = 'camera blinded'
    LIDAR_BLINDED = 'lidar blinded'
    SILENT = 'silent'
    CONTRADICTION = 'contradiction'
    UNREADABLE = 'unreadable'


@dataclass(frozen=True, slots=True)
class Complaint:
    """A sensor's trouble now: ``detail`` gives the numbers, as the end of a sentence."""

    stamp_s: float
    sensor: str
    trouble: Trouble
    detail: str
