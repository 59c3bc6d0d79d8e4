"""What behaviour trials share: a robot that watches and acts on a short walk, and what it truly did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lepatrol import assembly
from lepatrol.evaluation.behaviour_job import Figure, Verdict, most
from lepatrol.evaluation.footsteps import Footsteps, Touches
from lepatrol.evaluation.lockstep import FINAL, ROBOT, Lockstep, Watcher, make_lockstep
from lepatrol.evaluation.robots import robot_in
from lepatrol.evaluation.scenario_run import POSE_NOISE_M, POSE_NOISE_RAD, expectation_of, map_of, waypoints_missed
from lepatrol.evaluation.visit_order import VisitOrder
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.model.scenario import Mover, Number, Place, Scenario, Walk
from lepatrol.model.site import Point2
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.scene import Scene

LIMIT_S = 900.0
"""What is not over after so much simulated time has come to nothing."""


def noisy(seed: int, *, renderer: str = 'auto') -> SimulationSettings:
    """Return the simulation that trials run in: with noise on all sensors and on the pose."""
    return SimulationSettings(
        seed=seed, renderer=renderer, pose_noise_m=POSE_NOISE_M, pose_noise_rad=POSE_NOISE_RAD, sensor_noise=True)


def short_walk(
    name: str, site: str, route: str, at_m: Number, *, before_m: float, after_m: float, movers: tuple[Mover, ...] = (),
) -> Scenario:
    """Return a scenario in daylight: the robot walks a route past a spot."""
    return Scenario(
        name, site, '', start_min=660.0, spot=Place(route=route, at_m=at_m), walk=Walk(before_m, after_m),
        movers=movers)


def watched(
    scenario: Scenario, seed: int, *, folder: Path | None = None, prepare: Callable[[Scene], Scene] | None = None,
) -> Lockstep:
    """Return the loop of a robot that sees, hears and acts on what it finds; reports go to ``folder``, if any."""
    robot = robot_in(scenario, assembly.load_site(scenario.site))
    return make_lockstep(
        scenario.site, robot, simulation=noisy(seed), scenario=scenario, perimeter=PerimeterSettings(),
        conduct=ConductSettings(), expectation=expectation_of(scenario.site, scenario.world, robot),
        occupancy=map_of(scenario.site, scenario.world, robot), folder=folder, prepare=prepare)


def begin(loop: Lockstep) -> None:
    """Let the robot begin its walk.

    :raises LepatrolError: if it does not.
    """
    answer = loop.begin()
    if answer != 'ok':
        raise LepatrolError(f'the walk does not begin: {answer}')


def is_over(loop: Lockstep) -> bool:
    """Tell whether the mission is over and nothing else has the robot, nor wants it."""
    has_open = any(case.state.is_open for case in loop.conduct.cases)
    return loop.patrol.state in FINAL and loop.conduct.behaviour is None and not has_open


def go(
    loop: Lockstep, *watchers: Watcher, until: Callable[[Lockstep], bool] = is_over, limit_s: float = LIMIT_S,
) -> None:
    """Step until something holds.

    :raises LepatrolError: if it does not within ``limit_s`` from now.
    """
    end_s = loop.simulator.time_s + limit_s
    while not until(loop):
        if loop.simulator.time_s > end_s:
            status = loop.conduct.status
            has_it = status.behaviour.value if status.behaviour else 'nothing'
            raise LepatrolError(f'not over after {limit_s:.0f} s: {status.state.value}, {has_it} has the robot, '
                                f'{status.message or "without a message"}')
        loop.step()
        for watch in watchers:
            watch(loop)


class RoundWatch:
    """Watches whether a mission is walked to its end as it was ordered, whatever interrupts it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._order = VisitOrder()
        self._touches = Touches()
        self._way = Footsteps()

    def __call__(self, loop: Lockstep) -> None:
        """Take in one step."""
        self._order.step(loop.patrol.status)
        place_m = loop.simulator.ground_truth(loop.robot).position_m
        self._touches.step(loop.simulator.time_s, place_m, touches=loop.simulator.in_collision(loop.robot))
        self._way.step(place_m)

    def flaws(self, loop: Lockstep, *, may_be_touched: bool = False) -> list[str]:
        """Say in words what was wrong with it, once it is over; people may walk into a robot that stands, if any."""
        status, flaws = loop.patrol.status, []
        if status.state is not MissionState.DONE:
            flaws.append(f'the round ended {status.state.value}: {status.message}')
        if missed := waypoints_missed(status):
            flaws.append(f'{missed} of {status.visits} waypoints were missed: '
                         + '; '.join(f'{each.waypoint}: {each.reason}' for each in status.missed))
        if not self._order.holds:
            flaws.append('waypoints were not gone to one after the other, each once')
        if touches := self._touches.driving_count if may_be_touched else self._touches.count:
            flaws.append(f'it touched something {touches} times')
        return flaws

    @property
    def figures(self) -> dict[str, Figure]:
        """Return how far it went, and how often it touched something."""
        return {'collisions': most(self._touches.count), 'distance_m': most(self._way.distance_m)}


def verdict(
    loop: Lockstep, round_watch: RoundWatch, flaws: list[str], figures: dict[str, Figure], about: str, *,
    may_be_touched: bool = False,
) -> Verdict:
    """Return what a trial with a walk in it comes to."""
    flaws = [*flaws, *round_watch.flaws(loop, may_be_touched=may_be_touched)]
    return Verdict(tuple(flaws), figures | round_watch.figures, about, loop.simulator.time_s)


def places_of(loop: Lockstep, names: frozenset[str]) -> list[Point2]:
    """Return where those who move by these names truly are."""
    assert isinstance(loop.simulator, EmbeddedSimulator), 'lockstep knows no other'
    assert loop.staged is not None, 'a scenario was given'
    positions, _ = loop.simulator.physics.moving_poses()
    return [(float(x), float(y)) for body, (x, y, _) in zip(loop.staged.scene.moving, positions, strict=True)
            if body.model in names]


def place_of_robot(loop: Lockstep) -> Point2:
    """Return where the robot truly is."""
    x, y, _ = loop.simulator.ground_truth(ROBOT).position_m
    return x, y


def lots_of(trial: str, seed: int) -> Lots:
    """Return what draws for a trial; what its scenario draws has no part in it."""
    return Lots(seed, 'behave', trial)
