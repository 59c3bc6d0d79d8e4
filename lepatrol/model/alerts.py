"""Alerts: claims with evidence, for a human to judge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .findings import Box
from .zones import Point2


class AlertKind(Enum):
    """What an alert is about; the values are the words operators and evaluation use."""

    ZONE_INTRUSION = 'zone_intrusion'
    PERIMETER_CROSSING = 'perimeter_crossing'
    FENCE_APPROACH = 'fence_approach'
    LOITERING = 'loitering'
    RUNNING = 'running'
    CROWDING = 'crowding'
    ABANDONED_OBJECT = 'abandoned_object'
    MISSING_OBJECT = 'missing_object'
    MOVED_OBJECT = 'moved_object'
    SCENE_CHANGE = 'scene_change'
    FENCE_BREACH = 'fence_breach'
    GATE_OPEN = 'gate_open'
    CAMERA_COVERED = 'camera_covered'
    CAMERA_BLINDED = 'camera_blinded'
    LIDAR_BLINDED = 'lidar_blinded'
    ROBOT_BLOCKED = 'robot_blocked'
    ROBOT_TAMPERED = 'robot_tampered'
    SENSOR_CONTRADICTION = 'sensor_contradiction'

    @property
    def words(self) -> str:
        """Return the kind as people read it."""
        return self.value.replace('_', ' ')


class Severity(Enum):
    """How much an alert matters, the least first: the lower ones can wait for the end of a round."""

    NOTICE = 'notice'
    WARNING = 'warning'
    CRITICAL = 'critical'

    @property
    def rank(self) -> int:
        """Return how grave it is, from 0."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one rule says of one thing now.

    ``about`` tells things apart within a rule: the same ``kind`` and ``about`` is the same alert. ``position_m`` is in
    ``map``, None for the robot's own sensors. ``sentence`` has the numbers and the limit in it.
    """

    stamp_s: float
    rule: str
    kind: AlertKind
    about: str
    severity: Severity
    confidence: float
    sentence: str
    position_m: Point2 | None = None
    deviation_m: float = 0.0
    zone: str = ''
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A claim as it is published and kept; ``updates`` counts how often it was made again."""

    alert_id: str
    kind: AlertKind
    about: str
    severity: Severity
    confidence: float
    position_m: Point2 | None
    deviation_m: float
    zone: str
    first_seen_s: float
    last_seen_s: float
    robot: str
    rule: str
    sentence: str
    evidence: tuple[str, ...] = ()
    updates: int = 0
