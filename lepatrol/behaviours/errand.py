"""What a robot does besides its round: one errand after another, each with a beginning, interruptions and an end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum

from lepatrol.model.behaviour import BehaviourKind


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
