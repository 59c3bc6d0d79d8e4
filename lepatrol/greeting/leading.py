"""Leading a visitor along a way: going on, waiting for him, stopping at the edge of where visitors may go."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from lepatrol.greeting.people_in_sight import PeopleInSight
from lepatrol.model.leading import LeadState
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track
from lepatrol.settings.leading import LeadSettings

_STEP_M = 0.1
_SAME_PLACE_M = 1.5
_WALKED_M_S = 1.5
_MOST_WALKED_M = 3.0


class Leading:
    """Leads one visitor; stepped at any rate, it says where to go now and how it stands."""

    def __init__(
        self, way_m: Sequence[Point2], may_enter: Callable[[Point2], bool], settings: LeadSettings, *,
        track_id: int, seen_m: Point2, now_s: float,
    ) -> None:
        """Take the way, where visitors may be, and the visitor's track with the place where he was seen last."""
        self.state = LeadState.LEADING
        self._settings = settings
        self._legs, self._is_whole = permitted_legs(way_m, may_enter, settings)
        self._leg = 0
        self._track_id, self._place_m, self._seen_s = track_id, seen_m, now_s
        self._sight = PeopleInSight(track_id)
        self._begun_s = now_s
        self._waiting_since_s = now_s
        if not self._legs:
            self.state = LeadState.AT_EDGE

    @property
    def goal_m(self) -> Point2 | None:
        """Return where to go now, None to stand."""
        return self._legs[self._leg] if self.state is LeadState.LEADING else None

    def reached(self) -> None:
        """Take it that the goal has been reached."""
        if self.state is LeadState.LEADING:
            self._leg += 1
            if self._leg == len(self._legs):
                self.state = LeadState.ARRIVED if self._is_whole else LeadState.AT_EDGE

    def end(self, state: LeadState) -> None:
        """End it from outside."""
        if not self.state.is_final:
            self.state = state

    def step(self, tracks: Iterable[Track], robot_m: Point2, now_s: float) -> LeadState:
        """Look where the visitor is; return how leading stands."""
        if self.state.is_final:
            return self.state
        self._follow(tracks, now_s)
        behind_m = math.dist(self._place_m, robot_m)
        unseen = now_s - self._seen_s > self._settings.unseen_s
        if self.state is LeadState.LEADING and (unseen or behind_m > self._settings.lag_m):
            self.state, self._waiting_since_s = LeadState.WAITING, now_s
        elif self.state is LeadState.WAITING and not unseen and behind_m <= self._settings.resume_m:
            self.state = LeadState.LEADING
        tired = self.state is LeadState.WAITING and now_s - self._waiting_since_s > self._settings.patience_s
        if tired or now_s - self._begun_s > self._settings.limit_s:
            self.state = LeadState.GIVEN_UP
        return self.state

    def _follow(self, tracks: Iterable[Track], now_s: float) -> None:
        """Find the visitor: by his track, or by the nearest person where that broke off."""
        people, perhaps = self._sight.sort(tracks)
        found = next((track for track in people if track.track_id == self._track_id), None)
        if found is None:
            reach_m = _SAME_PLACE_M + min(_WALKED_M_S * (now_s - self._seen_s), _MOST_WALKED_M)
            near = [track for track in (*people, *perhaps) if math.dist(track.position_m, self._place_m) <= reach_m]
            found = min(near, key=lambda track: math.dist(track.position_m, self._place_m), default=None)
        if found is not None:
            self._sight.recognise(found)
            self._track_id, self._place_m, self._seen_s = found.track_id, found.position_m, now_s


def permitted_legs(
    way_m: Sequence[Point2], may_enter: Callable[[Point2], bool], settings: LeadSettings,
) -> tuple[tuple[Point2, ...], bool]:
    """Return the places to go to one after another, and whether they are the whole way.

    The way ends ``edge_m`` before the first place that visitors may not enter.
    """
    walked: list[tuple[Point2, float]] = []
    along_m = 0.0
    whole = True
    for (ax, ay), (bx, by) in pairwise(way_m):
        length_m = math.dist((ax, ay), (bx, by))
        steps = max(1, math.ceil(length_m / _STEP_M))
        for step in range(steps + 1):
            # The end itself, not what comes of adding to the beginning: corners are known again by it.
            point = (bx, by) if step == steps else (ax + (bx - ax) * step / steps, ay + (by - ay) * step / steps)
            whole = may_enter(point)
            if not whole:
                break
            walked.append((point, along_m + length_m * step / steps))
        if not whole:
            break
        along_m += length_m
    if not whole and walked:
        edge_m = walked[-1][1] - settings.edge_m
        walked = [each for each in walked if each[1] <= edge_m]
    return _legs(walked, way_m, settings.leg_m), whole and bool(walked)


def _legs(walked: Sequence[tuple[Point2, float]], way_m: Sequence[Point2], leg_m: float) -> tuple[Point2, ...]:
    """Return the corners of what is walked, with places between those that are far apart, and its end."""
    corners = set(way_m)
    legs: list[Point2] = []
    since_m = 0.0
    for number, (point, along_m) in enumerate(walked):
        last = number == len(walked) - 1
        if last or (along_m - since_m >= _STEP_M and (point in corners or along_m - since_m >= leg_m)):
            legs.append(point)
            since_m = along_m
    return tuple(legs)
