"""Investigate an alert: go where the thing can be seen, look again, and confirm or withdraw what was claimed."""

from __future__ import annotations

import math
from collections.abc import Sequence as Row
from contextlib import suppress

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from py_trees.composites import Sequence

from lepatrol.behaviours.errand import CaseErrand, Ending, Result, Verdict
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.visit import Crew, GoTo, TakePhoto, failure_reason
from lepatrol.model.alerts import Alert, AlertKind
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.errors import PlanningError
from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Point2, Waypoint
from lepatrol.model.tracks import Track, TrackState
from lepatrol.settings.conduct import InvestigateSettings

MOVING = frozenset({
    AlertKind.ZONE_INTRUSION.value, AlertKind.PERIMETER_CROSSING.value, AlertKind.FENCE_APPROACH.value,
    AlertKind.LOITERING.value, AlertKind.RUNNING.value, AlertKind.CROWDING.value})
"""Kinds that are about somebody who may have left since."""
_KIND_OF = dict.fromkeys(MOVING, ThingKind.PERSON) | {AlertKind.ABANDONED_OBJECT.value: ThingKind.OBJECT}
"""What must stand there for an alert to be right; of the others perception itself tells."""
_TRIES = 3
"""So many places are tried, or gone to anew because who is looked for has moved on."""
_STANDS, _APART_M = 2, 4.0
"""From so many places, this far apart, somebody is looked for before it is said that they are gone."""


class Investigate(CaseErrand):
    """Look at one case again, from a stand-off distance with a free line of sight.

    The alert is confirmed when it is raised again while the robot stands there and looks, or when what it claims is
    followed there. When it is not, what stays where it is was not there, and the alert is withdrawn; the same goes for
    who had hardly been seen at all. Of anybody else it is said that they are gone, once they have been looked for from
    another place too: a post may hide them.
    """

    kind = BehaviourKind.INVESTIGATE

    def __init__(self, case: Case, crew: Crew, scout: Scout, settings: InvestigateSettings) -> None:
        """Do nothing yet."""
        super().__init__(f'investigate {case.case_id}', f'{case.words}: {case.sentence}', case)
        self._crew = crew
        self._scout = scout
        self._settings = settings
        self._tree: Sequence | None = None
        self._aim: Point2 | None = None
        self._looking_since_s: float | None = None
        self._seen_again = ''
        self._seen_at: Point2 | None = None
        self._has_spoken = False
        self._stand: Point2 = (math.nan, math.nan)
        self._in_vain: list[Point2] = []
        self._tries = 0

    def on_alert(self, alert: Alert) -> None:
        """Take an alert that was raised; one about the same thing counts while the robot looks."""
        place = alert.position_m
        is_near = place is not None and self._place is not None and (
            math.dist(place, self._place) <= self._settings.same_within_m)
        if alert.alert_id != self.case.case_id and not (alert.kind.value == self.case.kind and is_near):
            return
        if self._looking_since_s is not None and alert.last_seen_s >= self._looking_since_s:
            self._seen_again, self._seen_at = alert.sentence, place

    def on_tracks(self, tracks: Row[Track]) -> None:
        """Take what is followed; a thing of the right kind at the place counts while the robot looks."""
        kind = _KIND_OF.get(self.case.kind)
        if self._looking_since_s is None or self._place is None or kind is None:
            return
        within_m = self._settings.same_within_m if self.case.kind in MOVING else self._settings.stays_within_m
        for track in tracks:
            if (track.state is TrackState.SEEN and track.kind is kind and track.last_seen_s >= self._looking_since_s
                    and math.dist(track.position_m, self._place) <= within_m):
                self._seen_again = (
                    f'{kind.value} at ({track.position_m[0]:.1f}, {track.position_m[1]:.1f}), '
                    f'{track.confidence:.0%} sure')
                self._seen_at = track.position_m

    def tick(self) -> Ending | None:
        """Advance without blocking."""
        if self._has_moved_on():
            self._in_vain.clear()
            self.interrupt()
        if self._tree is None:
            ended = self._set_out()
            if ended is not None:
                return ended
        assert self._tree is not None
        self._tree.tick_once()
        if self._tree.status is Status.FAILURE:
            reason = failure_reason(self._tree)
            if self._looking_since_s is None:
                self._tree = None
                return self._give_up(f'cannot get there: {reason}') if self._tries >= _TRIES else None
            return self._after_looking(f' (no picture: {reason})')
        return self._after_looking('') if self._tree.status is Status.SUCCESS else None

    def interrupt(self) -> None:
        """Take back goal and picture; the next tick begins with the way there again."""
        if self._tree is not None:
            self._tree.stop(Status.INVALID)
            self._tree = None
        self._looking_since_s = None

    @property
    def _place(self) -> Point2 | None:
        return self.case.position_m

    def _has_moved_on(self) -> bool:
        """Tell whether who is looked for has gone so far that another place is better; while looking none is."""
        if self._looking_since_s is not None or self._aim is None or self._place is None or self._tries >= _TRIES:
            return False
        return math.dist(self._aim, self._place) > self._settings.chase_m

    def _set_out(self) -> Ending | None:
        self._tries += 1
        try:
            self._go_to(self._view())
        except PlanningError as error:
            return self._give_up(str(error))
        return None

    def _view(self) -> Waypoint:
        assert self._place is not None, 'a case without a place is not investigated'
        return self._scout.view_of(
            self._place, stand_off_m=self.case.stand_off_m or self._settings.stand_off_m,
            farthest_m=self._settings.farthest_m, is_fit=self._is_elsewhere)

    def _is_elsewhere(self, x_m: float, y_m: float) -> bool:
        return all(math.dist((x_m, y_m), stand) >= _APART_M for stand in self._in_vain)

    def _go_to(self, view: Waypoint) -> None:
        self.interrupt()
        self._aim, self._stand = self._place, (view.x_m, view.y_m)
        self.note = f'going to {_words(self._stand)} to look at it'
        self._tree = Sequence(self.name, memory=True, children=[
            GoTo(self._crew, view, view.yaw_rad), _Look(self),
            TakePhoto(self._crew, self.case.case_id, 1, self.case.words)])

    def begin_to_look(self) -> None:
        """Note that the robot stands where it can see the thing, and speak where the site wants it."""
        self._looking_since_s = self._crew.watch.now_s
        self._seen_again, self._seen_at = '', None
        self.note = 'looking'
        if self.case.notice and not self._has_spoken:
            self._has_spoken = True
            self._crew.speaker.say(self.case.notice)

    def has_looked(self, looked_s: float) -> bool:
        """Tell whether it has looked long enough."""
        if self._seen_again:
            return looked_s >= self._settings.least_look_s
        return looked_s >= self._settings.look_s

    @property
    def watch_s(self) -> float:
        """Return the time that only goes forward."""
        return self._crew.watch.elapsed_s

    def _after_looking(self, besides: str) -> Ending | None:
        """Conclude, unless who was not seen may be hidden from here and there is another place to look from."""
        if not self._seen_again:
            self._in_vain.append(self._stand)
            if self.case.kind in MOVING and not self._was_fleeting and len(self._in_vain) < _STANDS:
                with suppress(PlanningError):
                    self._go_to(self._view())
                    return None
        return self._conclude(besides)

    def _conclude(self, besides: str) -> Ending:
        name = self._crew.photographer.name
        evidence = (name,) if name and not besides else ()
        seen = self._seen_again
        from_m = 'from ' + ' and '.join(map(_words, [self._stand] if seen else self._in_vain))
        if seen:
            state, reason = CaseState.CONFIRMED, f'seen again {from_m}: {seen}'
        elif self.case.kind not in MOVING or self._was_fleeting:
            state = CaseState.WITHDRAWN
            reason = f'nothing like it is there: looked for {self._settings.look_s:g} s {from_m}'
        else:
            state = CaseState.GONE
            reason = f'nobody is there any more: looked for {self._settings.look_s:g} s {from_m}'
        self.verdict = Verdict(state, reason + besides, evidence, position_m=self._seen_at)
        return Ending(Result.DONE, self.verdict.reason)

    @property
    def _was_fleeting(self) -> bool:
        return self.case.last_seen_s - self.case.first_seen_s < self._settings.fleeting_s

    def _give_up(self, reason: str) -> Ending:
        if self._in_vain:  # it has looked, if not from everywhere it wanted to
            return self._conclude('')
        self.verdict = Verdict(CaseState.UNSEEN, reason)
        return Ending(Result.FAILED, reason)


def _words(place: Point2) -> str:
    return f'({place[0]:.1f}, {place[1]:.1f})'


class _Look(Behaviour):
    """Stand and look until the thing is seen again, or long enough."""

    def __init__(self, errand: Investigate) -> None:
        super().__init__('look')
        self._errand = errand
        self._began_s = 0.0

    def initialise(self) -> None:
        """Begin to look."""
        self._began_s = self._errand.watch_s
        self._errand.begin_to_look()

    def update(self) -> Status:
        """Look at what was seen and at the time."""
        over = self._errand.has_looked(self._errand.watch_s - self._began_s + 1e-9)
        return Status.SUCCESS if over else Status.RUNNING
