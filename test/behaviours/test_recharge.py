"""What a robot that knows what its ways cost does about its battery, and where it is charged."""

import dataclasses

import pytest
from patrol_bench import Bench, small_site

from lepatrol.behaviours.patrol import Patrol
from lepatrol.model.dock import Dock
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import BatteryState, PoseEstimate
from lepatrol.model.site import Medium
from lepatrol.planning.energy_budget import EnergyBudget
from lepatrol.planning.progress import ProgressStore
from lepatrol.planning.ways_home import WaysHome
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.patrol import PatrolSettings

ENERGY = EnergySettings(capacity_wh=100.0, driving_j_m=3600.0, detour=1.0)
"""1 % of the charge for every metre, nothing for time."""
DOCK = Dock(Pose2(0.0, -3.0, 0.0), approach_m=1.0)


class BatteryBench(Bench):
    """A wheeled robot with a battery that tests charge and drain, in the dock's reach or out of it."""

    def __init__(self, store=None, *, dock=DOCK, budget=True, **settings):
        site = dataclasses.replace(small_site(), dock=dock)
        super().__init__(store, site=site)
        reckoning = EnergyBudget(ENERGY, Medium.GROUND, site.waypoints['home'], WaysHome((0.0, 0.0), 1.0))
        self.patrol = Patrol(site, PatrolSettings(**settings), store, budget=reckoning if budget else None)

    def battery(self, share, is_charging=False):
        self.patrol.on_battery(BatteryState(self.now_s, share, 24.0, is_charging))

    def at(self, x_m, y_m):
        self.patrol.on_pose(PoseEstimate(self.now_s, 'map', Pose3.from_rpy(x_m, y_m), 0.02))


def test_it_turns_round_when_no_more_is_left_than_the_way_home_takes_with_its_margin_and_reserve():
    bench = BatteryBench()
    bench.at(0.0, 0.0)
    bench.battery(1.0)
    bench.command('start perimeter')
    bench.run_for(0.2)
    bench.at(20.0, 0.0)
    bench.battery(0.37)
    bench.run_for(0.5)
    assert bench.state is not MissionState.GOING_HOME
    bench.battery(0.36)
    bench.step()
    assert bench.state is MissionState.GOING_HOME
    assert 'the battery is at 36 % and the way home takes 20 %: going to the dock to charge' in bench.message


def test_a_mission_that_the_charge_is_too_little_for_is_refused_with_the_figures():
    bench = BatteryBench()
    bench.at(0.0, 0.0)
    bench.battery(0.61)
    # 10 m to the gate, 10 to the tower, 10 to the yard, 14.1 back to the gate; home from there 10 m, times 1.3.
    assert bench.command('start perimeter') == (
        'refused: the battery is at 61 % (61 Wh); the round takes 44 Wh, the way home after it 13 Wh, and 10 Wh stay '
        'in reserve: 7 Wh too little; it must be charged first')
    assert bench.state is MissionState.IDLE
    bench.battery(0.68)
    assert bench.command('start perimeter') == 'ok'


def test_only_the_first_of_many_rounds_must_be_possible():
    bench = BatteryBench()
    bench.at(0.0, 0.0)
    bench.battery(0.68)
    assert bench.command('start perimeter rounds 9') == 'ok'


def test_it_docks_is_charged_and_goes_on_where_it_was():
    bench = BatteryBench()
    bench.battery(1.0)
    bench.command('start line')
    bench.run(lambda: bench.visit == 1)
    bench.battery(0.2)
    bench.run(lambda: bench.places[-1] == (0.0, -3.0))
    bench.battery(0.2, is_charging=True)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    assert 'the battery is at 20 %: in the dock, charging up to 90 %' in bench.message
    bench.battery(0.95, is_charging=True)
    bench.run_to_rest()
    assert bench.places == [(10.0, 10.0), (0.0, 10.0), (-1.0, -3.0), (-0.5, -3.0), (0.0, -3.0),
                            (0.0, 10.0), (0.0, 0.0)]
    assert (bench.state, bench.missed) == (MissionState.DONE, ())


def test_where_docking_fails_it_stands_at_home_and_says_so():
    bench = BatteryBench()
    bench.battery(1.0)
    bench.command('start line')
    bench.run_for(0.2)
    bench.battery(0.2)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    assert bench.places[-1] == (0.0, 0.0)
    assert bench.places.count((0.0, -3.0)) == 3
    assert 'docking failed: no charging current within 5 s; somebody must see to it' in bench.message


def test_a_robot_that_slips_out_of_the_dock_docks_again():
    bench = BatteryBench()
    bench.battery(1.0)
    bench.command('start line')
    bench.run_for(0.2)
    bench.battery(0.2, is_charging=True)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    bench.battery(0.3, is_charging=False)
    bench.run(lambda: bench.state is MissionState.GOING_HOME)
    bench.battery(0.3, is_charging=True)
    bench.run(lambda: bench.state is MissionState.PAUSED)
    assert bench.places.count((0.0, -3.0)) == 2


def test_one_that_rests_far_from_home_goes_while_it_can():
    bench = BatteryBench()
    bench.at(0.0, 0.0)
    bench.battery(1.0)
    bench.command('goto tower')
    bench.run_to_rest()
    bench.at(10.0, 10.0)
    bench.battery(0.29)
    bench.run_for(1.0)
    assert bench.places == [(10.0, 10.0)]
    bench.battery(0.28)
    bench.run(lambda: bench.places[-1] == (0.0, -3.0))
    bench.battery(0.95, is_charging=True)
    bench.run_for(8.0)
    assert (bench.state, bench.places[-1]) == (MissionState.DONE, (0.0, -3.0))


def test_one_that_an_operator_has_paused_goes_too_and_stays_paused():
    bench = BatteryBench()
    bench.at(0.0, 0.0)
    bench.battery(1.0)
    bench.command('start line')
    bench.run_for(0.2)
    bench.command('pause')
    bench.at(10.0, 10.0)
    bench.battery(0.28)
    bench.run(lambda: bench.places[-1] == (0.0, -3.0))
    bench.battery(0.95, is_charging=True)
    bench.run_for(8.0)
    assert bench.state is MissionState.PAUSED


@pytest.mark.parametrize('where', ['under way', 'docking', 'charging'])
def test_a_patrol_that_was_killed_while_it_went_to_charge_goes_on_charging_and_then_with_its_mission(tmp_path, where):
    store = tmp_path / 'progress.json'
    bench = BatteryBench(ProgressStore(store))
    bench.battery(1.0)
    bench.command('start line')
    bench.run(lambda: bench.visit == 1)
    bench.battery(0.2, is_charging=where == 'charging')
    reached = {
        'under way': lambda: bench.places[-1] == (-1.0, -3.0), 'docking': lambda: bench.places[-1] == (0.0, -3.0),
        'charging': lambda: bench.state is MissionState.PAUSED}
    bench.run(reached[where])
    again = BatteryBench(ProgressStore(store))
    again.battery(0.3, is_charging=True)
    again.run(lambda: 'in the dock' in again.message)
    again.battery(0.95, is_charging=True)
    again.run_to_rest()
    assert again.places[-2:] == [(0.0, 10.0), (0.0, 0.0)]
    assert (again.state, again.missed) == (MissionState.DONE, ())


def test_without_a_budget_the_low_threshold_alone_counts():
    bench = BatteryBench(budget=False, dock=None)
    bench.at(1000.0, 0.0)
    bench.battery(0.3)
    assert bench.command('start line') == 'ok'
    bench.run_for(0.2)
    assert bench.state is MissionState.WALKING


def test_one_that_was_charged_while_its_patrol_was_down_goes_on_at_once(tmp_path):
    store = tmp_path / 'progress.json'
    bench = BatteryBench(ProgressStore(store))
    bench.battery(1.0)
    bench.command('start line')
    bench.run_for(0.2)
    bench.battery(0.2)
    bench.step()
    again = BatteryBench(ProgressStore(store))
    again.battery(0.95)
    again.run_to_rest()
    assert again.places == [(10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
