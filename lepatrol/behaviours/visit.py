"""The visit of one waypoint as a behaviour tree: walk there, then do one action after the other.

The leaves are handed the crew they work with, so no blackboard is used. They never block; a leaf that is interrupted
takes back what it had asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from py_trees.composites import Sequence
from py_trees.decorators import Decorator

from lepatrol.behaviours.photographer import Photographer
from lepatrol.behaviours.pilot import Pilot
from lepatrol.behaviours.speaker import Speaker
from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.behaviours.surveyor import Surveyor
from lepatrol.model.mission import PhotoRequest
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.site import Look, Wait, Waypoint, WaypointAction


@dataclass(frozen=True, slots=True)
class Crew:
    """Those that visits and errands work with, shared by all of a robot's."""

    watch: Stopwatch
    pilot: Pilot
    photographer: Photographer
    photo_timeout_s: float
    speaker: Speaker = field(default_factory=Speaker)
    surveyor: Surveyor = field(init=False)

    def __post_init__(self) -> None:
        """Let the surveyor go by the same watch."""
        object.__setattr__(self, 'surveyor', Surveyor(self.watch))


class GoTo(Behaviour):
    """Walk to a place: RUNNING until the navigator says how it ended; then ``feedback_message`` says why it failed."""

    def __init__(self, crew: Crew, waypoint: Waypoint, yaw_rad: float | None) -> None:
        """Ask nothing of the navigator yet."""
        super().__init__(f'go to ({waypoint.x_m:.2f}, {waypoint.y_m:.2f})')
        self._crew = crew
        self._place = (waypoint.x_m, waypoint.y_m, yaw_rad, waypoint.z_m)
        self._goal: NavigationGoal | None = None

    def initialise(self) -> None:
        """Set the goal."""
        self.feedback_message = ''
        self._goal = self._crew.pilot.send(*self._place)

    def update(self) -> Status:
        """Look at the navigator's last answer."""
        feedback = self._crew.pilot.feedback
        if feedback is None or not feedback.state.is_final:
            return Status.RUNNING
        if feedback.state is NavigationState.REACHED:
            return Status.SUCCESS
        if feedback.state is NavigationState.CANCELLED:
            # Not by us: a late cancel of an earlier goal, or somebody else. The place is still to be gone to.
            self._goal = self._crew.pilot.send(*self._place, later=True)
            return Status.RUNNING
        self.feedback_message = feedback.reason or f'the navigator says {feedback.state.value}'
        return Status.FAILURE

    def terminate(self, new_status: Status) -> None:
        """Take the goal back if it is not over."""
        if self._goal is not None:
            self._crew.pilot.drop(self._goal)
            self._goal = None


class Stand(Behaviour):
    """Stand still for a while."""

    def __init__(self, crew: Crew, duration_s: float) -> None:
        """Begin to count when first ticked."""
        super().__init__(f'stand {duration_s:g} s')
        self._crew = crew
        self._duration_s = duration_s
        self._began_s = 0.0

    def initialise(self) -> None:
        """Begin to count."""
        self._began_s = self._crew.watch.elapsed_s

    def update(self) -> Status:
        """Look at the time that has passed."""
        # Times are sums of steps: what is a nanosecond short of the end is the end.
        over = self._crew.watch.elapsed_s - self._began_s >= self._duration_s - 1e-9
        return Status.SUCCESS if over else Status.RUNNING


class TakePhoto(Behaviour):
    """Order a picture and wait for it: FAILURE if it cannot be taken or does not come in time."""

    def __init__(self, crew: Crew, waypoint: str, round_number: int, caption: str) -> None:
        """Order nothing yet."""
        super().__init__('take photo')
        self._crew = crew
        self._waypoint, self._round, self._caption = waypoint, round_number, caption
        self._began_s = 0.0

    def initialise(self) -> None:
        """Order the next picture from now on."""
        watch = self._crew.watch
        self.feedback_message = ''
        self._began_s = watch.elapsed_s
        self._crew.photographer.ask(PhotoRequest(watch.now_s, self._waypoint, self._round, self._caption))

    def update(self) -> Status:
        """Look whether the picture has come."""
        photographer, timeout_s = self._crew.photographer, self._crew.photo_timeout_s
        if photographer.name is not None:
            return Status.SUCCESS
        if photographer.failure is not None:
            self.feedback_message = photographer.failure
            return Status.FAILURE
        if self._crew.watch.elapsed_s - self._began_s >= timeout_s:
            self.feedback_message = f'no picture came within {timeout_s:g} s'
            return Status.FAILURE
        return Status.RUNNING

    def terminate(self, new_status: Status) -> None:
        """Stop waiting; when interrupted the order stands, for a picture already on its way counts."""
        if new_status is not Status.INVALID:
            self._crew.photographer.forget()


class Act(Decorator):
    """One action of a waypoint: report how it ended, and go on either way."""

    def __init__(self, child: Behaviour, begin: Callable[[], None], end: Callable[[str], None]) -> None:
        """Call ``begin`` when the action begins and ``end`` with the reason if it failed, else with ''."""
        super().__init__(child.name, child)
        self._begin, self._end = begin, end

    def initialise(self) -> None:
        """Report that the action begins."""
        self._begin()

    def update(self) -> Status:
        """Report the end once it is there."""
        if self.decorated.status is Status.RUNNING:
            return Status.RUNNING
        self._end(failure_reason(self.decorated) if self.decorated.status is Status.FAILURE else '')
        return Status.SUCCESS


class Visit:
    """Walk to a waypoint and do its actions from ``first_action`` on; ``on_action(index, reason)`` as each ends."""

    def __init__(
        self, crew: Crew, waypoint: Waypoint, round_number: int, *,
        first_action: int = 0, delay_s: float = 0.0, on_action: Callable[[int, str], None],
    ) -> None:
        """Build the tree; nothing is asked of anybody before the first tick. Walking begins after ``delay_s``."""
        self.waypoint = waypoint
        self.action: int | None = None
        """The action in hand; None while walking."""
        self._on_action = on_action
        leaves: list[Behaviour] = [Stand(crew, delay_s)] if delay_s > 0.0 else []
        leaves.append(GoTo(crew, waypoint, waypoint.yaw_rad))
        for index, action in enumerate(waypoint.actions[first_action:], start=first_action):
            leaves.append(self._act(index, action_tree(crew, waypoint, round_number, action)))
        self._tree = Sequence(f'visit {waypoint.name}', memory=True, children=leaves)

    def tick(self) -> bool | None:
        """Advance without blocking: True when done, False when the waypoint cannot be reached, None while under way."""
        self._tree.tick_once()
        return {Status.SUCCESS: True, Status.FAILURE: False}.get(self._tree.status)

    @property
    def reason(self) -> str:
        """Say why the waypoint could not be reached."""
        return failure_reason(self._tree)

    def stop(self) -> None:
        """Interrupt whatever is going on and take back what was asked."""
        self._tree.stop(Status.INVALID)

    def _act(self, index: int, child: Behaviour) -> Behaviour:
        def begin() -> None:
            self.action = index

        def end(reason: str) -> None:
            self._on_action(index, reason)

        return Act(child, begin, end)


def action_tree(crew: Crew, waypoint: Waypoint, round_number: int, action: WaypointAction) -> Behaviour:
    """Return the tree that does one action, standing at the waypoint."""
    if isinstance(action, Wait):
        return Stand(crew, action.duration_s)
    leaves: list[Behaviour] = []
    if isinstance(action, Look):
        for heading in action.headings_rad:
            leaves += [GoTo(crew, waypoint, heading), Stand(crew, action.pause_s)]
        return Sequence('look', memory=True, children=leaves)
    if action.heading_rad is not None:
        leaves.append(GoTo(crew, waypoint, action.heading_rad))
    leaves.append(TakePhoto(crew, waypoint.name, round_number, action.caption))
    return Sequence('photo', memory=True, children=leaves)


def describe(action: WaypointAction) -> str:
    """Say in words what an action is."""
    if isinstance(action, Wait):
        return f'wait {action.duration_s:g} s'
    if isinstance(action, Look):
        return 'look ' + ', '.join(f'{math.degrees(heading):.0f}°' for heading in action.headings_rad)
    return f'photo: {action.caption}' if action.caption else 'photo'


def failure_reason(tree: Behaviour) -> str:
    """Return what the failed leaf of a tree says."""
    for node in tree.iterate():
        if node.status is Status.FAILURE and node.feedback_message and not node.children:
            return node.feedback_message
    return 'for an unknown reason'
