"""The last word before ``cmd_vel``: e-stop, teleop, silent sensors, collision stop, the robot's limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lepatrol.model.geometry import STOP, Twist
from lepatrol.settings.navigation import GateSettings
from lepatrol.settings.robot import RobotSettings

_LONGEST_STEP_S = 0.2
"""After a longer silence the limits allow no more change than in this time."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What may go to the wheels; ``held`` is why autonomy has no say, ``stopped`` why motion was cut short."""

    twist: Twist
    held: str = ''
    stopped: str = ''


class Gate:
    """Everything that would move the robot passes here."""

    def __init__(self, settings: GateSettings, robot: RobotSettings) -> None:
        """Begin with no e-stop, no teleop and no sensor heard."""
        self._settings = settings
        self._robot = robot
        self._estop = False
        self._teleop = STOP
        self._last = STOP
        self._forget()

    def _forget(self) -> None:
        self._teleop_s = self._scan_s = self._pose_s = -math.inf
        self._ahead_gap_m = self._behind_gap_m = math.inf
        self._travel_m = 0.0
        self._now_s: float | None = None

    def clock(self, now_s: float) -> bool:
        """Note the time; tell whether the clock jumped back, after which every sensor must be heard anew."""
        jumped = self._now_s is not None and now_s < self._now_s - 1e-9
        if jumped:
            self._forget()
            self._last = STOP
        return jumped

    def on_estop(self, active: bool) -> None:
        """Latch or release the e-stop; only a plain False releases it."""
        self._estop = active is not False

    def on_teleop(self, twist: Twist, now_s: float) -> None:
        """Let the operator take over; a velocity that is not finite takes over and stands still."""
        self._teleop = twist if twist.is_finite() else STOP
        self._teleop_s = now_s

    def on_scan(self, ahead_gap_m: float, behind_gap_m: float, stamp_s: float) -> None:
        """Note a usable scan: its time and the free way ahead and behind."""
        self._ahead_gap_m, self._behind_gap_m, self._scan_s = ahead_gap_m, behind_gap_m, stamp_s
        self._travel_m = 0.0

    def on_pose(self, stamp_s: float) -> None:
        """Note the time of a usable pose."""
        self._pose_s = stamp_s

    @property
    def is_stopped(self) -> bool:
        """Tell whether the e-stop is pressed."""
        return self._estop

    @property
    def teleop(self) -> Twist:
        """Return the velocity that the operator wanted last, whether it counts now or not."""
        return self._teleop

    def is_by_hand(self, now_s: float) -> bool:
        """Tell whether teleop has the robot now."""
        return not self._estop and now_s - self._teleop_s <= self._settings.teleop_timeout_s

    def is_blind(self, now_s: float) -> bool:
        """Tell whether a sensor that autonomy needs is silent."""
        return bool(self._silent_scan(now_s) or self._silent_pose(now_s))

    def hold_reason(self, now_s: float) -> str:
        """Say why autonomy must not drive, '' if it may."""
        settings = self._settings
        if self._estop:
            return 'e-stop is pressed; it is released by sending false'
        silence = now_s - self._teleop_s
        if silence <= settings.teleop_timeout_s:
            return 'teleop drives'
        if silence < settings.teleop_timeout_s + settings.hand_back_s:
            left = settings.teleop_timeout_s + settings.hand_back_s - silence
            return f'teleop had the robot; it is handed back in {left:.1f} s'
        return self._silent_scan(now_s) or self._silent_pose(now_s)

    def update(self, wanted: Twist, now_s: float) -> Passage:
        """Return what may go to the wheels now, given what autonomy wants."""
        self.clock(now_s)
        elapsed = 0.0 if self._now_s is None else min(max(now_s - self._now_s, 0.0), _LONGEST_STEP_S)
        self._now_s = now_s
        self._travel_m += abs(self._last.linear_x_m_s) * elapsed
        held = self.hold_reason(now_s)
        by_hand = self.is_by_hand(now_s)
        if by_hand:
            wanted, blind = self._teleop, self._silent_scan(now_s)
            stopped = f'teleop is stopped: {blind}' if blind else ''
        else:
            stopped = '' if wanted.is_finite() else f'command refused: {wanted} is not finite'
        if (held and not by_hand) or stopped:
            self._last = STOP
            return Passage(STOP, held, stopped)
        speed, stopped = self._clear_speed(self._limited(wanted, elapsed))
        self._last = speed
        return Passage(speed, held, stopped)

    def _silent_scan(self, now_s: float) -> str:
        return _silent('scan', now_s - self._scan_s, self._settings.scan_timeout_s)

    def _silent_pose(self, now_s: float) -> str:
        return _silent('pose', now_s - self._pose_s, self._settings.pose_timeout_s)

    def _limited(self, wanted: Twist, elapsed_s: float) -> Twist:
        """Return the velocity nearest to the wanted that the robot's limits allow after ``elapsed_s``."""
        robot, last = self._robot, self._last
        speed = min(max(wanted.linear_x_m_s, -robot.max_reverse_speed_m_s), robot.max_speed_m_s)
        turn = min(max(wanted.angular_z_rad_s, -robot.max_turn_rate_rad_s), robot.max_turn_rate_rad_s)
        rise, fall = robot.max_acceleration_m_s2 * elapsed_s, robot.max_deceleration_m_s2 * elapsed_s
        was = last.linear_x_m_s
        if was > 0.0:
            speed = min(max(speed, was - fall, -rise), was + rise)
        elif was < 0.0:
            speed = max(min(speed, was + fall, rise), was - rise)
        else:
            speed = min(max(speed, -rise), rise)
        change = robot.max_turn_acceleration_rad_s2 * elapsed_s
        turn = min(max(turn, last.angular_z_rad_s - change), last.angular_z_rad_s + change)
        return Twist(speed, turn)

    def _clear_speed(self, twist: Twist) -> tuple[Twist, str]:
        """Return the velocity that can still be braked before what the scan saw; turning on the spot stays allowed."""
        speed = twist.linear_x_m_s
        if not speed:
            return twist, ''
        side, gap = ('ahead', self._ahead_gap_m) if speed > 0.0 else ('behind', self._behind_gap_m)
        free = gap - self._travel_m - self._settings.collision_stop_m
        if free <= 0.0:
            return (Twist(0.0, twist.angular_z_rad_s),
                    f'collision stop: something is {max(gap - self._travel_m, 0.0):.2f} m {side} of the robot')
        fastest = math.sqrt(2.0 * self._robot.max_deceleration_m_s2 * free)
        if abs(speed) <= fastest:
            return twist, ''
        share = fastest / abs(speed)
        return Twist(speed * share, twist.angular_z_rad_s * share), ''


def _silent(what: str, age_s: float, timeout_s: float) -> str:
    if age_s <= timeout_s:
        return ''
    if math.isinf(age_s):
        return f'no usable {what} yet'
    return f'the last usable {what} is {age_s:.1f} s old, at most {timeout_s:g} s is allowed'
