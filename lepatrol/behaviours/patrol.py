"""The patrol: takes orders, walks missions, and answers for what it does."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lepatrol.behaviours.arbiter import Claim
from lepatrol.behaviours.mission_run import IN_OBSTACLE, IsFree, MissionRun, Outcome
from lepatrol.behaviours.odometer import Odometer
from lepatrol.behaviours.photographer import Photographer
from lepatrol.behaviours.pilot import Pilot
from lepatrol.behaviours.progress_keeper import ProgressKeeper
from lepatrol.behaviours.recharge import Recharge
from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.behaviours.visit import Crew
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.commands import Command, Goto, Home, Pause, Resume, Skip, Start, Stop, parse_command
from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissedWaypoint, Mission, MissionState, MissionStatus, PhotoRequest
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal
from lepatrol.model.observation import BatteryState, PoseEstimate
from lepatrol.model.site import Medium, Site, Waypoint
from lepatrol.planning.energy_budget import EnergyBudget
from lepatrol.planning.progress import Progress, ProgressStore
from lepatrol.planning.route import (
    in_the_air,
    landing_place,
    mission_from_goto,
    mission_from_start,
    mission_from_waypoints,
    visits_of_round,
)
from lepatrol.settings.patrol import PatrolSettings

_LONGEST_QUOTE = 256
_STOPPED = 'stopped by the operator'
_REST = (MissionState.IDLE, MissionState.DONE, MissionState.ABORTED, MissionState.STOPPED)


@dataclass(frozen=True, slots=True)
class PatrolOutput:
    """What must be sent now; each goal, cancel and request is given once, when it is due."""

    goal: NavigationGoal | None = None
    cancel: bool = False
    photo: PhotoRequest | None = None


class Patrol:
    """Carry out an operator's orders; never blocks, and is told the time.

    - *start*, a mission of poses, *goto* and *home* replace whatever is going on; the new goal replaces the old one.
    - *pause* cancels the goal and keeps waypoint and finished actions; *resume* walks to the waypoint again and goes
      on with the first action not finished, from its beginning. Each is refused when there is nothing to do.
    - *skip* on the way counts the waypoint as missed; while acting (or paused in an action) it leaves out the rest of
      the actions. It may be said while paused, and the patrol stays paused. On the way home it is refused.
    - *stop* ends in STOPPED where the robot stands; *home* ends in IDLE at home.
    - A waypoint's failure policy HOME ends in ABORTED at home; ABORT ends in ABORTED at once. Home itself is tried as
      often as its own policy says (RETRY: its retries; else once), then the patrol is ABORTED where it stands.
    - A refused order changes nothing but the reply.

    A flying robot takes routes of the air, hovers over places on the ground, and lands at home when its mission is
    over. *stop* sends it home to land, and ends in STOPPED there; said again on the way, it ends at once and the robot
    hovers.

    A robot whose battery is low leaves its mission paused and goes home, a flying one also from its rest; charged, it
    goes on with what no operator has paused or ended, unless even so its next waypoint is out of reach. Meanwhile it
    may be stopped or sent home, but takes no other mission.

    Something else may have the robot for a while: ``hold`` interrupts what is going on, and once ``let_go`` is said it
    goes on where it was left.
    """

    def __init__(
        self, site: Site, settings: PatrolSettings, store: ProgressStore | None = None, *,
        is_free: IsFree | None = None, logger: logging.Logger | None = None, medium: Medium = Medium.GROUND,
        budget: EnergyBudget | None = None,
    ) -> None:
        """Go on with the mission that ``store`` holds, if it holds one that was not over.

        Damaged progress is set aside, said in the status, and the patrol starts idle. ``is_free(x, y)`` tells whether
        the robot can stand at a place of ``map``; without it every place is taken as free. ``medium`` is where the
        robot moves. With a ``budget`` it goes home to charge while what is left is enough for the way, and begins no
        mission that it is too little for.
        """
        self._site = site
        self.medium = medium
        self._settings = settings
        self._log = logger or logging.getLogger(__name__)
        self._is_free: IsFree = is_free or (lambda x, y: True)
        self._keeper = ProgressKeeper(store, self._log)
        progress = self._keeper.load()
        self._watch = Stopwatch()
        self._pilot = Pilot(self._watch, settings.goal_retry_s, last_goal_id=progress.last_goal_id if progress else 0)
        self._photographer = Photographer()
        self.crew = Crew(self._watch, self._pilot, self._photographer, settings.photo_timeout_s)
        """Those that the robot works with, for whatever else is to be done with it."""
        self._recharge = Recharge(
            self.crew, landing_place(site), settings.battery, retry_s=settings.goal_retry_s, logger=self._log,
            dock=site.dock if medium is Medium.GROUND else None, budget=budget)
        self._odometer = Odometer()
        self._run: MissionRun | None = None
        self._rest: MissionState | None = MissionState.IDLE
        self._paused = self._charging = False
        self._held = ''
        self._message = self._keeper.message
        self._reply_to = self._reply = ''
        if progress is not None and progress.state not in _REST:
            self._go_on(progress)

    def on_command(self, text: str, now_s: float) -> None:
        """Carry out one line of ``patrol/command``, or refuse it with the reason."""
        self.answer(text, now_s, lambda: self.carry_out(parse_command(text)))

    def on_mission(self, waypoints: Sequence[Waypoint], now_s: float) -> None:
        """Walk these waypoints of ``map`` once, now."""
        self.answer(f'mission of {len(waypoints)} poses', now_s, lambda: self._begin(self._fitted(
            mission_from_waypoints(waypoints, max_poses=self._settings.max_mission_poses), lands=True)))

    def on_goto_pose(self, pose: Pose2, now_s: float) -> None:
        """End the mission and go to this pose of ``map``."""
        self.answer(f'goto pose {pose.x_m:.2f} {pose.y_m:.2f}', now_s, lambda: self._begin(self._fitted(
            mission_from_waypoints(
                [Waypoint('goal-pose', pose.x_m, pose.y_m, pose.yaw_rad)], max_poses=1, name='goto goal-pose')),
            is_order=True))

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Count the distance walked, while there is a mission, and what it costs."""
        self._recharge.on_pose(estimate)
        if self._rest is None:
            self._odometer.on_pose(estimate)

    def on_battery(self, state: BatteryState) -> None:
        """Take the battery's charge."""
        self._recharge.on_battery(state)

    def on_feedback(self, feedback: NavigationFeedback) -> None:
        """Take the navigator's answer."""
        self._pilot.on_feedback(feedback)

    def on_photo(self, stamp_s: float, name: str) -> None:
        """Take the news that a picture was taken at ``stamp_s`` and is called ``name``.

        One that comes while paused still counts for the action that ordered it.
        """
        if self._photographer.on_photo(stamp_s, name):
            self._log.info('photo taken: %s', name)
            if self._paused and not self._held and self._run is not None:
                self._photographer.forget()
                self._run.finish_action()
                self._keep()

    def on_photo_failed(self, stamp_s: float, reason: str) -> None:
        """Take the news that the picture asked for at ``stamp_s`` cannot be taken."""
        self._photographer.on_failed(stamp_s, reason)

    def refuse(self, reply_to: str, reason: str) -> None:
        """Refuse a message that its receiver could not even read, such as a mission in another frame."""
        self._reply_to, self._reply = reply_to[:_LONGEST_QUOTE], f'refused: {reason}'
        self._log.warning('%s: %s', self._reply_to, self._reply)

    def update(self, now_s: float) -> PatrolOutput:
        """Advance the mission and return what must be sent now; progress is on disk before it returns."""
        self.advance(now_s)
        self.tick()
        return self.send()

    def advance(self, now_s: float) -> None:
        """Note the time, and see to the battery: whether the robot must go home, or may go on."""
        self._watch.advance(now_s)
        self._mind_battery()

    def tick(self) -> None:
        """Advance what is going on without blocking, unless the patrol is held."""
        if self._held:
            return
        if self._recharge.is_begun:
            self._recharge.tick()
        elif self._run is not None and self._rest is None and not self._paused:
            self._tick(self._run)

    def send(self) -> PatrolOutput:
        """Return what must be sent now; progress is on disk before it returns."""
        output = PatrolOutput(
            self._pilot.outgoing(), self._pilot.take_cancel(), self._photographer.take_request())
        self._keep()
        return output

    @property
    def claim(self) -> Claim | None:
        """Return what it wants the robot for, None for nothing."""
        if self._recharge.is_begun:
            return Claim(BehaviourKind.BATTERY, 'recharge', self._recharge.note)
        if self._run is None or self._rest is not None or self._paused:
            return None
        if self._run.progress.is_order:
            return Claim(BehaviourKind.ORDER, 'order', f'the operator ordered: {self._run.mission.name}')
        return Claim(BehaviourKind.PATROL, 'patrol', f'the mission {self._run.mission.name} goes on')

    @property
    def is_under_way(self) -> bool:
        """Tell whether there is a mission that is neither over nor paused by the operator."""
        return self.has_mission and not self.is_paused

    @property
    def is_paused(self) -> bool:
        """Tell whether the operator has paused the mission."""
        return self._rest is None and self._paused and not self._charging

    @property
    def has_mission(self) -> bool:
        """Tell whether there is a mission that is not over."""
        return self._run is not None and self._rest is None

    def charge_refusal(self, visits: Sequence[Waypoint]) -> str:
        """Say why these places cannot be gone to on what the battery holds, '' if they can."""
        return self._recharge.refusal(visits)

    def hold(self, reason: str) -> None:
        """Interrupt what is going on: something else has the robot, for this reason."""
        if not self._held:
            if self._run is not None and self._rest is None:
                self._run.interrupt()
            self._recharge.interrupt()
            self._photographer.forget()
        self._held = reason

    def let_go(self) -> None:
        """Go on where it was left."""
        self._held = ''

    @property
    def mission(self) -> Mission | None:
        """Return the mission in hand, or the last one; on the way home it has home as its only waypoint."""
        return self._run.mission if self._run is not None else None

    @property
    def plan(self) -> tuple[Waypoint, ...]:
        """Return the waypoints still to come this round, the one being visited first."""
        if self._run is None or self._rest is not None:
            return ()
        return self._run.visits[self._run.progress.visit:]

    @property
    def status(self) -> MissionStatus:
        """Return how the mission stands; when it is done, ``visit`` is ``visits``."""
        status = MissionStatus(
            stamp_s=self._watch.now_s, state=self.state, message=self._told, reply_to=self._reply_to,
            reply=self._reply, distance_walked_m=self._odometer.distance_m)
        if self._run is None:
            return status
        progress, visits = self._run.progress, len(self._run.visits)
        resting = self._rest is not None
        return dataclasses.replace(
            status, mission=progress.mission.name, round=progress.round, rounds=progress.mission.rounds,
            waypoint='' if resting else self._run.waypoint.name, action=self._run.action,
            visit=visits if self._rest is MissionState.DONE else progress.visit, visits=visits, missed=progress.missed)

    @property
    def state(self) -> MissionState:
        """Return what the mission is at, in a word."""
        if self._recharge.is_on_the_way:
            return MissionState.GOING_HOME
        if self._rest is not None or self._run is None:
            return self._rest or MissionState.IDLE
        if self._paused:
            return MissionState.PAUSED
        if self._held:
            return MissionState.INTERRUPTED
        if self._run.progress.homeward:
            return MissionState.GOING_HOME
        return MissionState.ACTING if self._run.action else MissionState.WALKING

    @property
    def _told(self) -> str:
        parts = (self._held, self._run.message if self._run and self._rest is None else '', self._message,
                 self._recharge.note, self._pilot.note, self._keeper.trouble)
        return '; '.join(part for part in parts if part)

    def answer(self, reply_to: str, now_s: float, carry_out: Callable[[], object]) -> None:
        """Do what an order says, and keep the answer: ok, or refused with the reason of a CommandError."""
        self._watch.advance(now_s)
        try:
            carry_out()
        except CommandError as error:
            self.refuse(reply_to, str(error))
            return
        self._reply_to, self._reply = reply_to[:_LONGEST_QUOTE], 'ok'
        self._log.info('%s: ok', self._reply_to)
        self._keep()

    def carry_out(self, command: Command) -> None:
        """Do what one of the patrol's own orders says.

        :raises CommandError: with the reason why it cannot be done; nothing has changed then.
        """
        if isinstance(command, Start):
            self._begin(self._fitted(mission_from_start(command, self._site, self.medium), lands=True))
        elif isinstance(command, Goto):
            self._begin(self._fitted(mission_from_goto(command, self._site)), is_order=True)
        elif isinstance(command, Home):
            self._go_home(MissionState.IDLE, is_order=True)
        elif isinstance(command, Pause):
            self._pause()
        elif isinstance(command, Resume):
            self._resume()
        elif isinstance(command, Skip):
            self._skip()
        elif isinstance(command, Stop):
            run = self._active_run('stop')
            if self.medium is Medium.AIR and not run.progress.homeward:
                self._go_home(MissionState.STOPPED, _STOPPED, is_order=True)
            else:
                self._end(MissionState.STOPPED, _STOPPED)
        else:
            raise CommandError(f'the patrol alone does not know how to {type(command).__name__.lower()}')

    def _fitted(self, mission: Mission, *, lands: bool = False) -> Mission:
        """Return a mission as this robot takes it; a flying one may land at home in the end."""
        if self.medium is not Medium.AIR:
            return mission
        return in_the_air(mission, self._settings.hover_height_m, landing_place(self._site) if lands else None)

    def _check_charge(self, visits: Sequence[Waypoint] = ()) -> None:
        refusal = self._recharge.refusal(visits)
        if refusal:
            raise CommandError(refusal)

    def _mind_battery(self) -> None:
        """Go home to charge when the battery is low, and go on when it is charged."""
        recharge, run = self._recharge, self._run if self._rest is None else None
        if not recharge.is_needed and (recharge.is_begun or self._charging):
            recharge.end()
            if self._charging and (lacking := recharge.refusal(self.plan[:1])):
                self._end(MissionState.ABORTED, f'{self.plan[0].name} is out of reach: {lacking}')
            elif self._charging:
                self._resume()
        elif recharge.is_needed and not recharge.is_begun:
            if run is not None and run.progress.homeward and not self._paused:
                return
            stays = run is None or (self._paused and not self._charging)
            if self.medium is Medium.GROUND and stays and not recharge.leaves_rest:
                return
            if run is not None and not self._paused:
                run.interrupt()
                self._paused = self._charging = True
                self._message = ''
            recharge.begin()

    def _active_run(self, verb: str) -> MissionRun:
        if self._run is None or self._rest is not None:
            raise CommandError(f'there is nothing to {verb}, the patrol is {self.state.value}')
        return self._run

    def _pause(self) -> None:
        run = self._active_run('pause')
        if self._charging:
            self._charging, self._message = False, 'paused by the operator'
            return
        if self._paused:
            raise CommandError('the patrol is paused already')
        run.interrupt()
        self._paused = True
        self._message = 'paused by the operator'

    def _resume(self) -> None:
        self._active_run('resume')
        if not self._paused:
            raise CommandError(f'the patrol is not paused, it is {self.state.value}')
        self._check_charge()
        self._recharge.end()
        self._paused = self._charging = False
        self._photographer.forget()
        self._message = ''

    def _skip(self) -> None:
        run = self._active_run('skip')
        if run.progress.homeward:
            raise CommandError('the way home cannot be skipped; say stop')
        self._photographer.forget()
        self._settle(run.skip())

    def _begin(
        self, mission: Mission, *, ends_in: MissionState = MissionState.DONE, missed: tuple[MissedWaypoint, ...] = (),
        reason: str = '', is_order: bool = False,
    ) -> None:
        """Replace what is going on; ``missed`` is what was missed so far when this is the way home."""
        is_homeward = ends_in is not MissionState.DONE
        if not is_homeward:
            self._check_charge(visits_of_round(mission, 1))
        if not any(self._is_free(waypoint.x_m, waypoint.y_m) for waypoint in mission.waypoints):
            first = mission.waypoints[0].name
            raise CommandError(f'no waypoint of {mission.name} can be reached: {first} {IN_OBSTACLE}')
        if self._run is not None:
            self._run.interrupt()
        self._recharge.end()
        self._photographer.forget()
        if not is_homeward or self._rest is not None:
            self._odometer = Odometer()
        self._run = self._new_run(Progress(
            mission, self._pilot.next_id(), missed=missed, ends_in=ends_in, reason=reason,
            is_order=is_order))
        self._rest, self._paused, self._charging, self._message = None, False, False, ''

    def _go_home(self, ends_in: MissionState, reason: str = '', *, is_order: bool = False) -> None:
        """Go home, and be in that state there; ``reason`` says why in words."""
        ended = self._run if self._rest is None else None
        self._begin(
            Mission(ended.mission.name if ended else 'home', (landing_place(self._site),)),
            ends_in=ends_in, missed=ended.progress.missed if ended else (), reason=reason,
            is_order=is_order)
        self._message = f'going home: {reason}' if reason else 'going home'

    def _new_run(self, progress: Progress) -> MissionRun:
        return MissionRun(
            self.crew, progress, is_free=self._is_free, retry_delay_s=self._settings.goal_retry_s, logger=self._log)

    def _go_on(self, progress: Progress) -> None:
        self._odometer.distance_m = progress.distance_walked_m
        self._rest, self._paused = None, progress.state is MissionState.PAUSED
        if self._paused and progress.charging:
            self._charging = self._recharge.is_needed = True
        self._run = self._new_run(progress)
        self._message = 'resumed after restart'
        self._log.info('resumed after restart: %s, round %d, %s',
                       progress.mission.name, progress.round, self._run.waypoint.name)

    def _tick(self, run: MissionRun) -> None:
        before = run.progress
        outcome = run.tick()
        if (before.round, before.visit) != (run.progress.round, run.progress.visit) and not before.homeward:
            self._message = ''
        self._settle(outcome)

    def _settle(self, outcome: Outcome | None) -> None:
        """Act on how a run ended, if it ended."""
        if outcome is None or self._run is None:
            return
        progress = self._run.progress
        if outcome.state is MissionState.GOING_HOME:
            try:
                self._go_home(MissionState.ABORTED, outcome.message)
            except CommandError as error:
                self._end(MissionState.ABORTED, f'{outcome.message}; cannot go home: {error}')
        elif progress.homeward and outcome.state is MissionState.DONE:
            self._end(progress.ends_in, f'{progress.reason}; at home' if progress.reason else 'at home')
        else:
            self._end(outcome.state, outcome.message)

    def _end(self, state: MissionState, message: str) -> None:
        if self._run is not None:
            self._run.interrupt()
        self._photographer.forget()
        self._rest, self._paused, self._charging, self._message = state, False, False, message
        self._log.info('%s: %s', state.value, message)

    def _keep(self) -> None:
        if self._run is not None:
            progress = self._run.progress
            self._keeper.keep(dataclasses.replace(
                progress, charging=self._charging,
                state=self._rest or (MissionState.PAUSED if self._paused else MissionState.WALKING),
                distance_walked_m=self._odometer.distance_m, last_goal_id=self._pilot.last_goal_id))
