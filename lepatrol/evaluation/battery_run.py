"""Rounds with a battery too small for them, in lockstep: whether the robot comes home in time, charges, and goes on.

The battery is the robot's own made smaller, and charged quickly. What the robot reckons with may be made wrong on
purpose, so that it has to learn what the battery truly loses.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lepatrol import assembly, resources
from lepatrol.evaluation.lockstep import ROBOT, Lockstep, make_lockstep
from lepatrol.evaluation.robots import robot_on
from lepatrol.evaluation.scenario_run import POSE_NOISE_M, POSE_NOISE_RAD, waypoints_missed
from lepatrol.evaluation.visit_order import VisitOrder
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import BatteryState
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.yaml_file import read_settings
from lepatrol.simulation.scene import Scene

_NO_PICTURES = PatrolSettings(photo_timeout_s=0.1)
_LIMIT_S = 7200.0
_POWERS = ('standing_w', 'sensors_w', 'hover_w', 'driving_j_m', 'turning_j_rad', 'climbing_j_m')


@dataclass(frozen=True, slots=True)
class BatteryJob:
    """Rounds of a route with one seed and a battery of ``capacity_wh``, charged to ``charge`` (a share) at the start.

    The robot believes to use ``belief`` times what its file says. From empty to full takes ``charging_time_h``.
    """

    route: str
    seed: int
    capacity_wh: float
    rounds: int = 1
    charge: float = 1.0
    belief: float = 1.0
    charging_time_h: float = 0.05
    site: str = 'prison'

    def failure(self, error: str) -> BatteryOutcome:
        """Return the outcome of a run that failed, with the reason."""
        return BatteryOutcome(self, error=error)


@dataclass(frozen=True, slots=True)
class Return:
    """A way home to charge: how far off it began, straight, and what was left then and on arrival (shares)."""

    began_m: float
    share: float
    arrival_share: float = math.nan
    charged: bool = False


@dataclass(frozen=True, slots=True)
class BatteryOutcome:
    """What came of it; with ``error`` the run failed and the rest says nothing."""

    job: BatteryJob
    error: str = ''
    answer: str = ''
    """What the patrol said to the order; whatever is not ``ok`` is a refusal."""
    returns: tuple[Return, ...] = ()
    least_share: float = 1.0
    waypoints: int = 0
    waypoints_missed: int = 0
    in_order: bool = True
    """Whether every waypoint of every round came after the one before it, none twice."""
    collisions: int = 0
    state: str = ''
    message: str = ''
    duration_s: float = 0.0
    wall_time_s: float = math.nan

    @property
    def failed(self) -> bool:
        """Tell whether the run did not come to its end."""
        return bool(self.error)

    @property
    def flawless(self) -> bool:
        """Tell whether it was never empty, charged whenever it went home, and left no waypoint out nor went twice."""
        return not self.failed and self.state == MissionState.DONE.value and (
            self.least_share > 0.0 and self.in_order and not self.waypoints_missed and not self.collisions
            and all(each.charged for each in self.returns))


def run_battery(job: BatteryJob) -> BatteryOutcome:
    """Let the robot go its rounds and tell what became of its charge.

    :raises LepatrolError: for a robot without a battery, or if it is not over in any sensible time.
    """
    begun_s = time.perf_counter()
    loop = battery_loop(job)
    try:
        while BatteryState not in loop.latest:  # before it has told its charge no order is refused for it
            loop.step()
        answer = loop.order(f'start {job.route} rounds {job.rounds}')
        if answer != 'ok':
            return BatteryOutcome(job, answer=answer, state=loop.patrol.state.value)
        watch = BatteryWatch(job)
        if not loop.run(limit_s=_LIMIT_S, watch=watch.step):
            status = loop.patrol.status
            raise LepatrolError(f'not over after {_LIMIT_S:.0f} s: {status.state.value}, {status.message}')
        status = loop.patrol.status
        return BatteryOutcome(
            job, answer=answer, returns=tuple(watch.returns), least_share=watch.least_share, waypoints=status.visits,
            waypoints_missed=waypoints_missed(status), in_order=watch.in_order, collisions=watch.collisions,
            state=status.state.value, message=status.message, duration_s=loop.simulator.time_s,
            wall_time_s=time.perf_counter() - begun_s)
    finally:
        loop.close()


def battery_loop(job: BatteryJob) -> Lockstep:
    """Return the loop of a job, before its order.

    :raises LepatrolError: for a robot whose battery is not described.
    """
    route = assembly.load_site(job.site).routes[job.route]
    robot = robot_on(route)
    return make_lockstep(
        job.site, robot, patrol=_NO_PICTURES, prepare=_shrinking(job),
        energy=believed(read_settings(resources.robot_settings_path(robot), RobotSettings).energy, job),
        simulation=SimulationSettings(
            seed=job.seed, renderer='none', pose_noise_m=POSE_NOISE_M, pose_noise_rad=POSE_NOISE_RAD,
            battery_charge=job.charge))


def believed(energy: EnergySettings, job: BatteryJob) -> EnergySettings:
    """Return what the robot reckons with: a smaller battery, and what it uses as well as it is known."""
    scaled = {name: getattr(energy, name) * job.belief for name in _POWERS}
    return dataclasses.replace(energy, capacity_wh=job.capacity_wh, **scaled)


def _shrinking(job: BatteryJob) -> Callable[[Scene], Scene]:
    def prepare(scene: Scene) -> Scene:
        robot = scene.robots[ROBOT]
        battery = robot.battery
        if battery is None:
            raise LepatrolError(f'the robot of route {job.route} has no battery')
        capacity_ah = job.capacity_wh / (battery.full_voltage_v + battery.voltage_slope_v / 2.0)
        small = dataclasses.replace(
            battery, capacity_ah=capacity_ah, initial_charge_ah=capacity_ah, charging_time_h=job.charging_time_h)
        return Scene(scene.world, {ROBOT: dataclasses.replace(robot, battery=small)})

    return prepare


@dataclass
class BatteryWatch:
    """Watches a loop step by step: its ways home by ground truth, its charge, and the order of its waypoints."""

    job: BatteryJob
    returns: list[Return] = field(default_factory=list)
    least_share: float = 1.0
    collisions: int = 0
    _order: VisitOrder = field(default_factory=VisitOrder)
    _state: MissionState = MissionState.WALKING
    _touches: bool = False

    @property
    def in_order(self) -> bool:
        """Tell whether every waypoint came after the one before it, none twice."""
        return self._order.holds

    def step(self, loop: Lockstep) -> None:
        """Take in one step."""
        touches = loop.simulator.in_collision(loop.robot)
        self.collisions += touches and not self._touches
        self._touches = touches
        battery = loop.latest.get(BatteryState)
        if isinstance(battery, BatteryState):
            self.least_share = min(self.least_share, battery.percentage)
            self._follow(loop, battery)
        self._order.step(loop.patrol.status)
        self._state = loop.patrol.state

    def _follow(self, loop: Lockstep, battery: BatteryState) -> None:
        state = loop.patrol.state
        if state is MissionState.GOING_HOME and self._state is not state:
            home = assembly.load_site(self.job.site).start_pose
            x, y, _ = loop.simulator.ground_truth(loop.robot).position_m
            self.returns.append(Return(math.hypot(x - home.x_m, y - home.y_m), battery.percentage))
        elif state is MissionState.PAUSED and self.returns:
            last = self.returns[-1]
            arrived = battery.percentage if math.isnan(last.arrival_share) else last.arrival_share
            self.returns[-1] = dataclasses.replace(
                last, arrival_share=arrived, charged=last.charged or bool(battery.is_charging))
