"""Leading a visitor as an errand: the robot goes ahead, waits for him, and says on a topic how it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lepatrol.behaviours.errand import Ending, Errand, Result
from lepatrol.behaviours.visit import Crew
from lepatrol.greeting.leading import Leading
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.leading import LeadOrder, LeadReport, LeadState
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track
from lepatrol.settings.leading import LeadSettings

_RESULTS = {LeadState.ARRIVED: Result.DONE, LeadState.AT_EDGE: Result.DONE, LeadState.ENDED: Result.ENDED}
_WORDS = {
    LeadState.ARRIVED: 'the visitor is there', LeadState.AT_EDGE: 'visitors may not go on',
    LeadState.GIVEN_UP: 'the visitor did not follow', LeadState.ENDED: 'it was called off',
    LeadState.WAITING: 'waiting for the visitor', LeadState.LEADING: 'the visitor follows'}


class Lead(Errand):
    """Lead one visitor; ``report`` is called once for each state."""

    kind = BehaviourKind.GREET

    def __init__(
        self, order: LeadOrder, way_m: Sequence[Point2], crew: Crew, settings: LeadSettings, *,
        may_enter: Callable[[Point2], bool], tracks: Callable[[], Sequence[Track]],
        place: Callable[[], Point2 | None], report: Callable[[LeadReport], None],
    ) -> None:
        """Ask nothing yet; ``tracks`` and ``place`` tell what is followed and where the robot is."""
        super().__init__(f'lead {order.conversation}', f'a visitor asked to be led to {order.place}')
        self._order = order
        self._crew = crew
        self._tracks, self._place, self._report = tracks, place, report
        self._leading = Leading(way_m, may_enter, settings, track_id=order.track_id, seen_m=order.seen_m,
                                now_s=crew.watch.elapsed_s)
        self._goal: NavigationGoal | None = None
        self._heading_for: Point2 | None = None
        self._told: LeadState | None = None
        self._failure = ''

    @property
    def conversation(self) -> str:
        """Return whose visitor is led."""
        return self._order.conversation

    def tick(self) -> Ending | None:
        """Go on, wait, or end."""
        robot_m = self._place()
        if robot_m is not None:
            self._look_at_goal()
            self._leading.step(self._tracks(), robot_m, self._crew.watch.elapsed_s)
        self._steer()
        return self._tell()

    def interrupt(self) -> None:
        """Take the goal back."""
        self._drop()

    def call_off(self) -> None:
        """End it at the next tick: the visitor wants to be led no farther."""
        self._leading.end(LeadState.ENDED)

    def end(self, reason: str) -> None:
        """End it from outside, and tell the visitor's side."""
        self._failure = reason
        self._leading.end(LeadState.ENDED)
        self._drop()
        self._tell()

    def _look_at_goal(self) -> None:
        feedback = self._crew.pilot.feedback
        if self._goal is None or feedback is None or not feedback.state.is_final:
            return
        if feedback.state is NavigationState.REACHED:
            self._drop()
            self._leading.reached()
        elif feedback.state is NavigationState.CANCELLED:
            self._drop()
        else:
            self._failure = feedback.reason or f'the navigator says {feedback.state.value}'
            self._leading.end(LeadState.FAILED)

    def _steer(self) -> None:
        """Have the goal that leading wants, or none."""
        wanted = self._leading.goal_m
        if wanted == self._heading_for and (wanted is None) == (self._goal is None):
            return
        self._drop()
        if wanted is not None:
            self._goal, self._heading_for = self._crew.pilot.send(*wanted, None), wanted

    def _drop(self) -> None:
        if self._goal is not None:
            self._crew.pilot.drop(self._goal)
        self._goal, self._heading_for = None, None

    def _tell(self) -> Ending | None:
        state = self._leading.state
        words = self._failure or _WORDS.get(state, '')
        self.note = words
        if state is not self._told:
            self._told = state
            self._report(LeadReport(self._order.conversation, self._order.place, state, words))
        if not state.is_final:
            return None
        return Ending(_RESULTS.get(state, Result.FAILED), words)
