"""Follow a person: keep them in view from a distance, in nobody's way, until a limit comes or they are gone."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence

from py_trees.common import Status

from lepatrol.behaviours.errand import CaseErrand, Ending, Result, Verdict
from lepatrol.behaviours.followed import Followed
from lepatrol.behaviours.handover import HandOver
from lepatrol.behaviours.odometer import Odometer
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.visit import Crew, GoTo
from lepatrol.behaviours.waiting_ground import WaitingGround
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2, wrap_angle
from lepatrol.model.mission import PhotoRequest
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2, Site, Waypoint
from lepatrol.model.tracks import Track
from lepatrol.model.zones import distance_m
from lepatrol.settings.conduct import FollowSettings

_IN_SIGHT_S = 1.0
"""Who was seen within this time is in sight."""
_NEAR_S = 3.0
"""Who was near when they were seen last is turned to for this long: the lidar does not see what touches the robot."""
_BESIDE_M = 0.3
"""A place this near is where the robot is."""
_OUTSIDE_M = 1.0
"""Who is this far outside everything the site speaks of has left it."""
_TRIES = 3
"""So many ways to where somebody was seen may fail."""
_PACE_M_S = 1.5
"""No robot on wheels is faster; so far it may go while others answer."""
_COMPASS = ('east', 'north-east', 'north', 'north-west', 'west', 'south-west', 'south', 'south-east')


class Follow(CaseErrand):
    """Keep the person that a case is about in view.

    The robot goes to the nearest place with a free line of sight, at the site's distance from them, and no zone or
    gate there. It stands and turns while they stay within sight of it, and also when they come nearer: it does not turn
    its back, nor reverse blindly. Where nobody can stand near enough, it watches from farther off.

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
        self._scout = scout
        self._site = site
        self._limits = site.follow
        self._settings = settings
        self._ground = ground
        self._handover = handover
        self._distance_m = case.stand_off_m or site.follow.distance_m
        number = re.match(r'track-(\d+)', case.about)
        self._person = Followed(
            case.position_m, case.last_seen_s, settings, track_id=int(number[1]) if number else None,
            velocity_m_s=velocity_m_s)
        self._pose: Pose2 | None = None
        self._odometer = Odometer()
        self._began_s: float | None = None
        self._seen_at_s: float | None = None
        self._missing_since_s: float | None = None
        self._was_inside = False
        self._way: GoTo | None = None
        self._stand: Waypoint | None = None
        self._aimed_s = -math.inf
        self._trouble = ''
        self._failures = 0
        self._has_spoken = False
        self._request: PhotoRequest | None = None
        self._picture = ''

    def on_tracks(self, tracks: Sequence[Track]) -> None:
        """Take what is followed, the person among it."""
        if not self._person.on_tracks(tracks) or self._began_s is None:
            return
        now_s = self._crew.watch.elapsed_s
        if not self._has_seen:
            self._began_s, self._odometer = now_s, Odometer()
            self.unfinished = CaseState.CONFIRMED
        self._seen_at_s, self._missing_since_s = now_s, None
        self._was_inside = self._was_inside or self._outside_m(self._person.seen_at_m) <= 0.0

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is, and count how far it goes."""
        self._pose = estimate.pose.planar()
        self._odometer.on_pose(estimate)

    def tick(self) -> Ending | None:
        """Advance without blocking."""
        now_s = self._crew.watch.elapsed_s
        if self._began_s is None:
            self._began_s = now_s
        if (ending := self._ending(now_s)) is not None:
            return ending
        if self._pose is None:
            self.note = 'waiting for a pose'
            return None
        if self._in_sight:
            self._greet(self._pose)
        if self._request is not None and self._crew.photographer.request is self._request:
            self._picture = self._crew.photographer.name or ''
        if now_s - self._aimed_s >= self._settings.renew_s - 1e-9:
            self._take_aim(self._pose, now_s)
        self._walk()
        self.note = self._doing
        return None

    def interrupt(self) -> None:
        """Take goal and offer back; the next tick aims anew, and being out of sight in between does not count."""
        self._handover.withdraw(self.case.case_id)
        self._drop_way()
        self._missing_since_s = None
        self._aimed_s = -math.inf

    def conclude(self, ending: Ending) -> Verdict:
        """Return what it came to; an end from outside keeps how far it had come."""
        verdict = self.verdict or Verdict(self.unfinished, self._account(ending.reason))
        return Verdict(verdict.state, verdict.reason, (self._picture,) if self._picture else ())

    @property
    def _has_seen(self) -> bool:
        return self._seen_at_s is not None

    @property
    def _in_sight(self) -> bool:
        return self._unseen_s <= _IN_SIGHT_S

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
            assert self._pose is not None
            away_m = math.dist((self._pose.x_m, self._pose.y_m), self._person.place_m)
            did = f'keeping track {self._person.track_id} in view, {away_m:.1f} m away'
        return f'{did} ({self._trouble})' if self._trouble else did

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
            return f'the limit of {self._limits.limit_s:g} s is reached'
        if self._has_seen and self._odometer.distance_m >= self._limits.limit_m - before_s * _PACE_M_S:
            return f'the limit of {self._limits.limit_m:g} m is reached'
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
        if not self._has_seen and self._is_under_way and self._failures < _TRIES:
            self._missing_since_s = None
            return False
        if self._missing_since_s is None:
            self._missing_since_s = now_s
        return now_s - self._missing_since_s >= self._settings.lost_s - 1e-9

    def _lost(self) -> Ending:
        lost = f'out of sight for {self._settings.lost_s:g} s'
        if self._has_seen:
            return self._done(CaseState.GONE, f'{lost}{self._last_seen}')
        if self._trouble:
            self.verdict = Verdict(CaseState.UNSEEN, f'nobody was seen: {self._trouble}')
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

    # Where it stands and looks.

    @property
    def _is_under_way(self) -> bool:
        """Tell whether the robot is on its way to another place."""
        if self._way is None or self._stand is None or self._pose is None:
            return False
        return math.dist((self._stand.x_m, self._stand.y_m), (self._pose.x_m, self._pose.y_m)) > _BESIDE_M

    def _take_aim(self, pose: Pose2, now_s: float) -> None:
        """Go to another place, or turn, where that is due."""
        here = Waypoint('here', pose.x_m, pose.y_m, pose.yaw_rad, z_m=self._scout.height_m)
        aim = self._person.ahead_m(self._lead_s(here))
        stand = self._stand if self._way is not None and self._stand is not None else here
        if self._in_sight and self._is_good(stand, aim):
            return
        self._aimed_s = now_s
        view = self._view(here, aim)
        if _apart_m(view, stand) <= _BESIDE_M and not self._is_turned(stand, aim):
            return
        if _apart_m(view, here) <= _BESIDE_M and self._is_under_way:
            self._drop_way()  # and turn once it has come to rest
        else:
            self._drop_way()
            self._stand, self._way = view, GoTo(self._crew, view, view.yaw_rad)

    def _lead_s(self, here: Waypoint) -> float:
        """Return how far ahead of where they were seen last the person is looked for."""
        if not self._has_seen:
            return min(max(self._crew.watch.now_s - self._person.seen_s, 0.0), self._settings.lost_s)
        if self._is_near(here, self._person.place_m):
            return 0.0 if self._in_sight else self._unseen_s  # so near, they may soon be on the other side
        return self._settings.lead_s

    def _is_near(self, here: Waypoint, point_m: Point2) -> bool:
        """Tell whether a robot here only turns to who is at a point: it is too near to go anywhere."""
        return (math.dist((here.x_m, here.y_m), point_m) < self._distance_m and self._unseen_s <= _NEAR_S
                and self._ground.is_fit(here.x_m, here.y_m))

    def _is_good(self, stand: Waypoint, aim: Point2) -> bool:
        """Tell whether a point is near enough to a place, not too near, and before it."""
        away_m = math.dist((stand.x_m, stand.y_m), aim)
        return (self._distance_m <= away_m <= self._distance_m + self._settings.slack_m
                and not self._is_turned(stand, aim) and self._ground.is_fit(stand.x_m, stand.y_m))

    def _is_turned(self, stand: Waypoint, aim: Point2) -> bool:
        """Tell whether who stands in a place, as it is headed, looks past a point."""
        return abs(wrap_angle(_bearing_rad(stand, aim) - (stand.yaw_rad or 0.0))) > self._settings.turned_rad

    def _view(self, here: Waypoint, aim: Point2) -> Waypoint:
        """Return where to watch a point from, turned to it."""
        turned = dataclasses.replace(here, yaw_rad=_bearing_rad(here, aim))
        self._trouble = ''
        if self._is_near(here, self._person.place_m) or self._is_near(here, aim):
            return turned
        for point in dict.fromkeys((aim, self._person.place_m)):
            for farthest_m in (self._distance_m + self._settings.slack_m, self._settings.farthest_m):
                try:
                    view = self._scout.view_of(
                        point, stand_off_m=self._distance_m, farthest_m=farthest_m, is_fit=self._ground.is_fit)
                except PlanningError as error:
                    self._trouble = str(error)
                else:
                    self._trouble = ''
                    return view
        return turned

    def _walk(self) -> None:
        if self._way is None:
            return
        self._way.tick_once()
        if self._way.status is Status.FAILURE:
            self._failures += 1
            self._trouble = self._way.feedback_message
        if self._way.status is not Status.RUNNING:
            self._drop_way()

    def _drop_way(self) -> None:
        if self._way is not None:
            self._way.stop(Status.INVALID)
            self._way = self._stand = None

    def _greet(self, pose: Pose2) -> None:
        """Once they are in sight and near, say what the site wants said and have a picture taken."""
        away_m = math.dist((pose.x_m, pose.y_m), self._person.place_m)
        if away_m > self._settings.farthest_m:
            return
        if not self._has_spoken:
            self._has_spoken = True
            self._crew.speaker.say(self.case.notice)
        here = Waypoint('here', pose.x_m, pose.y_m, pose.yaw_rad)
        if self._request is None and not self._is_turned(here, self._person.place_m):
            self._request = PhotoRequest(self._crew.watch.now_s, self.case.case_id, 1, self.case.words)
            self._crew.photographer.ask(self._request)


def _bearing_rad(stand: Waypoint, point_m: Point2) -> float:
    return math.atan2(point_m[1] - stand.y_m, point_m[0] - stand.x_m)


def _apart_m(one: Waypoint, other: Waypoint) -> float:
    return math.dist((one.x_m, one.y_m), (other.x_m, other.y_m))
