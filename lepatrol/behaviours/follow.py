"""Follow a person: keep them in view from a distance, in nobody's way, until a limit comes or they are gone."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from lepatrol.behaviours.errand import CaseErrand, Ending, Result, Verdict
from lepatrol.behaviours.followed import Followed
from lepatrol.behaviours.handover import HandOver
from lepatrol.behaviours.lookout import IN_SIGHT_S, Lookout
from lepatrol.behaviours.odometer import Odometer
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.visit import Crew
from lepatrol.behaviours.waiting_ground import WaitingGround
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.mission import PhotoRequest
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2, Site
from lepatrol.model.tracks import Track
from lepatrol.model.zones import distance_m
from lepatrol.settings.conduct import FollowSettings

_OUTSIDE_M = 1.0
"""Who is this far outside everything the site speaks of has left it."""
_PACE_M_S = 1.5
"""No robot on wheels is faster; so far it may go while others answer."""
_COMPASS = ('east', 'north-east', 'north', 'north-west', 'west', 'south-west', 'south', 'south-east')


class Follow(CaseErrand):
    """Keep the person that a case is about in view, at the site's distance.

    It ends at the site's limits, when they are lost or have left the site, or at the operator's word. Before a limit
    ends it, the person is offered to other robots.
    """

    kind = BehaviourKind.INVESTIGATE

    def __init__(
        self, case: Case, crew: Crew, scout: Scout, site: Site, settings: FollowSettings, *, ground: WaitingGround,
        handover: HandOver, velocity_m_s: Point2 = (0.0, 0.0),
    ) -> None:
        """Do nothing yet; ``velocity_m_s`` is how they walked, where another robot has told that."""
        super().__init__(f'follow {case.case_id}', f'{case.words}: {case.sentence}', case)
        assert case.position_m is not None, 'a case without a place is not followed'
        self._crew = crew
        self._site = site
        self._limits = site.follow
        self._settings = settings
        self._handover = handover
        number = re.match(r'track-(\d+)', case.about)
        self._person = Followed(
            case.position_m, case.last_seen_s, settings, track_id=int(number[1]) if number else None,
            velocity_m_s=velocity_m_s)
        self._lookout = Lookout(
            crew, scout, self._person, settings, ground=ground,
            distance_m=case.stand_off_m or site.follow.distance_m)
        self._odometer = Odometer()
        self._began_s: float | None = None
        self._seen_at_s: float | None = None
        self._missing_since_s: float | None = None
        self._was_inside = False
        self._has_spoken = False
        self._request: PhotoRequest | None = None
        self._picture = ''

    def on_tracks(self, tracks: Sequence[Track]) -> None:
        """Take what is followed, the person among it."""
        if not self._person.on_tracks(tracks) or self._began_s is None:
            return
        now_s = self._crew.watch.elapsed_s
        self.about = f'track-{self._person.track_id}'
        if not self._has_seen:
            self._began_s, self._odometer = now_s, Odometer()
            self.unfinished = CaseState.CONFIRMED
        self._seen_at_s, self._missing_since_s = now_s, None
        self._was_inside = self._was_inside or self._outside_m(self._person.seen_at_m) <= 0.0

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is, and count how far it goes."""
        self._lookout.on_pose(estimate.pose.planar())
        self._odometer.on_pose(estimate)

    def tick(self) -> Ending | None:
        """Advance without blocking."""
        now_s = self._crew.watch.elapsed_s
        if self._began_s is None:
            self._began_s = now_s
        if (ending := self._ending(now_s)) is not None:
            return ending
        if self._in_sight:
            self._greet()
        if self._request is not None and self._crew.photographer.request is self._request:
            self._picture = self._crew.photographer.name or ''
        self._lookout.tick(self._unseen_s)
        self.note = self._doing
        return None

    def interrupt(self) -> None:
        """Take goal and offer back; the next tick aims anew, and being out of sight in between does not count."""
        self._handover.withdraw(self.case.case_id)
        self._lookout.stop()
        self._missing_since_s = None

    def conclude(self, ending: Ending) -> Verdict:
        """Return what it came to; an end from outside keeps how far it had come."""
        verdict = self.verdict or Verdict(self.unfinished, self._account(ending.reason))
        return Verdict(verdict.state, verdict.reason, (self._picture,) if self._picture else ())

    @property
    def _has_seen(self) -> bool:
        return self._seen_at_s is not None

    @property
    def _in_sight(self) -> bool:
        return self._unseen_s <= IN_SIGHT_S

    @property
    def _unseen_s(self) -> float:
        """Return how long ago the person was seen."""
        return math.inf if self._seen_at_s is None else self._crew.watch.elapsed_s - self._seen_at_s

    @property
    def _doing(self) -> str:
        """Say what it is doing, with what stands in its way."""
        if not self._has_seen:
            did = f'going to where somebody was seen, ({self._person.place_m[0]:.1f}, {self._person.place_m[1]:.1f})'
        elif not self._in_sight:
            did = 'looking for the person, who is out of sight'
        else:
            did = f'keeping track {self._person.track_id} in view, {self._lookout.away_m:.1f} m away'
        trouble = self._lookout.trouble
        return f'{did} ({trouble})' if trouble else did

    # How it ends.

    def _ending(self, now_s: float) -> Ending | None:
        """Return how it ends now, None while it goes on."""
        assert self._began_s is not None
        if not self._in_sight and self._is_lost(now_s):
            return self._lost()
        if self._in_sight and self._was_inside and self._outside_m(self._person.seen_at_m) > _OUTSIDE_M:
            return self._done(CaseState.GONE, f'the person has left the site{self._last_seen}')
        if (offered := self._handed_over()) is not None:
            return offered
        limit = self._limit(now_s, 0.0)
        if limit and not self._handover.is_offered(self.case.case_id):
            return self._done(self.unfinished, f'{limit}{self._last_seen}')
        if self._in_sight and self._limit(now_s, self._settings.answer_s):
            self._handover.offer(self.case, self._person.place_m, self._person.velocity_m_s)
        return None

    def _limit(self, now_s: float, before_s: float) -> str:
        """Say which limit is reached, or will be in a time, '' for none."""
        assert self._began_s is not None
        if now_s - self._began_s >= self._limits.limit_s - before_s - 1e-9:
            return f'at the limit of {self._limits.limit_s:g} s'
        if self._has_seen and self._odometer.distance_m >= self._limits.limit_m - before_s * _PACE_M_S:
            return f'at the limit of {self._limits.limit_m:g} m'
        return ''

    def _handed_over(self) -> Ending | None:
        outcome = self._handover.take_outcome(self.case.case_id)
        if outcome is None:
            return None
        if outcome.to is not None:
            return self._done(
                CaseState.CONFIRMED, f'handed over to {outcome.to}, which has {outcome.distance_m:.0f} m to go')
        limit = self._limit(self._crew.watch.elapsed_s, 2.0 * self._settings.answer_s)
        return self._done(
            CaseState.CONFIRMED, f'{limit}, and no other robot answered within {self._settings.answer_s:g} s'
                                 f'{self._last_seen}')

    def _is_lost(self, now_s: float) -> bool:
        """Tell whether they have been missing too long: where they ought to be seen, or since they were."""
        if not self._has_seen and self._lookout.is_stuck:
            return True
        if not self._has_seen and self._lookout.is_under_way:
            self._missing_since_s = None
            return False
        if self._missing_since_s is None:
            self._missing_since_s = now_s
        return now_s - self._missing_since_s >= self._settings.lost_s - 1e-9

    def _lost(self) -> Ending:
        lost = f'out of sight for {self._settings.lost_s:g} s'
        if self._has_seen:
            return self._done(CaseState.GONE, f'{lost}{self._last_seen}')
        if self._lookout.trouble:
            self.verdict = Verdict(CaseState.UNSEEN, f'nobody was seen: {self._lookout.trouble}')
            return Ending(Result.FAILED, self.verdict.reason)
        x, y = self._person.place_m
        return self._done(CaseState.GONE, f'nobody is there any more: looked for {self._settings.lost_s:g} s '
                                          f'round ({x:.1f}, {y:.1f})')

    def _done(self, state: CaseState, reason: str) -> Ending:
        self.verdict = Verdict(state, self._account(reason))
        return Ending(Result.DONE, self.verdict.reason)

    def _account(self, reason: str) -> str:
        """Return a reason after how long and how far the person was followed."""
        if self._began_s is None or self._seen_at_s is None:
            return reason
        lasted_s = self._crew.watch.elapsed_s - self._began_s
        return f'followed for {lasted_s:.0f} s over {self._odometer.distance_m:.0f} m: {reason}'

    @property
    def _last_seen(self) -> str:
        """Say where they were seen last and which way they went."""
        if not self._has_seen:
            return ''
        (x, y), (east, north) = self._person.seen_at_m, self._person.velocity_m_s
        went = 'standing'
        if self._person.is_moving:
            eighth = round(math.atan2(north, east) / (math.pi / 4.0)) % 8
            went = f'going {_COMPASS[eighth]} at {math.hypot(east, north):.1f} m/s'
        return f'; last seen at ({x:.1f}, {y:.1f}), {went}'

    def _outside_m(self, place: Point2) -> float:
        """Return how far a place is outside the perimeter and every zone of the site, 0 where it speaks of neither."""
        polygons = [zone.polygon for zone in self._site.zones]
        if self._site.perimeter:
            polygons.append(self._site.perimeter)
        return min((distance_m(polygon, *place) for polygon in polygons), default=0.0)

    def _greet(self) -> None:
        """Once they are in sight and near, say what the site wants said and have a picture taken."""
        if self._lookout.away_m > self._settings.farthest_m:
            return
        if not self._has_spoken:
            self._has_spoken = True
            self._crew.speaker.say(self.case.notice)
        if self._request is None and self._lookout.is_facing:
            self._request = PhotoRequest(self._crew.watch.now_s, self.case.case_id, 1, self.case.words)
            self._crew.photographer.ask(self._request)
