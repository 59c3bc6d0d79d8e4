"""Weather and light between the world and the sensors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weather:
    """What acts on what the sensors deliver."""

    effects: tuple[object, ...] = ()
