"""Zones that come up: JSON in a text for robots, markers for people."""

from __future__ import annotations

from collections.abc import Iterable

from geometry_msgs.msg import Point
from std_msgs.msg import ColorRGBA, String
from visualization_msgs.msg import Marker, MarkerArray

from lepatrol.model.errors import CommandError
from lepatrol.model.live_zones import LiveZones
from lepatrol.model.live_zones_json import live_zones_from_json, live_zones_to_json
from lepatrol.model.zones import Zone, ZoneKind
from lepatrol.ros.conversions.markers import WHITE, marker

_COLOURS = {
    ZoneKind.KEEP_OUT: ColorRGBA(r=0.95, g=0.1, b=0.1, a=0.9), ZoneKind.SLOW: ColorRGBA(r=0.98, g=0.7, b=0.1, a=0.9)}
_WIDTH_M = 0.12
_HEIGHT_M = 0.1


def live_zones_from_ros(message: String) -> LiveZones:
    """Return what a robot tells of the zones that it knows.

    :raises CommandError: naming the zone, the key and what would be right.
    """
    try:
        return live_zones_from_json(message.data)
    except ValueError as error:
        raise CommandError(f'what was told of zones cannot be taken: {error}') from error


def live_zones_to_ros(zones: LiveZones) -> String:
    """Return all that is known of zones as a message."""
    return String(data=live_zones_to_json(zones))


def zone_markers_to_ros(zones: Iterable[Zone], stamp_s: float) -> MarkerArray:
    """Return zones that hold as outlines with their names, in place of all that were shown before."""
    markers = [marker('', 0, stamp_s, Marker.CUBE, action=Marker.DELETEALL)]
    for number, zone in enumerate(zones):
        corners = [Point(x=float(x), y=float(y), z=_HEIGHT_M) for x, y in (*zone.polygon, zone.polygon[0])]
        outline = marker('zones', number, stamp_s, Marker.LINE_STRIP, _COLOURS[zone.kind])
        outline.scale.x = _WIDTH_M
        outline.points = corners
        label = marker('zone names', number, stamp_s, Marker.TEXT_VIEW_FACING, WHITE)
        label.pose.position = Point(
            x=sum(corner.x for corner in corners[1:]) / len(zone.polygon),
            y=sum(corner.y for corner in corners[1:]) / len(zone.polygon), z=1.0)
        label.scale.z = 0.5
        limit = '' if zone.speed_limit_m_s is None else f' {zone.speed_limit_m_s:g} m/s'
        label.text = f'{zone.name} ({zone.kind.value.replace("_", " ")}{limit})'
        markers += [outline, label]
    return MarkerArray(markers=markers)
