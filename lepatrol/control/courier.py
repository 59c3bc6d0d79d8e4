"""Brings one goal at a time to an action server, gets it back, and answers for how it stands."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum

from lepatrol.control.nav2_errors import failure_words
from lepatrol.model.action_goal import Ending, GoalSender, Order
from lepatrol.model.geometry import Pose2
from lepatrol.settings.navigation import Nav2Settings

_RECALLED = 8
"""So many goals that were taken back are still listened for."""


class Stage(Enum):
    """How the goal in hand stands."""

    NONE = 'none'
    WAITING = 'waiting'
    """It is not with the server yet, or the server has not taken it yet."""
    UNDERWAY = 'underway'
    SUCCEEDED = 'succeeded'
    FAILED = 'failed'
    CANCELLED = 'cancelled'
    """Somebody else made the server give it up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the goal in hand stands, why, and how far it is."""

    stage: Stage
    reason: str = ''
    distance_m: float = 0.0


@dataclass(slots=True)
class _Recalled:
    """A goal that was taken back: since when, and when its cancel was last asked for."""

    order: Order
    since_s: float
    asked_s: float


class Courier:
    """Keep at most one goal at Nav2.

    A goal that replaces another waits until Nav2 has given that one up: handed over without waiting, Nav2 may turn the
    new one down and drive on to the old. A goal taken back before Nav2 has answered is cancelled when it answers.

    Nav2 rejects goals only while it is not active (``SimpleActionServer::handle_goal``), so a rejected goal is offered
    again for as long as an absent Nav2 is waited for.
    """

    def __init__(self, sender: GoalSender, settings: Nav2Settings) -> None:
        """Have no goal."""
        self._sender = sender
        self._settings = settings
        self._last_number = 0
        self._recalled: deque[_Recalled] = deque(maxlen=_RECALLED)
        self._clear()

    def _clear(self) -> None:
        self._pose: Pose2 | None = None
        self._order: Order | None = None
        self._waits_since_s = self._sent_s = self._heard_s = 0.0
        self._offer_s = -math.inf
        self._gone_since_s: float | None = None
        self._news = 0
        self._why_rejected = ''

    @property
    def has_goal(self) -> bool:
        """Tell whether there is a goal in hand."""
        return self._pose is not None

    @property
    def is_underway(self) -> bool:
        """Tell whether Nav2 is driving to the goal in hand, as far as is known."""
        return self._order is not None and self._order.accepted is True and self._order.ending is None

    def bring(self, pose: Pose2, now_s: float) -> None:
        """Bring Nav2 a goal in ``map`` in place of the one in hand."""
        self.take_back(now_s)
        self._pose = pose
        self._waits_since_s = now_s

    def take_back(self, now_s: float) -> None:
        """Have no goal any more; what Nav2 has of it is cancelled."""
        order = self._order
        if order is not None and not order.is_over:
            self._sender.cancel(order)
            self._recalled.append(_Recalled(order, now_s, now_s if order.accepted else -math.inf))
        self._clear()

    def update(self, now_s: float) -> Standing:
        """Send what must be sent, and return how the goal in hand stands; call it at the control rate, goal or not."""
        is_ready = self._sender.is_ready()
        is_free = self._settle_recalled(is_ready, now_s)
        if self._pose is None:
            return Standing(Stage.NONE)
        if self._order is not None and self._order.accepted is False:
            self._why_rejected = 'it rejects goals; is bt_navigator active?'
            self._offer_s = now_s + self._settings.retry_s
            self._order = None
        if self._order is None:
            return self._offer(self._pose, is_ready, is_free, now_s)
        return self._watch(self._order, is_ready, now_s)

    def _settle_recalled(self, is_ready: bool, now_s: float) -> bool:
        """Cancel again what Nav2 has not given up, or has taken late; tell whether the next goal may be sent."""
        if not is_ready:
            self._recalled.clear()
        waits = False
        for _ in range(len(self._recalled)):
            recalled = self._recalled.popleft()
            if recalled.order.is_over:
                continue
            if recalled.order.accepted and not 0.0 <= now_s - recalled.asked_s < self._settings.retry_s:
                recalled.asked_s = now_s
                self._sender.cancel(recalled.order)
            waits = waits or 0.0 <= now_s - recalled.since_s < self._settings.cancel_timeout_s
            self._recalled.append(recalled)
        return not waits

    def _offer(self, pose: Pose2, is_ready: bool, is_free: bool, now_s: float) -> Standing:
        if not is_ready:
            why = f'its action {self._settings.action} is not there'
        elif not is_free:
            why = 'it has not given up the last goal yet'
        else:
            why = self._why_rejected
        waited_s = now_s - self._waits_since_s
        if waited_s >= self._settings.server_timeout_s:
            return Standing(Stage.FAILED, f'Nav2 takes no goal for {waited_s:.0f} s: {why}')
        if is_ready and is_free and now_s >= self._offer_s:
            self._last_number += 1
            self._order = Order(self._last_number, pose)
            self._sent_s = self._heard_s = now_s
            self._news = 0
            self._sender.send(self._order)
        return self._waiting(why)

    @staticmethod
    def _waiting(why: str) -> Standing:
        return Standing(Stage.WAITING, f'waiting for Nav2: {why}' if why else 'waiting for Nav2 to take the goal')

    def _watch(self, order: Order, is_ready: bool, now_s: float) -> Standing:
        settings = self._settings
        if order.ending is Ending.SUCCEEDED:
            return Standing(Stage.SUCCEEDED)
        if order.ending is Ending.CANCELED:
            return Standing(Stage.CANCELLED, 'cancelled at Nav2, not by the patrol')
        if order.ending is not None:
            return Standing(Stage.FAILED, failure_words(order))
        if order.news != self._news:
            self._news, self._heard_s = order.news, now_s
        if is_ready:
            self._gone_since_s = None
        elif self._gone_since_s is None:
            self._gone_since_s = now_s
        if self._gone_since_s is not None and now_s - self._gone_since_s >= settings.vanish_timeout_s:
            return Standing(Stage.FAILED, f'Nav2 has vanished: its action {settings.action} is gone')
        if order.accepted is None:
            if now_s - self._sent_s >= settings.answer_timeout_s:
                return Standing(Stage.FAILED, f'Nav2 has not answered for {settings.answer_timeout_s:g} s')
            return self._waiting(self._why_rejected)
        if now_s - self._heard_s >= settings.silence_timeout_s:
            return Standing(Stage.FAILED, f'Nav2 has said nothing of the goal for {settings.silence_timeout_s:g} s')
        # A number that no path has says nothing.
        distance_m = order.distance_m if 0.0 <= order.distance_m < math.inf else 0.0
        helped = f'Nav2 has had to help itself {order.recoveries} times' if order.recoveries > 0 else ''
        return Standing(Stage.UNDERWAY, helped, distance_m)
