"""The contract of a simulator that is stepped by hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import Observation


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """One observation as it reaches a robot's computer; ``topic`` is relative to the robot's namespace."""

    robot: str
    topic: str
    observation: Observation


class Simulator(ABC):
    """A world with robots in it.

    Time stands still between calls of ``advance``. The same world, robots, seed and calls give the same deliveries,
    bit for bit.
    """

    @property
    @abstractmethod
    def time_s(self) -> float:
        """Return the simulated time, 0 after ``reset``."""

    @property
    @abstractmethod
    def robots(self) -> Sequence[str]:
        """Return the names of the robots."""

    @abstractmethod
    def reset(self, seed: int) -> None:
        """Put everything back to the start and seed every random number."""

    @abstractmethod
    def command(self, robot: str, twist: Twist) -> None:
        """Set the velocity a robot's drive is to reach, until the next command."""

    @abstractmethod
    def aim(self, robot: str, joint: str, position_rad: float) -> None:
        """Tell a joint of a robot that has a servo where to go."""

    @abstractmethod
    def advance(self, duration_s: float) -> list[Delivery]:
        """Let ``duration_s`` pass (a whole number of physics steps) and return what was delivered, in time order."""

    @abstractmethod
    def ground_truth(self, robot: str) -> Pose3:
        """Return where a robot's ``base_link`` truly is; for evaluation, never for perception."""

    @abstractmethod
    def in_collision(self, robot: str) -> bool:
        """Tell whether, since the last call of ``advance`` began, a robot touched anything but the ground."""

    @abstractmethod
    def close(self) -> None:
        """Free threads and graphics contexts."""
