"""What a running world is asked for: that a model be there, be gone, or be elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from .geometry import Pose3


@dataclass(frozen=True, slots=True)
class Create:
    """A new model: what it is, as a whole SDFormat file, and where it stands."""

    name: str
    sdf: str
    pose: Pose3


@dataclass(frozen=True, slots=True)
class Remove:
    """A model that is to be gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """A model that is to be at a pose at once."""

    name: str
    pose: Pose3


WorldOrder = Create | Remove | Move


class WorldServices(ABC):
    """Who carries orders out in a world; nothing in it blocks."""

    @abstractmethod
    def missing(self) -> tuple[str, ...]:
        """Return the names of services that are not there (yet)."""

    @abstractmethod
    def send(self, order: WorldOrder, answered: Callable[[bool], None]) -> None:
        """Send an order; ``answered`` hears later whether it was taken, or never, where the answer is lost."""
