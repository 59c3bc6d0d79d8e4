"""What a robot does besides its round: one errand after another, each with a beginning, interruptions and an end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lepatrol.model.alerts import Alert
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track


class Result(Enum):
    """How an errand ended."""

    DONE = 'done'
    FAILED = 'failed'
    """It could not be carried out."""
    ENDED = 'ended'
    """It was ended from outside, by the operator or by what outranks it."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an errand ended, and why in words."""

    result: Result
    reason: str


class Errand(ABC):
    """Something to be done in place of the round.

    The arbiter gives it the robot and takes it away. While it has the robot, ``tick`` is called at the patrol's rate;
    whenever it loses it, ``interrupt``. Only an errand that has the robot may ask the crew for anything.
    """

    kind: BehaviourKind

    def __init__(self, name: str, reason: str) -> None:
        """Call it ``name`` (unlike any other's, such as ``investigate A3``); ``reason`` says why it is to be done."""
        self.name = name
        self.reason = reason
        self.note = ''
        """What it is doing, in words, for the operator."""

    @property
    def is_wanted(self) -> bool:
        """Tell whether it wants the robot now; one that waits for the operator's word does not."""
        return True

    @abstractmethod
    def tick(self) -> Ending | None:
        """Advance without blocking; return how it ended, None while it goes on."""

    @abstractmethod
    def interrupt(self) -> None:
        """Take back what was asked of the crew; the next ``tick`` goes on where it was left."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an errand found out about its case."""

    state: CaseState
    reason: str
    evidence: tuple[str, ...] = ()
    level: str = ''
    position_m: Point2 | None = None
    """Where the thing was seen now, None where nothing newer is known than what the case says."""


class CaseErrand(Errand):
    """An errand that sees to a case.

    ``case`` is kept as it stands by who gives out the errands. ``verdict`` is what it came to, once there is something
    to say; an errand that ends without one leaves its case ``unfinished``.
    """

    unfinished = CaseState.UNSEEN

    def __init__(self, name: str, reason: str, case: Case) -> None:
        """See to a case; nothing is done yet."""
        super().__init__(name, reason)
        self.case = case
        self.verdict: Verdict | None = None
        self.about = ''
        """What the case has turned out to be about, as alerts name it; '' for what its alert said."""

    def on_alert(self, alert: Alert) -> None:
        """Take an alert that was raised, or raised again, about this case or another."""

    def on_tracks(self, tracks: Sequence[Track]) -> None:
        """Take all that is followed at the moment."""

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""

    def conclude(self, ending: Ending) -> Verdict:
        """Return what it came to, now that it is over."""
        return self.verdict or Verdict(self.unfinished, ending.reason)

    def leave(self) -> None:
        """Tidy up, once it is over, whatever it came to."""
