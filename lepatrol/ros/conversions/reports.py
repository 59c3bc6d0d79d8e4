"""Goals, and the reports on how they and missions stand, as diagnostics that every ROS tool shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from geometry_msgs.msg import PoseStamped

from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.errors import CommandError
from lepatrol.model.mission import MissedWaypoint, MissionState, MissionStatus
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal, NavigationState, Trespass
from lepatrol.ros.conversions.poses import MAP, check_map_frame, height_from_ros, place_from_ros, place_to_ros
from lepatrol.ros.conversions.times import header, time_from_ros

E = TypeVar('E', bound=Enum)

_NS = 1_000_000_000
_FOREVER = 'forever'
_MOST_DIGITS = 20
_WARNING_STATES = (NavigationState.BLOCKED, NavigationState.HELD)


def goal_from_ros(message: PoseStamped) -> NavigationGoal:
    """Return a goal; its number is the stamp in nanoseconds, a zero quaternion lets any heading do.

    :raises CommandError: if it is in another frame than ``map`` or not finite.
    """
    check_map_frame(message.header.frame_id, 'the goal')
    x, y, yaw = place_from_ros(message.pose, 'the goal')
    stamp = message.header.stamp
    return NavigationGoal(stamp.sec * _NS + stamp.nanosec, x, y, yaw, height_from_ros(message.pose))


def goal_to_ros(goal: NavigationGoal) -> PoseStamped:
    """Return a goal as a message."""
    message = PoseStamped(header=header(0.0, MAP), pose=place_to_ros(goal.x_m, goal.y_m, goal.yaw_rad, goal.z_m))
    message.header.stamp.sec, message.header.stamp.nanosec = divmod(goal.goal_id, _NS)
    return message


def diagnostics_to_ros(
    name: str, message: str, values: Mapping[str, str], *, stamp_s: float, level: bytes = DiagnosticStatus.OK,
) -> DiagnosticArray:
    """Return one diagnostic status with its values."""
    return DiagnosticArray(header=header(stamp_s, ''), status=[DiagnosticStatus(
        name=name, message=message, level=level,
        values=[KeyValue(key=key, value=value) for key, value in values.items()])])


def feedback_from_ros(message: DiagnosticArray) -> NavigationFeedback:
    """Return the navigator's feedback.

    :raises CommandError: naming the value that is missing or wrong.
    """
    values = _Values(message, 'navigator')
    return NavigationFeedback(
        time_from_ros(message.header.stamp), values.integer('goal_id'), values.member('state', NavigationState),
        values.number('distance_remaining_m'), values.text('reason'), _trespass(values))


def feedback_to_ros(feedback: NavigationFeedback) -> DiagnosticArray:
    """Return the navigator's feedback as a message."""
    level = DiagnosticStatus.OK
    if feedback.state in _WARNING_STATES:
        level = DiagnosticStatus.WARN
    elif feedback.state is NavigationState.FAILED:
        level = DiagnosticStatus.ERROR
    sentence = f'{feedback.state.value}: {feedback.reason}' if feedback.reason else feedback.state.value
    if feedback.trespass:
        level = max(level, DiagnosticStatus.WARN)
        sentence += f'; inside the keep-out zone {feedback.trespass.zone}'
    return diagnostics_to_ros('navigator', sentence, {
        'goal_id': str(feedback.goal_id), 'state': feedback.state.value,
        'distance_remaining_m': repr(feedback.distance_remaining_m), 'reason': feedback.reason,
        **_trespass_values(feedback.trespass),
    }, stamp_s=feedback.stamp_s, level=level)


def _trespass(values: _Values) -> Trespass | None:
    """Return the zone that the robot is in, and where it would leave it; older feedback tells of none."""
    if not values.has('trespass'):
        return None
    refuge = (values.number('refuge.x_m'), values.number('refuge.y_m'), values.number('refuge.z_m')) if (
        values.has('refuge.x_m')) else None
    return Trespass(values.text('trespass'), refuge)


def _trespass_values(trespass: Trespass | None) -> dict[str, str]:
    if trespass is None:
        return {}
    refuge = zip(('refuge.x_m', 'refuge.y_m', 'refuge.z_m'), trespass.refuge_m or (), strict=False)
    return {'trespass': trespass.zone, **{key: repr(float(value)) for key, value in refuge}}


def mission_status_from_ros(message: DiagnosticArray) -> MissionStatus:
    """Return how a mission stands.

    :raises CommandError: naming the value that is missing or wrong.
    """
    values = _Values(message, 'patrol')
    rounds = values.text('rounds')
    return MissionStatus(
        stamp_s=time_from_ros(message.header.stamp),
        state=values.member('state', MissionState),
        mission=values.text('mission'),
        round=values.integer('round'),
        rounds=None if rounds == _FOREVER else values.integer('rounds'),
        waypoint=values.text('waypoint'),
        visit=values.integer('visit'),
        visits=values.integer('visits'),
        action=values.text('action'),
        distance_walked_m=values.number('distance_walked_m'),
        missed=tuple(
            MissedWaypoint(values.text(f'missed.{n}.waypoint'), values.integer(f'missed.{n}.round'),
                           values.text(f'missed.{n}.reason'))
            for n in range(1, values.integer('missed') + 1)),
        message=values.text('message'),
        reply_to=values.text('reply_to'),
        reply=values.text('reply'),
        behaviour=values.member('behaviour', BehaviourKind) if values.text('behaviour') else None,
        behaviour_reason=values.text('behaviour_reason'),
    )


def mission_status_to_ros(status: MissionStatus) -> DiagnosticArray:
    """Return how a mission stands as a message; refusals and aborts are errors, what was missed a warning."""
    level = DiagnosticStatus.OK
    if status.state is MissionState.ABORTED or status.reply.startswith('refused'):
        level = DiagnosticStatus.ERROR
    elif status.missed:
        level = DiagnosticStatus.WARN
    values = {
        'state': status.state.value, 'mission': status.mission, 'round': str(status.round),
        'rounds': _FOREVER if status.rounds is None else str(status.rounds), 'waypoint': status.waypoint,
        'visit': str(status.visit), 'visits': str(status.visits), 'action': status.action,
        'distance_walked_m': repr(status.distance_walked_m), 'message': status.message,
        'reply_to': status.reply_to, 'reply': status.reply, 'missed': str(len(status.missed)),
        'behaviour': status.behaviour.value if status.behaviour else '', 'behaviour_reason': status.behaviour_reason,
    }
    for n, missed in enumerate(status.missed, start=1):
        values |= {f'missed.{n}.waypoint': missed.waypoint, f'missed.{n}.round': str(missed.round),
                   f'missed.{n}.reason': missed.reason}
    return diagnostics_to_ros('patrol', _sentence(status), values, stamp_s=status.stamp_s, level=level)


def _sentence(status: MissionStatus) -> str:
    parts = [status.state.value.replace('_', ' ')]
    if status.waypoint:
        parts.append(f'{status.waypoint} ({status.visit + 1} of {status.visits})')
    if status.action:
        parts.append(status.action)
    if status.message:
        parts.append(status.message)
    return ', '.join(parts)


class _Values:
    """The key-values of the one status of that name."""

    def __init__(self, message: DiagnosticArray, name: str) -> None:
        self._name = name
        for status in message.status:
            if status.name == name:
                self._values = {pair.key: pair.value for pair in status.values}
                return
        raise CommandError(f'diagnostics hold no status called {name!r}')

    def has(self, key: str) -> bool:
        """Tell whether there is a value."""
        return key in self._values

    def text(self, key: str) -> str:
        """Return a text."""
        if key not in self._values:
            raise CommandError(f'status {self._name!r}: the value {key!r} is missing')
        return self._values[key]

    def integer(self, key: str) -> int:
        """Return a whole number, 0 or more."""
        text = self.text(key)
        # Python refuses to read thousands of digits.
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            raise CommandError(f'status {self._name!r}: {key} is {text!r}, expected a whole number')
        return int(text)

    def number(self, key: str) -> float:
        """Return a finite number."""
        text = self.text(key)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise CommandError(f'status {self._name!r}: {key} is {text!r}, expected a finite number')
        return value

    def member(self, key: str, kind: type[E]) -> E:
        """Return the member of an enum whose value stands there."""
        text = self.text(key)
        for member in kind:
            if member.value == text:
                return member
        raise CommandError(
            f'status {self._name!r}: {key} is {text!r}, expected one of {", ".join(member.value for member in kind)}')
