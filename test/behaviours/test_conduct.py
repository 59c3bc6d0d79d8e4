"""What interrupts a round, in which order, and how the round goes on."""

import pytest
from conduct_bench import ConductBench

from lepatrol.behaviours.case_store import CaseStore
from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import CaseState
from lepatrol.model.findings import ThingKind
from lepatrol.model.mission import MissionState
from lepatrol.model.policy import Response
from lepatrol.model.site import Waypoint
from lepatrol.planning.progress import ProgressStore

GATE, TOWER, YARD = (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)
VIEW = (26.0, 5.0)


def walking_bench(**kinds):
    bench = ConductBench(**kinds)
    assert bench.command('start perimeter') == 'ok'
    bench.run(lambda: bench.waypoint == 'tower')
    return bench


def test_an_alert_interrupts_the_round_is_confirmed_and_the_round_goes_on():
    bench = walking_bench()
    alert = bench.raise_alert()
    bench.run(lambda: bench.behaviour is BehaviourKind.INVESTIGATE)
    assert bench.state is MissionState.INTERRUPTED
    assert 'abandoned object' in bench.behaviour_reason
    bench.run(lambda: bench.message.startswith('looking'))
    bench.raise_alert(alert.alert_id)
    bench.run(lambda: bench.case().state is CaseState.CONFIRMED)
    bench.run_to_rest()
    assert bench.state is MissionState.DONE
    assert bench.missed == ()
    assert bench.behaviours == ['patrol', 'investigate', 'patrol', None]
    assert bench.places == [GATE, TOWER, VIEW, TOWER, YARD, GATE]
    assert bench.said == ['Please step back.']
    assert bench.case().evidence == ('photo-2.jpg',)


def test_what_is_still_followed_at_its_place_confirms_the_alert_too():
    bench = walking_bench()
    bench.raise_alert()
    bench.run(lambda: bench.message.startswith('looking'))
    bench.follow(ThingKind.PERSON, (20.2, 5.0))
    bench.follow(ThingKind.OBJECT, (25.0, 5.0))
    bench.run_for(2.0)
    assert bench.case().state is CaseState.PENDING
    bench.follow(ThingKind.OBJECT, (20.2, 5.0))
    bench.run_for(0.3)
    assert bench.case().reason == 'seen again from (26.0, 5.0): object at (20.2, 5.0), 90% sure'


def test_what_is_not_there_on_a_second_look_is_withdrawn():
    bench = walking_bench()
    bench.raise_alert()
    bench.run(lambda: bench.case().state is not CaseState.PENDING)
    assert bench.case().state is CaseState.WITHDRAWN
    assert bench.case().reason.startswith('nothing like it is there: looked for 8 s from (26.0, 5.0)')


@pytest.mark.parametrize(('seen_for_s', 'state'), [(5.0, CaseState.GONE), (0.5, CaseState.WITHDRAWN)])
def test_of_who_has_walked_away_it_is_not_said_that_they_never_were_there(seen_for_s, state):
    bench = walking_bench()
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION, first_seen_s=bench.now_s - seen_for_s)
    bench.run(lambda: not bench.case().state.is_open)
    assert bench.case().state is state


NORTH = '(20.0, 11.0)'


def bench_that_looked_in_vain(**kinds):
    bench = walking_bench(**kinds)
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION)
    bench.run(lambda: bench.message.startswith(f'going to {NORTH}'))
    return bench


def test_who_may_be_hidden_is_looked_for_from_a_second_place():
    bench = bench_that_looked_in_vain()
    bench.run(lambda: bench.message.startswith('looking'))
    bench.follow(ThingKind.PERSON, (21.0, 4.0))
    bench.run(lambda: not bench.case().state.is_open)
    assert bench.case().state is CaseState.CONFIRMED
    assert bench.case().reason == f'seen again from {NORTH}: person at (21.0, 4.0), 90% sure'
    assert bench.case().position_m == (21.0, 4.0)


def test_who_is_seen_from_neither_place_is_gone_and_confirmed_when_seen_later():
    bench = bench_that_looked_in_vain()
    bench.run(lambda: not bench.case().state.is_open)
    assert (bench.case().state, bench.case().reason) == (
        CaseState.GONE, f'nobody is there any more: looked for 8 s from (26.0, 5.0) and {NORTH}')
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION, last_seen_s=bench.case().stamp_s - 1.0)
    assert bench.case().state is CaseState.GONE
    bench.run_for(0.3)
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION)
    assert bench.case().state is CaseState.CONFIRMED
    assert bench.case().reason.startswith('seen again later: ')
    bench.run_to_rest()
    assert bench.missed == ()


def test_who_was_looked_for_is_gone_too_where_the_second_place_cannot_be_reached():
    bench = walking_bench()
    bench.unreachable = {(20.0, 11.0): 'a van is in the way'}
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION)
    bench.run(lambda: not bench.case().state.is_open)
    assert (bench.case().state, bench.case().reason) == (
        CaseState.GONE, 'nobody is there any more: looked for 8 s from (26.0, 5.0)')


def test_who_moves_on_is_looked_for_from_another_place():
    bench = walking_bench(walk_s=2.0)
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION)
    bench.run(lambda: bench.goals[-1].x_m == VIEW[0])
    bench.raise_alert(kind=AlertKind.ZONE_INTRUSION, place=(40.0, 5.0))
    bench.run(lambda: bench.goals[-1].x_m == 46.0)


def test_a_place_that_cannot_be_reached_is_tried_from_elsewhere_and_given_up_in_the_end():
    bench = walking_bench()
    bench.unreachable = {VIEW: 'a van is in the way'}
    bench.raise_alert()
    bench.run(lambda: not bench.case().state.is_open)
    assert bench.case().state is CaseState.UNSEEN
    assert bench.case().reason == 'cannot get there: a van is in the way'
    bench.run_to_rest()
    assert bench.missed == ()


def test_what_cannot_be_seen_from_anywhere_is_said_to_be_so():
    bench = walking_bench()
    bench.raise_alert(place=(1000.0, 0.0))
    bench.run(lambda: not bench.case().state.is_open)
    assert (bench.case().state, bench.case().reason) == (CaseState.UNSEEN, 'a wall hides it')


def test_the_graver_alert_is_seen_to_first():
    bench = walking_bench()
    bench.raise_alert('first')
    bench.raise_alert('graver', place=(60.0, 5.0), severity=Severity.CRITICAL)
    bench.run(lambda: len(bench.goals) > 2 and not bench.case('graver').state.is_open)
    assert bench.case('first').state is CaseState.PENDING


def test_a_second_alert_about_the_same_track_is_not_gone_after_too():
    bench = walking_bench()
    bench.raise_alert('first', about='track-7')
    bench.raise_alert('second', kind=AlertKind.ZONE_INTRUSION, about='track-7')
    bench.raise_alert('third', about='track-8', place=(24.0, 5.0))
    bench.run(lambda: not bench.case('first').state.is_open)
    assert bench.case('second').state is CaseState.NOTED
    assert bench.case('second').reason == 'it is about the same thing as first'
    assert bench.case('third').state is CaseState.PENDING


def test_a_thing_that_is_reported_again_under_another_track_is_not_gone_after_twice():
    bench = walking_bench()
    bench.raise_alert('first', about='track-7')
    bench.raise_alert('second', about='track-9', place=(20.5, 5.5))
    bench.raise_alert('elsewhere', about='track-10', place=(21.5, 5.0))
    bench.run(lambda: not bench.case('first').state.is_open)
    assert bench.case('second').reason == 'it is about the same thing as first'
    assert bench.case('elsewhere').state is CaseState.PENDING


def test_nor_is_what_the_operator_has_had_inspected():
    bench = walking_bench()
    bench.command('inspect 20 5')
    bench.raise_alert('again')
    assert bench.case('again').reason == 'it is about the same thing as spot-1'


def test_alerts_are_only_noted_by_a_robot_that_walks_no_round():
    bench = ConductBench()
    bench.raise_alert()
    bench.run_for(1.0)
    assert bench.case().state is CaseState.NOTED
    assert bench.goals == []
    bench.command('start perimeter')
    bench.run_for(0.5)
    bench.raise_alert()
    bench.run(lambda: bench.behaviour is BehaviourKind.INVESTIGATE)


def test_a_robot_that_does_not_respond_only_notes():
    bench = walking_bench(responds=False)
    bench.raise_alert()
    bench.run_to_rest()
    assert bench.case().state is CaseState.NOTED
    assert bench.behaviours == ['patrol', None]


def test_an_alert_that_the_site_ignores_is_no_case():
    bench = walking_bench()
    bench.raise_alert(kind=AlertKind.RUNNING)
    bench.run_for(0.5)
    assert bench.conduct.cases == ()


def test_what_was_withdrawn_is_looked_at_again_when_it_is_raised_again_long_after_but_not_at_once():
    bench = ConductBench(again_after_s=30.0)
    bench.command('start perimeter forever')
    bench.run_for(1.0)
    bench.raise_alert()
    bench.run(lambda: bench.case().state is CaseState.WITHDRAWN)
    bench.raise_alert()
    bench.run_for(1.0)
    assert bench.case().state is CaseState.WITHDRAWN
    bench.run_for(30.0)
    bench.raise_alert()
    bench.run(lambda: bench.behaviour is BehaviourKind.INVESTIGATE)


def test_the_robot_waits_for_the_operator_where_the_site_wants_it_and_goes_on_without_a_word():
    bench = walking_bench(wait_s=20.0)
    bench.raise_alert(kind=AlertKind.GATE_OPEN)
    bench.run(lambda: bench.case().state is CaseState.WAITING)
    bench.run_for(1.0)
    goals = len(bench.goals)
    bench.run(lambda: bench.case().state is CaseState.NOTED)
    assert len(bench.goals) == goals
    assert 'no word came' in bench.case().reason
    bench.run_to_rest()
    assert bench.missed == ()


def test_what_the_operator_approves_is_looked_at():
    bench = walking_bench()
    bench.raise_alert(kind=AlertKind.GATE_OPEN)
    bench.run_for(0.5)
    assert bench.command('approve robot-0001-bag') == 'ok'
    bench.run(lambda: bench.places[-1] == VIEW)
    assert bench.command('approve robot-0001-bag').startswith('refused: case robot-0001-bag is pending')


@pytest.mark.parametrize(('word', 'state', 'reason'), [
    ('confirm robot-0001-bag suspicious', CaseState.CONFIRMED, 'confirmed by the operator as suspicious'),
    ('dismiss robot-0001-bag my own lunch', CaseState.DISMISSED, 'dismissed by the operator: my own lunch'),
])
def test_the_operator_has_the_last_word_and_the_round_goes_on(word, state, reason):
    bench = walking_bench()
    bench.raise_alert()
    bench.run(lambda: bench.behaviour is BehaviourKind.INVESTIGATE)
    assert bench.command(word) == 'ok'
    assert (bench.case().state, bench.case().reason, bench.case().by) == (state, reason, 'operator')
    bench.run(lambda: bench.behaviour is BehaviourKind.PATROL)
    bench.raise_alert()
    bench.run_to_rest()
    assert bench.behaviours == ['patrol', 'investigate', 'patrol', None]


def test_a_case_that_there_is_none_of_is_refused_naming_the_open_ones():
    bench = walking_bench()
    bench.raise_alert()
    assert bench.command('confirm robot-9') == "refused: there is no case 'robot-9'; open are: robot-0001-bag"


def test_pause_holds_errands_and_resume_goes_on_with_them():
    bench = walking_bench(walk_s=1.0)
    bench.raise_alert()
    bench.run(lambda: bench.places[-1] == VIEW)
    assert bench.command('pause') == 'ok'
    bench.run_for(3.0)
    assert bench.state is MissionState.PAUSED
    assert bench.behaviour is None
    assert bench.command('resume') == 'ok'
    bench.run(lambda: not bench.case().state.is_open)
    bench.run_to_rest()
    assert bench.missed == ()


def test_pause_and_resume_hold_for_an_inspection_without_a_mission_too():
    bench = ConductBench(walk_s=1.0)
    bench.command('inspect 20 5')
    bench.run_for(0.5)
    assert bench.command('pause') == 'ok'
    bench.run_for(2.0)
    assert bench.behaviour is None
    assert bench.command('resume') == 'ok'
    bench.run(lambda: not bench.case('spot-1').state.is_open)


def test_skip_ends_the_errand_in_hand_and_not_the_waypoint():
    bench = walking_bench(walk_s=1.0)
    bench.raise_alert()
    bench.run(lambda: bench.places[-1] == VIEW)
    assert bench.command('skip') == 'ok'
    bench.run_to_rest()
    assert bench.missed == ()
    assert (bench.case().state, bench.case().reason) == (CaseState.UNSEEN, 'skipped by the operator')


@pytest.mark.parametrize('order', ['stop', 'home', 'goto yard', 'start line'])
def test_an_order_that_sends_the_robot_elsewhere_ends_errands(order):
    bench = walking_bench(walk_s=1.0)
    bench.raise_alert()
    bench.run(lambda: bench.places[-1] == VIEW)
    assert bench.command(order) == 'ok'
    bench.run_to_rest()
    assert bench.case().state is CaseState.UNSEEN
    assert bench.case().reason == f'ended by the operator: {order.split()[0]}'


def test_an_order_of_the_operator_is_not_interrupted_by_an_alert_which_comes_after_it():
    bench = ConductBench(walk_s=1.0)
    bench.command('goto yard')
    bench.run_for(0.3)
    bench.raise_alert()
    bench.run(lambda: not bench.case().state.is_open)
    assert bench.places == [YARD, VIEW]
    assert bench.behaviours[:2] == ['order', 'investigate']


def test_the_estop_takes_the_robot_within_a_tick_and_gives_it_back():
    bench = walking_bench(walk_s=1.0)
    bench.raise_alert()
    bench.run(lambda: bench.places[-1] == VIEW)
    bench.conduct.on_estop(True)
    output = bench.step()
    assert output.cancel
    assert bench.behaviour is BehaviourKind.ESTOP
    bench.run_for(2.0)
    assert bench._goal is None
    bench.conduct.on_estop(False)
    bench.run(lambda: not bench.case().state.is_open)
    bench.run_to_rest()
    assert bench.missed == ()
    assert bench.behaviours == ['patrol', 'investigate', 'estop', 'investigate', 'patrol', None]


def test_teleop_takes_the_robot_until_it_has_been_silent_for_a_while():
    bench = walking_bench(walk_s=5.0, hand_back_s=2.0)
    bench.conduct.on_teleop(bench.now_s)
    bench.step()
    assert bench.behaviour is BehaviourKind.TELEOP
    bench.run_for(1.5)
    assert bench.behaviour is BehaviourKind.TELEOP
    bench.run(lambda: bench.behaviour is BehaviourKind.PATROL)
    bench.run_to_rest()
    assert bench.missed == ()


def test_a_lockdown_sends_the_robot_to_its_post_and_only_release_ends_it():
    bench = walking_bench(walk_s=1.0, post=Waypoint('post', -5.0, -5.0))
    bench.raise_alert()
    bench.run(lambda: bench.places[-1] == VIEW)
    assert bench.command('lockdown') == 'ok'
    bench.step()
    assert bench.behaviour is BehaviourKind.LOCKDOWN
    assert (bench.goals[-1].x_m, bench.goals[-1].y_m) == (-5.0, -5.0)
    for order in ('start line', 'goto yard', 'home', 'inspect 1 1', 'resume', 'skip', 'approve x', 'lockdown'):
        assert bench.command(order).startswith('refused: ')
    bench.raise_alert('second', place=(50.0, 0.0))
    bench.run_for(5.0)
    assert 'at the post' in bench.message
    assert bench.case('second').state is CaseState.NOTED
    assert bench.command('release') == 'ok'
    bench.run(lambda: not bench.case().state.is_open)
    bench.run_to_rest()
    assert bench.missed == ()
    assert bench.command('release') == 'refused: there is no lockdown to release'


def test_a_lockdown_without_a_post_stops_the_robot_where_it_is():
    bench = walking_bench(walk_s=1.0)
    bench.command('lockdown')
    output = bench.step()
    assert output.cancel
    bench.run_for(2.0)
    assert bench._goal is None


def test_a_restarted_patrol_knows_its_cases_and_its_lockdown(tmp_path):
    stores = ProgressStore(tmp_path / 'progress.json'), CaseStore(tmp_path / 'cases.json')
    bench = walking_bench(store=stores[0], cases=stores[1], walk_s=1.0)
    bench.raise_alert()
    bench.run(lambda: bench.places[-1] == VIEW)
    bench = ConductBench(*stores, start_s=bench.now_s)
    bench.run(lambda: not bench.case().state.is_open)
    bench.command('lockdown')
    bench.step()
    bench = ConductBench(*stores, start_s=bench.now_s)
    bench.run_for(1.0)
    assert bench.behaviour is BehaviourKind.LOCKDOWN
    assert bench.case().response is Response.LOOK
    bench.command('release')
    bench.run_to_rest()
    assert (bench.state, bench.missed) == (MissionState.DONE, ())


def test_damaged_cases_are_set_aside_and_said(tmp_path):
    path = tmp_path / 'cases.json'
    path.write_text('{"version": 1, "cases": [{}]}')
    bench = ConductBench(None, CaseStore(path))
    assert 'case_id is missing' in bench.message
    assert (tmp_path / 'cases.json.damaged-1').exists()
