"""A battery drains as Gazebo's linear battery does, from the first order to move on."""

import dataclasses
import math

import pytest
from yard_scene import wheeled_robot, world

from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist
from lepatrol.model.observation import BatteryState
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.charger import Charger
from lepatrol.simulation.description import LinearBattery
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.scene import Scene

STEADY = LinearBattery('battery', 0.1, 0.08, 20.0, 0.0, 0.0, 36.0, smoothing_s=0.2)
"""36 W at 20 V are 1.8 A: 0.5 % of 0.1 Ah in a second."""


def simulate(battery):
    robot = dataclasses.replace(wheeled_robot(), battery=battery)
    return EmbeddedSimulator(Scene(world(), {robot.name: robot}), SimulationSettings())


def states(simulator, seconds):
    return [each.observation for each in simulator.advance(seconds) if each.topic == 'battery_state']


def test_it_falls_linearly_from_the_first_order_to_move_on():
    simulator = simulate(STEADY)
    simulator.command('ugv1', STOP)
    assert [state.percentage for state in states(simulator, 3.0)] == pytest.approx([0.8] * 3)
    simulator.command('ugv1', Twist(0.2))
    falling = states(simulator, 20.0)
    assert [state.stamp_s for state in falling] == pytest.approx([4.0 + number for number in range(20)])
    # Once the current has settled (with a time constant of 0.2 s), by 0.5 % a second.
    assert [state.percentage for state in falling] == pytest.approx(
        [0.8 - 0.005 * (second - 0.2) for second in range(1, 21)], abs=2e-4)
    assert {state.voltage_v for state in falling} == {20.0}
    simulator.command('ugv1', STOP)
    assert states(simulator, 1.0)[0].percentage == pytest.approx(0.8 - 0.005 * 20.8, abs=2e-4)


def test_its_voltage_falls_with_its_charge_and_under_load():
    battery = dataclasses.replace(STEADY, initial_charge_ah=0.1, voltage_slope_v=-4.0, resistance_ohm=0.5)
    simulator = simulate(battery)
    first = states(simulator, 1.0)[0]
    assert (first.percentage, first.voltage_v) == (1.0, 20.0)
    simulator.command('ugv1', Twist(0.2))
    for state in states(simulator, 30.0)[2:]:
        open_v = 20.0 - 4.0 * (1.0 - state.percentage)
        current_a = (open_v - state.voltage_v) / 0.5
        assert current_a * state.voltage_v == pytest.approx(36.0, rel=0.01)


def test_it_can_drain_at_once_and_is_empty_in_the_end():
    simulator = simulate(dataclasses.replace(STEADY, drains_at_once=True, initial_charge_ah=0.001))
    assert [state.percentage > 0.0 for state in states(simulator, 4.0)] == [True, True, False, False]
    assert states(simulator, 1.0) == [BatteryState(pytest.approx(5.0), 0.0, 20.0)]


def test_after_a_reset_it_is_as_at_the_start():
    simulator = simulate(STEADY)
    simulator.command('ugv1', Twist(0.2))
    first = states(simulator, 5.0)
    simulator.reset(7)
    assert states(simulator, 2.0)[-1].percentage == pytest.approx(0.8)
    simulator.reset(7)
    simulator.command('ugv1', Twist(0.2))
    assert states(simulator, 5.0) == first


def test_a_robot_without_one_delivers_none():
    assert states(simulate(None), 3.0) == []


def chargeable(charge=1.0, *, chargers, **changes):
    battery = dataclasses.replace(STEADY, initial_charge_ah=0.05, charging_time_h=0.02, **changes)
    robot = dataclasses.replace(wheeled_robot(), battery=battery)
    settings = SimulationSettings(battery_charge=charge)
    return EmbeddedSimulator(Scene(world(), {robot.name: robot}), settings, chargers=chargers)


def on(robot_at, *, reach_m=0.5, turn_rad=math.pi, heading_rad=0.0):
    x, y, _ = robot_at.position_m
    return [Charger(Pose2(x, y, robot_at.rpy_rad[2] + heading_rad), reach_m, turn_rad)]


START = wheeled_robot().pose


def test_on_a_charger_it_is_charged_and_says_so_up_to_nine_tenths_as_in_gazebo():
    simulator = chargeable(chargers=on(START))
    first, *_, last = states(simulator, 120.0)
    assert (first.is_charging, last.is_charging) == (True, True)
    # Full in 0.02 h: by 1.39 % a second, less while the current rises.
    assert first.percentage == pytest.approx(0.5 + 0.0139 * 0.8, abs=2e-3)
    assert last.percentage == pytest.approx(0.9, abs=5e-3)


@pytest.mark.parametrize('chargers', [
    [], [Charger(Pose2(START.position_m[0] + 3.0, START.position_m[1]), 0.5)],
    on(START, turn_rad=0.2, heading_rad=0.5)])
def test_off_a_charger_or_askew_on_it_it_is_not_charged(chargers):
    last = states(chargeable(chargers=chargers), 3.0)[-1]
    assert (last.percentage, last.is_charging) == (0.5, False)


def test_a_simulation_may_begin_with_less_charge():
    assert states(chargeable(0.4, chargers=[]), 1.0)[0].percentage == pytest.approx(0.2)


def test_who_hovers_over_a_charger_is_not_charged():
    x, y, _ = START.position_m
    assert Charger(Pose2(x, y), 0.5).holds(START)
    assert not Charger(Pose2(x, y), 0.5).holds(Pose3.from_rpy(x, y, 3.0))
