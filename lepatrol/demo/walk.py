"""The demo's course: start the nodes, order a round, watch it, write what came of it."""

from __future__ import annotations

import dataclasses
import math
import os
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.live import Live

from lepatrol import assembly, bringup
from lepatrol.demo import results
from lepatrol.demo.panel import RoundView
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.model.site import Site
from lepatrol.ros.operator import Operator, open_console
from lepatrol.ros.recording import Recorder

_FINAL = (MissionState.DONE, MissionState.ABORTED, MissionState.STOPPED)
_START_DEADLINE_S = 60.0
_STALL_DEADLINE_S = 60.0


@dataclass(frozen=True)
class DemoSettings:
    """What the demo walks, and how fast: ``speed`` in times real time."""

    site: str = 'prison'
    route: str = 'perimeter'
    robot: str = 'ugv'
    speed: float = 6.0
    output: Path = Path('out')


def run(settings: DemoSettings, console: Console) -> Path:
    """Walk the demo's round and return the folder with what came of it.

    :raises LepatrolError: if a node dies, the patrol refuses the order, or the round does not go on.
    """
    site = assembly.load_site(settings.site)
    if settings.route not in site.routes:
        raise LepatrolError(f'site {site.name!r} has no route {settings.route!r}; it has: {", ".join(site.routes)}')
    os.environ.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    folder = settings.output / datetime.now().strftime('%Y-%m-%d_%H-%M-%S')
    folder.mkdir(parents=True)
    pace = f'{settings.speed:g} times real time' if settings.speed else 'as fast as it can'
    console.print(f'Starting simulator, navigator and patrol in {site.world}, {pace} ...')
    nodes = bringup.patrol_nodes(
        world=site.world, site=settings.site, robot=settings.robot, speed=settings.speed, output_folder=folder)
    with bringup.start(nodes, quiet=True) as running, open_console(running.check) as operator:
        with Recorder(operator.node, folder / 'recording') as recorder:
            recorder.record_patrol()
            walked = _walk(operator, site, settings.route, console)
        _write(folder, walked, operator, settings)
    _tell(console, folder, walked)
    return folder


def _walk(operator: Operator, site: Site, route: str, console: Console) -> results.Round:
    """Give the order and follow the round until it is over."""
    operator.wait_for('the map', lambda: operator.map is not None, deadline_s=_START_DEADLINE_S)
    operator.wait_for('the first pose', lambda: bool(operator.track_m), deadline_s=_START_DEADLINE_S)
    begun_s, begun_wall_s = operator.now_s, time.monotonic()
    answer = operator.order(f'start {route}', deadline_s=_START_DEADLINE_S)
    if answer != 'ok':
        raise LepatrolError(f'the patrol did not take the order: {answer}')
    console.print(f'Ordered `start {route}` over patrol/command; the patrol answered: {answer}.')
    length_m = _length_m(site, route)
    with Live(console=console, refresh_per_second=4) as live:
        while True:
            status = operator.next_status(deadline_s=_STALL_DEADLINE_S)
            elapsed_s, wall_s = operator.now_s - begun_s, time.monotonic() - begun_wall_s
            live.update(RoundView(status, length_m, elapsed_s, wall_s))
            if status.state in _FINAL:
                return results.Round(site, route, status, tuple(operator.track_m), elapsed_s, wall_s)


def _length_m(site: Site, route_name: str) -> float:
    route = site.routes[route_name]
    stops = [site.start_pose, *(site.waypoints[name].pose for name in route.waypoints)]
    if route.closed:
        stops.append(stops[1])
    return math.fsum(a.distance_m(b) for a, b in pairwise(stops))


def _write(folder: Path, walked: results.Round, operator: Operator, settings: DemoSettings) -> None:
    assert operator.map is not None
    results.write_map_picture(folder / 'map.png', operator.map, walked)
    results.write_track(folder / 'track.csv', walked)
    photos = results.write_contact_sheet(folder / 'photos.jpg', folder / 'photos')
    results.write_mission(folder / 'mission.json', walked, dataclasses.asdict(settings), photos)


def _tell(console: Console, folder: Path, walked: results.Round) -> None:
    console.print(f'\n{walked.summary}')
    for miss in walked.status.missed:
        console.print(f'missed: {miss.waypoint} in round {miss.round}: {miss.reason}')
    if walked.status.state is not MissionState.DONE:
        raise LepatrolError(f'the round was not finished: {walked.status.message}; see {folder}')
    console.print(f'Look at {folder}/map.png (the walked path), photos.jpg (what it photographed), mission.json,\n'
                  'and recording/ (open it with Foxglove, or play it with `ros2 bag play`).')
