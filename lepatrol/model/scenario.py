"""A scenario as its author writes it: who and what appears when and where, and what ought to be reported.

What is left to chance is a value to be drawn; ``simulation/staging.py`` draws, by a seed, and stages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from .alerts import AlertKind

T = TypeVar('T')


@dataclass(frozen=True, slots=True)
class Between:
    """Any number from ``low`` to ``high``, each as likely."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OneOf(Generic[T]):
    """One of the options, each as likely."""

    options: tuple[T, ...]


Number: TypeAlias = 'float | Between | OneOf[Number]'
"""A number, or how to draw one."""
Word: TypeAlias = 'str | OneOf[str]'
"""A text, or how to draw one."""
Rgb = tuple[float, float, float]
"""A colour in 0..1."""
Colour: TypeAlias = 'Rgb | OneOf[Rgb]'


@dataclass(frozen=True, slots=True)
class Place:
    """A place by site terms: at a point of ``map``, along a route, or (with neither) along the route from the spot.

    ``off_route_m`` is then to the left of the route; ``off_fence_m`` moves the place to the nearest point of the site's
    perimeter line and from there outwards (inwards where negative).
    """

    position_m: tuple[Number, Number] | None = None
    route: str = ''
    at_m: Number = 0.0
    off_route_m: Number = 0.0
    off_fence_m: Number | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What ought to be reported: any of ``kinds``; the rest is as :class:`lepatrol.model.truth.Subject` has it."""

    kinds: tuple[AlertKind, ...]
    within_m: float = 15.0
    for_s: float = 1.0
    due_s: float = 60.0


@dataclass(frozen=True, slots=True)
class When:
    """What sets something going: the robot has come within ``robot_within_m`` of ``at`` (None: of its first place).

    With ``then_beyond_m`` the robot must then have gone on, and be farther away than that again. ``after_s`` passes
    before it begins. Until then a ``hidden`` thing is nowhere.
    """

    robot_within_m: Number = float('inf')
    then_beyond_m: Number | None = None
    after_s: Number = 0.0
    hidden: bool = True
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One place on a path, ``z_m`` above the ground, come to at a speed or in a time; then a wait."""

    place: Place
    z_m: Number = 0.0
    speed_m_s: Number = 1.3
    in_s: Number | None = None
    wait_s: Number = 0.0


class MoverKind(Enum):
    """What moves by itself."""

    PERSON = 'person'
    CAT = 'cat'
    BIRD = 'bird'
    LITTER = 'litter'
    """A plastic bag in the wind."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """How people look; what is left out is drawn so that all looks come up equally often over many seeds.

    ``clothing`` and ``skin`` are words of ``simulation/human_figure.py``.
    """

    height_m: Number | None = None
    clothing: Word | None = None
    skin: Word | None = None


@dataclass(frozen=True, slots=True)
class Mover:
    """``count`` people or animals on a path, each ``scatter_m`` off it at most; one step alone is to stand there."""

    name: str
    kind: MoverKind
    path: tuple[Step, ...]
    loop: bool = False
    count: Number = 1.0
    scatter_m: Number = 0.0
    when: When | None = None
    looks: Appearance = Appearance()
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A box that was left: its size along, across and up, and the direction it is turned to."""

    name: str
    place: Place
    size_m: tuple[Number, Number, Number]
    colour: Colour
    turn_deg: Number = 0.0
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class FenceCut:
    """The fence panel nearest to a place taken out, or with a hole of ``hole_m`` in it from bottom to top."""

    name: str
    place: Place
    hole_m: Number | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class GateOpen:
    """A gate turned on its hinge, or slid along its line (from the structure's start to its end)."""

    name: str
    gate: Word
    swing_deg: Number | None = None
    slide_m: Number | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A model of the world that is not there any more.

    ``model`` may be a pattern (``crate_*``): it is then the nearest of those to ``place``, or with no place any.
    """

    name: str
    model: Word
    place: Place | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class CameraCover:
    """Something dark over the camera, from a time on; ``level`` is how bright it is (0..255)."""

    name: str
    from_s: Number
    level: Number = 12.0
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Sunlight:
    """The light: the sun's place in the sky (azimuth counter-clockwise from x) and strength, and the sky's.

    What is None stays as the world has it. ``sky`` is the colour behind everything. ``warmth`` (0..1) takes blue away;
    ``glare`` (0..1) is how much the sun dazzles the camera; of the robot's own headlight a tenth is left at
    ``headlight_m``.
    """

    azimuth_deg: Number | None = None
    elevation_deg: Number | None = None
    sun: Number | None = None
    ambient: Number | None = None
    sky: Colour | None = None
    warmth: Number = 0.0
    glare: Number = 0.0
    headlight_m: Number | None = None


@dataclass(frozen=True, slots=True)
class RainFall:
    """Rain: the share of lidar beams that a drop sends back, how near, and streaks per picture."""

    share: Number
    nearest_m: float = 1.0
    farthest_m: float = 10.0
    streaks: Number = 60.0


@dataclass(frozen=True, slots=True)
class FogBank:
    """Fog: how far a lidar beam, and a look, goes."""

    sight_m: Number


@dataclass(frozen=True, slots=True)
class Walk:
    """The robot walks the spot's route past the spot, from ``before_m`` before it to ``after_m`` after it.

    With ``stop_s`` it stands that long ``stop_before_m`` before the spot.
    """

    before_m: Number = 40.0
    after_m: Number = 20.0
    stop_before_m: Number = 8.0
    stop_s: Number = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything a scenario file says.

    The robot starts at the site's start with the order ``mission``, or with a ``walk`` past the spot.
    ``start_min`` is the site-local minute of the day at which it starts.
    """

    name: str
    site: str
    world: str
    about: str = ''
    start_min: Number = 600.0
    duration_s: Number = 120.0
    spot: Place | None = None
    walk: Walk | None = None
    mission: str = ''
    movers: tuple[Mover, ...] = ()
    things: tuple[Thing, ...] = ()
    cuts: tuple[FenceCut, ...] = ()
    gates: tuple[GateOpen | OneOf[GateOpen], ...] = ()
    removals: tuple[Removal, ...] = ()
    covers: tuple[CameraCover, ...] = ()
    light: Sunlight = field(default_factory=Sunlight)
    rain: RainFall | None = None
    fog: FogBank | None = None
