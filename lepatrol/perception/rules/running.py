"""Somebody who runs."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.site import Point2
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.spells import Spells
from lepatrol.perception.rules.words import seconds, thing
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import RunningSettings

_GRACE_S = 0.35
_STRAIGHT = 0.8
"""Least share of the speed that must have been made good over the whole time: jitter is fast and gets nowhere."""


class Running(Rule):
    """A person moves faster than anybody walks, for long enough, and gets on by it.

    Both the estimated speed and the way made good must be that of a runner, so that a position that jitters, or a
    corner that seems to slide by as the robot passes, is none. What is faster than anybody can run is no person.
    """

    name = 'running'

    def __init__(self, reader: Reader, settings: RunningSettings) -> None:
        """Begin with nobody running."""
        self._reader = reader
        self._settings = settings
        self._spells: Spells[int] = Spells(_GRACE_S)
        self._starts: dict[int, tuple[float, Point2]] = {}

    def reset(self) -> None:
        """Forget who runs."""
        self._spells.clear()
        self._starts.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each runner."""
        settings = self._settings
        claims = []
        for suspect in self._reader.read(situation).suspects:
            track = suspect.track
            speed = track.speed_m_s
            if not suspect.is_person or not settings.speed_m_s < speed <= settings.max_speed_m_s:
                continue
            spell = self._spells.note(track.track_id, track.last_seen_s)
            since_s, start_m = self._starts.get(track.track_id, (-1.0, track.position_m))
            if since_s != spell.since_s:
                start_m = track.position_m
                self._starts[track.track_id] = (spell.since_s, start_m)
            needed_s = settings.after_s if suspect.is_sure else settings.unsure_after_s
            if not suspect.is_seen or spell.count < 3 or spell.duration_s < needed_s - 1e-6:
                continue
            gone_m = between_m(start_m, track.position_m)
            made_good = gone_m / max(spell.duration_s, 1e-3)
            if not _STRAIGHT * settings.speed_m_s <= made_good <= settings.max_speed_m_s:
                continue
            claims.append(Claim(
                track.last_seen_s, self.name, AlertKind.RUNNING, f'track-{track.track_id}', Severity.WARNING,
                suspect.confidence,
                f'{thing(track, suspect.kind)} ran at {speed:.1f} m/s, {gone_m:.1f} m in '
                f'{seconds(spell.duration_s)}; the limit is {settings.speed_m_s:g} m/s for {seconds(needed_s)}',
                track.position_m, track.deviation_m, suspect.spot.zone_name, track.box))
        if len(self._starts) > 64:
            self._starts = {key: start for key, start in self._starts.items() if self._spells.get(key)}
        return claims
