"""What a patrol does when a waypoint cannot be reached or an action fails."""

from patrol_bench import Bench

from lepatrol.model.mission import MissedWaypoint, MissionState

GATE, TOWER, YARD, HOME = (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)
STUBBORN, FRAGILE, VITAL = (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)


def bench_with(places, order, **kinds):
    bench = Bench(**kinds)
    bench.unreachable = dict.fromkeys(places, 'a van is in the way')
    bench.command(order)
    bench.run_to_rest()
    return bench


def tries(bench, place):
    return len({goal.goal_id for goal in bench.goals if (goal.x_m, goal.y_m) == place})


def test_a_waypoint_that_cannot_be_reached_is_skipped_by_default():
    bench = bench_with([TOWER], 'start line')
    assert bench.missed == (MissedWaypoint('tower', 1, 'a van is in the way'),)
    assert (bench.state, bench.places, tries(bench, TOWER)) == (MissionState.DONE, [TOWER, YARD, HOME], 1)
    assert bench.message == 'line is done, 1 missed'


def test_retry_tries_again_after_a_while_and_then_skips():
    bench = bench_with([STUBBORN], 'start hard', goal_retry_s=3.0)
    assert tries(bench, STUBBORN) == 3
    assert bench.now_s - 100.0 > 6.0
    assert [missed.waypoint for missed in bench.missed] == ['stubborn']
    assert bench.state is MissionState.DONE


def test_a_retry_that_succeeds_misses_nothing():
    bench = Bench()
    bench.unreachable = {STUBBORN: 'a van is in the way'}
    bench.command('start hard')
    bench.run(lambda: 'retry 1 of 2' in bench.message)
    bench.unreachable = {}
    bench.run_to_rest()
    assert (bench.state, bench.missed) == (MissionState.DONE, ())


def test_the_home_policy_breaks_off_and_goes_home():
    bench = bench_with([FRAGILE], 'start soft')
    assert bench.places == [TOWER, FRAGILE, HOME]
    assert bench.state is MissionState.ABORTED
    assert bench.message == 'fragile: a van is in the way; at home'
    assert (bench.mission, bench.missed) == ('soft', (MissedWaypoint('fragile', 1, 'a van is in the way'),))


def test_the_abort_policy_stops_where_the_robot_is():
    bench = bench_with([VITAL], 'start strict')
    assert (bench.state, bench.places) == (MissionState.ABORTED, [VITAL])
    assert bench.message == 'vital: a van is in the way'


def test_a_home_that_cannot_be_reached_is_tried_as_its_policy_says():
    bench = bench_with([HOME], 'home')
    assert tries(bench, HOME) == 3
    assert bench.state is MissionState.ABORTED
    assert 'cannot come home' in bench.message


def test_a_waypoint_inside_a_wall_is_missed_without_walking_there():
    bench = bench_with([], 'start line', is_free=lambda x, y: (x, y) != TOWER)
    assert bench.places == [YARD, HOME]
    assert bench.missed == (MissedWaypoint('tower', 1, 'stands in an obstacle of the map or in a keep-out zone'),)


def test_a_waypoint_inside_a_wall_follows_its_policy():
    bench = bench_with([], 'start strict', is_free=lambda x, y: (x, y) != VITAL)
    assert (bench.state, bench.goals) == (MissionState.ABORTED, [])


def test_a_mission_wholly_inside_walls_is_refused():
    bench = Bench(is_free=lambda x, y: False)
    for order in ('start line', 'goto tower', 'home'):
        assert 'can be reached' in bench.command(order)
    assert bench.state is MissionState.IDLE


def test_a_patrol_for_ever_ends_when_the_map_has_no_place_left_for_it():
    free = [True]
    bench = Bench(is_free=lambda x, y: free[0])
    bench.command('start perimeter forever')
    bench.run(lambda: bench.round == 2)
    free[0] = False
    bench.run_to_rest()
    assert bench.state is MissionState.ABORTED
    assert len(bench.missed) < 12


def test_going_home_to_a_home_inside_a_wall_aborts():
    bench = bench_with([FRAGILE], 'start soft', is_free=lambda x, y: (x, y) != HOME)
    assert bench.state is MissionState.ABORTED
    assert 'cannot go home' in bench.message


def test_a_photo_that_does_not_come_is_noted_and_the_round_goes_on():
    bench = Bench(photo_timeout_s=2.0)
    bench.camera = False
    bench.command('start perimeter')
    bench.run(lambda: bench.photos)
    asked_s = bench.now_s
    bench.run(lambda: bench.missed)
    assert 2.0 <= bench.now_s - asked_s < 2.3
    assert bench.missed == (MissedWaypoint('gate', 1, 'photo: the gate: no picture came within 2 s'),)
    assert 'no picture came' in bench.message
    bench.run_to_rest()
    assert bench.state is MissionState.DONE


def test_a_photo_that_cannot_be_taken_is_noted_at_once_with_the_reason():
    bench = Bench(photo_timeout_s=60.0)
    bench.camera = False
    bench.command('start perimeter')
    bench.run(lambda: bench.photos)
    bench.patrol.on_photo_failed(bench.photos[0].stamp_s - 5.0, 'about an older picture')
    bench.step()
    assert bench.missed == ()
    bench.patrol.on_photo_failed(bench.photos[0].stamp_s, 'the disk is full')
    bench.step()
    assert bench.missed[0].reason == 'photo: the gate: the disk is full'


def test_a_picture_from_before_the_request_does_not_count():
    bench = Bench()
    bench.camera = False
    bench.command('start perimeter')
    bench.run(lambda: bench.photos)
    bench.patrol.on_photo(bench.photos[0].stamp_s - 0.5, 'old.jpg')
    bench.run_for(0.5)
    assert bench.action == 'photo: the gate'
    bench.patrol.on_photo(bench.photos[0].stamp_s + 0.05, 'new.jpg')
    bench.step()
    assert bench.action.startswith('look')


def test_a_heading_that_cannot_be_turned_to_is_noted_and_the_round_goes_on():
    bench = Bench()
    bench.command('start perimeter')
    bench.run(lambda: bench.action.startswith('photo'))
    bench.unreachable = {GATE: 'a box touches the robot'}
    bench.run(lambda: bench.waypoint == 'tower')
    assert [missed.reason for missed in bench.missed] == [
        'photo: the gate: a box touches the robot', 'look 0°, 57°: a box touches the robot']
