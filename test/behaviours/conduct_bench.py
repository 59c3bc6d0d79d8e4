"""All of a robot's conduct with the patrol bench's navigator and camera, and alerts that tests raise."""

import dataclasses
import logging
import math

from patrol_bench import Bench, small_site

from lepatrol.behaviours.caseload import Caseload
from lepatrol.behaviours.conduct import Conduct
from lepatrol.behaviours.lockdown_keeper import LockdownKeeper
from lepatrol.behaviours.patrol import Patrol
from lepatrol.behaviours.registrar import Registrar
from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.inspection import Measured, ObjectEstimate, ObjectShape, ObjectView, Study
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.policy import Policy, Response
from lepatrol.model.site import Waypoint
from lepatrol.model.tracks import Track, TrackState
from lepatrol.planning.viewpoints import ViewPlan, Viewpoint
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.patrol import PatrolSettings

LOOK = Policy(Response.LOOK, kinds=(AlertKind.ABANDONED_OBJECT, AlertKind.ZONE_INTRUSION), notice='Please step back.')
WAIT = Policy(Response.WAIT, kinds=(AlertKind.GATE_OPEN,))
FOLLOW = Policy(Response.FOLLOW, kinds=(AlertKind.LOITERING,))
UNHEARD = Policy(Response.IGNORE, kinds=(AlertKind.RUNNING,))


def guarded_site():
    return dataclasses.replace(small_site(), policies=(LOOK, WAIT, FOLLOW, UNHEARD))


class EastScout:
    """Look at whatever it is from the east, and from the north if that will not do."""

    def on_pose(self, estimate):
        pass

    def on_zones(self, zones):
        pass

    def way_to(self, point_m):
        return [(0.0, 0.0), point_m]

    def view_of(self, point_m, *, stand_off_m, farthest_m, is_fit=None):
        if point_m[0] > 900.0:
            raise PlanningError('a wall hides it')
        east = Waypoint('view', point_m[0] + stand_off_m, point_m[1], 3.14)
        if is_fit is None or is_fit(east.x_m, east.y_m):
            return east
        return Waypoint('view', point_m[0], point_m[1] + stand_off_m, -1.57)

    body_radius_m, height_m, zone_room_m = 0.45, 0.0, 0.65

    def views_round(self, target, stand_off, *, most=8, beside=None):
        """Look at it from four sides."""
        away = target.radius_m + stand_off.radius_m
        views = tuple(
            Viewpoint(target.x_m + away * math.cos(turn), target.y_m + away * math.sin(turn), turn + math.pi, turn)
            for turn in (0.0, math.pi / 2, math.pi, -math.pi / 2))
        return ViewPlan(target, () if target.x_m > 900.0 else views, 240.0, ())


class ConductBench(Bench):
    """The patrol bench, one level up."""

    def __init__(
        self, store=None, cases=None, *, post=None, start_s=100.0, walk_s=0.3, site=None, folder=None, scout=None,
        robot='robot', **settings,
    ):
        super().__init__(store, site=site or guarded_site(), start_s=start_s, walk_s=walk_s)
        self.patrol = Patrol(site or guarded_site(), PatrolSettings(), store)
        site, log = site or guarded_site(), logging.getLogger('test')
        self.conduct = Conduct(
            self.patrol, site, ConductSettings(**settings), scout=scout or EastScout(),
            registrar=Registrar(site, 'robot', folder, lambda now_s: '12:00', log), robot=robot,
            minute_of_day=lambda now_s: 720.0, post=post, caseload=Caseload(cases, log),
            lockdown=LockdownKeeper(cases.path.with_name('lockdown.json') if cases else None, 'robot', log))
        self.changes, self.said, self.told, self.requests, self.shared = [], [], [], [], []
        self.perceives = True

    def __getattr__(self, name):
        return getattr(self.conduct.status, name)

    def command(self, text):
        self.conduct.on_command(text, self.now_s)
        return self.conduct.status.reply

    def step(self):
        self.now_s += 0.1
        self._navigate()
        output = self.conduct.update(self.now_s)
        assert not (output.goal and output.cancel)
        if output.cancel:
            self.cancels.append(self.now_s)
            self._goal = None
        if output.goal is not None:
            self.goals.append(output.goal)
            self._goal, self._set_off_s = output.goal, self.now_s
        if output.photo is not None:
            self.photos.append(output.photo)
            if self.camera:
                self.patrol.on_photo(self.now_s, f'photo-{len(self.photos)}.jpg')
        if output.study is not None:
            self.requests.append(output.study)
            self.asked_s = self.now_s
        if self.requests and self.perceives and self.now_s - self.asked_s >= 0.5:
            self.conduct.on_study(self.study(self.requests[-1]))
        if output.change:
            self.changes.append(output.change)
        self.said += output.speech
        self.told += output.cases
        self.shared += output.handover
        return output

    def run_to_rest(self):
        super().run_to_rest()
        self.step()  # after which nothing has the robot

    def say(self, state, *, goal_id=None, reason=''):
        super().say(state, goal_id=goal_id, reason=reason)
        if state.is_final and self._goal is not None and goal_id == self._goal.goal_id:
            self._goal = None  # a navigator that says so has stopped

    def raise_alert(self, name='robot-0001-bag', kind=AlertKind.ABANDONED_OBJECT, place=(20.0, 5.0), **fields):
        known = {'first_seen_s': self.now_s - 5.0, 'last_seen_s': self.now_s} | fields
        alert = Alert(
            name, kind, known.pop('about', ''), known.pop('severity', Severity.WARNING), 0.9, place, 0.1,
            known.pop('zone', ''), robot='robot', rule='abandoned_object', sentence='a thing of 0.5 m stands alone',
            **known)
        self.conduct.on_alert(alert, self.now_s)
        return alert

    def study(self, request):
        """Answer as perception does: a box of 0.4 m by 0.3 m, 0.5 m tall, where it was said to be."""
        x, y = request.target_m
        corners = tuple((x + 0.2 * east, y + 0.15 * north) for east, north in ((1, 1), (-1, 1), (-1, -1), (1, -1)))
        view = ObjectView(request.inspection_id, request.viewpoint, self.now_s, Pose2(x + 5.0, y, math.pi))
        sides = [Measured(value, 0.02) for value in (0.4, 0.3, 0.5, 0.06)]
        return Study(view, ObjectEstimate(
            corners, (x, y), 0.02, *sides, ObjectShape.BOX, (), (), None, (request.viewpoint,)))

    def follow(self, kind, place):
        """Have perception follow one thing."""
        self.conduct.on_tracks([Track(
            1, TrackState.SEEN, place, (0.0, 0.0), (0.01, 0.0, 0.01), self.now_s - 9.0, self.now_s, self.now_s - 9.0,
            {kind: 0.9}, 30)])

    def case(self, name='robot-0001-bag'):
        return next(case for case in self.conduct.cases if case.case_id == name)

    @property
    def behaviours(self):
        """Return what had the robot, one after the other."""
        return [change.after.value if change.after else None for change in self.changes]

    def stand_at(self, x_m, y_m, deviation_m=0.02):
        self.conduct.on_pose(PoseEstimate(self.now_s, 'map', Pose3.from_rpy(x_m, y_m), deviation_m))
