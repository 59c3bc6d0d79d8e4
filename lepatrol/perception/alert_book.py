"""From claims to alerts: which claims are the same alert, and when an alert is worth telling again."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable
from enum import Enum

from lepatrol.model.alerts import Alert, AlertKind, Claim, Severity
from lepatrol.model.site import Point2
from lepatrol.settings.alerts import AlertSettings


class _Manner(Enum):
    """How a kind of alert is known again."""

    FIXED = 'it stays where it is: by name or place, rounds later too'
    PASSING = 'it moves: by track, or by place a moment later'
    EPISODE = 'it happens to the robot: by name, as long as it hardly pauses'


_MANNERS = {
    AlertKind.ZONE_INTRUSION: _Manner.PASSING, AlertKind.PERIMETER_CROSSING: _Manner.PASSING,
    AlertKind.FENCE_APPROACH: _Manner.PASSING, AlertKind.LOITERING: _Manner.PASSING,
    AlertKind.RUNNING: _Manner.PASSING, AlertKind.CROWDING: _Manner.PASSING,
    AlertKind.ABANDONED_OBJECT: _Manner.FIXED, AlertKind.MISSING_OBJECT: _Manner.FIXED,
    AlertKind.MOVED_OBJECT: _Manner.FIXED, AlertKind.SCENE_CHANGE: _Manner.FIXED,
    AlertKind.FENCE_BREACH: _Manner.FIXED, AlertKind.GATE_OPEN: _Manner.FIXED,
    AlertKind.CAMERA_COVERED: _Manner.EPISODE, AlertKind.CAMERA_BLINDED: _Manner.EPISODE,
    AlertKind.LIDAR_BLINDED: _Manner.EPISODE, AlertKind.ROBOT_BLOCKED: _Manner.EPISODE,
    AlertKind.ROBOT_TAMPERED: _Manner.EPISODE, AlertKind.SENSOR_CONTRADICTION: _Manner.EPISODE,
}
_TRACKED = frozenset({AlertKind.ABANDONED_OBJECT})
"""Kinds that stay where they are, but are named after a track, whose number means nothing in another run."""
_REUSED = frozenset({AlertKind.CROWDING})
"""Kinds that move, but are named after places, where another crowd can gather later."""


@dataclasses.dataclass(slots=True)
class _Entry:
    """An alert in the book: where and when it was last, and by which claims this run knows it."""

    alert: Alert
    place_m: Point2 | None
    told_s: float
    told_severity: Severity
    names: set[str]
    batch: int


class AlertBook:
    """Files claims as alerts, each under one id for good.

    The same kind and name is the same alert. So is the same kind at nearly the same place: what stands still is known
    again rounds later, when tracks have other numbers; who moves is known again for a moment only. Two that are seen
    at the same time, apart, are two. An alert never becomes less severe or less sure.
    """

    def __init__(self, robot: str, settings: AlertSettings) -> None:
        """Begin with no alerts; ``robot`` goes into every alert and its id."""
        self._robot = robot
        self._settings = settings
        self._entries: dict[str, _Entry] = {}
        self._by_kind: dict[AlertKind, dict[str, _Entry]] = {}
        self._by_name: dict[tuple[AlertKind, str], _Entry] = {}
        self._number = 0
        self._batch = 0
        self._now_s = -math.inf

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Return all alerts as they stand, oldest first."""
        return tuple(entry.alert for entry in self._entries.values())

    def recall(self, alerts: Iterable[Alert]) -> None:
        """Take over the alerts of an earlier run, so that what still stands is not new and no id is given twice.

        What an earlier run knew by a track's number is known by its place alone from now on.
        """
        for alert in alerts:
            self._enter(_Entry(alert, alert.position_m, alert.last_seen_s, alert.severity, set(), self._batch))
            if _MANNERS[alert.kind] is not _Manner.PASSING and alert.kind not in _TRACKED:
                self._name(self._entries[alert.alert_id], alert.about)
            match = re.fullmatch(re.escape(self._robot) + r'-(\d+)-\w+', alert.alert_id)
            if match:
                self._number = max(self._number, int(match[1]))

    def attach(self, alert_id: str, evidence: tuple[str, ...]) -> Alert:
        """Add evidence to an alert, each piece once, and return the alert.

        :raises KeyError: if there is no such alert.
        """
        entry = self._entries[alert_id]
        pieces = tuple(dict.fromkeys((*entry.alert.evidence, *evidence)))
        entry.alert = dataclasses.replace(entry.alert, evidence=pieces)
        return entry.alert

    def file(self, claims: Iterable[Claim], now_s: float) -> list[Alert]:
        """Return the alerts that are new by these claims (``updates`` is 0), and those that it is time to tell again.

        An alert is told again at most once in the settings' time, unless it became more severe. All claims of one call
        are of one moment.
        """
        if now_s < self._now_s:
            self._forget_names()
        self._now_s = now_s
        self._batch += 1
        claims = sorted(claims, key=lambda claim: (
            claim.kind.value, (claim.kind, claim.about) not in self._by_name, claim.stamp_s, claim.about))
        touched: dict[str, tuple[_Entry, bool]] = {}
        for claim in claims:
            entry = self._find(claim)
            is_new = entry is None
            if entry is None:
                entry = self._open(claim)
            else:
                self._update(entry, claim)
            entry.batch = self._batch
            self._name(entry, claim.about)
            touched.setdefault(entry.alert.alert_id, (entry, is_new))
        self._make_room()
        return [entry.alert for entry, is_new in touched.values() if self._is_told(entry, is_new, now_s)]

    def _find(self, claim: Claim) -> _Entry | None:
        """Return the alert that a claim is about, None if it is a new one."""
        manner = _MANNERS[claim.kind]
        named = self._by_name.get((claim.kind, claim.about))
        if named is not None and self._goes_on(named, claim, manner):
            return named
        if manner is _Manner.EPISODE or claim.position_m is None:
            return None
        radius = self._settings.fixed_radius_m if manner is _Manner.FIXED else self._settings.passing_radius_m
        near: list[tuple[float, _Entry]] = []
        for entry in self._by_kind.get(claim.kind, {}).values():
            if entry.place_m is None or not self._is_recent(entry, claim, manner):
                continue
            away = math.dist(entry.place_m, claim.position_m)
            apart = entry.batch == self._batch and manner is _Manner.PASSING
            if away <= (min(radius, self._settings.apart_m) if apart else radius):
                near.append((away, entry))
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def _goes_on(self, entry: _Entry, claim: Claim, manner: _Manner) -> bool:
        if manner is _Manner.EPISODE or claim.kind in _REUSED:
            return abs(claim.stamp_s - entry.alert.last_seen_s) <= self._settings.episode_s
        return manner is _Manner.PASSING or self._is_recent(entry, claim, manner)

    def _is_recent(self, entry: _Entry, claim: Claim, manner: _Manner) -> bool:
        since_s = claim.stamp_s - entry.alert.last_seen_s
        if manner is _Manner.FIXED:
            return since_s <= self._settings.fixed_memory_s
        return abs(since_s) <= self._settings.passing_memory_s

    def _open(self, claim: Claim) -> _Entry:
        self._number += 1
        alert = Alert(
            f'{self._robot}-{self._number:04d}-{claim.kind.value}', claim.kind, claim.about, claim.severity,
            claim.confidence, claim.position_m, claim.deviation_m, claim.zone, claim.stamp_s, claim.stamp_s,
            self._robot, claim.rule, claim.sentence)
        entry = _Entry(alert, claim.position_m, -math.inf, claim.severity, set(), self._batch)
        self._enter(entry)
        return entry

    def _update(self, entry: _Entry, claim: Claim) -> None:
        alert = entry.alert
        is_graver = claim.severity.rank >= alert.severity.rank
        place, deviation = self._placed(alert, claim)
        entry.place_m = place
        again = entry.batch != self._batch
        entry.alert = dataclasses.replace(
            alert,
            severity=claim.severity if is_graver else alert.severity,
            sentence=claim.sentence if is_graver else alert.sentence,
            rule=claim.rule if is_graver else alert.rule,
            confidence=max(alert.confidence, claim.confidence),
            position_m=place, deviation_m=deviation, zone=claim.zone or alert.zone,
            first_seen_s=min(alert.first_seen_s, claim.stamp_s),
            last_seen_s=max(alert.last_seen_s, claim.stamp_s),
            updates=alert.updates + again)

    def _placed(self, alert: Alert, claim: Claim) -> tuple[Point2 | None, float]:
        """Return where the alert is now: the surest place of what stands, the last place of who moves."""
        if claim.position_m is None:
            return alert.position_m, alert.deviation_m
        if _MANNERS[alert.kind] is _Manner.FIXED and alert.position_m is not None and (
                alert.deviation_m < claim.deviation_m):
            return alert.position_m, alert.deviation_m
        return claim.position_m, claim.deviation_m

    def _is_told(self, entry: _Entry, is_new: bool, now_s: float) -> bool:
        is_due = now_s - entry.told_s >= self._settings.update_every_s or now_s < entry.told_s
        if not (is_new or is_due or entry.alert.severity.rank > entry.told_severity.rank):
            return False
        entry.told_s = now_s
        entry.told_severity = entry.alert.severity
        return True

    def _enter(self, entry: _Entry) -> None:
        alert = entry.alert
        self._entries[alert.alert_id] = entry
        self._by_kind.setdefault(alert.kind, {})[alert.alert_id] = entry

    def _name(self, entry: _Entry, about: str) -> None:
        self._by_name[entry.alert.kind, about] = entry
        entry.names.add(about)

    def _forget_names(self) -> None:
        """Forget the numbers of tracks: time ran backwards, and they are given out anew."""
        for (kind, about), entry in list(self._by_name.items()):
            if _MANNERS[kind] is _Manner.PASSING or kind in _TRACKED:
                del self._by_name[kind, about]
                entry.names.discard(about)

    def _make_room(self) -> None:
        surplus = len(self._entries) - self._settings.max_alerts
        if surplus <= 0:
            return
        oldest = sorted(self._entries.values(), key=lambda entry: entry.alert.last_seen_s)
        for entry in oldest[:surplus]:
            kind = entry.alert.kind
            del self._entries[entry.alert.alert_id], self._by_kind[kind][entry.alert.alert_id]
            for about in entry.names:
                if self._by_name.get((kind, about)) is entry:
                    del self._by_name[kind, about]
