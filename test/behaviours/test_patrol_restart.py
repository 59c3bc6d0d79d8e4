"""A patrol that was killed goes on where it was."""

import pytest
from patrol_bench import Bench

from lepatrol.model.errors import FileError
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.planning.progress import ProgressStore

TOWER = (10.0, 10.0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'state' / 'progress.json'


def bench_at(path, until=None, order='start perimeter rounds 2'):
    bench = Bench(ProgressStore(path))
    bench.command(order)
    bench.run(lambda: until(bench))
    return bench


def reborn(path, **kinds):
    return Bench(ProgressStore(path), **kinds)


def test_it_goes_on_at_the_waypoint_it_was_walking_to(path):
    killed = bench_at(path, lambda bench: bench.round == 2 and bench.waypoint == 'tower')
    bench = reborn(path, start_s=killed.now_s + 5.0)
    assert bench.message == 'resumed after restart'
    output = bench.step()
    assert (output.goal.x_m, output.goal.y_m) == TOWER
    assert output.goal.goal_id > killed.goals[-1].goal_id
    assert (bench.state, bench.mission, bench.round) == (MissionState.WALKING, 'perimeter', 2)
    bench.run_to_rest()
    assert bench.state is MissionState.DONE
    assert bench.photos == []


def test_finished_actions_are_not_repeated(path):
    killed = bench_at(path, lambda bench: bench.action.startswith('look'))
    assert len(killed.photos) == 1
    bench = reborn(path, start_s=killed.now_s)
    bench.run(lambda: bench.state is MissionState.ACTING)
    assert bench.action.startswith('look')
    bench.run(lambda: bench.waypoint == 'tower')
    assert bench.photos == []


def test_goal_ids_are_not_used_again_even_if_the_clock_began_anew(path):
    killed = bench_at(path, lambda bench: bench.waypoint == 'yard')
    bench = reborn(path, start_s=0.0)
    bench.run_to_rest()
    assert min(goal.goal_id for goal in bench.goals) > max(goal.goal_id for goal in killed.goals)


def test_ids_go_on_after_a_mission_that_was_over(path):
    killed = bench_at(path, lambda bench: bench.resting, 'start line')
    bench = reborn(path, start_s=0.0)
    assert (bench.state, bench.message, bench.mission) == (MissionState.IDLE, '', '')
    bench.run_for(1.0)
    assert bench.goals == []
    bench.command('goto tower')
    bench.step()
    assert bench.goals[0].goal_id > killed.goals[-1].goal_id


def test_a_paused_patrol_stays_paused(path):
    killed = bench_at(path, lambda bench: bench.waypoint == 'tower')
    killed.command('pause')
    bench = reborn(path)
    bench.run_for(3.0)
    assert (bench.state, bench.goals, bench.message) == (MissionState.PAUSED, [], 'resumed after restart')
    assert bench.command('resume') == 'ok'
    bench.step()
    assert (bench.goals[0].x_m, bench.goals[0].y_m) == TOWER


def test_a_stopped_patrol_stays_stopped(path):
    killed = bench_at(path, lambda bench: bench.waypoint == 'tower')
    killed.command('stop')
    bench = reborn(path)
    bench.run_for(3.0)
    assert (bench.state, bench.goals) == (MissionState.IDLE, [])


def test_a_goal_of_an_earlier_life_is_cancelled_when_nothing_takes_its_place(path):
    killed = bench_at(path, lambda bench: bench.waypoint == 'tower')
    bench = reborn(path)
    bench.command('stop')
    for _ in range(30):
        bench.say(NavigationState.MOVING, goal_id=killed.goals[-1].goal_id)
        bench.step()
    assert len(bench.cancels) == 1


def test_the_way_home_goes_on(path):
    killed = bench_at(path, lambda bench: bench.waypoint == 'tower')
    killed.command('home')
    killed.step()
    bench = reborn(path)
    bench.step()
    assert bench.state is MissionState.GOING_HOME
    bench.run_to_rest()
    assert (bench.state, bench.message) == (MissionState.IDLE, 'at home')


def test_missed_waypoints_and_distance_are_remembered(path):
    killed = bench_at(path, lambda bench: bench.goals)
    for x in range(5):
        killed.stand_at(float(x), 0.0)
    killed.command('skip')
    killed.step()
    bench = reborn(path)
    assert [missed.waypoint for missed in bench.missed] == ['gate']
    assert bench.distance_walked_m == pytest.approx(4.0)
    bench.command('skip')
    assert [missed.waypoint for missed in reborn(path).missed] == ['gate', 'tower']


def test_the_message_about_the_restart_goes_when_the_next_waypoint_is_begun(path):
    bench_at(path, lambda bench: bench.waypoint == 'tower')
    bench = reborn(path)
    bench.run(lambda: bench.waypoint == 'yard')
    assert bench.message == ''


@pytest.mark.parametrize('damage', [
    '', '{"version": 2', '[]', '{"version": 99}', '{"version": 2, "run": 7}', '\0' * 99])
def test_damaged_progress_is_set_aside_and_the_patrol_starts_idle(path, damage):
    bench_at(path, lambda bench: bench.waypoint == 'tower')
    path.write_text(damage)
    bench = reborn(path)
    assert bench.state is MissionState.IDLE
    assert 'starting idle' in bench.message
    assert 'progress.json.damaged-1' in bench.message
    assert (path.parent / 'progress.json.damaged-1').read_text() == damage
    bench.command('start line')
    bench.step()
    assert reborn(path).mission == 'line'


def test_a_disk_that_fails_is_told_of_and_the_mission_goes_on(path):
    class FullDisk(ProgressStore):
        def save(self, progress):
            raise FileError(self.path, 'progress cannot be kept: No space left on device')

    bench = Bench(FullDisk(path))
    bench.command('start line')
    bench.step()
    assert 'No space left' in bench.message
    bench.run_to_rest()
    assert bench.state is MissionState.DONE


def test_a_patrol_killed_again_and_again_still_ends_its_rounds(path):
    """Each life is just long enough for the longest action, a wait of 2 s."""
    bench = Bench(ProgressStore(path))
    bench.command('start perimeter rounds 3')
    photos, lives = [], 0
    while not bench.resting:
        bench.run_for(2.7)
        photos += [photo.round for photo in bench.photos]
        lives += 1
        assert lives < 40
        if not bench.resting:
            bench = reborn(path, start_s=bench.now_s)
    assert lives > 5
    assert (bench.state, bench.missed, photos) == (MissionState.DONE, (), [1, 2, 3])
