"""What each node is started with, besides the settings of its core."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting

_SITE = "Name of a site of config/sites, or a site file's path."
_ROBOT = "Name of a robot of urdf and config/robots, or a robot description's path."


@dataclass(frozen=True)
class SimulatorStart(Settings):
    """What the simulator node simulates, and how fast."""

    world: str = setting('prison', "Name of a world of worlds, or a world file's path.")
    site: str = setting('prison', f'{_SITE} It says where robots start.')
    robots: str = setting(
        'ugv', 'Robots, parted by spaces: KIND alone for one without a namespace, else NAMESPACE:KIND or '
        'NAMESPACE:KIND:X,Y,HEADING_DEG; without a place a robot stands where the site says.')
    speed: float = setting(1.0, 'Simulated seconds per second; 0 is as fast as it can.', low=0.0, high=1000.0)
    max_lead_s: float = setting(
        0.1, 'Faster than real time, simulated time waits for a cmd_vel that is older than this, so that a slow node '
        'is no blind one; 0 never waits.', low=0.0, high=60.0)
    command_timeout_s: float = setting(
        1.5, 'A robot whose cmd_vel is older than this stops, as the base of a real one does; 0 never stops it.',
        low=0.0, high=3600.0)
    scenario: str = setting(
        '', "Name of a scenario of config/scenarios, or a scenario file's path, which says world and site; empty "
        'for none.')
    view: bool = setting(False, "Whether MuJoCo's viewer is opened; it needs a display.")


@dataclass(frozen=True)
class WorldMapStart(Settings):
    """Which map the world_map node publishes where no embedded simulator does."""

    world: str = setting('prison', "Name of a world of worlds, or a world file's path.")
    robot: str = setting('ugv', f'{_ROBOT} The map shows what it would touch or scan of the world.')
    map_file: str = setting(
        '', "The .yaml file of a map that Nav2's map_saver or `lepatrol map` wrote, for a site that was mapped, not "
        'modelled; empty makes the map of the world.')


@dataclass(frozen=True)
class GazeboPoseStart(Settings):
    """Which robot in Gazebo is localised, and how well."""

    robot: str = setting('ugv', f'{_ROBOT} The height of one that flies is noisy, too.')
    seed: int = setting(1, 'Seed of the noise.', low=0, high=2**31 - 1)
    pose_noise_m: float = setting(0.02, 'One sigma of the localised position along x and y (RTK grade).',
                                  low=0.0, high=5.0)
    pose_noise_rad: float = setting(0.005, 'One sigma of the localised heading.', low=0.0, high=1.0)


@dataclass(frozen=True)
class ScenarioDirectorStart(Settings):
    """Which scenario is carried out in Gazebo, and how often those who move are put elsewhere."""

    scenario: str = setting(
        '', "Name of a scenario of config/scenarios, or a scenario file's path, which says world and site.")
    seed: int = setting(1, 'Seed of what the scenario leaves to chance.', low=0, high=2**31 - 1)
    rate_hz: float = setting(
        10.0, 'New poses per second of the clock in use, for each who moves.', low=0.5, high=100.0)


@dataclass(frozen=True)
class GazeboLampStart(Settings):
    """Whose lamp is switched in which world of Gazebo's."""

    world: str = setting('prison', "Name of a world of worlds, or a world file's path.")
    robot: str = setting('ugv', f'{_ROBOT} Its lamps are the lights that its file has off.')


@dataclass(frozen=True)
class NavigatorStart(Settings):
    """Which robot the navigator node drives, and where."""

    site: str = setting('prison', f'{_SITE} It says where to drive slowly and where not at all.')
    robot: str = setting('ugv', _ROBOT)


@dataclass(frozen=True)
class FramesStart(Settings):
    """Whose frames the frames node tells."""

    robot: str = setting('ugv', _ROBOT)


@dataclass(frozen=True)
class GreeterStart(Settings):
    """What the greeter node knows, when it is there, and where it keeps what visitors write."""

    knowledge: str = setting('prison', "Name of a file of config/knowledge, or a knowledge file's path.")
    visitors: str = setting(
        '', "Name of a file of config/visitors, or a visitor list's path: whose badges are known; empty knows none.")
    pan_joint: str = setting('pan_joint', 'The joint that turns the camera to the left, where there is one.')
    output_folder: str = setting('out', 'Folder for transcripts, which are kept as long as the knowledge file says.')
    clock_start: str = setting(
        '', "The site's local date and time (2026-11-18 10:00) at second 0 of the clock in use, for simulations; empty "
        'takes the clock for seconds since 1970.')


@dataclass(frozen=True)
class PatrolStart(Settings):
    """Which site the patrol node walks, and where it keeps what it takes."""

    site: str = setting('prison', _SITE)
    robot: str = setting('ugv', _ROBOT)
    output_folder: str = setting('out', 'Folder for photos and, unless told otherwise, for progress.')
    progress_file: str = setting('', 'File that progress is kept in; empty is progress.json in the output folder.')
    clock_start: str = setting(
        '', "Local time (HH:MM) at second 0 of the clock in use, for simulations; empty takes the clock for seconds "
        "since 1970 and the site's time zone.")
    schedules: str = setting(
        '', 'Schedules of the site that this robot keeps by itself, parted by spaces; all for all that have routes for '
        'it; empty keeps none.')


@dataclass(frozen=True)
class PerimeterStart(Settings):
    """Whose sensors the perimeter node watches, what it expects them to see, and where it keeps what it finds."""

    site: str = setting('prison', _SITE)
    robot: str = setting('ugv', _ROBOT)
    baseline: str = setting(
        'world', "What is expected: the site's own world file, or the occupancy map on /map for a site that was "
        'mapped, not modelled (then no view is expected, and the camera looks for what moves).',
        choices=('world', 'map'))
    output_folder: str = setting('out', 'Folder for alerts.jsonl and evidence.')
    reference_folder: str = setting(
        '', 'Folder that `lepatrol learn` wrote: what waypoints ought to look like; empty compares none.')
    clock_start: str = setting(
        '', "Local time (HH:MM) at second 0 of the clock in use, for simulations; empty takes the clock for seconds "
        "since 1970 and the site's time zone.")
    camera_rate_hz: float = setting(
        10.0, 'Most pictures looked at per second of the clock in use; the others are left out.', low=0.5, high=100.0)
    stream_rate_hz: float = setting(
        2.0, 'Most pictures per second of the clock in use on live/image/compressed.', low=0.1, high=100.0)
