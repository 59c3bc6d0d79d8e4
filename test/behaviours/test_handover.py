"""A person is handed over to the nearest robot that can take them, by what robots say to each other."""

import pytest
from follow_bench import CASE, FollowBench, open_ground

from lepatrol.behaviours.handover import HandOver
from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.model.alerts import AlertKind
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import CaseState
from lepatrol.model.geometry import Pose2
from lepatrol.model.handover import Answer, Award, Offer
from lepatrol.model.handover_json import handover_from_text, text_from_handover
from lepatrol.model.observation import BatteryState
from lepatrol.model.policy import Response

LIMIT_S = 10.0


class Fleet:
    """Robots that hear each other over the wire's text; the first follows somebody who walks east."""

    def __init__(self, *others):
        site = open_ground(limit_s=LIMIT_S)
        self.giver = FollowBench(site, robot='one')
        self.takers = {name: FollowBench(site, robot=name, pose=pose) for name, pose in others}
        self.robots = [self.giver, *self.takers.values()]
        for taker in self.takers.values():
            taker.is_there = False
        self.deaf = set()

    def begin(self):
        self.giver.begin()
        self.giver.walk(0.5, 0.0)

    def step(self):
        for robot in self.robots:
            robot.step()
        said = [text_from_handover(message) for robot in self.robots for message in robot.shared]
        for robot in self.robots:
            robot.shared.clear()
        for text in said:
            for robot in self.robots:
                if robot not in self.deaf:
                    robot.conduct.on_handover(handover_from_text(text), robot.now_s)

    def run_for(self, duration_s):
        for _ in range(round(duration_s / 0.1)):
            self.step()

    def see_all(self):
        """Let everybody see where the person is."""
        for taker in self.takers.values():
            taker.come_back(*self.giver.person)
            taker.walk(*self.giver.velocity)


def handed_over(fleet):
    fleet.begin()
    fleet.run_for(LIMIT_S + 2.0)
    return fleet.giver.case(CASE)


def test_the_nearest_robot_that_answers_takes_the_person_over_under_the_same_id():
    fleet = Fleet(('far', Pose2(60.0, 0.0, 0.0)), ('near', Pose2(30.0, 0.0, 0.0)))
    case = handed_over(fleet)
    assert case.state is CaseState.CONFIRMED
    assert 'handed over to near, which has 6 m to go' in case.reason
    assert fleet.giver.behaviour is BehaviourKind.PATROL
    taken = fleet.takers['near'].case(CASE)
    assert (taken.response, taken.state, taken.reason) == (
        Response.FOLLOW, CaseState.PENDING, 'handed over by one')
    assert fleet.takers['near'].behaviour is BehaviourKind.INVESTIGATE
    assert fleet.takers['far'].conduct.cases == ()


def test_who_has_taken_a_person_over_follows_them_and_goes_on_with_its_round_in_the_end():
    fleet = Fleet(('two', Pose2(30.0, 0.0, 3.14)))
    taker = fleet.takers['two']
    taker.command('start perimeter forever')
    handed_over(fleet)
    fleet.see_all()
    fleet.run_for(5.0)
    assert 'keeping track 2 in view' in taker.message
    fleet.run_for(LIMIT_S)
    assert taker.case(CASE).state is CaseState.CONFIRMED
    assert 'the limit of 10 s is reached' in taker.case(CASE).reason or 'handed over' in taker.case(CASE).reason
    assert taker.behaviour is BehaviourKind.PATROL


def test_a_robot_that_rests_takes_a_person_over_too():
    fleet = Fleet(('two', Pose2(30.0, 0.0, 3.14)))
    assert 'handed over to two' in handed_over(fleet).reason
    assert fleet.takers['two'].behaviour is BehaviourKind.INVESTIGATE


def test_nobody_is_handed_over_who_is_out_of_sight():
    fleet = Fleet(('two', Pose2(30.0, 0.0, 3.14)))
    fleet.begin()
    fleet.run_for(LIMIT_S - 3.0)
    fleet.giver.vanish()
    fleet.run_for(5.0)
    case = fleet.giver.case(CASE)
    assert case.reason == (
        'followed for 10 s over 6 m: the limit of 10 s is reached; last seen at (11.5, 0.0), going east at 0.5 m/s')
    assert fleet.takers['two'].conduct.cases == ()


def busy(taker):
    taker.command('start perimeter forever')
    taker.run_for(0.3)
    taker.raise_alert('two-0001-other', kind=AlertKind.ZONE_INTRUSION, place=(60.0, 10.0))


REASONS = {
    'the site is locked down': lambda taker: taker.command('lockdown'),
    'the operator paused it': lambda taker: (taker.command('start perimeter'), taker.command('pause')),
    'the operator sent it elsewhere': lambda taker: (setattr(taker, 'deaf', True), taker.command('goto yard')),
    'it has an errand of its own': busy,
    'its e-stop is pressed': lambda taker: taker.conduct.on_estop(True),
    'its battery is low': lambda taker: taker.patrol.on_battery(BatteryState(taker.now_s, 0.05, 22.0)),
    'it cannot get there': lambda taker: setattr(taker.conduct._scout, 'hides', lambda point, place: True),
}


@pytest.mark.parametrize('reason', REASONS)
def test_a_robot_does_not_answer_if(reason):
    fleet = Fleet(('two', Pose2(30.0, 0.0, 3.14)))
    REASONS[reason](fleet.takers['two'])
    assert 'no other robot answered within 1.5 s' in handed_over(fleet).reason
    assert all(case.case_id != CASE for case in fleet.takers['two'].conduct.cases)


def test_an_answer_that_is_not_heard_in_time_counts_for_nothing():
    fleet = Fleet(('two', Pose2(30.0, 0.0, 3.14)))
    fleet.deaf.add(fleet.giver)
    assert 'no other robot answered' in handed_over(fleet).reason
    assert fleet.takers['two'].conduct.cases == ()


def bidding():
    watch = Stopwatch()
    watch.advance(0.0)
    side = HandOver('one', watch, answer_s=1.5, may_take=lambda offer: 7.0)
    giver = FollowBench(robot='two')
    giver.begin()
    return watch, side, giver.case(CASE)


def test_an_offer_is_awarded_once_to_the_nearest_and_of_equals_to_the_first_by_name():
    watch, side, case = bidding()
    side.offer(case, (1.0, 2.0), (0.0, 0.0))
    side.offer(case, (1.0, 2.0), (0.0, 0.0))
    assert side.take_unsent() == (Offer(case, (1.0, 2.0), (0.0, 0.0), 'one'),)
    for answer in (Answer(CASE, 'c', 5.0), Answer(CASE, 'b', 5.0), Answer(CASE, 'a', 9.0), Answer('other', 'd', 1.0),
                   Answer(CASE, 'one', 0.0)):
        assert side.on_message(answer) is None
    assert side.take_outcome(CASE) is None
    watch.advance(1.5)
    outcome = side.take_outcome(CASE)
    assert (outcome.to, outcome.distance_m) == ('b', 5.0)
    assert side.take_unsent() == (Award(CASE, 'b'),)
    assert side.take_outcome(CASE) is None


def test_only_what_was_offered_and_answered_can_be_awarded():
    _, side, case = bidding()
    assert side.on_message(Award(CASE, 'one')) is None
    assert side.on_message(Offer(case, (1.0, 2.0), (0.0, 0.0), 'one')) is None
    assert side.on_message(Award(CASE, 'one')) is None
    offer = Offer(case, (1.0, 2.0), (0.0, 0.0), 'two')
    assert side.on_message(offer) is None
    assert side.take_unsent() == (Answer(CASE, 'one', 7.0),)
    assert side.on_message(Award(CASE, 'three')) is None
    assert side.on_message(Award(CASE, 'one')) is None
    side.on_message(offer)
    assert side.on_message(Award(CASE, 'one')) == offer
    assert side.on_message(Award(CASE, 'one')) is None


def test_an_offer_that_was_withdrawn_comes_to_nothing():
    watch, side, case = bidding()
    side.offer(case, (1.0, 2.0), (0.0, 0.0))
    side.on_message(Answer(CASE, 'two', 5.0))
    side.withdraw(CASE)
    watch.advance(2.0)
    assert side.take_outcome(CASE) is None
