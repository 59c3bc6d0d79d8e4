"""Who of what perception follows is a person.

A camera tells people surely, a lidar alone only by their width: of somebody behind the robot perception is ever less
sure. As long as it follows him he is who he was.
"""

from __future__ import annotations

from collections.abc import Iterable

from lepatrol.model.findings import ThingKind
from lepatrol.model.tracks import Track, TrackState

_SURE, _LIKELY, _STILL = 0.5, 0.4, 0.25
"""From this on something is a person, may be the one who was lost there, and is no more who it was."""


class PeopleInSight:
    """Remembers which tracks are people."""

    def __init__(self, *track_ids: int) -> None:
        """Know that some are."""
        self._known = set(track_ids)

    def sort(self, tracks: Iterable[Track]) -> tuple[list[Track], list[Track]]:
        """Return the people who are seen now, and what may be somebody who was lost where it is."""
        people: list[Track] = []
        others: list[Track] = []
        known: set[int] = set()
        for track in tracks:
            likely = track.kinds.get(ThingKind.PERSON, 0.0)
            is_known = likely >= _SURE or (track.track_id in self._known and likely >= _STILL)
            if is_known:
                known.add(track.track_id)
            if track.state is not TrackState.SEEN:
                continue
            if is_known:
                people.append(track)
            elif likely >= _LIKELY:
                others.append(track)
        self._known = known
        return people, others

    def recognise(self, track: Track) -> None:
        """Take it that a track is somebody who was lost."""
        self._known.add(track.track_id)
