"""Who is noted during an inspection: those who left the object, and those who come near it."""

import pytest

from lepatrol.behaviours.inspection_progress import InspectionProgress
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.findings import ThingKind
from lepatrol.model.policy import Response
from lepatrol.model.tracks import Track, TrackState

BAG = (20.0, 5.0)


def somebody(number):
    """Return a track that was at the bag before it was seen to stand there, and is near it now."""
    return Track(
        number, TrackState.SEEN, (20.5, 5.0), (0.0, 0.0), (0.01, 0.0, 0.01), 1.0, 30.0, 1.0, {ThingKind.PERSON: 0.9},
        30, path=((8.0, 20.2, 5.0), (30.0, 20.5, 5.0)))


@pytest.mark.parametrize(('number', 'is_noted'), [(7, True), (3, False)])
def test_the_object_itself_taken_for_somebody_has_neither_left_it_nor_come_near(number, is_noted):
    case = Case('robot-0001-bag', 'abandoned_object', Response.INSPECT, CaseState.PENDING, '', BAG, 10.0, 10.0,
                about='track-3', first_seen_s=10.0, last_seen_s=30.0)
    progress = InspectionProgress(case, 30.0)
    near = progress.see([somebody(number)], BAG, within_m=6.0, left_within_m=1.5)
    assert bool(near) is is_noted
    assert progress.left_by == (number if is_noted else None)
    assert bool(progress.passers) is is_noted
