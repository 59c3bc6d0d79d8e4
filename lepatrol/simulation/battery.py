"""What is left in a robot's battery."""

from __future__ import annotations

import math
from collections.abc import Sequence

from numpy.random import Generator

from lepatrol.model.observation import BatteryState
from lepatrol.simulation.charger import Charger
from lepatrol.simulation.description import LinearBattery
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.sensors import Instrument

_STEP_S = 0.02
_S_PER_H = 3600.0
_CHARGED_TO = 0.9
"""Gazebo's battery takes no more from a charger than up to this share."""


class BatteryGauge(Instrument):
    """Charge and voltage as Gazebo's LinearBatteryPlugin reckons them, without noise.

    The load draws its power from the first time on that the robot is told to move (or at once, if the battery says so)
    until nothing is left, also on a charger. What an empty battery means for the robot is left to who reads the gauge.
    """

    def __init__(
        self, battery: LinearBattery, robot: str, *, chargers: Sequence[Charger] = (), charge: float = 1.0,
    ) -> None:
        """Watch one robot's battery; ``charge`` is the share of its initial charge that it begins with."""
        self._battery = battery
        self._robot = robot
        self._chargers = tuple(chargers)
        self._first_ah = battery.initial_charge_ah * charge
        self.reset()

    def reset(self) -> None:
        """Begin with the initial charge."""
        self._charge_ah = self._first_ah
        self._current_a = 0.0
        self._reckoned_s = 0.0

    def measure(self, physics: Physics, noise: Generator | None) -> BatteryState:
        """Return the charge (0 to 1), the voltage under load, and whether it stood on a charger since it was last read.

        A battery that cannot be charged tells nothing of that.
        """
        battery = self._battery
        is_charging = self._is_charging(physics)
        since_s = 0.0 if battery.drains_at_once else physics.driven_since_s(self._robot)
        if since_s is not None or is_charging:
            begun_s = self._reckoned_s if is_charging or since_s is None else max(self._reckoned_s, since_s)
            self._flow(physics.time_s - begun_s, has_load=since_s is not None, is_charging=bool(is_charging))
        self._reckoned_s = physics.time_s
        return BatteryState(
            physics.time_s, self._charge_ah / battery.capacity_ah, self._voltage_v(), is_charging)

    def _is_charging(self, physics: Physics) -> bool | None:
        if self._battery.charging_time_h is None:
            return None
        base = physics.base_pose(self._robot)
        return any(charger.holds(base) for charger in self._chargers)

    def _voltage_v(self) -> float:
        battery = self._battery
        used = 1.0 - self._charge_ah / battery.capacity_ah
        open_v = battery.full_voltage_v + battery.voltage_slope_v * used
        return max(0.0, open_v - battery.resistance_ohm * self._current_a)

    def _flow(self, duration_s: float, *, has_load: bool, is_charging: bool) -> None:
        battery = self._battery
        charger_a = battery.capacity_ah / (battery.charging_time_h or math.inf) if is_charging else 0.0
        steps = math.ceil(duration_s / _STEP_S - 1e-6)
        for _ in range(steps):
            step_s = duration_s / steps
            voltage = self._voltage_v()
            is_drawn = has_load and voltage > 0.0 and self._charge_ah > 0.0
            wanted = battery.power_load_w / voltage if is_drawn else 0.0
            if self._charge_ah < _CHARGED_TO * battery.capacity_ah:
                wanted -= charger_a
            self._current_a += (wanted - self._current_a) * -math.expm1(-step_s / battery.smoothing_s)
            charge_ah = self._charge_ah - self._current_a * step_s / _S_PER_H
            self._charge_ah = min(max(0.0, charge_ah), battery.capacity_ah)
