"""For whom simulated time waits when it runs faster than real time."""

from lepatrol.nodes.simulator import _Robot

LEAD_S = 0.1


def test_nobody_is_waited_for_before_he_has_been_heard():
    assert not _Robot('robot', '').is_late(100.0, LEAD_S)


def test_who_drives_may_be_behind_by_the_lead_and_no_more():
    robot = _Robot('robot', '', commanded_s=5.0, is_driven=True)
    assert not robot.is_late(5.05, LEAD_S)
    assert robot.is_late(5.11, LEAD_S)


def test_who_watches_may_be_behind_by_a_picture_more():
    robot = _Robot('robot', '', commanded_s=5.0, watched_s=5.0, is_watched=True)
    assert not robot.is_late(5.4, LEAD_S)
    assert robot.is_late(5.46, LEAD_S)
