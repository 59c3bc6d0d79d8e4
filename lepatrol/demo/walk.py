"""The demo's course: start the nodes, order a round, watch it, write what came of it."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate, pairwise
from pathlib import Path

from rich.console import Console
from rich.live import Live

from lepatrol import assembly, bringup
from lepatrol.behaviours.case_store import CASES_FILE, CaseStore
from lepatrol.demo import results
from lepatrol.demo.panel import RoundView
from lepatrol.demo.report import write_report
from lepatrol.model.alerts import Alert
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.model.site import Site
from lepatrol.perception.alert_journal import as_they_stand, read_alerts
from lepatrol.ros.operator import Operator, open_console
from lepatrol.ros.recording import Recorder
from lepatrol.surveillance import ALERTS_FILE

_FINAL = (MissionState.DONE, MissionState.ABORTED, MissionState.STOPPED)
_START_DEADLINE_S = 60.0
_PARAMETERS: dict[str, dict[str, bringup.Value]] = {
    'simulator': {'camera_rate_hz': 4.0, 'pose_rate_hz': 20.0}, 'perimeter': {'stream_rate_hz': 1.0},
    'patrol': {'conduct.inspect.viewpoints': 4}}
"""Fewer pictures and poses, a live picture a second, of which the recording keeps no more, and half of the viewpoints
are enough for what happens in the demo, and keep it short."""
_STALL_DEADLINE_S = 60.0


@dataclass(frozen=True)
class DemoSettings:
    """What the demo walks, and how fast: ``speed`` in times real time; ``scenario`` is what happens, '' for nothing."""

    site: str = 'prison'
    route: str = 'perimeter'
    robot: str = 'ugv'
    scenario: str = 'demo_night'
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
    console.print(f'Starting simulator, navigator, patrol and perimeter in {site.world}, {pace} ...', markup=False)
    if settings.scenario:
        console.print(assembly.load_scenario(settings.scenario).about, markup=False)
    nodes = bringup.patrol_nodes(
        world=site.world, site=settings.site, robot=settings.robot, speed=settings.speed, output_folder=folder,
        scenario=settings.scenario)
    nodes = [replace(spec, parameters=spec.parameters | _PARAMETERS.get(spec.executable, {})) for spec in nodes]
    with bringup.start(nodes, quiet=True) as running, open_console(running.check) as operator:
        with Recorder(operator.node, folder / 'recording') as recorder:
            recorder.record_patrol()
            walked = _walk(operator, site, settings.route, console)
            # What has ended the round is on its way to the recorder too.
            operator.wait_for('the end in the recording', lambda: _has_ended(recorder), deadline_s=_STALL_DEADLINE_S)
        photos = _write(folder, walked, operator, settings)
    # Read once the nodes have ended: what they kept last is in it.
    alerts = as_they_stand(read_alerts(folder / ALERTS_FILE))
    cases = CaseStore(folder / CASES_FILE).load()
    write_report(folder / 'report.html', alerts, cases, title=f'{site.name}, route {settings.route}',
                 summary=walked.summary, map_picture='map.png')
    _tell(console, folder, walked, alerts, has_photos=photos > 0)
    return folder


def _walk(operator: Operator, site: Site, route: str, console: Console) -> results.Round:
    """Give the order and follow the round until it is over."""
    operator.wait_for('the map', lambda: operator.map is not None, deadline_s=_START_DEADLINE_S)
    operator.wait_for('the first pose', lambda: bool(operator.track_m), deadline_s=_START_DEADLINE_S)
    begun_s, begun_wall_s = operator.now_s, time.monotonic()
    answer = operator.order(f'start {route}', deadline_s=_START_DEADLINE_S)
    if answer != 'ok':
        raise LepatrolError(f'the patrol did not take the order: {answer}')
    console.print(
        f'Ordered `start {route}` over patrol/command; the patrol answered: {answer}.', markup=False)
    stops_m = stops(site, route)
    with Live(console=console, refresh_per_second=4) as live:
        while True:
            status = operator.next_status(deadline_s=_STALL_DEADLINE_S)
            elapsed_s, wall_s = operator.now_s - begun_s, time.monotonic() - begun_wall_s
            live.update(RoundView(status, stops_m, elapsed_s, wall_s, tuple(operator.alerts.values())))
            if status.state in _FINAL:
                return results.Round(site, route, status, tuple(operator.track_m), elapsed_s, wall_s)


def _has_ended(recorder: Recorder) -> bool:
    """Tell whether the recording holds the status with which the round ended."""
    status = recorder.newest_status()
    return status is not None and status.state in _FINAL


def stops(site: Site, route_name: str) -> list[float]:
    """Return how far it is (metres) from the start to each stop of a route, straight from one to the next."""
    route = site.routes[route_name]
    places = [site.start_pose, *(site.waypoints[name].pose for name in route.waypoints)]
    if route.closed and len(route.waypoints) > 1:
        places.append(places[1])
    return list(accumulate(a.distance_m(b) for a, b in pairwise(places)))


def _write(folder: Path, walked: results.Round, operator: Operator, settings: DemoSettings) -> int:
    """Write everything but the recording; return the number of photos."""
    assert operator.map is not None
    results.write_map_picture(folder / 'map.png', operator.map, walked)
    results.write_track(folder / 'track.csv', walked)
    photos = results.write_contact_sheet(folder / 'photos.jpg', folder / 'photos')
    results.write_mission(folder / 'mission.json', walked, dataclasses.asdict(settings), photos)
    return photos


def _tell(
    console: Console, folder: Path, walked: results.Round, alerts: Sequence[Alert], *, has_photos: bool,
) -> None:
    lines = ['', walked.summary]
    lines += [f'alert: {alert.kind.words}: {alert.sentence}' for alert in alerts]
    lines += [f'missed: {miss.waypoint} in round {miss.round}: {miss.reason}' for miss in walked.status.missed]
    lines += [f'Look into {folder}/:',
              '  report.html    what the robot found and did about it; evidence/ and inspections/ hold it singly',
              '  map.png        the walked path and the waypoints on the map']
    if has_photos:
        lines.append('  photos.jpg     what it photographed, on one sheet; photos/ holds the photos singly')
    lines += ['  mission.json   what was ordered and what was missed; track.csv holds the poses walked',
              '  recording/     the topics: open it with Foxglove, or play it with `ros2 bag play`']
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not walked.done:
        raise LepatrolError(f'the round was not finished: {walked.status.message}')
