"""Somebody at the fence."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.perception.rules.reading import Reader, Right
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.spells import Spells
from lepatrol.perception.rules.words import named, seconds, thing
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import FenceApproachSettings

_GRACE_S = 3.0
_HYSTERESIS_M = 0.4
_LEAST_RATE_HZ = 4.0
"""A thing of unknown kind must be seen this often: rain and fog flicker."""


class FenceApproach(Rule):
    """A person is close to a fence panel, on either side of it, for longer than it takes to walk past.

    Who is allowed in the zone he stands in is left alone, and so is everybody where anybody may be. An unknown thing
    must have moved, or a post's shadow would do.
    """

    name = 'fence_approach'

    def __init__(self, reader: Reader, settings: FenceApproachSettings) -> None:
        """Begin with nobody at the fence."""
        self._reader = reader
        self._settings = settings
        self._spells: Spells[int] = Spells(_GRACE_S)

    def reset(self) -> None:
        """Forget who is at the fence."""
        self._spells.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each person at the fence for too long."""
        settings = self._settings
        claims = []
        for suspect in self._reader.read(situation).suspects:
            track, fence = suspect.track, suspect.spot.fence
            if (fence is None or not suspect.is_person or suspect.right in (Right.COVERED, Right.OPEN)
                    or not (suspect.is_sure or suspect.has_moved) or track.deviation_m > settings.max_deviation_m):
                continue
            panel, away = fence
            if away > settings.distance_m:
                if away > settings.distance_m + _HYSTERESIS_M:
                    self._spells.end(track.track_id)
                continue
            spell = self._spells.note(track.track_id, track.last_seen_s)
            updates = max(3, 0 if suspect.is_sure else _LEAST_RATE_HZ * spell.duration_s)
            if not suspect.is_seen or spell.count < updates or spell.duration_s < settings.after_s - 1e-6:
                continue
            stands = track.last_seen_s - track.standing_since_s >= 0.5 * spell.duration_s
            claims.append(Claim(
                track.last_seen_s, self.name, AlertKind.FENCE_APPROACH, f'track-{track.track_id}', Severity.WARNING,
                suspect.confidence,
                f'{thing(track, suspect.kind)} {"stood" if stands else "was"} {seconds(spell.duration_s)} within '
                f'{settings.distance_m:g} m of {named(panel)}, now {away:.1f} m from it; '
                f'the limit is {seconds(settings.after_s)}',
                track.position_m, track.deviation_m, suspect.spot.zone_name, track.box))
        return claims
