"""What a site file says about heights: positions in the air, the geofence, and routes that are flown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapely import Point, Polygon

from lepatrol.model.site import Geofence, Medium, Route, Waypoint, Zone
from lepatrol.settings.site_words import read_polygon
from lepatrol.settings.yaml_file import YamlValue

_HIGHEST_M = 1000.0


def read_position(value: YamlValue) -> tuple[float, float, float]:
    """Return a position written as ``[x, y]``, on the ground, or ``[x, y, height]``."""
    members = value.sequence()
    if len(members) != 3:
        x, y = value.numbers(2)
        return x, y, 0.0
    return members[0].number(), members[1].number(), members[2].number(low=0.0, high=_HIGHEST_M)


def read_geofence(value: YamlValue) -> Geofence:
    """Return a geofence; its ceiling is above its floor."""
    fields = value.fields(required=('polygon', 'floor_m', 'ceiling_m'))
    floor = fields['floor_m'].number(low=0.0, high=_HIGHEST_M)
    ceiling = fields['ceiling_m'].number(low=0.0, high=_HIGHEST_M)
    if ceiling <= floor:
        fields['ceiling_m'].fail(f'is {ceiling:g}, it must be above the floor of {floor:g} m')
    return Geofence(read_polygon(fields['polygon']), floor, ceiling)


def check_home(geofence: Geofence, home: Waypoint, value: YamlValue) -> None:
    """Refuse a geofence that a robot could not come home in; ``value`` is where it is written."""
    outside = geofence.outside_m(home.x_m, home.y_m)
    if outside > 0.0:
        value.fail(f'home ({home.name}) is {outside:.1f} m outside it; a flying robot could not come home')


def check_air_route(
    route: Route, value: YamlValue, waypoints: Mapping[str, Waypoint], zones: Sequence[Zone],
    geofence: Geofence | None,
) -> None:
    """Refuse an air route with a waypoint that is on the ground, outside the geofence or over a keep-out zone.

    A keep-out zone between two waypoints is no error: the planner flies round it. ``value`` is the route as it is
    written.
    """
    members = value.fields(required=('waypoints',), optional=('closed', 'medium'))['waypoints'].sequence()
    keep_out = [zone for zone in zones if zone.keeps_out(Medium.AIR)]
    for name, member in zip(route.waypoints, members, strict=True):
        point = waypoints[name]
        if point.z_m <= 0.0:
            member.fail(f'{name} is on the ground; a waypoint of an air route has a position of [x, y, height]')
        refused = geofence.refusal(point.x_m, point.y_m, point.z_m) if geofence else ''
        if refused:
            member.fail(f'{name} {refused}')
        for zone in keep_out:
            if Polygon(zone.polygon).intersects(Point(point.x_m, point.y_m)):
                member.fail(f'{name} is over the keep-out zone {zone.name}; nothing flies there')
