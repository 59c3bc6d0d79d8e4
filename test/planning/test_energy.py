"""What ways cost, what is learned from the battery, and how long the way home is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.observation import BatteryState, PoseEstimate
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Look, Medium, Photo, Wait, Waypoint, Zone, ZoneKind
from lepatrol.planning.energy import LEAST_CORRECTION, MOST_CORRECTION, Correction, EnergyModel
from lepatrol.planning.energy_budget import EnergyBudget
from lepatrol.planning.planner import Planner
from lepatrol.planning.terrain import Terrain
from lepatrol.planning.ways_home import WaysHome
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.navigation import PlannerSettings

UGV = EnergySettings(
    capacity_wh=100.0, standing_w=70.0, sensors_w=30.0, driving_j_m=20.0, turning_j_rad=10.0, pace_m_s=1.0, detour=1.5)
UAV = EnergySettings(capacity_wh=100.0, standing_w=20.0, hover_w=280.0, climbing_j_m=60.0, pace_m_s=2.0, detour=1.0)
HOME = Waypoint('home', 0.0, 0.0)


def test_a_path_costs_its_time_its_metres_and_its_turns():
    model = EnergyModel(UGV, Medium.GROUND)
    effort = model.path(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]))
    assert model.expected_wh(effort) * 3600.0 == pytest.approx(20.0 * (100.0 + 20.0) + 10.0 * math.pi / 2.0)
    assert model.share(50.0) == 0.5


def test_a_round_costs_its_legs_and_what_is_done_at_its_waypoints():
    model = EnergyModel(UGV, Medium.GROUND)
    visits = [Waypoint('a', 10.0, 0.0, actions=(Wait(30.0),)), Waypoint('b', 10.0, 10.0, actions=(Photo(),))]
    effort = model.round((0.0, 0.0, 0.0), visits)
    assert (effort.length_m, effort.duration_s) == (30.0, 30.0 + 30.0 + 2.0)
    look = model.round(None, [Waypoint('a', 0.0, 0.0, actions=(Look((0.0, 1.0), 0.5),))])
    assert (look.duration_s, look.turned_rad, look.length_m) == (5.0, math.pi, 0.0)


def test_who_flies_pays_for_its_rotors_and_for_climbing_but_not_for_sinking():
    model = EnergyModel(UAV, Medium.AIR)
    up = model.leg((0.0, 0.0, 0.0), (0.0, 0.0, 10.0))
    down = model.leg((0.0, 0.0, 10.0), (0.0, 0.0, 0.0))
    assert model.expected_wh(up) * 3600.0 == pytest.approx(5.0 * 300.0 + 10.0 * 60.0)
    assert model.expected_wh(down) * 3600.0 == pytest.approx(5.0 * 300.0)


def test_without_a_capacity_nothing_is_reckoned():
    with pytest.raises(ValueError, match='capacity_wh is 0'):
        EnergyModel(EnergySettings(), Medium.GROUND)


@given(factor=st.floats(LEAST_CORRECTION, MOST_CORRECTION), windows=st.integers(200, 400))
def test_a_steady_error_is_learned(factor, windows):
    correction = Correction(100.0)
    for _ in range(windows):
        correction.learn(0.1, 0.1 * factor)
    assert correction.factor == pytest.approx(factor, rel=0.2)


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(-10.0, 100.0)), max_size=50))
def test_whatever_is_measured_the_correction_keeps_its_bounds(pairs):
    correction = Correction(100.0)
    for expected, lost in pairs:
        correction.learn(expected, lost)
        assert LEAST_CORRECTION <= correction.factor <= MOST_CORRECTION


def drive(budget, truth, *, length_m, share=1.0, step_s=0.2, percent=None, noise=None):
    """Drive straight on at 1 m/s with a battery that loses ``truth`` Wh a metre; return what is left."""
    capacity = budget.model.settings.capacity_wh
    steps = round(length_m / step_s)
    for n in range(steps + 1):
        x, y = n * step_s, 0.0
        if noise is not None:
            x, y = x + noise.normal(0.0, 0.05), noise.normal(0.0, 0.05)
        budget.on_pose(PoseEstimate(n * step_s, 'map', Pose3.from_rpy(x, y), 0.05))
        if n % round(1.0 / step_s) == 0:
            left = share - truth * n * step_s / capacity
            told = left if percent is None else math.ceil(left / percent) * percent
            budget.on_battery(BatteryState(n * step_s, told, 24.0))
    return share - truth * length_m / capacity


@pytest.mark.parametrize('percent', [None, 0.01])
@pytest.mark.parametrize('factor', [1.0, 2.0])
def test_a_budget_learns_what_driving_truly_takes_in_spite_of_noise_and_coarse_gauges(factor, percent):
    budget = EnergyBudget(UGV, Medium.GROUND, HOME, WaysHome((0.0, 0.0), 1.0))
    per_metre = budget.model.expected_wh(budget.model.way(1.0))
    drive(budget, factor * per_metre, length_m=600.0, percent=percent, noise=np.random.default_rng(4))
    assert budget.model.correction.factor == pytest.approx(factor, rel=0.15)
    assert budget.home_share == pytest.approx(600.0 * factor * per_metre / 100.0, rel=0.15)


def test_standing_and_charging_teach_nothing_about_driving():
    budget = EnergyBudget(UGV, Medium.GROUND, HOME, WaysHome((0.0, 0.0), 1.0))
    for second in range(600):
        budget.on_pose(PoseEstimate(second, 'map', Pose3.from_rpy(1.0, 1.0), 0.02))
        budget.on_battery(BatteryState(second, 1.0 - 0.0001 * second, 24.0))
    for second in range(600, 900):
        budget.on_pose(PoseEstimate(second, 'map', Pose3.from_rpy(second, 1.0), 0.02))
        budget.on_battery(BatteryState(second, 0.5, 24.0, is_charging=True))
    assert budget.model.correction.factor == 1.0


@pytest.mark.parametrize('estimate', [
    PoseEstimate(2.0, 'map', Pose3.from_rpy(math.nan, 0.0), 0.02),
    PoseEstimate(2.0, 'map', Pose3.from_rpy(500.0, 0.0), 0.02),
    PoseEstimate(-900.0, 'map', Pose3.from_rpy(0.5, 0.0), 0.02)])
def test_lost_localisation_and_a_clock_that_jumps_teach_nothing(estimate):
    budget = EnergyBudget(UGV, Medium.GROUND, HOME, WaysHome((0.0, 0.0), 1.0))
    budget.on_pose(PoseEstimate(1.0, 'map', Pose3.from_rpy(0.0, 0.0), 0.02))
    budget.on_battery(BatteryState(1.0, 0.9, 24.0))
    budget.on_pose(estimate)
    budget.on_battery(BatteryState(2.0, 0.5, 24.0))
    assert budget.model.correction.factor == 1.0


def test_an_outlook_tells_what_is_too_little():
    budget = EnergyBudget(UGV, Medium.GROUND, HOME, WaysHome((0.0, 0.0), 1.0))
    budget.on_pose(PoseEstimate(0.0, 'map', Pose3.from_rpy(0.0, 0.0), 0.02))
    outlook = budget.outlook(0.2, [Waypoint('far', 200.0, 0.0)], reserve=0.1, margin=1.5)
    assert (outlook.left_wh, outlook.reserve_wh) == (20.0, 10.0)
    assert outlook.round_wh == pytest.approx(300.0 * 120.0 / 3600.0)
    assert outlook.home_wh == pytest.approx(1.5 * 200.0 * 120.0 / 3600.0)
    assert outlook.lacking_wh == pytest.approx(10.0 + 10.0 + 10.0 - 20.0)


def test_the_way_home_goes_round_what_is_on_the_map():
    cells = np.zeros((200, 200), dtype=np.int8)
    cells[:150, 100] = 100
    planner = Planner(OccupancyMap(cells, 0.1, 0.0, 0.0), 0.3, PlannerSettings())
    ways = WaysHome((2.0, 2.0), 1.2, Terrain(planner))
    for place in ((18.0, 2.0), (12.0, 10.0), (2.0, 18.0), (3.0, 3.0)):
        path = planner.plan(Pose2(*place), (2.0, 2.0))
        length = float(np.hypot(*np.diff(path, axis=0).T).sum())
        assert 0.97 * length <= ways(*place) <= 1.12 * length + 1.0


def test_the_way_home_goes_round_a_zone_that_came_up_until_it_is_lifted():
    terrain = Terrain(Planner(OccupancyMap(np.zeros((200, 400), dtype=np.int8), 0.1, 0.0, 0.0), 0.3, PlannerSettings()))
    ways = WaysHome((2.0, 10.0), 1.2, terrain)
    straight = ways(38.0, 10.0)
    assert straight == pytest.approx(36.0, rel=0.05)
    terrain.on_zones([Zone('spill', ZoneKind.KEEP_OUT, ((18.0, 0.0), (22.0, 0.0), (22.0, 17.0), (18.0, 17.0)))])
    assert ways(38.0, 10.0) > straight + 3.0
    terrain.on_zones([])
    assert ways(38.0, 10.0) == straight


def test_from_where_no_way_is_known_the_way_home_is_reckoned_long_not_endless():
    cells = np.zeros((200, 200), dtype=np.int8)
    cells[:, 100] = 100
    terrain = Terrain()
    ways = WaysHome((2.0, 2.0), 1.5, terrain)
    assert ways(18.0, 2.0) == 24.0
    terrain.take_map(Planner(OccupancyMap(cells, 0.1, 0.0, 0.0), 0.3, PlannerSettings()), None)
    assert 16.0 <= ways(18.0, 2.0) <= 64.0
    assert 8.0 <= ways(10.05, 2.0) <= 20.0
