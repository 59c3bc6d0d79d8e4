"""A flying robot's patrol: what it takes, where it lands, and what it does about its battery."""

import dataclasses

import pytest
from patrol_bench import Bench, small_site

from lepatrol.behaviours.patrol import Patrol
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import BatteryState
from lepatrol.model.site import Medium, Route, Waypoint
from lepatrol.planning.progress import ProgressStore
from lepatrol.settings.patrol import PatrolSettings


def airy_site():
    site = small_site()
    high = [Waypoint('over_gate', 10.0, 0.0, z_m=8.0), Waypoint('over_tower', 10.0, 10.0, z_m=12.0)]
    return dataclasses.replace(
        site, waypoints={**site.waypoints, **{point.name: point for point in high}},
        routes={**site.routes, 'sky': Route('sky', ('over_gate', 'over_tower'), closed=False, medium=Medium.AIR)})


class FlyingBench(Bench):
    """A bench whose patrol is a flying robot's, with a battery that tests charge and drain."""

    def __init__(self, store=None, *, medium=Medium.AIR, **settings):
        super().__init__(store, site=airy_site())
        self.patrol = Patrol(airy_site(), PatrolSettings(**settings), store, medium=medium)

    def battery(self, share):
        self.patrol.on_battery(BatteryState(self.now_s, share, 15.0))

    @property
    def heights(self):
        seen = {goal.goal_id: (goal.x_m, goal.y_m, goal.z_m) for goal in self.goals}
        return list(seen.values())


HOME = (0.0, 0.0, 0.0)
SKY = [(10.0, 0.0, 8.0), (10.0, 10.0, 12.0)]


def test_an_air_route_is_flown_at_its_heights_and_ends_with_a_landing_at_home():
    bench = FlyingBench()
    assert bench.command('start sky') == 'ok'
    bench.run_to_rest()
    assert bench.heights == [*SKY, HOME]
    assert bench.state is MissionState.DONE


def test_only_the_last_round_ends_with_a_landing():
    bench = FlyingBench()
    bench.command('start sky rounds 2')
    bench.run_to_rest()
    assert bench.heights == [*SKY, *SKY, HOME]


@pytest.mark.parametrize(('medium', 'route', 'said'), [
    (Medium.AIR, 'perimeter', "the route 'perimeter' is for robots on the ground, this one moves in the air; "
     'its routes are: sky'),
    (Medium.GROUND, 'sky', "the route 'sky' is for robots in the air, this one moves on the ground")])
def test_a_route_for_another_kind_of_robot_is_refused(medium, route, said):
    bench = FlyingBench(medium=medium)
    reply = bench.command(f'start {route}')
    assert reply.startswith('refused: ')
    assert said in reply
    assert bench.state is MissionState.IDLE


def test_places_on_the_ground_are_hovered_over():
    bench = FlyingBench(hover_height_m=6.0)
    bench.command('goto tower')
    bench.run_to_rest()
    bench.patrol.on_goto_pose(Pose2(3.0, 4.0), bench.now_s)
    bench.run_to_rest()
    assert bench.heights == [(10.0, 10.0, 6.0), (3.0, 4.0, 6.0)]


def test_a_mission_of_poses_keeps_heights_and_lands():
    bench = FlyingBench(hover_height_m=6.0)
    bench.patrol.on_mission([Waypoint('a', 1.0, 2.0, z_m=9.0), Waypoint('b', 3.0, 4.0)], bench.now_s)
    bench.run_to_rest()
    assert bench.heights == [(1.0, 2.0, 9.0), (3.0, 4.0, 6.0), HOME]


def test_home_lands_at_home():
    bench = FlyingBench()
    bench.command('start sky')
    bench.run(lambda: bench.visit == 1)
    bench.command('home')
    bench.run_to_rest()
    assert bench.heights[-1] == HOME
    assert bench.state is MissionState.IDLE


def test_stop_lands_at_home_and_ends_stopped():
    bench = FlyingBench()
    bench.command('start sky')
    bench.run(lambda: bench.visit == 1)
    assert bench.command('stop') == 'ok'
    assert bench.state is MissionState.GOING_HOME
    bench.run_to_rest()
    assert bench.heights[-1] == HOME
    assert (bench.state, bench.message) == (MissionState.STOPPED, 'stopped by the operator; at home')


def test_a_second_stop_ends_at_once_where_the_robot_is():
    bench = FlyingBench()
    bench.command('start sky')
    bench.run_for(0.2)
    bench.command('stop')
    bench.step()
    bench.command('stop')
    bench.step()
    assert bench.state is MissionState.STOPPED
    assert bench.cancels


def test_with_a_low_battery_it_goes_home_says_so_and_goes_on_when_charged():
    bench = FlyingBench()
    bench.battery(0.6)
    bench.command('start sky')
    bench.run(lambda: bench.visit == 1)
    bench.step()
    bench.battery(0.25)
    bench.step()
    assert bench.state is MissionState.GOING_HOME
    assert 'the battery is at 25 %: going home to charge' in bench.message
    bench.run(lambda: bench.state is MissionState.PAUSED)
    assert bench.heights[-1] == HOME
    assert 'at home, charging up to 90 %' in bench.message
    bench.battery(0.7)
    bench.run_for(5.0)
    assert bench.state is MissionState.PAUSED
    bench.battery(0.9)
    bench.run_to_rest()
    assert bench.heights == [*SKY, HOME, SKY[1], HOME]
    assert (bench.state, bench.missed) == (MissionState.DONE, ())


def test_a_low_battery_refuses_missions_but_not_stop_and_home():
    bench = FlyingBench()
    bench.battery(0.1)
    bench.run_for(1.0)
    assert bench.command('start sky') == 'refused: the battery is at 10 %; it must be charged first'
    assert bench.command('goto tower').startswith('refused: the battery is at 10 %')
    assert bench.command('home') == 'ok'


def test_a_hovering_robot_with_a_low_battery_goes_home_too():
    bench = FlyingBench()
    bench.command('goto over_tower')
    bench.run_to_rest()
    bench.battery(0.2)
    bench.run_for(2.0)
    assert bench.heights[-1] == HOME


def test_an_operators_pause_or_stop_outlasts_the_charging():
    bench = FlyingBench()
    bench.command('start sky')
    bench.run_for(0.2)
    bench.battery(0.2)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    assert bench.command('resume') == 'refused: the battery is at 20 %; it must be charged first'
    assert bench.command('pause') == 'ok'
    bench.battery(1.0)
    bench.run_for(3.0)
    assert bench.state is MissionState.PAUSED
    assert bench.command('resume') == 'ok'
    bench.run_for(0.2)
    bench.battery(0.2)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    bench.command('stop')
    bench.run_to_rest()
    bench.battery(1.0)
    bench.run_for(3.0)
    assert bench.state is MissionState.STOPPED


def test_a_way_home_that_fails_is_tried_again():
    bench = FlyingBench()
    bench.command('start sky')
    bench.run_for(0.2)
    bench.unreachable[HOME[:2]] = 'a gale'
    bench.battery(0.2)
    bench.run_for(1.0)
    assert 'cannot come home: a gale' in bench.message
    bench.unreachable.clear()
    bench.run(lambda: bench.state is MissionState.PAUSED)


def test_a_killed_patrol_remembers_that_it_was_charging(tmp_path):
    bench = FlyingBench(ProgressStore(tmp_path / 'progress.json'))
    bench.command('start sky')
    bench.run(lambda: bench.visit == 1)
    bench.battery(0.2)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    again = FlyingBench(ProgressStore(tmp_path / 'progress.json'))
    again.battery(0.5)
    again.run_for(2.0)
    assert again.state is MissionState.PAUSED
    again.battery(0.95)
    again.run_to_rest()
    assert again.heights == [HOME, SKY[1], HOME]
    assert again.state is MissionState.DONE


def test_a_killed_patrol_remembers_that_it_goes_home_because_it_was_stopped(tmp_path):
    bench = FlyingBench(ProgressStore(tmp_path / 'progress.json'))
    bench.command('start sky')
    bench.run(lambda: bench.visit == 1)
    bench.command('stop')
    again = FlyingBench(ProgressStore(tmp_path / 'progress.json'))
    assert again.state is MissionState.GOING_HOME
    again.run_to_rest()
    assert (again.state, again.message) == (MissionState.STOPPED, 'stopped by the operator; at home')


def test_a_wheeled_robot_with_a_low_battery_leaves_its_mission_but_not_its_rest():
    bench = FlyingBench(medium=Medium.GROUND)
    bench.battery(0.2)
    bench.run_for(1.0)
    assert not bench.goals
    bench.battery(1.0)
    bench.command('start line')
    bench.run_for(0.2)
    bench.battery(0.2)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    assert bench.places[-1] == (0.0, 0.0)


@pytest.mark.parametrize('share', [float('nan'), -0.1, 1.5])
def test_a_charge_that_is_none_is_passed_over(share):
    bench = FlyingBench()
    bench.command('start sky')
    bench.battery(share)
    bench.run_to_rest()
    assert bench.state is MissionState.DONE
