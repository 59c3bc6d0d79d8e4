"""Site files: ``config/sites/NAME.yaml`` to a Site, checked as a whole."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lepatrol.model.geometry import Pose2
from lepatrol.model.site import (
    Look,
    Medium,
    OnFailure,
    Photo,
    Route,
    Site,
    Structure,
    StructureKind,
    Wait,
    Waypoint,
    WaypointAction,
)
from lepatrol.settings.site_air import check_air_route, check_home, read_geofence, read_position
from lepatrol.settings.site_dock import read_dock
from lepatrol.settings.site_follow import read_follow
from lepatrol.settings.site_inspection import read_inspection, read_known_objects
from lepatrol.settings.site_lockdown import read_lockdown
from lepatrol.settings.site_policy import read_policies
from lepatrol.settings.site_schedules import read_schedules
from lepatrol.settings.site_words import check_name, read_hours, read_known, read_polygon
from lepatrol.settings.site_zones import read_zone
from lepatrol.settings.yaml_file import YamlValue, read_yaml


def read_site(path: Path) -> Site:
    """Read a site file; headings in it are in degrees, counter-clockwise from x.

    :raises FileError: naming file, line, key and what would be right.
    """
    fields = read_yaml(path).fields(
        required=('name', 'world', 'home', 'waypoints', 'routes'),
        optional=('perimeter', 'zones', 'start', 'structures', 'time_zone', 'geofence', 'policies', 'lockdown',
                  'known_objects', 'inspection', 'follow', 'dock', 'schedules'))
    waypoints = {name: _waypoint(name, value) for name, value in fields['waypoints'].items()}
    routes = {name: _route(name, value, waypoints) for name, value in fields['routes'].items()}
    perimeter = fields.get('perimeter')
    zones = tuple(read_zone(name, value) for name, value in fields['zones'].items()) if 'zones' in fields else ()
    geofence = read_geofence(fields['geofence']) if 'geofence' in fields else None
    if geofence:
        check_home(geofence, waypoints[read_known(fields['home'], 'waypoint', waypoints)], fields['geofence'])
    inspection = read_inspection(fields.get('inspection'))
    for name, value in fields['routes'].items():
        if routes[name].medium is Medium.AIR:
            check_air_route(routes[name], value, waypoints, zones, geofence)
    return Site(
        name=fields['name'].text(),
        world=fields['world'].text(),
        home=read_known(fields['home'], 'waypoint', waypoints),
        perimeter=read_polygon(perimeter) if perimeter else (),
        zones=zones,
        waypoints=waypoints,
        routes=routes,
        structures=_structures(fields['structures']) if 'structures' in fields else (),
        time_zone=_time_zone(fields['time_zone']) if 'time_zone' in fields else 'UTC',
        start=_start(fields['start']) if 'start' in fields else None,
        geofence=geofence,
        policies=read_policies(fields.get('policies'), zones, inspection),
        lockdown=read_lockdown(fields.get('lockdown'), waypoints),
        known_objects=read_known_objects(fields.get('known_objects'), zones),
        inspection=inspection,
        follow=read_follow(fields.get('follow')),
        dock=read_dock(fields['dock'], zones) if 'dock' in fields else None,
        schedules=read_schedules(fields['schedules'], routes) if 'schedules' in fields else (),
    )


def _waypoint(name: str, value: YamlValue) -> Waypoint:
    fields = value.fields(
        required=('position',), optional=('heading_deg', 'actions', 'on_failure', 'retries'))
    check_name(name, value)
    x, y, z = read_position(fields['position'])
    heading = fields.get('heading_deg')
    actions = fields.get('actions')
    return Waypoint(
        name=name, x_m=x, y_m=y,
        yaw_rad=_heading(heading) if heading else None,
        actions=tuple(_action(member) for member in actions.sequence()) if actions else (),
        on_failure=fields['on_failure'].choice(OnFailure) if 'on_failure' in fields else OnFailure.SKIP,
        retries=fields['retries'].integer(low=0, high=100) if 'retries' in fields else 1,
        z_m=z,
    )


def _action(value: YamlValue) -> WaypointAction:
    fields = value.fields(optional=('wait', 'look', 'photo'))
    if len(fields) != 1:
        value.fail('an action is exactly one of wait, look, photo')
    (kind, body), = fields.items()
    if kind == 'wait':
        return Wait(body.fields(required=('duration_s',))['duration_s'].number(low=0.0, high=86400.0))
    if kind == 'look':
        parts = body.fields(required=('headings_deg',), optional=('pause_s',))
        headings = tuple(_heading(member) for member in parts['headings_deg'].sequence())
        if not headings:
            parts['headings_deg'].fail('is empty, expected at least one heading in degrees')
        return Look(headings, parts['pause_s'].number(low=0.0, high=3600.0) if 'pause_s' in parts else 1.0)
    parts = body.fields(optional=('heading_deg', 'caption'))
    return Photo(
        _heading(parts['heading_deg']) if 'heading_deg' in parts else None,
        parts['caption'].text() if 'caption' in parts else '')


def _route(name: str, value: YamlValue, waypoints: Mapping[str, Waypoint]) -> Route:
    fields = value.fields(required=('waypoints',), optional=('closed', 'medium'))
    check_name(name, value)
    members = fields['waypoints'].sequence()
    if not members:
        fields['waypoints'].fail('the route is empty, expected at least one waypoint name')
    names = tuple(read_known(member, 'waypoint', waypoints) for member in members)
    medium = fields['medium'].choice(Medium) if 'medium' in fields else Medium.GROUND
    for point, member in zip(names, members, strict=True):
        if medium is Medium.GROUND and waypoints[point].z_m > 0.0:
            member.fail(f"{point} is {waypoints[point].z_m:g} m high; only a route with 'medium: air' goes there")
    return Route(name, names, fields['closed'].boolean() if 'closed' in fields else True, medium)


def _structures(value: YamlValue) -> tuple[Structure, ...]:
    """Return single structures, and each panel of a run: ``panels`` of equal width, numbered from ``first``."""
    found: dict[str, Structure] = {}
    for member in value.sequence():
        fields = member.fields(required=('name', 'kind', 'from', 'to'), optional=('panels', 'first', 'open_hours'))
        kind = fields['kind'].choice(StructureKind)
        if kind is not StructureKind.GATE and 'open_hours' in fields:
            fields['open_hours'].fail('only a gate has hours in which it may stand open')
        name = fields['name'].text()
        check_name(name, fields['name'])
        (x0, y0), (x1, y1) = fields['from'].numbers(2), fields['to'].numbers(2)
        if (x0, y0) == (x1, y1):
            member.fail("'from' and 'to' are the same point; a structure has a length")
        count = fields['panels'].integer(low=1, high=1000) if 'panels' in fields else 1
        first = fields['first'].integer(low=0, high=100000) if 'first' in fields else 1
        corners = [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count + 1)]
        for i, (start, end) in enumerate(pairwise(corners)):
            label = f'{name}_{first + i:02d}' if 'panels' in fields else name
            if label in found:
                fields['name'].fail(f'there are two structures {label!r}; each needs a name of its own')
            found[label] = Structure(label, kind, start, end, read_hours(fields.get('open_hours')))
    return tuple(found.values())


def _time_zone(value: YamlValue) -> str:
    name = value.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        value.fail(f"is {name!r}, expected an IANA time zone such as 'Europe/Berlin'")
    return name


def _start(value: YamlValue) -> Pose2:
    fields = value.fields(required=('position',), optional=('heading_deg',))
    x, y = fields['position'].numbers(2)
    return Pose2(x, y, _heading(fields['heading_deg']) if 'heading_deg' in fields else 0.0)


def _heading(value: YamlValue) -> float:
    return math.radians(value.number(low=-360.0, high=360.0))
