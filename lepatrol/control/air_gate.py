"""The last word before ``cmd_vel`` in the air: the gate's on the plane, and the same rules for height and sideways."""

from __future__ import annotations

import math

from lepatrol.control.air_follower import AirFollower
from lepatrol.control.altitude import ClimbControl
from lepatrol.control.footing import Footing
from lepatrol.control.gate import Gate, Passage
from lepatrol.control.spell import Spell
from lepatrol.model.geometry import STOP, Twist
from lepatrol.settings.flight import FlightSettings

_LONGEST_STEP_S = 0.2


class AirGate:
    """Lets a robot climb, sink and slide within its limits; with the e-stop pressed it stops in mid-air.

    With a silent sensor it hovers, and lands where it is if that lasts.
    """

    def __init__(
        self, gate: Gate, climb: ClimbControl, follower: AirFollower, footing: Footing, settings: FlightSettings,
    ) -> None:
        """Stand behind the gate; ``climb`` and ``follower`` hold the limits, ``footing`` knows of the ground."""
        self._gate = gate
        self._climb = climb
        self._follower = follower
        self._footing = footing
        self._land_after_s = settings.land_after_s
        self._silence = Spell()
        self._updated_s: float | None = None

    def begin_anew(self) -> None:
        """Forget what was: the clock has jumped back."""
        self._silence.end()
        self._updated_s = None
        self._climb.halt()

    def hold(self, reason: str, now_s: float) -> tuple[Twist, str]:
        """Return what is wanted while autonomy has no say, and why: a hand's climb, nothing, or a landing."""
        if self._gate.is_by_hand(now_s):
            self._silence.end()
            hand = self._gate.teleop
            return Twist(linear_y_m_s=hand.linear_y_m_s, linear_z_m_s=hand.linear_z_m_s), reason
        if self._gate.is_stopped or not self._gate.is_blind(now_s):
            self._silence.end()
            return STOP, reason
        if self._silence.go_on(now_s) < self._land_after_s or self._footing.is_landed:
            return STOP, reason
        return Twist(linear_z_m_s=self._climb.landing(None)), f'{reason}; landing where it is'

    def update(self, wanted: Twist, held: str, now_s: float) -> Passage:
        """Return what may go to the robot now; ``held`` is why autonomy has no say, '' if it has."""
        elapsed = 0.0 if self._updated_s is None else min(max(now_s - self._updated_s, 0.0), _LONGEST_STEP_S)
        self._updated_s = now_s
        if not held:
            self._silence.end()
        by_hand = self._gate.is_by_hand(now_s)
        passage = self._gate.update(
            Twist() if held else Twist(wanted.linear_x_m_s, wanted.angular_z_rad_s), now_s)
        return Passage(self._limited(wanted, passage, by_hand, elapsed), passage.held, passage.stopped)

    def _limited(self, wanted: Twist, passage: Passage, by_hand: bool, elapsed_s: float) -> Twist:
        if self._gate.is_stopped:
            self._climb.halt()
            return STOP
        rate = self._climb.limited(wanted.linear_z_m_s if math.isfinite(wanted.linear_z_m_s) else 0.0, elapsed_s)
        side = 0.0 if passage.stopped else self._follower.limited_side(wanted.linear_y_m_s, elapsed_s)
        if self._footing.is_landed and rate <= 0.0:
            return Twist(0.0, 0.0) if not by_hand else Twist(linear_z_m_s=rate)
        return Twist(passage.twist.linear_x_m_s, passage.twist.angular_z_rad_s, side, rate)
