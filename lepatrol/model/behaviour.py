"""What may have a robot: the behaviours, by urgency, and the changes from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class BehaviourKind(Enum):
    """What may have the robot, the most urgent first: each gives way to those before it and none to those after it."""

    ESTOP = 'estop'
    TELEOP = 'teleop'
    LOCKDOWN = 'lockdown'
    BATTERY = 'battery'
    ORDER = 'order'
    """The operator sent the robot somewhere."""
    INVESTIGATE = 'investigate'
    INSPECT = 'inspect'
    GREET = 'greet'
    PATROL = 'patrol'

    @property
    def rank(self) -> int:
        """Return the place in the order of urgency, 0 for the most urgent."""
        return list(BehaviourKind).index(self)

    @property
    def drives(self) -> bool:
        """Tell whether it asks the navigator for anything; under the others nobody does."""
        return self not in (BehaviourKind.ESTOP, BehaviourKind.TELEOP)


@dataclass(frozen=True, slots=True)
class BehaviourChange:
    """At ``stamp_s`` the robot went from one behaviour to another (None: it has nothing to do), and why."""

    stamp_s: float
    before: BehaviourKind | None
    after: BehaviourKind | None
    reason: str
