"""What the greeter asks of who drives: to show a way, to lead a visitor, and to stay while visitors are talked with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lepatrol.behaviours.attend import Attend
from lepatrol.behaviours.errand import Errand
from lepatrol.behaviours.lead import Lead
from lepatrol.behaviours.visit import Crew
from lepatrol.greeting.visitor_ground import VisitorGround
from lepatrol.model.errors import CommandError, PlanningError
from lepatrol.model.leading import LeadOrder, LeadReport, LeadState
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2, Site
from lepatrol.model.tracks import Track
from lepatrol.settings.leading import LeadSettings

PlanWay = Callable[[Point2], Sequence[Point2]]
"""Return the way on the map from where the robot is to a place; raises PlanningError where there is none."""


class Guide:
    """Makes errands of the greeter's orders; one visitor is led at a time."""

    def __init__(self, site: Site, crew: Crew, settings: LeadSettings, plan: PlanWay) -> None:
        """Have nothing to do."""
        self._site = site
        self._ground = VisitorGround(site.zones)
        self._crew = crew
        self._settings = settings
        self._plan = plan
        self._tracks: Sequence[Track] = ()
        self._place: Point2 | None = None
        self._lead: Lead | None = None
        self._attend: Attend | None = None
        self._present = False
        self._reports: list[LeadReport] = []
        self._way: tuple[Point2, ...] | None = None

    @property
    def errands(self) -> tuple[Errand, ...]:
        """Return what is to be done: who is led is not stood for meanwhile."""
        errand = self._lead or self._attend
        return (errand,) if errand is not None else ()

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        pose = estimate.pose.planar()
        self._place = pose.x_m, pose.y_m

    def on_tracks(self, tracks: Sequence[Track]) -> None:
        """Take what is followed now."""
        self._tracks = tracks

    def on_present(self, present: bool) -> None:
        """Take whether visitors are talked with: each time they begin, the robot stays for a while."""
        if present and not self._present:
            self._attend = Attend(self._crew.watch, lambda: self._present, self._settings.attend_s)
        self._present = present

    def on_order(self, order: LeadOrder) -> None:
        """Show a way, lead, or lead no farther.

        :raises CommandError: if the order names a waypoint that the site has not.
        """
        if not order.place:
            if self._lead and self._lead.conversation == order.conversation:
                self._lead.call_off()
            return
        for name in order.waypoints:
            if name not in self._site.waypoints:
                raise CommandError(f'lead: {name!r} is no waypoint of the site')
        named = [(self._site.waypoints[name].x_m, self._site.waypoints[name].y_m) for name in order.waypoints]
        way_m: Sequence[Point2] = ()
        failure = 'the order names no waypoint'
        if named:
            try:
                way_m = self._plan(named[-1])
            except PlanningError as error:
                failure = str(error)
        self._way = tuple(way_m or named)
        if order.lead:
            self._begin(order, way_m, failure)

    def end(self, errand: Errand) -> None:
        """Take it that an errand is over."""
        if errand is self._lead:
            self._lead = None
        elif errand is self._attend:
            self._attend = None

    def end_all(self, reason: str) -> None:
        """End everything from outside; who is led is told."""
        if self._lead:
            self._lead.end(reason)
        self._lead = self._attend = None

    def take_reports(self) -> tuple[LeadReport, ...]:
        """Return, once, what the greeter must hear."""
        reports = tuple(self._reports)
        self._reports.clear()
        return reports

    def take_way(self) -> tuple[Point2, ...] | None:
        """Return, once, the way that was asked for last."""
        way, self._way = self._way, None
        return way

    def _begin(self, order: LeadOrder, way_m: Sequence[Point2], failure: str) -> None:
        if self._lead:
            self._lead.end('another visitor is led')
            self._lead = None
        if not way_m:
            self._reports.append(LeadReport(order.conversation, order.place, LeadState.FAILED, failure))
            return
        self._lead = Lead(
            order, way_m, self._crew, self._settings, may_enter=self._ground.may_enter, tracks=lambda: self._tracks,
            place=lambda: self._place, report=self._reports.append)
