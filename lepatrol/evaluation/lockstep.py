"""The lockstep loop: simulator, navigator and patrol stepped in turn, in one process, with no ROS.

It is the live graph without the wire: what a topic carries between two nodes is here one call. The same seed and
orders give the same run, bit for bit.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lepatrol import assembly, operations, resources, surveillance
from lepatrol.behaviours.conduct import Conduct
from lepatrol.behaviours.patrol import Patrol
from lepatrol.control.flight import AirNavigator
from lepatrol.control.navigator import Navigator
from lepatrol.evaluation.lobby import Lobby
from lepatrol.model.alerts import Alert
from lepatrol.model.behaviour import BehaviourChange
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.handover import HandOverMessage
from lepatrol.model.inspection import StudyRequest
from lepatrol.model.mission import MissionState, PhotoRequest
from lepatrol.model.navigation import NavigationGoal
from lepatrol.model.observation import (
    BatteryState,
    CameraImage,
    JointPositions,
    LaserScan,
    Observation,
    Odometry,
    PointCloud,
    PoseEstimate,
)
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.policy import Policy
from lepatrol.model.scenario import Scenario
from lepatrol.model.site import Medium, Site
from lepatrol.perception.pipeline import Perimeter
from lepatrol.planning.air_planner import AirPlanner
from lepatrol.planning.planner import Planner
from lepatrol.planning.progress import ProgressStore
from lepatrol.planning.terrain import Terrain
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.yaml_file import read_settings
from lepatrol.simulation.backend import Simulator
from lepatrol.simulation.description import CameraSensor
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.staging import Staged, stage

ROBOT = 'robot'
FINAL = (MissionState.DONE, MissionState.ABORTED, MissionState.STOPPED)

Watcher = Callable[['Lockstep'], None]
"""Called after every step, for measurements."""


@dataclass
class Lockstep:
    """One robot's loop; ``photos`` collects the pictures its patrol asked for.

    ``perimeter_alerts`` are those that the last step raised or changed.
    """

    simulator: Simulator
    navigator: Navigator | AirNavigator
    patrol: Patrol
    conduct: Conduct
    planner: Planner | AirPlanner
    lidar_pose: Pose3
    control_period_s: float
    patrol_period_s: float
    robot: str = ROBOT
    camera_topic: str = assembly.MAIN_TOPICS[CameraSensor]
    """The camera that patrol and perimeter look through."""
    down_topic: str = ''
    """The camera that the perimeter looks down through; what others deliver goes nowhere."""
    staged: Staged | None = None
    """The scenario that is played, with everything drawn."""
    photos: list[tuple[PhotoRequest, CameraImage]] = field(default_factory=list)
    perimeter: Perimeter | None = None
    perimeter_alerts: list[Alert] = field(default_factory=list)
    changes: list[BehaviourChange] = field(default_factory=list)
    """What has had the robot, one after the other, and why."""
    speech: list[str] = field(default_factory=list)
    """What was said aloud."""
    goal: NavigationGoal | None = None
    """What the navigator was last told to go to, None once that was taken back."""
    handover: list[HandOverMessage] = field(default_factory=list)
    """What was said to other robots of people who are handed over."""
    lobby: Lobby | None = None
    """The greeter, where there is one."""
    latest: dict[type[Observation], Observation] = field(default_factory=dict)
    """The newest observation of each kind."""
    _wanted: PhotoRequest | None = None
    _asked: StudyRequest | None = None
    _next_patrol_s: float = 0.0

    def step(self) -> None:
        """Let one control period pass: sense, patrol, navigate, command."""
        self.perimeter_alerts.clear()
        for delivery in self.simulator.advance(self.control_period_s):
            is_other_camera = isinstance(delivery.observation, CameraImage) and delivery.topic != self.camera_topic
            if delivery.robot == self.robot and not is_other_camera:
                self._sense(delivery.observation)
            elif delivery.robot == self.robot and delivery.topic == self.down_topic:
                self._look_down(delivery.observation)
        now_s = self.simulator.time_s
        for alert in self.perimeter_alerts:
            self.conduct.on_alert(alert, now_s)
        self._study(now_s)
        self.conduct.on_feedback(self.navigator.feedback)
        if self.lobby and self.perimeter:
            self.lobby.step(self.perimeter.tracks, now_s, is_driving=self.navigator.feedback.state.is_driving)
        if now_s >= self._next_patrol_s - 1e-9:
            self._next_patrol_s = now_s + self.patrol_period_s
            self._patrol(now_s)
        twist = self.navigator.update(now_s)
        self.simulator.command(self.robot, twist)
        if self.perimeter:
            self.perimeter.on_command(twist)
            self.perimeter.on_driving(self.navigator.feedback.state.is_driving)
            is_acting = self.patrol.state is MissionState.ACTING
            self.perimeter.on_acting(self.patrol.status.waypoint if is_acting else '')

    @property
    def masked(self) -> NDArray[np.uint8] | None:
        """Return the newest picture (height, width, 3) as the perimeter may show it, None before the first."""
        picture = self.perimeter.picture if self.perimeter else None
        return picture.rgb if picture else None

    def close(self) -> None:
        """Free threads and drawing contexts."""
        self.simulator.close()
        if self.perimeter:
            self.perimeter.close()

    def order(self, command: str) -> str:
        """Give the patrol an operator's command and return its answer."""
        self.conduct.on_command(command, self.simulator.time_s)
        return self.patrol.status.reply

    def begin(self) -> str:
        """Let the patrol begin what the scenario has it walk, and return its answer.

        :raises LepatrolError: without a scenario.
        """
        if self.staged is None:
            raise LepatrolError('no scenario is played; give an order')
        if not self.staged.waypoints:
            return self.order(self.staged.order)
        self.conduct.on_mission(self.staged.waypoints, self.simulator.time_s)
        return self.patrol.status.reply

    def run(self, *, limit_s: float, watch: Watcher | None = None) -> bool:
        """Step until the mission is over; return whether it was over before ``limit_s`` of simulated time."""
        while self.simulator.time_s < limit_s:
            self.step()
            if watch:
                watch(self)
            if self.patrol.state in FINAL:
                return True
        return False

    def _sense(self, observation: Observation) -> None:
        now_s = self.simulator.time_s
        self.latest[type(observation)] = observation
        if isinstance(observation, LaserScan):
            self.navigator.on_scan(observation, self.lidar_pose, now_s)
        elif isinstance(observation, PointCloud):
            if isinstance(self.navigator, AirNavigator):
                self.navigator.on_points(observation.points_m, observation.stamp_s, self.lidar_pose, now_s)
        elif isinstance(observation, PoseEstimate):
            self.navigator.on_pose(observation, now_s)
            self.conduct.on_pose(observation)
        elif isinstance(observation, Odometry):
            self.navigator.on_odometry(observation, now_s)
        elif isinstance(observation, CameraImage):
            self._picture(observation)
        elif isinstance(observation, BatteryState):
            self.patrol.on_battery(observation)
        if self.lobby:
            self.lobby.on_observation(observation, now_s)
        if self.perimeter:
            self._watch(self.perimeter, observation, now_s)

    def _look_down(self, observation: Observation) -> None:
        if self.perimeter and isinstance(observation, CameraImage):
            self.perimeter_alerts += self.perimeter.on_image_from_above(observation, self.simulator.time_s)

    def _watch(self, perimeter: Perimeter, observation: Observation, now_s: float) -> None:
        if isinstance(observation, LaserScan):
            self.perimeter_alerts += perimeter.on_scan(observation, now_s)
        elif isinstance(observation, CameraImage):
            self.perimeter_alerts += perimeter.on_image(observation, now_s)
        elif isinstance(observation, PoseEstimate):
            perimeter.on_pose(observation, now_s)
        elif isinstance(observation, Odometry):
            self.perimeter_alerts += perimeter.on_odometry(observation, now_s)
        elif isinstance(observation, JointPositions):
            self.perimeter_alerts += perimeter.on_joints(observation, now_s)

    def _picture(self, image: CameraImage) -> None:
        if self._wanted and image.stamp_s >= self._wanted.stamp_s:
            self.photos.append((self._wanted, image))
            self.patrol.on_photo(image.stamp_s, f'{self._wanted.waypoint}-{self._wanted.round}')
            self._wanted = None

    def _study(self, now_s: float) -> None:
        study = self.perimeter.study(self._asked, now_s) if self._asked and self.perimeter else None
        if study is not None:
            self._asked = None
            self.conduct.on_study(study)

    def _patrol(self, now_s: float) -> None:
        if self.perimeter:
            self.conduct.on_tracks(self.perimeter.tracks)
        output = self.conduct.update(now_s)
        if output.change:
            self.changes.append(output.change)
        self.speech += output.speech
        if output.study:
            self._asked = output.study
        if output.zones is not None:
            self.navigator.on_zones(self.conduct.zones.in_force, now_s)
        self.handover += output.handover
        if self.lobby:
            self.lobby.on_leading(output.leading, now_s)
        if output.cancel:
            self.navigator.on_cancel(now_s, 'the patrol cancelled it')
            self.goal = None
        if output.goal:
            self.goal = output.goal
            self.navigator.on_goal(output.goal, now_s)
        if output.photo:
            self._wanted = output.photo


def make_lockstep(
    site_name: str = 'prison', robot: str = 'ugv', *,
    world: str | None = None,
    simulation: SimulationSettings | None = None,
    navigation: NavigatorSettings | None = None,
    patrol: PatrolSettings | None = None,
    conduct: ConductSettings | None = None,
    store: ProgressStore | None = None,
    perimeter: PerimeterSettings | None = None,
    clock_start: str = '12:00',
    folder: Path | None = None,
    prepare: Callable[[Scene], Scene] | None = None,
    scenario: Scenario | str | None = None,
    expectation: surveillance.Expectation | None = None,
    occupancy: OccupancyMap | None = None,
    energy: EnergySettings | None = None,
    policies: tuple[Policy, ...] | None = None,
) -> Lockstep:
    """Build the whole loop for one robot on a site, in the site's own world unless another is named.

    With ``perimeter`` settings the robot watches, too, against the world as it is on file; ``clock_start`` is the local
    time at the start, and alerts go to ``folder`` where one is given. ``prepare`` may change the scene before it is
    simulated: put something in the way, take a sensor off. A ``scenario`` says site, world and local time itself; it is
    staged by the simulation's seed, and ``Lockstep.begin`` lets the patrol set out. Nobody but the simulator knows of
    it: map and expectation are of the world as it is without. An ``expectation`` and a map (``occupancy``) made before
    spare making them anew, and know nothing of what ``prepare`` changes.

    Without ``conduct`` settings alerts interrupt no round; ``policies`` say what is done about them in place of the
    site's. ``energy`` is what is reckoned with in place of what the robot's file says of its battery.
    """
    simulation = simulation or SimulationSettings()
    if isinstance(scenario, str):
        scenario = assembly.load_scenario(scenario)
    if scenario is not None:
        site_name, world = scenario.site, scenario.world or None
    navigation = navigation or NavigatorSettings()
    patrol = patrol or PatrolSettings()
    site = assembly.load_site(site_name)
    if policies is not None:
        site = dataclasses.replace(site, policies=policies)
    limits = read_settings(resources.robot_settings_path(robot), RobotSettings)
    if energy is not None:
        limits = dataclasses.replace(limits, energy=energy)
    scene = assembly.load_scene(world or site.world, {ROBOT: (robot, site.start_pose)})
    if prepare:
        scene = prepare(scene)
    staged = stage(scenario, scene, site, ROBOT, simulation.seed) if scenario is not None else None
    model = scene.robots[ROBOT]
    planner, navigator, terrain = _drive(
        site, scene, navigation, limits, patrol, occupancy)
    clock_start = staged.start_time if staged else clock_start
    walk = Patrol(
        site, patrol, store, is_free=terrain.is_free, medium=limits.medium,
        budget=operations.make_budget(site, limits, terrain))
    return Lockstep(
        simulator=assembly.make_simulator(
            staged.scene if staged else scene, simulation, logging.getLogger(__name__).warning,
            staged.weather if staged else None, site),
        navigator=navigator,
        patrol=walk,
        conduct=operations.make_conduct(
            walk, site, conduct or ConductSettings(responds=False), robot_name=ROBOT, robot=robot,
            scout=operations.make_scout(terrain, limits, patrol), clock_start=clock_start, folder=folder),
        planner=planner,
        lidar_pose=assembly.lidar_pose(model),
        camera_topic=assembly.camera_topic(model),
        down_topic=assembly.down_topic(model),
        control_period_s=1.0 / navigation.control_rate_hz,
        patrol_period_s=1.0 / patrol.update_rate_hz,
        perimeter=surveillance.make_perimeter(
            site, robot, perimeter, robot_name=ROBOT, world=world, folder=folder,
            expectation=expectation, clock_start=clock_start,
        ) if perimeter else None,
        staged=staged,
    )


def _drive(
    site: Site, scene: Scene, settings: NavigatorSettings, robot: RobotSettings, patrol: PatrolSettings,
    occupancy: OccupancyMap | None,
) -> tuple[Planner | AirPlanner, Navigator | AirNavigator, Terrain]:
    """Return what plans and what drives, and what the patrol knows of the ground or the air."""
    model = scene.robots[ROBOT]
    if robot.medium is Medium.AIR:
        air = assembly.make_air_planner(site, scene.world, settings, robot)
        return (air, assembly.make_air_navigator(site, settings, robot, model, air),
                operations.make_air_terrain(air, patrol))
    occupancy = occupancy or assembly.make_map(scene, model)
    ground = assembly.make_planner(site, occupancy, settings, robot)
    return (ground, assembly.make_navigator(site, ground, settings, robot),
            Terrain(ground, assembly.standing_room(site, occupancy, robot)))
