"""What is left in a robot's battery."""

from __future__ import annotations

import math

from numpy.random import Generator

from lepatrol.model.observation import BatteryState
from lepatrol.simulation.description import LinearBattery
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.sensors import Instrument

_STEP_S = 0.02
_S_PER_H = 3600.0


class BatteryGauge(Instrument):
    """Charge and voltage as Gazebo's LinearBatteryPlugin reckons them, without noise.

    The load draws its power from the first time on that the robot is told to move (or at once, if the battery says so)
    until nothing is left. What an empty battery means for the robot is left to who reads the gauge.
    """

    def __init__(self, battery: LinearBattery, robot: str) -> None:
        """Watch one robot's battery."""
        self._battery = battery
        self._robot = robot
        self.reset()

    def reset(self) -> None:
        """Begin with the initial charge."""
        self._charge_ah = self._battery.initial_charge_ah
        self._current_a = 0.0
        self._reckoned_s = 0.0

    def measure(self, physics: Physics, noise: Generator | None) -> BatteryState:
        """Return the charge (0 to 1) and the voltage under load."""
        battery = self._battery
        since_s = 0.0 if battery.drains_at_once else physics.driven_since_s(self._robot)
        if since_s is not None:
            self._drain(physics.time_s - max(self._reckoned_s, since_s))
        self._reckoned_s = physics.time_s
        return BatteryState(physics.time_s, self._charge_ah / battery.capacity_ah, self._voltage_v())

    def _voltage_v(self) -> float:
        battery = self._battery
        used = 1.0 - self._charge_ah / battery.capacity_ah
        open_v = battery.full_voltage_v + battery.voltage_slope_v * used
        return max(0.0, open_v - battery.resistance_ohm * self._current_a)

    def _drain(self, duration_s: float) -> None:
        battery = self._battery
        steps = math.ceil(duration_s / _STEP_S - 1e-6)
        for _ in range(steps):
            step_s = duration_s / steps
            voltage = self._voltage_v()
            wanted = battery.power_load_w / voltage if voltage > 0.0 and self._charge_ah > 0.0 else 0.0
            self._current_a += (wanted - self._current_a) * -math.expm1(-step_s / battery.smoothing_s)
            self._charge_ah = max(0.0, self._charge_ah - self._current_a * step_s / _S_PER_H)
