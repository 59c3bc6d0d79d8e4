"""Handing a person over from one robot to another: an offer, answers to it, and the award."""

from __future__ import annotations

from dataclasses import dataclass

from .cases import Case
from .site import Point2


@dataclass(frozen=True, slots=True)
class Offer:
    """``sender`` can follow the person of a case no longer; where they are, in ``map``, and how they move."""

    case: Case
    position_m: Point2
    velocity_m_s: Point2
    sender: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``robot`` would take a case that was offered, and has ``distance_m`` to go."""

    case_id: str
    robot: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Award:
    """The robot ``to`` has the case from now on."""

    case_id: str
    to: str


HandOverMessage = Offer | Answer | Award
