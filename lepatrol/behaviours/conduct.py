"""All that a robot does, under one hand: the round, what interrupts it, and the operator's word."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lepatrol.behaviours.arbiter import Arbiter, Claim
from lepatrol.behaviours.caseload import Caseload
from lepatrol.behaviours.casework import Casework, MinuteOfDay
from lepatrol.behaviours.errand import CaseErrand, Ending, Errand, Result
from lepatrol.behaviours.guide import Guide
from lepatrol.behaviours.handover import HandOver
from lepatrol.behaviours.leave_zone import LeaveZone
from lepatrol.behaviours.lockdown import Lockdown
from lepatrol.behaviours.lockdown_keeper import LockdownKeeper
from lepatrol.behaviours.own_zones import OwnZones
from lepatrol.behaviours.patrol import Patrol
from lepatrol.behaviours.registrar import Registrar
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.zone_keeper import ZoneKeeper
from lepatrol.model import commands
from lepatrol.model.alerts import Alert
from lepatrol.model.behaviour import BehaviourChange, BehaviourKind
from lepatrol.model.cases import Case
from lepatrol.model.errors import CommandError, PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.handover import HandOverMessage, Offer
from lepatrol.model.inspection import Study, StudyRequest
from lepatrol.model.leading import LeadReport
from lepatrol.model.mission import MissionStatus, PhotoRequest
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2, Site, Waypoint
from lepatrol.model.tracks import Track
from lepatrol.settings.conduct import ConductSettings

_LOCKED = 'the site is locked down; say release first'


@dataclass(frozen=True, slots=True)
class ConductOutput:
    """What must be sent now; each goal, cancel, request and sentence is given once, when it is due."""

    goal: NavigationGoal | None = None
    cancel: bool = False
    photo: PhotoRequest | None = None
    speech: tuple[str, ...] = ()
    study: StudyRequest | None = None
    cases: tuple[Case, ...] = ()
    """Cases that have been opened or settled."""
    zones: str | None = None
    """All that is known of zones that came up, when it has changed."""
    leading: tuple[LeadReport, ...] = ()
    way: tuple[Point2, ...] | None = None
    """The way that a visitor asked for."""
    handover: tuple[HandOverMessage, ...] = ()
    """What all robots must hear of people who are handed over."""
    lockdown: str | None = None
    """The word of a lockdown, when it has changed."""
    change: BehaviourChange | None = None
    """The change of behaviour that this step brought, if it brought one."""


class Conduct:
    """Step the patrol and its errands; an arbiter says which of them has the robot.

    Alerts become cases by the policies of the site. Those that the robot is to see to become errands, which interrupt
    the round and give it back. *pause* holds everything, *skip* ends the errand in hand, and *stop* and every order
    that sends the robot elsewhere end all errands. A lockdown interrupts everything until it is released.
    """

    def __init__(
        self, patrol: Patrol, site: Site, settings: ConductSettings, *, scout: Scout, registrar: Registrar,
        minute_of_day: MinuteOfDay, zones: ZoneKeeper | None = None,
        lockdown: LockdownKeeper | None = None, post: Waypoint | None = None, caseload: Caseload | None = None,
        robot: str = '', logger: logging.Logger | None = None,
    ) -> None:
        """Take up the open cases of ``caseload``.

        ``scout`` tells where to look at something from, ``registrar`` keeps what inspections come to, and ``zones``
        and ``lockdown`` share what robots share, in the name of ``robot``. ``post`` is where the robot goes in a
        lockdown; with None it stops where it is.
        """
        self._patrol = patrol
        self._site = site
        self._post = post
        self._medium = patrol.medium
        self._scout = scout
        self._settings = settings
        self._log = logger or logging.getLogger(__name__)
        self.zones = zones or ZoneKeeper(None, self._log, site_zones=site.zones)
        """The zones that come up while robots drive."""
        self._handover = HandOver(
            robot, patrol.crew.watch, answer_s=settings.follow.answer_s, may_take=self._way_to_offered_m)
        self._casework = Casework(
            caseload or Caseload(None, self._log), site, patrol.crew, settings, scout=scout, registrar=registrar,
            zones=OwnZones(self.zones, patrol.crew.watch, robot), handover=self._handover,
            minute_of_day=minute_of_day, logger=self._log)
        self.guide = Guide(site, patrol.crew, settings.lead, scout.way_to)
        """What the greeter asks for."""
        self.lockdown = lockdown or LockdownKeeper(None, robot, self._log)
        """Whether the site is locked down."""
        self._way_out = LeaveZone(patrol.crew, retry_s=settings.retry_s)
        self._caseload = self._casework.caseload
        self._arbiter = Arbiter()
        self._standstill: Lockdown | None = None
        self._estop = False
        self._teleop_s = -math.inf
        self._is_paused = False

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return all cases, the oldest first."""
        return self._caseload.cases

    @property
    def behaviour(self) -> BehaviourKind | None:
        """Return what has the robot."""
        return self._arbiter.holder.kind if self._arbiter.holder else None

    @property
    def doing(self) -> str:
        """Say in a word what has the robot besides its round or its rest, which no schedule interrupts."""
        kind = self.behaviour
        return '' if kind is None or kind is BehaviourKind.PATROL else kind.value

    @property
    def status(self) -> MissionStatus:
        """Return how mission and errands stand."""
        status, holder, errand = self._patrol.status, self._arbiter.holder, self._errand_in_hand
        told = (errand.note if errand else '', status.message, self._caseload.trouble, self.zones.message,
                self.zones.trouble, self.lockdown.trouble)
        return dataclasses.replace(
            status, message='; '.join(part for part in told if part), behaviour=self.behaviour,
            behaviour_reason=holder.reason if holder else '')

    def on_command(self, text: str, now_s: float) -> None:
        """Carry out one line of ``patrol/command``, or refuse it with the reason."""
        self._patrol.answer(text, now_s, lambda: self._carry_out(commands.parse_command(text), now_s))

    def on_mission(self, waypoints: Sequence[Waypoint], now_s: float) -> None:
        """Walk these waypoints of ``map`` once, now."""
        self._replace_all('mission', lambda: self._patrol.on_mission(waypoints, now_s), now_s)

    def on_goto_pose(self, pose: Pose2, now_s: float) -> None:
        """End what is going on and go to this pose of ``map``."""
        self._replace_all('goto pose', lambda: self._patrol.on_goto_pose(pose, now_s), now_s)

    def on_point(self, point_m: Point2, now_s: float) -> None:
        """Inspect what lies at a point of ``map``, as RViz's Publish Point asks for."""
        name = f'inspect point {point_m[0]:.2f} {point_m[1]:.2f}'
        self._patrol.answer(name, now_s, lambda: self._carry_out(commands.Inspect(*point_m), now_s))

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        self._patrol.on_pose(estimate)
        self._scout.on_pose(estimate)
        self.guide.on_pose(estimate)
        self._casework.on_pose(estimate)

    def on_estop(self, active: bool) -> None:
        """Note whether the e-stop is pressed; only a plain False releases it."""
        self._estop = active is not False

    def on_teleop(self, now_s: float) -> None:
        """Note that the operator drives by hand."""
        self._teleop_s = now_s

    def on_alert(self, alert: Alert, now_s: float) -> None:
        """Take an alert that was raised, or raised again."""
        is_out = self._patrol.is_under_way or bool(self._casework.errands)
        self._casework.on_alert(alert, now_s, may_respond=is_out and not self.lockdown.is_active)

    def on_tracks(self, tracks: Sequence[Track]) -> None:
        """Take all that perception follows at the moment."""
        self._casework.on_tracks(tracks)
        self.guide.on_tracks(tracks)

    def on_study(self, study: Study) -> None:
        """Take what perception says of an object that it was asked about."""
        self._patrol.crew.surveyor.on_study(study)

    def on_handover(self, message: HandOverMessage, now_s: float) -> None:
        """Take what a robot says of a person who is handed over."""
        awarded = self._handover.on_message(message)
        if awarded is not None:
            self._casework.take_over(awarded, now_s)

    def on_feedback(self, feedback: NavigationFeedback) -> None:
        """Take the navigator's answer."""
        self._patrol.on_feedback(feedback)
        self._way_out.on_trespass(feedback.trespass)

    def on_zone_put(self, text: str, now_s: float) -> None:
        """Have a zone hold from now on, given in the site file's form."""
        self._patrol.answer(f'zones/put {text}', now_s, lambda: self.zones.on_put(text, now_s))

    def on_zone_lifted(self, text: str, now_s: float) -> None:
        """Have the zone of that name hold no longer."""
        self._patrol.answer(f'zones/lift {text}', now_s, lambda: self.zones.on_lift(text, now_s))

    def update(self, now_s: float) -> ConductOutput:
        """Advance whatever has the robot, and return what must be sent now; all is on disk before it returns."""
        self._patrol.advance(now_s)
        self._casework.give_out()
        self._see_to_lockdown()
        before = self._errand_in_hand
        has_changed = self._arbiter.choose(self._claims(now_s), now_s)
        if has_changed:
            self._hand_over(before)
        self._tick(now_s)
        sent, crew = self._patrol.send(), self._patrol.crew
        output = ConductOutput(
            sent.goal, sent.cancel, sent.photo, crew.speaker.take(), crew.surveyor.take_request(),
            self._caseload.take_changes(), self._zone_news(), self.guide.take_reports(), self.guide.take_way(),
            self._handover.take_unsent(), self.lockdown.take_news(), self._arbiter.change if has_changed else None)
        self._caseload.keep()
        return output

    def _zone_news(self) -> str | None:
        """Return all that is known of zones, once it has changed, and plan round them from now on."""
        news = self.zones.take_news()
        if news is not None:
            self._scout.on_zones([zone for zone in self.zones.in_force if zone.keeps_out(self._medium)])
        return news

    @property
    def _errands(self) -> tuple[Errand, ...]:
        return (*([self._standstill] if self._standstill else []), *self._casework.errands, *self.guide.errands)

    @property
    def _errand_in_hand(self) -> Errand | None:
        name = self._arbiter.holder.name if self._arbiter.holder else None
        return next((errand for errand in (*self._errands, self._way_out) if errand.name == name), None)

    def _claims(self, now_s: float) -> list[Claim]:
        claims = []
        if self._estop:
            claims.append(Claim(BehaviourKind.ESTOP, 'estop', 'the e-stop is pressed; it is released by sending false'))
        if 0.0 <= now_s - self._teleop_s < self._settings.hand_back_s:
            claims.append(Claim(BehaviourKind.TELEOP, 'teleop', 'the operator drives by hand'))
        if (own := self._patrol.claim) is not None:
            claims.append(own)
        is_paused = self._is_paused or self._patrol.is_paused
        claims += [
            Claim(errand.kind, errand.name, errand.reason) for errand in self._errands
            if errand.is_wanted and (errand is self._standstill or not is_paused)]
        if not claims and self._way_out.is_wanted:
            claims.append(Claim(self._way_out.kind, self._way_out.name, self._way_out.reason))
        return claims

    def _hand_over(self, before: Errand | None) -> None:
        """Take the robot from whoever had it, and let the patrol know whether it has it now."""
        change, holder, own = self._arbiter.change, self._arbiter.holder, self._patrol.claim
        assert change is not None
        self._log.info('%s -> %s: %s', change.before.value if change.before else 'nothing',
                       change.after.value if change.after else 'nothing', change.reason)
        if before is not None:
            before.interrupt()
        if holder is None or (own is not None and (holder.kind, holder.name) == (own.kind, own.name)):
            self._patrol.let_go()
        else:
            self._patrol.hold(f'{holder.kind.value}: {holder.reason}')
        self._patrol.crew.photographer.forget()

    def _tick(self, now_s: float) -> None:
        errand = self._errand_in_hand
        if errand is None:
            self._patrol.tick()  # which does nothing while it is held
            return
        ending = errand.tick()
        if ending is not None:
            self._end(errand, ending, now_s)

    def _end(self, errand: Errand, ending: Ending, now_s: float) -> None:
        """Take it that an errand is over; a lockdown is not, before it is released."""
        if isinstance(errand, CaseErrand):
            self._casework.end(errand, ending, now_s)
        else:
            errand.interrupt()
            self.guide.end(errand)

    def _see_to_lockdown(self) -> None:
        """Keep the lockdown's errand as long as there is a lockdown, over restarts too."""
        if self.lockdown.is_active and self._standstill is None:
            self._standstill = Lockdown(self._patrol.crew, self._post, retry_s=self._settings.retry_s)
        elif not self.lockdown.is_active and self._standstill is not None:
            self._standstill.interrupt()
            self._standstill = None

    def _way_to_offered_m(self, offer: Offer) -> float | None:
        """Return how far the robot has to go to take over who is offered, None if it does not."""
        holder = self._arbiter.holder
        is_busy = holder is not None and holder.kind.rank <= BehaviourKind.INVESTIGATE.rank
        if is_busy or self.lockdown.is_active or self._is_paused or self._patrol.is_paused or (
                not self._settings.responds):
            return None
        try:
            place = self._scout.view_of(
                offer.position_m, stand_off_m=self._site.follow.distance_m,
                farthest_m=self._settings.follow.farthest_m)
            way = self._scout.way_to((place.x_m, place.y_m))
        except PlanningError:
            return None
        if self._patrol.charge_refusal((place,)):
            return None
        return sum(math.dist(one, other) for one, other in pairwise(way))

    def _carry_out(self, command: commands.Command, now_s: float) -> None:
        if isinstance(command, commands.Release):
            self.lockdown.say(False, now_s)
        elif isinstance(command, commands.Lockdown):
            self.lockdown.say(True, now_s)
        elif isinstance(command, commands.Confirm | commands.Dismiss):
            self._casework.decide(command, now_s)
        elif self.lockdown.is_active and not isinstance(command, commands.Stop | commands.Pause):
            raise CommandError(_LOCKED)
        elif isinstance(command, commands.Approve):
            self._casework.decide(command, now_s)
        elif isinstance(command, commands.Inspect):
            self._casework.open_spot((command.x_m, command.y_m), now_s)
        else:
            self._carry_out_by_patrol(command, now_s)

    def _carry_out_by_patrol(self, command: commands.Command, now_s: float) -> None:
        """Do what the patrol's own orders say, with the errands in mind."""
        errand, errands = self._errand_in_hand, (*self._casework.errands, *self.guide.errands)
        if isinstance(command, commands.Skip) and errand in errands:
            self._end(errand, Ending(Result.ENDED, 'skipped by the operator'), now_s)
        elif isinstance(command, commands.Pause) and errands and not (self._is_paused or self._patrol.has_mission):
            self._is_paused = True
        elif isinstance(command, commands.Resume) and self._is_paused:
            self._is_paused = False
        elif isinstance(command, commands.Stop) and errands and not self._patrol.has_mission:
            self._end_errands('stopped by the operator', now_s)
        else:
            self._patrol.carry_out(command)
            if isinstance(command, commands.Start | commands.Goto | commands.Home | commands.Stop):
                self._end_errands(f'ended by the operator: {type(command).__name__.lower()}', now_s)

    def _replace_all(self, name: str, carry_out: Callable[[], None], now_s: float) -> None:
        if self.lockdown.is_active:
            self._patrol.refuse(name, _LOCKED)
            return
        carry_out()
        if self._patrol.status.reply == 'ok':
            self._end_errands('ended by the operator, who sent the robot elsewhere', now_s)

    def _end_errands(self, reason: str, now_s: float) -> None:
        self._is_paused = False
        self._casework.end_all(reason, now_s)
        self.guide.end_all(reason)
