"""From a scenario to a scene: what is left to chance is drawn by a seed, people and things are put in place."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.model.geometry import Pose2
from lepatrol.model.scenario import Scenario
from lepatrol.model.site import Site, Waypoint
from lepatrol.model.truth import Truth
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.weather import Weather


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A scenario with everything drawn.

    ``scene`` has the robot at ``start``; ``truth`` is what evaluation scores by. ``start_time`` is the site-local time
    of day ('HH:MM') when the simulation starts. The patrol is to walk ``waypoints`` (``Patrol.on_mission``), or where
    there are none, carry out ``order`` (``start perimeter``); a run ends with its mission, ``duration_s`` at most.
    """

    scene: Scene
    truth: Truth
    start_time: str
    weather: Weather | None
    start: Pose2
    waypoints: tuple[Waypoint, ...]
    order: str
    duration_s: float


def stage(scenario: Scenario, scene: Scene, site: Site, robot: str, seed: int) -> Staged:
    """Stage a scenario: the same seed gives the same, bit for bit; ``robot`` names the one that walks."""
    raise NotImplementedError
