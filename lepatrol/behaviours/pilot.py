"""One side of the talk with the navigator: goals go out until they are heard, answers come in."""

from __future__ import annotations

from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal, NavigationState


class Pilot:
    """Keep one goal at the navigator.

    Goal ids follow the clock in nanoseconds and always rise, also over a restart when ``last_goal_id`` is handed on. A
    new goal replaces the old one at the navigator, so a cancel is sent only when no goal follows.
    """

    def __init__(self, watch: Stopwatch, retry_s: float, *, last_goal_id: int = 0) -> None:
        """Have no goal; a goal that is not answered is sent again after ``retry_s``."""
        self.last_goal_id = last_goal_id
        self.goal: NavigationGoal | None = None
        self.feedback: NavigationFeedback | None = None
        """The newest answer about the present goal."""
        self._watch = watch
        self._retry_s = retry_s
        self._heard = False
        self._set_at_s = 0.0
        self._sent_at_s: float | None = None
        # A navigator that still walks to the last goal of an earlier life must not do so unasked.
        self._cancelled_id = last_goal_id
        self._cancel_due = False
        self._cancel_sent_at_s = 0.0

    def next_id(self) -> int:
        """Return a number that was never given out before."""
        self.last_goal_id = max(int(self._watch.now_s * 1e9), self.last_goal_id + 1)
        return self.last_goal_id

    def send(
        self, x_m: float, y_m: float, yaw_rad: float | None, z_m: float = 0.0, *, later: bool = False,
    ) -> NavigationGoal:
        """Replace whatever goal there is, now or, where asked, after the retry time."""
        self.goal = NavigationGoal(self.next_id(), x_m, y_m, yaw_rad, z_m)
        self.feedback, self._heard = None, False
        self._set_at_s = self._watch.elapsed_s
        self._sent_at_s = self._set_at_s if later else None
        self._cancel_due, self._cancelled_id = False, 0
        return self.goal

    def drop(self, goal: NavigationGoal) -> None:
        """Forget this goal, and cancel it at the navigator if it may still be walking there."""
        if self.goal is not goal:
            return
        if self._sent_at_s is not None and not (self.feedback and self.feedback.state.is_final):
            self._cancel_due, self._cancelled_id = True, goal.goal_id
        self.goal, self.feedback = None, None

    def on_feedback(self, feedback: NavigationFeedback) -> None:
        """Take an answer; one about an older goal is passed over."""
        if self.goal is None:
            self._insist_on_cancel(feedback)
        elif feedback.goal_id == self.goal.goal_id:
            self._heard, self.feedback = True, feedback
        elif feedback.goal_id == 0:
            self._heard = False

    def outgoing(self) -> NavigationGoal | None:
        """Return the goal when it must be sent now: it is new, or the navigator does not name it."""
        if self.goal is None or self._heard:
            return None
        if self._sent_at_s is not None and self._watch.elapsed_s - self._sent_at_s < self._retry_s:
            return None
        self._sent_at_s = self._watch.elapsed_s
        return self.goal

    def take_cancel(self) -> bool:
        """Tell, once, that the navigator must give up its goal."""
        due, self._cancel_due = self._cancel_due, False
        if due:
            self._cancel_sent_at_s = self._watch.elapsed_s
        return due

    @property
    def note(self) -> str:
        """Say what keeps the robot from walking, if anything does."""
        if self.goal is None:
            return ''
        if self.feedback is None:
            silent = self._watch.elapsed_s - self._set_at_s >= self._retry_s
            return 'the navigator has not answered yet' if silent else ''
        if self.feedback.state in (NavigationState.BLOCKED, NavigationState.HELD):
            return f'{self.feedback.state.value}: {self.feedback.reason}'.rstrip(': ')
        return ''

    def _insist_on_cancel(self, feedback: NavigationFeedback) -> None:
        """Cancel again when a cancel was lost on the way and the robot walks on."""
        if feedback.goal_id != self._cancelled_id or not self._cancelled_id or feedback.state.is_final:
            return
        if not self._cancel_due and self._watch.elapsed_s - self._cancel_sent_at_s >= self._retry_s:
            self._cancel_due = True
