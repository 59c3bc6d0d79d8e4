"""Who is followed: one person among all tracks, over losing them and finding them again under another number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track, TrackState
from lepatrol.settings.conduct import FollowSettings

_STANDS_M_S = 0.3
"""Who moves slower than this is taken to stand."""
_STAMPS_S = 1.0
"""What was seen first this long before another was seen last may still be the same."""


class Followed:
    """One person, from what is known of them at first: a place, when they were there, and perhaps a track.

    ``place_m`` is where they are taken to be, ``seen_at_m`` where they were last seen and ``velocity_m_s`` how they
    moved then. ``track_id`` is their track, None before the first.
    """

    def __init__(
        self, place_m: Point2, seen_s: float, settings: FollowSettings, *, track_id: int | None = None,
        velocity_m_s: Point2 = (0.0, 0.0),
    ) -> None:
        """Take them to be at a place."""
        self.place_m = self.seen_at_m = place_m
        self.velocity_m_s = velocity_m_s
        self.seen_s = seen_s
        self.track_id = track_id
        self.is_found = False
        """Whether they have been seen since."""
        self._settings = settings

    def on_tracks(self, tracks: Sequence[Track]) -> bool:
        """Take all that is followed; return whether they were seen since the last time."""
        own = self._own(tracks)
        if own is None or own.state is not TrackState.SEEN:
            own = self._found_again(tracks) or own
        if own is None:
            return False
        self.track_id = own.track_id
        self.place_m = own.position_m
        if own.state is not TrackState.SEEN or (self.is_found and own.last_seen_s <= self.seen_s):
            return False
        self.is_found = True
        self.seen_s, self.seen_at_m, self.velocity_m_s = own.last_seen_s, own.position_m, own.velocity_m_s
        return True

    @property
    def is_moving(self) -> bool:
        """Tell whether they walked when they were last seen."""
        return math.hypot(*self.velocity_m_s) >= _STANDS_M_S

    def ahead_m(self, lead_s: float) -> Point2:
        """Return where they will be in a while if they go on as they went."""
        if not self.is_moving:
            return self.place_m
        return self.place_m[0] + self.velocity_m_s[0] * lead_s, self.place_m[1] + self.velocity_m_s[1] * lead_s

    def _own(self, tracks: Sequence[Track]) -> Track | None:
        # Numbers begin anew with perception: one that is younger than what is known is somebody else.
        return next((track for track in tracks if track.track_id == self.track_id
                     and (self.is_found or track.first_seen_s <= self.seen_s + _STAMPS_S)), None)

    def _found_again(self, tracks: Sequence[Track]) -> Track | None:
        """Return the nearest person who was not there while the one followed was, and whom they can have become."""
        near = [
            (math.dist(track.position_m, self.place_m), track.track_id, track) for track in tracks
            if track.kind is ThingKind.PERSON and track.state is TrackState.SEEN and track.track_id != self.track_id
            and (track.first_seen_s >= self.seen_s - _STAMPS_S or not self.is_found)]
        near = [each for each in near if each[0] <= self._reach_m(each[2].last_seen_s)]
        return min(near)[2] if near else None

    def _reach_m(self, now_s: float) -> float:
        away_s = min(max(now_s - self.seen_s, 0.0), self._settings.lost_s)
        return self._settings.same_within_m + self._settings.fastest_m_s * away_s
