"""Alerts as diagnostics, tracks as markers, and the live picture."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from geometry_msgs.msg import Point, Vector3
from numpy.typing import NDArray
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import Marker, MarkerArray

from lepatrol.model.alert_json import alert_from_plain, alert_to_plain
from lepatrol.model.alerts import Alert, Severity
from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import ThingKind
from lepatrol.model.tracks import Track, TrackState
from lepatrol.ros.conversions.markers import WHITE, marker
from lepatrol.ros.conversions.sensors import jpeg_to_ros
from lepatrol.ros.conversions.times import header

_PREFIX = 'perimeter: '
_LEVELS = {
    Severity.NOTICE: DiagnosticStatus.OK, Severity.WARNING: DiagnosticStatus.WARN,
    Severity.CRITICAL: DiagnosticStatus.ERROR}
_NUMBERS = ('confidence', 'deviation_m', 'first_seen_s', 'last_seen_s')
_TEXTS = ('alert_id', 'kind', 'about', 'severity', 'zone', 'robot', 'rule', 'sentence')
_MOST_DIGITS = 9
_LIFETIME_S = 2
"""How long a marker stays where nothing is heard of its track any more."""
_ALERT_LIFETIME_S = 30
"""The same of an alert: one that goes on is told again sooner."""
_ALERT_COLOURS = {
    Severity.NOTICE: (0.3, 0.6, 0.95), Severity.WARNING: (0.98, 0.7, 0.1), Severity.CRITICAL: (0.95, 0.1, 0.1)}
_SIZES_M = {ThingKind.PERSON: (0.5, 1.75), ThingKind.VEHICLE: (2.0, 1.6)}
_SIZE_M = (0.4, 0.4)
_COLOURS = {
    ThingKind.PERSON: (0.95, 0.25, 0.2), ThingKind.VEHICLE: (0.9, 0.55, 0.1), ThingKind.ANIMAL: (0.3, 0.7, 0.3),
    ThingKind.OBJECT: (0.2, 0.5, 0.9), ThingKind.UNKNOWN: (0.6, 0.6, 0.6)}
_OPACITY = {TrackState.TENTATIVE: 0.3, TrackState.SEEN: 0.9, TrackState.HIDDEN: 0.5}
_NAMESPACES = ('tracks', 'labels', 'paths', 'exits')


def alerts_to_ros(alerts: Iterable[Alert], stamp_s: float) -> DiagnosticArray:
    """Return alerts as a message, one status each; a notice is OK, a warning WARN, a critical alert ERROR.

    :raises ObservationError: for an alert with a number that is not finite or out of its range.
    """
    return DiagnosticArray(header=header(stamp_s, ''), status=[_status(alert) for alert in alerts])


def alerts_from_ros(message: DiagnosticArray) -> list[Alert]:
    """Return the alerts of a message; statuses of others are left out.

    :raises ObservationError: naming the status and the value that is missing or wrong.
    """
    return [_alert(status) for status in message.status if status.name.startswith(_PREFIX)]


def tracks_to_ros(tracks: Iterable[Track], stamp_s: float, gone: Iterable[int] = ()) -> MarkerArray:
    """Return tracks as markers: a cylinder, a text, the path, and where a hidden one can come out; ``gone`` vanish.

    :raises ObservationError: for a track with a number that is not finite.
    """
    markers = [marker(namespace, track_id, stamp_s, Marker.CYLINDER, action=Marker.DELETE, lifetime_s=_LIFETIME_S)
               for track_id in gone for namespace in _NAMESPACES]
    for track in tracks:
        markers += _markers(track, stamp_s)
    return MarkerArray(markers=markers)


def alert_markers_to_ros(alerts: Iterable[Alert], stamp_s: float) -> MarkerArray:
    """Return alerts as markers: a disc as wide as the place is sure, and what it is; those without a place have none.

    :raises ObservationError: for an alert with a number that is not finite.
    """
    markers: list[Marker] = []
    for alert in alerts:
        if alert.position_m is None:
            continue
        (x, y), deviation_m = alert.position_m, alert.deviation_m
        if not all(map(math.isfinite, (x, y, deviation_m))):
            raise ObservationError(f'alert {alert.alert_id!r}: has numbers that are not finite, at ({x}, {y})')
        # A marker's number: the same for all states of an alert, and hardly ever that of another.
        number = zlib.crc32(alert.alert_id.encode()) & 0x7fffffff
        colour = ColorRGBA(**dict(zip('rgba', (*_ALERT_COLOURS[alert.severity], 0.5), strict=True)))
        disc = marker('alerts', number, stamp_s, Marker.CYLINDER, colour, lifetime_s=_ALERT_LIFETIME_S)
        disc.pose.position = Point(x=float(x), y=float(y), z=0.05)
        width = 2.0 * max(float(deviation_m), 0.5)
        disc.scale = Vector3(x=width, y=width, z=0.1)
        label = marker('alert labels', number, stamp_s, Marker.TEXT_VIEW_FACING, WHITE, lifetime_s=_ALERT_LIFETIME_S)
        label.pose.position = Point(x=float(x), y=float(y), z=2.6)
        label.scale.z = 0.5
        label.text = f'{alert.alert_id} {alert.kind.words}'
        markers += [disc, label]
    return MarkerArray(markers=markers)


def picture_to_ros(rgb: NDArray[np.uint8], stamp_s: float, frame_id: str) -> CompressedImage:
    """Return a picture (height, width, 3) as a JPEG message.

    :raises ObservationError: for what is no picture.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ObservationError(
            f'picture of {frame_id}: {rgb.dtype} of shape {rgb.shape}, expected uint8 of shape (height, width, 3)')
    return jpeg_to_ros(rgb, header(stamp_s, frame_id))


def _status(alert: Alert) -> DiagnosticStatus:
    plain = alert_to_plain(alert)
    try:
        alert_from_plain(plain)
    except ValueError as error:
        raise ObservationError(f'alert {alert.alert_id!r}: {error}') from error
    values = {key: str(plain[key]) for key in _TEXTS} | {key: repr(float(plain[key])) for key in _NUMBERS}
    if alert.position_m is not None:
        values |= {'x_m': repr(float(alert.position_m[0])), 'y_m': repr(float(alert.position_m[1]))}
    values |= {'updates': str(alert.updates), 'evidence': str(len(alert.evidence))}
    values |= {f'evidence.{n}': name for n, name in enumerate(alert.evidence, start=1)}
    return DiagnosticStatus(
        level=_LEVELS[alert.severity], name=f'{_PREFIX}{alert.kind.value}', message=alert.sentence,
        hardware_id=alert.robot, values=[KeyValue(key=key, value=value) for key, value in values.items()])


def _alert(status: DiagnosticStatus) -> Alert:
    values = {pair.key: pair.value for pair in status.values}
    try:
        plain: dict[str, Any] = {key: _text(values, key) for key in _TEXTS}
        plain |= {key: _number(values, key) for key in _NUMBERS}
        has_place = 'x_m' in values or 'y_m' in values
        plain |= {
            'position_m': [_number(values, 'x_m'), _number(values, 'y_m')] if has_place else None,
            'updates': _count(values, 'updates'),
            'evidence': [_text(values, f'evidence.{n}') for n in range(1, _files(values) + 1)]}
        return alert_from_plain(plain)
    except ValueError as error:
        raise ObservationError(f'status {status.name!r}: {error}') from error


def _text(values: dict[str, str], key: str) -> str:
    if key not in values:
        raise ValueError(f'{key} is missing')
    return values[key]


def _number(values: dict[str, str], key: str) -> float:
    text = _text(values, key)
    try:
        return float(text)
    except ValueError:
        raise ValueError(f'{key} is {text!r}, expected a number') from None


def _count(values: dict[str, str], key: str) -> int:
    text = _text(values, key)
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ValueError(f'{key} is {text!r}, expected a whole number')
    return int(text)


def _files(values: dict[str, str]) -> int:
    count = _count(values, 'evidence')
    if count > len(values):
        raise ValueError(f'evidence is {count}, and not so many files are named')
    return count


def _markers(track: Track, stamp_s: float) -> list[Marker]:
    x, y = track.position_m
    numbers = (x, y, *track.velocity_m_s, track.confidence, track.width_m or 0.0, track.height_m or 0.0)
    places = [*track.exits, *((east, north) for _, east, north in track.path)]
    if not all(map(math.isfinite, (*numbers, *(number for place in places for number in place)))):
        raise ObservationError(f'track {track.track_id}: has numbers that are not finite, at ({x}, {y})')
    width, height = _SIZES_M.get(track.kind, _SIZE_M)
    width, height = max(track.width_m or width, 0.05), max(track.height_m or height, 0.05)
    colour = ColorRGBA(**dict(zip('rgba', (*_COLOURS[track.kind], _OPACITY[track.state]), strict=True)))
    body = marker('tracks', track.track_id, stamp_s, Marker.CYLINDER, colour, lifetime_s=_LIFETIME_S)
    body.pose.position = Point(x=float(x), y=float(y), z=height / 2.0)
    body.scale = Vector3(x=width, y=width, z=height)
    label = marker('labels', track.track_id, stamp_s, Marker.TEXT_VIEW_FACING, WHITE, lifetime_s=_LIFETIME_S)
    label.pose.position = Point(x=float(x), y=float(y), z=height + 0.3)
    label.scale.z = 0.35
    state = '' if track.state is TrackState.SEEN else f', {track.state.value}'
    label.text = f'{track.track_id} {track.kind.value} {track.confidence:.0%}, {track.speed_m_s:.1f} m/s{state}'
    markers = [body, label]
    if len(track.path) > 1:
        line = marker('paths', track.track_id, stamp_s, Marker.LINE_STRIP, colour, lifetime_s=_LIFETIME_S)
        line.scale.x = 0.06
        line.points = [Point(x=float(east), y=float(north), z=0.05) for _, east, north in track.path]
        markers.append(line)
    if track.exits:
        dots = marker('exits', track.track_id, stamp_s, Marker.SPHERE_LIST, colour, lifetime_s=_LIFETIME_S)
        dots.scale = Vector3(x=0.3, y=0.3, z=0.3)
        dots.points = [Point(x=float(east), y=float(north), z=0.15) for east, north in track.exits]
        markers.append(dots)
    return markers
