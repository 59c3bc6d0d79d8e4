"""One scenario with one seed in lockstep: staged, patrolled, watched, and scored."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lepatrol import assembly, resources
from lepatrol.behaviours.patrol import Patrol
from lepatrol.evaluation.job import Job, RunOutcome
from lepatrol.evaluation.lockstep import FINAL, ROBOT, make_lockstep
from lepatrol.evaluation.recorder import RunRecorder
from lepatrol.evaluation.robots import robot_in
from lepatrol.evaluation.sight import SightWatch
from lepatrol.model.alerts import Alert
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.scenario import Scenario
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.backend import Simulator
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.surveillance import Expectation, make_expectation

POSE_NOISE_M = 0.05
POSE_NOISE_RAD = 0.0175
"""Localisation is put to the test with 5 cm and a degree."""
_AFTERWARDS_S = 60.0
"""What came into view late is waited for this long, at most, after a run's time is over."""


class WatchedLoop(Protocol):
    """What evaluation sees of a lockstep loop with a perimeter in it."""

    @property
    def simulator(self) -> Simulator:
        """Return the simulator, which knows the truth."""
        ...

    @property
    def patrol(self) -> Patrol:
        """Return the patrol, which knows how its mission stands."""
        ...

    @property
    def perimeter_alerts(self) -> Sequence[Alert]:
        """Return the alerts that the last step published, new or changed."""
        ...

    @property
    def masked(self) -> NDArray[np.uint8] | None:
        """Return the newest picture (height, width, 3) in RGB, masked; None before the first."""
        ...

    def step(self) -> None:
        """Let one control period pass."""
        ...


def run_scenario(job: Job) -> RunOutcome:
    """Stage a scenario, let the robot walk, and score what it reported.

    :raises LepatrolError: if the scenario cannot be staged or its mission does not begin.
    """
    begun_s = time.perf_counter()
    scenario = _in_world(assembly.load_scenario(job.scenario), job.world)
    simulation = SimulationSettings(
        seed=job.seed, pose_noise_m=POSE_NOISE_M, pose_noise_rad=POSE_NOISE_RAD, sensor_noise=True)
    robot = robot_in(scenario, assembly.load_site(scenario.site))
    loop = make_lockstep(
        scenario.site, robot, simulation=simulation, scenario=scenario, perimeter=PerimeterSettings(),
        expectation=expectation_of(scenario.site, scenario.world, robot),
        occupancy=map_of(scenario.site, scenario.world, robot))
    try:
        staged, simulator = loop.staged, loop.simulator
        assert staged is not None, 'a scenario was given'
        assert isinstance(simulator, EmbeddedSimulator), 'lockstep knows no other'
        recorder = RunRecorder(SightWatch(staged.truth, simulator, ROBOT))
        answer = loop.begin()
        if answer != 'ok':
            raise LepatrolError(f'scenario {job.scenario}: the patrol does not begin: {answer}')
        watch_loop(loop, recorder, staged.duration_s)
        return recorder.outcome(
            job, duration_s=simulator.time_s, waypoints_missed=waypoints_missed(loop.patrol.status),
            wall_time_s=time.perf_counter() - begun_s)
    finally:
        loop.close()


def watch_loop(loop: WatchedLoop, recorder: RunRecorder, duration_s: float) -> None:
    """Step until the mission or the time is over, then on until nothing that came into view is due any more."""
    while loop.simulator.time_s < duration_s + _AFTERWARDS_S:
        loop.step()
        now_s = loop.simulator.time_s
        recorder.step(
            now_s, alerts=loop.perimeter_alerts, masked=lambda: loop.masked,
            pose=loop.simulator.ground_truth(ROBOT).planar(), touches=loop.simulator.in_collision(ROBOT))
        is_over = now_s >= duration_s or loop.patrol.state in FINAL
        if is_over and recorder.is_settled(now_s):
            return


@lru_cache(maxsize=2)
def expectation_of(site: str, world: str, robot: str) -> Expectation:
    """Return what is expected on a site; runs of one process share it, since drawing contexts take seconds to make."""
    return make_expectation(assembly.load_site(site), assembly.load_robot(robot, ROBOT), world=world or None)


@lru_cache(maxsize=2)
def map_of(site: str, world: str, robot: str) -> OccupancyMap:
    """Return the map that a robot finds its ways on, of a site's world as it is on file; runs of one process share it.

    It is not what perception expects of the lidar, which sees a plane of the world alone.
    """
    scene = assembly.load_scene(world or assembly.load_site(site).world, {ROBOT: (robot, Pose2(0.0, 0.0))})
    return assembly.make_map(scene, scene.robots[ROBOT])


def waypoints_missed(status: MissionStatus) -> int:
    """Count the waypoints that were not reached; a photo that was not taken there is no missed waypoint."""
    missed = len({(miss.waypoint, miss.round) for miss in status.missed if not miss.reason.startswith('photo')})
    ended_early = status.state in (MissionState.ABORTED, MissionState.STOPPED, MissionState.PAUSED)
    return missed + (status.visits - status.visit if ended_early else 0)


def _in_world(scenario: Scenario, world: str | None) -> Scenario:
    """Return the scenario moved to another world, with that world's own site where there is one of its name."""
    if world is None:
        return scenario
    site = world if world in resources.known_sites() else scenario.site
    return dataclasses.replace(scenario, world=world, site=site)
