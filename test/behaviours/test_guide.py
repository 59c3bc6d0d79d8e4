"""The greeter's orders become errands: a way shown, a visitor led, a round held up while somebody is talked with."""

import pytest
from test_lead import Stage

from lepatrol.behaviours.errand import Result
from lepatrol.behaviours.guide import Guide
from lepatrol.model.errors import CommandError, PlanningError
from lepatrol.model.geometry import Pose3
from lepatrol.model.leading import LeadOrder, LeadState
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Site, Waypoint, Zone, ZoneKind
from lepatrol.settings.leading import LeadSettings

SITE = Site('hall', 'hall', 'door', waypoints={
    'door': Waypoint('door', 4.0, 0.0), 'desk': Waypoint('desk', 4.0, 3.0)}, zones=(
        Zone('hall', ZoneKind.PUBLIC, ((-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0))),))
ORDER = LeadOrder('visitor-1', 'desk', ('door', 'desk'), True, 3, (-1.0, 0.0))


@pytest.fixture
def stage():
    return Stage()


def guide(stage, plan=lambda place: ((0.0, 0.0), place)):
    made = Guide(SITE, stage.errand._crew, LeadSettings(), plan)
    made.on_pose(PoseEstimate(0.0, 'map', Pose3.from_rpy(0.0, 0.0)))
    made.on_tracks(stage._tracks())
    return made


def states(made):
    return [report.state for report in made.take_reports()]


def test_a_way_is_shown_from_where_the_robot_is_and_nobody_is_led(stage):
    made = guide(stage)
    made.on_order(LeadOrder('tablet', 'desk', ('door', 'desk')))
    assert made.take_way() == ((0.0, 0.0), (4.0, 3.0))
    assert (made.take_way(), made.errands) == (None, ())


def test_without_a_way_the_waypoints_are_shown_and_who_is_to_be_led_is_told(stage):
    def plan(place):
        raise PlanningError('no map has come yet')

    made = guide(stage, plan)
    made.on_order(ORDER)
    assert made.take_way() == ((4.0, 0.0), (4.0, 3.0))
    (report,) = made.take_reports()
    assert (report.state, report.reason, made.errands) == (LeadState.FAILED, 'no map has come yet', ())


def test_who_asks_is_led_and_the_errand_is_gone_when_it_is_over(stage):
    made = guide(stage)
    made.on_order(ORDER)
    (errand,) = made.errands
    assert errand.tick() is None
    made.on_order(LeadOrder('somebody else'))
    assert errand.tick() is None
    made.on_order(LeadOrder('visitor-1'))
    assert errand.tick().result is Result.ENDED
    made.end(errand)
    assert (made.errands, states(made)) == ((), [LeadState.LEADING, LeadState.ENDED])


def test_one_is_led_at_a_time_and_all_is_ended_from_outside(stage):
    made = guide(stage)
    made.on_order(ORDER)
    made.errands[0].tick()
    made.on_order(LeadOrder('visitor-2', 'door', ('door',), True, 4, (0.0, 1.0)))
    assert states(made) == [LeadState.LEADING, LeadState.ENDED]
    made.errands[0].tick()
    made.end_all('lockdown')
    assert (made.errands, states(made)[-1]) == ((), LeadState.ENDED)


def test_a_round_waits_for_who_is_talked_with_once_for_each_time(stage):
    made = guide(stage)
    made.on_present(True)
    (errand,) = made.errands
    assert errand.tick() is None
    made.on_present(True)
    assert made.errands == (errand,)
    made.on_present(False)
    assert errand.tick().result is Result.DONE
    made.end(errand)
    assert made.errands == ()


def test_a_robot_that_stands_for_visitors_goes_when_one_is_to_be_led_and_stands_again(stage):
    made = guide(stage)
    made.on_present(True)
    (attend,) = made.errands
    made.on_order(ORDER)
    (lead,) = made.errands
    assert lead is not attend
    made.end(lead)
    assert made.errands == (attend,)


def test_a_waypoint_that_the_site_has_not_is_refused(stage):
    made = guide(stage)
    with pytest.raises(CommandError, match="'moon' is no waypoint"):
        made.on_order(LeadOrder('visitor-1', 'moon', ('moon',), True))
    assert made.errands == ()
