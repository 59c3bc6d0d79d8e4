"""How the parts of the core are put together from files and settings.

The live nodes and the lockstep runner both build their parts here, so that they cannot drift apart.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from lepatrol import resources
from lepatrol.control.delegated import DelegatedNavigator
from lepatrol.control.flight import AirNavigator
from lepatrol.control.navigator import Navigator
from lepatrol.model.action_goal import GoalSender
from lepatrol.model.errors import LepatrolError
from lepatrol.model.frames import BASE_LINK
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.joints import Neck
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.scenario import Scenario
from lepatrol.model.site import Medium, Site, Zone, ZoneKind
from lepatrol.model.world_orders import WorldServices
from lepatrol.perception.masking import Masker
from lepatrol.perception.photo_mask import PhotoMask
from lepatrol.planning.air_planner import AirPlanner
from lepatrol.planning.planner import Planner
from lepatrol.planning.standing_room import StandingRoom
from lepatrol.sensing.frames import FrameTracker
from lepatrol.sensing.mounting import Mounting
from lepatrol.settings.frames import FramesSettings
from lepatrol.settings.navigation import Nav2Settings, NavigatorSettings
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.scenario_file import read_scenario
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.site_file import read_site
from lepatrol.simulation.charger import Charger
from lepatrol.simulation.description import CameraSensor, LidarSensor, Model, SensorBase, World
from lepatrol.simulation.director import Director
from lepatrol.simulation.elevation import elevation_map
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.link_frames import neck_of, rigid_frames
from lepatrol.simulation.lumping import lump_fixed_joints
from lepatrol.simulation.mapping import extent_of, fitting_resolution_m, occupancy_map
from lepatrol.simulation.render import make_renderer
from lepatrol.simulation.render_thread import RenderThread
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.sdf import read_world
from lepatrol.simulation.staging import Staged, stage, start_time
from lepatrol.simulation.standing import ROLLED_OVER_M, standing_height_m
from lepatrol.simulation.urdf import read_robot
from lepatrol.simulation.weather import Weather

S = TypeVar('S', bound=LidarSensor | CameraSensor)

MAIN_TOPICS: dict[type[SensorBase], str] = {
    LidarSensor: 'scan', CameraSensor: 'camera/image_raw'}
"""The topics that navigator and perimeter listen to, whatever other lidars and cameras a robot has."""

_PAD_M = 1.0
"""So near to home stands who is charged there."""
_DOCK_M, _DOCK_RAD = 0.3, 0.25
"""So well must a dock be hit."""
_DOWNWARDS = -0.98
"""A camera whose axis has this for its upward part, or less, looks straight down."""
_HEADROOM_M = 0.05
"""So far above the highest part of a robot, which sways, nothing may be."""


def load_site(site: str) -> Site:
    """Read a site by its name or path."""
    return read_site(resources.site_path(site))


def load_robot(robot: str, name: str) -> Model:
    """Read a robot by its name or path, call it ``name``, and make one of the links that fixed joints hold together.

    It stands on the ground at the world's origin.
    """
    model = load_description(robot, name)
    return dataclasses.replace(lump_fixed_joints(model), pose=Pose3.from_rpy(z_m=standing_height_m(model)))


def load_description(robot: str, name: str) -> Model:
    """Read a robot by its name or path with all the links that its file names."""
    return read_robot(resources.robot_path(robot), name)


def load_world(world: str) -> World:
    """Read a world by its name or path, with models that lie beside it or are lepatrol's own."""
    path = resources.world_path(world)
    return read_world(path, resources.model_folders(path))


def load_scene(world: str, robots: Mapping[str, tuple[str, Pose2]]) -> Scene:
    """Read a world and put robots into it: their names, each with its kind (or file) and where it starts, standing."""
    placed = {}
    for name, (kind, start) in robots.items():
        robot = load_robot(kind, name)
        height_m = robot.pose.position_m[2]
        placed[name] = dataclasses.replace(
            robot, pose=Pose3.from_rpy(start.x_m, start.y_m, height_m, yaw_rad=start.yaw_rad))
    return Scene(load_world(world), placed)


def load_scenario(scenario: str) -> Scenario:
    """Read a scenario by its name or path; where its file names no world, it is its site's.

    :raises LepatrolError: if it cannot be read, or there is no such site.
    """
    loaded = read_scenario(resources.scenario_path(scenario))
    return loaded if loaded.world else dataclasses.replace(loaded, world=load_site(loaded.site).world)


def stage_live(scenario: Scenario, scene: Scene, site: Site, seed: int) -> Staged:
    """Stage a scenario for robots that stay where they are put: an operator orders what they walk."""
    staged = stage(scenario, scene, site, next(iter(scene.robots)), seed)
    return dataclasses.replace(staged, scene=Scene(staged.scene.world, scene.robots))


def make_director(
    scenario: Scenario, world: World, seed: int, services: WorldServices, logger: logging.Logger,
) -> Director:
    """Make what carries a scenario out in a world that runs elsewhere, drawn as ``stage_live`` draws it for a seed.

    :raises LepatrolError: naming what the scenario speaks of and the world or site lacks, or what cannot be made there.
    """
    robot = 'robot'  # Staging wants one that walks; of this one nothing is asked of the world.
    staged = stage_live(scenario, Scene(world, {robot: Model(robot)}), load_site(scenario.site), seed)
    return Director(world, staged.scene.world, services, logger)


def local_start(scenario: str, seed: int) -> str:
    """Return the site-local time (HH:MM) at which a scenario starts for a seed, noon without one."""
    return start_time(load_scenario(scenario), seed) if scenario else '12:00'


def make_simulator(
    scene: Scene, settings: SimulationSettings, warn: Callable[[str], None], weather: Weather | None = None,
    site: Site | None = None,
) -> EmbeddedSimulator:
    """Start the embedded simulator, with a thread that draws where the settings name a renderer.

    ``weather`` acts on what the sensors deliver, and on a ``site`` batteries are charged: those of robots on wheels in
    its dock, or at home where there is none, those of robots that fly where they land at home. What the files describe
    and is not simulated or not shown is named to ``warn``, all in one warning.
    """
    draw = None
    if settings.renderer != 'none':
        draw = RenderThread(lambda: make_renderer(settings.renderer, scene))
    of_robots = [line for robot in scene.robots.values() for line in robot.unsupported]
    left_out = dict.fromkeys([*scene.world.unsupported, *of_robots, *(draw.left_out if draw else ())])
    if left_out:
        warn('not simulated or not shown: ' + '; '.join(left_out))
    pads = [Charger(site.waypoints[site.home].pose, _PAD_M)] if site else []
    docks = [Charger(site.dock.pose, _DOCK_M, _DOCK_RAD)] if site and site.dock else pads
    return EmbeddedSimulator(scene, settings, draw, weather, chargers=docks, pads=pads)


def main_sensor(robot: Model, kind: type[S]) -> tuple[Pose3, S] | None:
    """Return the lidar or the camera that the robot is driven and watches by, and where it is in the robot's frame.

    It is the one on its kind's main topic, else the first in the robot's file; None where there is none.
    """
    found = [(link.pose.compose(sensor.pose), sensor) for link in robot.links for sensor in link.sensors
             if isinstance(sensor, kind)]
    main = [each for each in found if each[1].topic == MAIN_TOPICS[kind]]
    return next(iter((*main, *found)), None)


def camera_topic(robot: Model) -> str:
    """Return the topic of the robot's main camera."""
    main = main_sensor(robot, CameraSensor)
    return main[1].topic if main else MAIN_TOPICS[CameraSensor]


def down_camera(robot: Model) -> tuple[Pose3, CameraSensor] | None:
    """Return the first camera besides the main one that looks straight down, and where it is in the robot's frame."""
    main = main_sensor(robot, CameraSensor)
    found = [(link.pose.compose(sensor.pose), sensor) for link in robot.links for sensor in link.sensors
             if isinstance(sensor, CameraSensor) and not (main and sensor is main[1])]
    return next((each for each in found if each[0].turn((1.0, 0.0, 0.0))[2] < _DOWNWARDS), None)


def down_topic(robot: Model) -> str:
    """Return the topic of the robot's camera that looks down, '' where it has none."""
    down = down_camera(robot)
    return down[1].topic if down else ''


def lidar_pose(robot: Model) -> Pose3:
    """Return where the robot's main lidar stands in ``base_link``.

    :raises LepatrolError: if the robot has no lidar.
    """
    pose = _sensor_pose(robot, LidarSensor)
    if pose is None:
        raise LepatrolError(f'robot {robot.name!r} has no lidar; a patrol needs one to keep clear of obstacles')
    return pose


def camera_pose(robot: Model) -> Pose3:
    """Return where the robot's main camera is in ``base_link``: it looks along x with z up, as SDFormat has it.

    :raises LepatrolError: if the robot has no camera.
    """
    pose = _sensor_pose(robot, CameraSensor)
    if pose is None:
        raise LepatrolError(f'robot {robot.name!r} has no camera; it cannot look')
    return pose


def mounting(robot: Model) -> Mounting:
    """Return where the robot's main lidar and cameras sit in ``base_link``, and which joints turn the main camera.

    :raises LepatrolError: if the robot has no lidar.
    """
    lidar, camera, neck = lidar_pose(robot), _sensor_pose(robot, CameraSensor), _camera_neck(robot)
    down = down_camera(robot)
    return Mounting(
        lidar, camera, neck if neck is not None and neck.swivels else None,
        base_pose(robot).inverse().compose(down[0]) if down else None)


def make_photo_mask(site: Site, robot: Model, settings: PrivacySettings) -> PhotoMask:
    """Make what masks the photos that a robot takes on a site."""
    return PhotoMask(Masker(settings, site.zones), mounting(robot))


def base_pose(robot: Model) -> Pose3:
    """Return where ``base_link`` is in the robot's own frame."""
    for link in robot.links:
        if link.name == BASE_LINK:
            return link.pose
    raise LepatrolError(f'robot {robot.name!r} has no link {BASE_LINK!r} (REP-105)')


def make_map(scene: Scene, robot: Model, resolution_m: float | None = None) -> OccupancyMap:
    """Make the map that a robot finds its ways on: all that it would touch of the world's static parts, or scan.

    Its cells are 0.1 m wide unless told otherwise, wider in a world so large that planning on them would take seconds
    and a gigabyte.
    """
    return occupancy_map(
        scene.world, height_m=_lidar_height_m(robot), reach_m=(ROLLED_OVER_M, _top_m(robot) + _HEADROOM_M),
        resolution_m=resolution_m or fitting_resolution_m(scene.world))


def make_scan_map(scene: Scene, robot: Model) -> OccupancyMap:
    """Make the map that a robot's lidar would see of the world's static parts."""
    return make_section(scene.world, _lidar_height_m(robot))


def make_section(world: World, height_m: float, resolution_m: float | None = None) -> OccupancyMap:
    """Make the map of what a lidar at a height above the world's zero would see, with the cells of ``make_map``."""
    return occupancy_map(world, height_m=height_m, resolution_m=resolution_m or fitting_resolution_m(world))


def _lidar_height_m(robot: Model) -> float:
    return robot.pose.compose(base_pose(robot).compose(lidar_pose(robot))).position_m[2]


def _top_m(robot: Model) -> float:
    """Return how high a robot's highest part is that can touch anything; of one that touches nothing, its lidar."""
    extents = [extent_of(robot.pose.compose(link.pose).compose(collision.pose), collision.shape)
               for link in robot.links for collision in link.collisions]
    return max((float(extent[:, 2].max()) for extent in extents if extent is not None), default=_lidar_height_m(robot))


def make_planner(site: Site, occupancy: OccupancyMap, settings: NavigatorSettings, robot: RobotSettings) -> Planner:
    """Make the path planner of a site; keep-out zones are never crossed."""
    return Planner(occupancy, robot.footprint_radius_m, settings.planner, site.keep_out(Medium.GROUND))


def standing_room(site: Site, occupancy: OccupancyMap, robot: RobotSettings) -> StandingRoom:
    """Return what tells whether a robot can stand at a point: on the map, in no wall and no keep-out zone."""
    return StandingRoom(occupancy, robot.footprint_radius_m, site.keep_out(Medium.GROUND))


def make_navigator(site: Site, planner: Planner, settings: NavigatorSettings, robot: RobotSettings) -> Navigator:
    """Make the navigator of a robot on a site."""
    return Navigator(settings, robot, planner, slow_zones=_slow(site))


def make_delegated_navigator(
    site: Site, settings: Nav2Settings, robot: RobotSettings, sender: GoalSender,
) -> DelegatedNavigator:
    """Make what has Nav2 drive a robot on a site."""
    return DelegatedNavigator(settings, robot, sender, slow_zones=_slow(site))


def make_frame_tracker(description: Model, settings: FramesSettings) -> FrameTracker:
    """Make what tells where a robot, given as ``load_description`` reads it, is among REP-105's frames.

    :raises LepatrolError: if its ``base_link`` is not rigid with its root link.
    """
    rigid = rigid_frames(description)
    if BASE_LINK not in rigid:
        raise LepatrolError(
            f'robot {description.name!r}: {BASE_LINK!r} (REP-105) is not held to the root link {next(iter(rigid))!r} '
            'by fixed joints')
    return FrameTracker(rigid, pose_timeout_s=settings.pose_timeout_s)


def _slow(site: Site) -> tuple[Zone, ...]:
    return tuple(zone for zone in site.zones if zone.kind is ZoneKind.SLOW)


def make_air_planner(site: Site, world: World, settings: NavigatorSettings, robot: RobotSettings) -> AirPlanner:
    """Make the planner of a site's air, over the world's own geometry, within its geofence and off keep-out zones."""
    span = site.geofence.polygon if site.geofence else ()
    return AirPlanner(
        elevation_map(world, span=span), robot.footprint_radius_m, settings.flight, keep_out=site.keep_out(Medium.AIR),
        geofence=site.geofence)


def make_air_navigator(
    site: Site, settings: NavigatorSettings, robot: RobotSettings, model: Model, planner: AirPlanner | None = None,
) -> AirNavigator:
    """Make the navigator of a flying robot on a site, over the site's own world unless a planner is given.

    Without a lidar it knows obstacles from the map alone.
    """
    planner = planner or make_air_planner(site, load_world(site.world), settings, robot)
    return AirNavigator(
        settings, robot, planner, geofence=site.geofence, has_lidar=_sensor_pose(model, LidarSensor) is not None)


def _camera_neck(robot: Model) -> Neck | None:
    """Return what carries the robot's main camera, None where it has none."""
    main = main_sensor(robot, CameraSensor)
    if main is None:
        return None
    link = next(link for link in robot.links if main[1] in link.sensors)
    return neck_of(robot, BASE_LINK, link.name, main[1].pose)


def _sensor_pose(robot: Model, kind: type[LidarSensor | CameraSensor]) -> Pose3 | None:
    """Return where the robot's main sensor of a kind is in ``base_link``, None where it has none."""
    main = main_sensor(robot, kind)
    return base_pose(robot).inverse().compose(main[0]) if main else None
