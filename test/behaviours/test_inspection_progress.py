"""Who is noted during an inspection: those who left the object, and those who come near it."""

from lepatrol.behaviours.inspection_progress import InspectionProgress
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.findings import ThingKind
from lepatrol.model.policy import Response
from lepatrol.model.tracks import Track, TrackState

BAG = (20.0, 5.0)


def somebody(number, place=(23.0, 5.0)):
    """Return a track that was at the bag before it was seen to stand there, and is near it now."""
    return Track(
        number, TrackState.SEEN, place, (0.0, 0.0), (0.01, 0.0, 0.01), 1.0, 30.0, 1.0, {ThingKind.PERSON: 0.9},
        30, path=((8.0, 20.2, 5.0), (30.0, *place)))


def seen(track):
    """Return who came near, and who left the bag, where only this track was seen."""
    case = Case('robot-0001-bag', 'abandoned_object', Response.INSPECT, CaseState.PENDING, '', BAG, 10.0, 10.0,
                about='track-3', first_seen_s=10.0, last_seen_s=30.0)
    progress = InspectionProgress(case, 30.0)
    near = progress.see([track], BAG, within_m=6.0, left_within_m=1.5)
    return [each.track_id for each in near], progress.left_by


def test_who_was_at_the_object_and_walks_away_has_left_it():
    assert seen(somebody(7)) == ([7], 7)


def test_who_is_still_there_has_not():
    assert seen(somebody(7, (20.5, 5.0))) == ([7], None)


def test_the_object_itself_taken_for_somebody_has_neither_left_it_nor_come_near():
    assert seen(somebody(3)) == ([], None)
