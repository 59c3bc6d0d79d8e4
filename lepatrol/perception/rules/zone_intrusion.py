"""Somebody in a restricted zone while it is guarded."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Point2
from lepatrol.model.site_clock import as_clock
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader, Right, Suspect
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.spells import Spells
from lepatrol.perception.rules.words import seconds, thing
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import ZoneIntrusionSettings

_GRACE_S = 0.6
_GAP_MEMORY_S = 30.0
_LEAST_RATE_HZ = 5.0
"""A thing of unknown kind must be seen this often: rain and fog flicker."""


class ZoneIntrusion(Rule):
    """A person or vehicle is in a restricted zone in the zone's hours and is not one of those allowed there.

    It must be inside by more than the position's uncertainty, for a few sightings. How long depends on how sure it is:
    a person is reported within half a second; one far off, where a picture has few pixels of him, a vehicle, or what
    only its width makes a person is watched longer, and so is a thing of unknown kind that is near, longest if it was
    never seen to move. What is as large as a vehicle and stands at a gate may be its leaf, so it is watched until it
    was seen whether the gate is open. Of more people than a zone allows, the last to come is reported. Things and
    animals are none of this rule's business.
    """

    name = 'zone_intrusion'

    def __init__(self, reader: Reader, settings: ZoneIntrusionSettings) -> None:
        """Begin with nobody inside."""
        self._reader = reader
        self._settings = settings
        self._spells: Spells[tuple[int, bool]] = Spells(_GRACE_S)
        self._openings: dict[str, tuple[float, Point2]] = {}

    def reset(self) -> None:
        """Forget who is inside."""
        self._spells.clear()
        self._openings.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each intruder in sight."""
        for gap in situation.gaps:
            middle = ((gap.start_m[0] + gap.end_m[0]) / 2.0, (gap.start_m[1] + gap.end_m[1]) / 2.0)
            self._openings[gap.structure] = (gap.stamp_s, middle)
        claims = []
        for suspect in self._reader.read(situation).suspects:
            if suspect.right is not Right.FORBIDDEN or not self._counts(suspect, situation):
                continue
            track = suspect.track
            spell = self._spells.note((track.track_id, suspect.allowed > 0), track.last_seen_s)
            needed_s = self._needed_s(suspect, situation)
            updates = max(self._settings.min_updates, 0 if suspect.is_sure else _LEAST_RATE_HZ * spell.duration_s)
            if suspect.is_seen and spell.count >= updates and spell.duration_s >= needed_s - 1e-6:
                claims.append(self._claim(suspect, spell.duration_s, needed_s, situation))
        return claims

    def _counts(self, suspect: Suspect, situation: Situation) -> bool:
        """Tell whether somebody is inside for certain, an unknown thing near enough, and neither an opened leaf."""
        track = suspect.track
        if suspect.spot.depth_m < min(track.deviation_m, self._settings.margin_m):
            return False
        if suspect.is_sure and (suspect.is_person or suspect.has_moved):
            return True
        if suspect.is_sure:
            return not self._is_at_opening(suspect, situation.now_s)
        if self._is_far(suspect, situation):
            return False
        return suspect.has_moved or not self._is_at_opening(suspect, situation.now_s)

    def _is_far(self, suspect: Suspect, situation: Situation) -> bool:
        robot = situation.robot_pose
        return robot is not None and (
            between_m((robot.x_m, robot.y_m), suspect.track.position_m) > self._settings.unsure_range_m)

    def _is_at_opening(self, suspect: Suspect, now_s: float) -> bool:
        """Tell whether something may be the leaf, or the scrap, of an opening that was just seen."""
        return any(
            now_s - stamp_s < _GAP_MEMORY_S
            and between_m(middle, suspect.track.position_m) < self._settings.gap_distance_m
            for stamp_s, middle in self._openings.values())

    def _needed_s(self, suspect: Suspect, situation: Situation) -> float:
        settings = self._settings
        if suspect.is_sure and suspect.is_person:
            needed_s = settings.far_after_s if self._is_far(suspect, situation) else settings.after_s
        elif suspect.is_sure and not suspect.has_moved and suspect.spot.gate is not None:
            needed_s = settings.at_gate_after_s
        elif suspect.is_sure:
            needed_s = settings.unsure_after_s
        else:
            is_likely = suspect.has_moved or suspect.kind is ThingKind.PERSON
            needed_s = settings.unsure_after_s if is_likely else settings.standing_after_s
        return max(needed_s, settings.over_after_s) if suspect.allowed else needed_s

    def _claim(self, suspect: Suspect, duration_s: float, needed_s: float, situation: Situation) -> Claim:
        track, zone = suspect.track, suspect.zone
        assert zone is not None
        minute = situation.minute_of_day
        who = (f'{suspect.present} were seen there and {suspect.allowed} are allowed at {as_clock(minute)}'
               if suspect.allowed else f'nobody is allowed there at {as_clock(minute)}')
        return Claim(
            track.last_seen_s, self.name, AlertKind.ZONE_INTRUSION, f'track-{track.track_id}', Severity.CRITICAL,
            suspect.confidence,
            f'{thing(track, suspect.kind)} was {seconds(duration_s)} in the restricted zone {zone.name}, '
            f'{suspect.spot.depth_m:.1f} m inside its edge; {who}, and the limit is {seconds(needed_s)}',
            track.position_m, track.deviation_m, zone.name, track.box)
