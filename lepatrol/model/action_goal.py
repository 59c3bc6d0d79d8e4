"""A goal handed to an action server, and what is heard of it: what lies between the core and Nav2."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum

from .geometry import Pose2


class Ending(Enum):
    """How an action ended, as action_msgs/GoalStatus has it."""

    SUCCEEDED = 'succeeded'
    ABORTED = 'aborted'
    CANCELED = 'canceled'
    LOST = 'lost'
    """The server does not know the goal any more, or what came of it cannot be read."""


@dataclass(slots=True, eq=False)
class Order:
    """One goal at the server: whoever sent it writes down here what the server says, whenever it says so.

    ``number`` is its own among all orders of a sender; ``pose`` is in ``map``.
    """

    number: int
    pose: Pose2
    accepted: bool | None = None
    """None until the server has answered."""
    distance_m: float = 0.0
    recoveries: int = 0
    news: int = 0
    """Counts what was heard of it."""
    ending: Ending | None = None
    error_code: int = 0
    message: str = ''

    @property
    def is_over(self) -> bool:
        """Tell whether the server does nothing about it any more."""
        return self.ending is not None or self.accepted is False

    def answer(self, accepted: bool) -> None:
        """Write down whether the server takes the goal."""
        self.accepted = accepted
        self.news += 1

    def progress(self, distance_m: float, recoveries: int) -> None:
        """Write down the server's feedback: metres still to go, and how often it had to help itself."""
        self.distance_m, self.recoveries = distance_m, recoveries
        self.news += 1

    def end(self, ending: Ending, error_code: int = 0, message: str = '') -> None:
        """Write down the result; what comes first counts."""
        if self.ending is None:
            self.ending, self.error_code, self.message = ending, error_code, message
            self.news += 1


class GoalSender(ABC):
    """The client's side of the action; nothing in it blocks."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether there is a server."""

    @abstractmethod
    def send(self, order: Order) -> None:
        """Send a goal; what the server says of it is written down in the order later."""

    @abstractmethod
    def cancel(self, order: Order) -> None:
        """Ask the server to give a goal up; one that it has not taken (yet) is let be."""
