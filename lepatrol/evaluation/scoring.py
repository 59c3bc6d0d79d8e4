"""What was found, how soon and how well, and what was a false alarm: a run's alerts against the staged truth."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lepatrol.evaluation.job import FalseAlarm, Report, SubjectResult
from lepatrol.evaluation.sight import Sight

THING_RADIUS_M = 2.0
MOVER_RADIUS_M = 3.0
"""An alert this near to a subject, where it truly was at the time, is about it."""
_NARROW_M = 0.5
"""Of wider things, a gate say, every part is as good a place as the middle."""
GRACE_S = 5.0
"""An alert may still speak of a subject this long after it has gone."""
_LAG_S = 2.0
"""Or of where it was this long before: an alert about a crossing stays at the line."""


def score_subject(sight: Sight, reports: Sequence[Report]) -> SubjectResult:
    """Judge how a subject fared by the first alert of a fitting kind that is at it, from when it was there.

    An alert before it counted as in view is found at once. One that comes later than ``due_s`` finds nothing.
    """
    subject = sight.subject
    fitting = [report for report in reports if report.alert.kind in subject.kinds and is_at(sight, report)]
    in_view_s = sight.in_view_s
    in_time = [report for report in fitting if in_view_s is None or report.at_s <= in_view_s + subject.due_s]
    first = in_time[0] if in_time else None
    return SubjectResult(
        name=subject.name, kinds=subject.kinds, in_view_s=in_view_s, found=first is not None,
        time_to_alert_s=None if first is None or in_view_s is None else max(0.0, first.at_s - in_view_s),
        localisation_error_m=None if first is None else _error_m(sight, first),
        alert_id='' if first is None else first.alert.alert_id,
        nearest_m=sight.nearest_m if math.isfinite(sight.nearest_m) else None, nearest_at_s=sight.nearest_at_s,
        appearance=dict(subject.appearance))


def false_alarms(sights: Sequence[Sight], reports: Sequence[Report]) -> list[FalseAlarm]:
    """Return the alerts that were at no subject at any of the times they were published, as published first.

    The kind plays no part: what fires about a subject in other words than foreseen is no false alarm.
    """
    first: dict[str, Report] = {}
    true: set[str] = set()
    for report in reports:
        first.setdefault(report.alert.alert_id, report)
        if any(is_at(sight, report) for sight in sights):
            true.add(report.alert.alert_id)
    return [
        FalseAlarm(at_s=report.at_s, alert_id=alert_id, kind=report.alert.kind, rule=report.alert.rule,
                   sentence=report.alert.sentence, position_m=report.alert.position_m)
        for alert_id, report in first.items() if alert_id not in true]


def all_settled(sights: Sequence[Sight], reports: Sequence[Report], now_s: float) -> bool:
    """Tell whether nothing is due any more: everything that came into view is found, or too late to be."""
    open_sights = [
        sight for sight in sights
        if sight.in_view_s is not None and now_s <= sight.in_view_s + sight.subject.due_s]
    return all(score_subject(sight, reports).found for sight in open_sights)


def is_at(sight: Sight, report: Report) -> bool:
    """Tell whether an alert is where the subject was; one about the robot itself has no place, only a time."""
    subject, alert = sight.subject, report.alert
    if report.at_s < subject.from_s or alert.last_seen_s > subject.until_s + GRACE_S:
        return False
    if subject.moves_as is None and subject.place_m is None:
        return alert.position_m is None or alert.kind in subject.kinds
    if alert.position_m is None:
        return False
    reach_m = THING_RADIUS_M + max(0.0, subject.size_m[0] / 2.0 - _NARROW_M)
    if subject.place_m is not None and math.dist(alert.position_m, subject.place_m) <= reach_m:
        return True
    nearest_m = min(
        (trace.nearest_m(alert.position_m, alert.last_seen_s - _LAG_S, alert.last_seen_s) for trace in sight.members),
        default=math.inf)
    return nearest_m <= MOVER_RADIUS_M


def _error_m(sight: Sight, report: Report) -> float | None:
    place = sight.place_at(report.alert.last_seen_s)
    if place is None or report.alert.position_m is None:
        return None
    return math.dist(report.alert.position_m, place)
