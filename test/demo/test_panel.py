"""The panel tells where the robot is, how far the round has come, and how long it will still take."""

import dataclasses

import pytest
from rich.console import Console

from lepatrol.assembly import load_site
from lepatrol.demo.panel import RoundView
from lepatrol.demo.walk import stops
from lepatrol.model.mission import MissionState, MissionStatus

WALKING = MissionStatus(
    12.0, MissionState.WALKING, mission='perimeter', round=1, rounds=1, waypoint='gate', visit=1, visits=3,
    distance_walked_m=25.0)


def view(simulated_s=40.0, wall_s=10.0, **changes):
    """Show a round of three stops, ten, forty and a hundred metres from its start."""
    return RoundView(dataclasses.replace(WALKING, **changes), (10.0, 40.0, 100.0), simulated_s, wall_s)


def shown(panel):
    console = Console(width=100, force_terminal=False)
    with console.capture() as capture:
        console.print(panel)
    return dict(line.rstrip().split(None, 1) if not line.startswith('time left') else line.rstrip().split('  ', 1)
                for line in capture.get().splitlines() if not line.startswith('━'))


def test_the_panel_names_route_stop_distance_speed_and_time_left():
    assert shown(view()) == {
        'route': 'perimeter', 'stop': '2 of 3: walking to gate', 'walked': '25 m (the route: about 100 m)',
        'speed': '4.0 times real time', 'time left': 'about 30 s'}


@pytest.mark.parametrize(('state', 'action', 'words'), [
    (MissionState.WALKING, '', 'walking to gate'), (MissionState.ACTING, 'photo: gate', 'at gate (photo: gate)'),
    (MissionState.PAUSED, '', 'paused on the way to gate'), (MissionState.GOING_HOME, '', 'going home to gate'),
    (MissionState.ABORTED, '', 'aborted'), (MissionState.STOPPED, '', 'stopped')])
def test_every_state_is_said_in_words(state, action, words):
    assert shown(view(state=state, action=action))['stop'] == f'2 of 3: {words}'


@pytest.mark.parametrize(('rounds', 'text'), [(1, 'perimeter'), (3, 'perimeter, round 1 of 3'),
                                              (None, 'perimeter, round 1 of many')])
def test_rounds_are_counted_where_there_is_more_than_one(rounds, text):
    assert shown(view(rounds=rounds))['route'] == text


def test_why_the_mission_is_in_this_state_is_a_note():
    assert shown(view(message='the gate is shut'))['note'] == 'the gate is shut'


def test_brackets_in_what_a_site_says_are_shown_and_break_nothing():
    assert shown(view(message='[red] [/odd]', action='photo: [/gate]'))['note'] == '[red] [/odd]'


@pytest.mark.parametrize(('visit', 'walked_m', 'share'), [
    (0, 0.0, 0.0), (0, 5.0, 0.05), (1, 25.0, 0.25), (2, 70.0, 0.7),
    (1, 90.0, 0.4),       # a detour is no progress: the second stop is still to come
    (2, 5.0, 0.4),        # stops that were left out lie behind all the same
    (2, 300.0, 0.99), (3, 300.0, 0.99)])
def test_the_share_follows_the_stops_and_is_whole_only_at_the_end(visit, walked_m, share):
    assert view(visit=visit, distance_walked_m=walked_m).share == pytest.approx(share)


def test_a_round_that_is_done_is_whole_and_has_no_time_left():
    done = view(state=MissionState.DONE, visit=2, distance_walked_m=10.0)
    assert done.share == 1.0
    assert 'time left' not in shown(done)
    assert shown(done)['stop'] == '3 of 3: done'


def test_nothing_is_promised_before_anything_was_walked():
    beginning = view(visit=0, distance_walked_m=0.5, wall_s=0.0)
    assert (beginning.left_s, beginning.speed_factor) == (None, 0.0)
    assert shown(beginning)['time left'].strip() == '...'


def test_the_bar_is_as_long_as_the_share():
    console = Console(width=100, force_terminal=True, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(view(distance_walked_m=30.0))
    assert capture.get().splitlines()[-1].count('━') == pytest.approx(0.3 * 60, abs=1)


def test_a_route_is_as_long_as_its_legs_and_a_closed_one_comes_back():
    site = load_site('bench_yard')
    assert stops(site, 'short') == pytest.approx([3.0, 5.0])
    assert stops(site, 'loop') == pytest.approx([42.0, 66.0, 108.0, 150.0, 174.0, 258.0])
