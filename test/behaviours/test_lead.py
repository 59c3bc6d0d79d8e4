"""Leading and attending as errands: one goal at a time, taken back whenever the robot is wanted for something else."""

import pytest

from lepatrol.behaviours.attend import Attend
from lepatrol.behaviours.errand import Result
from lepatrol.behaviours.lead import Lead
from lepatrol.behaviours.photographer import Photographer
from lepatrol.behaviours.pilot import Pilot
from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.behaviours.visit import Crew
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.findings import ThingKind
from lepatrol.model.leading import LeadOrder, LeadState
from lepatrol.model.navigation import NavigationFeedback, NavigationState
from lepatrol.model.tracks import Track, TrackState
from lepatrol.settings.leading import LeadSettings

ORDER = LeadOrder('visitor-1', 'visitor_centre', ('a', 'b'), True, 3, (-1.0, 0.0))
WAY = ((0.0, 0.0), (5.0, 0.0), (9.0, 0.0))


class Stage:
    """A crew, a visitor's track, and a navigator that does as it is told."""

    def __init__(self, order=ORDER, may_enter=lambda place: True):
        self.watch = Stopwatch()
        self.watch.advance(0.0)
        self.pilot = Pilot(self.watch, 2.0)
        self.robot_m, self.visitor_m, self.now_s = (0.0, 0.0), (-1.0, 0.0), 0.0
        self.reports, self.goals, self.cancels = [], [], 0
        self.errand = Lead(
            order, WAY, Crew(self.watch, self.pilot, Photographer(), 5.0), LeadSettings(), may_enter=may_enter,
            tracks=self._tracks, place=lambda: self.robot_m, report=self.reports.append)

    def tick(self, count=1):
        ending = None
        for _ in range(count):
            self.now_s += 0.5
            self.watch.advance(self.now_s)
            ending = self.errand.tick()
            goal = self.pilot.outgoing()
            if goal:
                self.goals.append((goal.x_m, goal.y_m))
                self.answer(NavigationState.MOVING)
            self.cancels += self.pilot.take_cancel()
        return ending

    def answer(self, state, reason=''):
        self.pilot.on_feedback(NavigationFeedback(self.now_s, self.pilot.goal.goal_id, state, 0.0, reason))

    def arrive(self):
        """Have the robot, and the visitor behind it, where the goal is."""
        goal = self.pilot.goal
        self.robot_m, self.visitor_m = (goal.x_m, goal.y_m), (goal.x_m - 1.0, goal.y_m)
        self.answer(NavigationState.REACHED)

    @property
    def states(self):
        return [report.state for report in self.reports]

    def _tracks(self):
        return (Track(3, TrackState.SEEN, self.visitor_m, (0.0, 0.0), (0.01, 0.0, 0.01), 0.0, self.now_s, 0.0,
                      {ThingKind.PERSON: 0.9}, 5),)


@pytest.fixture
def stage():
    return Stage()


def test_the_way_is_gone_leg_by_leg_and_each_state_is_told_once(stage):
    assert stage.errand.kind is BehaviourKind.GREET
    stage.tick(3)
    assert stage.goals == [(5.0, 0.0)]
    stage.arrive()
    stage.tick()
    assert stage.goals == [(5.0, 0.0), (9.0, 0.0)]
    stage.arrive()
    assert stage.tick().result is Result.DONE
    assert stage.states == [LeadState.LEADING, LeadState.ARRIVED]
    assert stage.pilot.goal is None


def test_the_goal_is_taken_back_while_the_visitor_lags_and_set_again(stage):
    stage.tick()
    stage.robot_m = (4.9, 0.0)
    stage.tick()
    assert (stage.states, stage.pilot.goal, stage.cancels) == ([LeadState.LEADING, LeadState.WAITING], None, 1)
    stage.visitor_m = (3.5, 0.0)
    stage.tick()
    assert stage.goals == [(5.0, 0.0)] * 2


def test_an_interrupted_errand_takes_its_goal_back_and_goes_on(stage):
    stage.tick()
    stage.errand.interrupt()
    assert stage.pilot.take_cancel()
    stage.tick()
    assert stage.goals == [(5.0, 0.0)] * 2


def test_a_way_that_cannot_be_gone_ends_it_with_the_reason(stage):
    stage.tick()
    stage.answer(NavigationState.FAILED, 'there is no way')
    ending = stage.tick()
    assert (ending.result, ending.reason) == (Result.FAILED, 'there is no way')
    assert stage.states[-1] is LeadState.FAILED


def test_a_visitor_who_does_not_follow_is_given_up(stage):
    stage.tick()
    stage.robot_m = (4.9, 0.0)
    for _ in range(200):
        ending = stage.tick()
        if ending:
            break
    assert (ending.result, stage.states[-1]) == (Result.FAILED, LeadState.GIVEN_UP)
    assert stage.pilot.goal is None


def test_it_is_called_off_by_the_visitor_and_ended_from_outside():
    stage = Stage()
    stage.tick()
    stage.errand.call_off()
    assert stage.tick().result is Result.ENDED
    stage = Stage()
    stage.tick()
    stage.errand.end('lockdown')
    assert (stage.states[-1], stage.reports[-1].reason, stage.pilot.goal) == (LeadState.ENDED, 'lockdown', None)


def test_the_edge_of_what_visitors_may_enter_is_as_far_as_it_goes():
    stage = Stage(may_enter=lambda place: place[0] < 3.0)
    stage.tick()
    (x_m, _), = stage.goals
    assert x_m < 3.0
    stage.arrive()
    assert stage.tick().result is Result.DONE
    assert stage.states[-1] is LeadState.AT_EDGE


def test_attending_stands_while_somebody_is_there_and_no_longer_than_allowed():
    watch, there = Stopwatch(), [True]
    watch.advance(0.0)
    errand = Attend(watch, lambda: there[0], 30.0)
    assert errand.tick() is None
    there[0] = False
    assert errand.tick().result is Result.DONE
    there[0] = True
    watch.advance(30.0)
    assert 'enough' in errand.tick().reason
