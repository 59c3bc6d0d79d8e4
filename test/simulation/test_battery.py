"""A battery drains as Gazebo's linear battery does, from the first order to move on."""

import dataclasses

import pytest
from yard_scene import wheeled_robot, world

from lepatrol.model.geometry import STOP, Twist
from lepatrol.model.observation import BatteryState
from lepatrol.settings.simulation import SimulationSettings
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
