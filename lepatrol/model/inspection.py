"""Inspections of objects: what is asked of perception, what it saw, and what is made of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from .geometry import Pose2, Pose3
from .observation import CameraInfo
from .site import Point2


class Symbology(Enum):
    """What kind of code a label bears."""

    QR = 'qr'
    ARUCO = 'aruco'
    APRIL_TAG = 'april_tag'


@dataclass(frozen=True, slots=True)
class Label:
    """A code that was read: its text, or of a tag its number within a ``family`` ('4x4', '36h11')."""

    symbology: Symbology
    text: str
    family: str = ''

    def __str__(self) -> str:
        """Return it in one word: ``qr:TEXT``, ``aruco:4x4:17``, ``april_tag:36h11:5``."""
        return ':'.join(part for part in (self.symbology.value, self.family, self.text) if part)

    def is_called(self, name: str) -> bool:
        """Tell whether a name of the site's means it: its text alone, or all of it as one word."""
        return name in (self.text, str(self))


class ObjectShape(Enum):
    """What an object looks like: with straight sides, round, soft, or hardly above the ground."""

    BOX = 'box'
    CYLINDER = 'cylinder'
    BAG = 'bag'
    FLAT = 'flat'


class InspectionLevel(Enum):
    """What is to be thought of an object, the most harmless first."""

    EXPECTED = 'expected'
    UNCLEAR = 'unclear'
    SUSPICIOUS = 'suspicious'


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value and one sigma of it, in the unit that the field's name says."""

    value: float
    deviation: float

    def exceeds(self, limit: float, sigmas: float = 2.0) -> bool:
        """Tell whether it is above a limit for sure."""
        return self.value - sigmas * self.deviation > limit

    def text(self, unit: str, digits: int = 2) -> str:
        """Return it for people, give or take two sigma."""
        return f'{self.value:.{digits}f} {unit} (give or take {2.0 * self.deviation:.{digits}f} {unit})'


@dataclass(frozen=True, slots=True)
class ColourShare:
    """A colour by its everyday name, and its share of what is seen of an object (0 to 1)."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class StudyRequest:
    """The question what a robot that stands at a viewpoint of an inspection sees of the object from there.

    The object is somewhere within ``radius_m`` of ``target_m`` in ``map``. What was sensed before ``stamp_s`` does not
    count: the robot was still moving.
    """

    inspection_id: str
    target_m: Point2
    radius_m: float
    viewpoint: int
    stamp_s: float


@dataclass(frozen=True, slots=True)
class Outline:
    """How an object looks in a picture: its convex hull (column, row) in pixels, from a camera in ``map``.

    ``fill`` is the share of the hull that the object fills. ``is_whole`` tells that no part of it is cut off by the
    picture's edge.
    """

    camera: Pose3
    info: CameraInfo
    hull_px: tuple[Point2, ...]
    fill: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ObjectView:
    """What one viewpoint gave, with ``robot`` standing there, in ``map``.

    ``lidar_m`` are the lidar's returns from the object, in a plane ``lidar_height_m`` above the ground; None for that
    height is no usable scan. ``width_m`` is how wide it looks, ``height_m`` how tall, None where the picture does not
    show it. ``pictures`` are files of the run's folder. ``problem`` says what could not be had, '' for nothing.
    """

    inspection_id: str
    viewpoint: int
    stamp_s: float
    robot: Pose2
    outline: Outline | None = None
    lidar_m: tuple[Point2, ...] = ()
    lidar_height_m: float | None = None
    width_m: Measured | None = None
    height_m: Measured | None = None
    colours: tuple[ColourShare, ...] = ()
    labels: tuple[Label, ...] = ()
    pictures: tuple[str, ...] = ()
    problem: str = ''


@dataclass(frozen=True, slots=True)
class ObjectEstimate:
    """What all views together say of an object.

    ``footprint_m`` are the corners, counter-clockwise, of the ground it stands on; ``length_m`` is the longer side.
    ``height_m`` and ``volume_m3`` are None where no picture shows the object. ``moved_m`` is how far it has moved from
    the earlier views to the later ones, None before there are enough. ``viewpoints`` are those it rests on.
    """

    footprint_m: tuple[Point2, ...]
    position_m: Point2
    deviation_m: float
    length_m: Measured
    width_m: Measured
    height_m: Measured | None
    volume_m3: Measured | None
    shape: ObjectShape
    colours: tuple[ColourShare, ...]
    labels: tuple[Label, ...]
    moved_m: Measured | None
    viewpoints: tuple[int, ...]

    @property
    def radius_m(self) -> float:
        """Return how far the footprint reaches from its middle."""
        return math.hypot(self.length_m.value, self.width_m.value) / 2.0

    @property
    def has_moved(self) -> bool:
        """Tell whether it has moved for sure."""
        return self.moved_m is not None and self.moved_m.exceeds(0.1, sigmas=3.0)


@dataclass(frozen=True, slots=True)
class Study:
    """The answer to a request: what was seen from there, and the estimate so far, None where nothing is known."""

    view: ObjectView
    estimate: ObjectEstimate | None
