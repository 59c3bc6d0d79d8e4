"""A patrol with a scripted navigator and photographer, and a clock that tests step by hand."""

import math

from lepatrol.behaviours.patrol import Patrol, PatrolOutput
from lepatrol.model.geometry import Pose3
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationFeedback, NavigationState
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Look, OnFailure, Photo, Route, Site, Wait, Waypoint
from lepatrol.settings.patrol import PatrolSettings

STEP_S = 0.1


def small_site():
    points = [
        Waypoint('home', 0.0, 0.0, 0.0, on_failure=OnFailure.RETRY, retries=2),
        Waypoint('gate', 10.0, 0.0, actions=(Wait(1.0), Photo(math.pi / 2, 'the gate'), Look((0.0, 1.0), 0.5))),
        Waypoint('tower', 10.0, 10.0),
        Waypoint('yard', 0.0, 10.0, actions=(Wait(2.0),)),
        Waypoint('stubborn', 1.0, 1.0, on_failure=OnFailure.RETRY, retries=2),
        Waypoint('fragile', 2.0, 2.0, on_failure=OnFailure.HOME),
        Waypoint('vital', 3.0, 3.0, on_failure=OnFailure.ABORT),
    ]
    routes = [
        Route('perimeter', ('gate', 'tower', 'yard')), Route('line', ('tower', 'yard', 'home'), closed=False),
        Route('hard', ('stubborn', 'tower'), closed=False), Route('soft', ('tower', 'fragile', 'yard'), closed=False),
        Route('strict', ('vital', 'tower'), closed=False), Route('single', ('tower',)),
    ]
    return Site('small', 'small', 'home', waypoints={point.name: point for point in points},
                routes={route.name: route for route in routes})


class Bench:
    """Step a patrol against a navigator that reaches every goal in ``walk_s``, unless told otherwise."""

    def __init__(self, store=None, *, site=None, start_s=100.0, walk_s=0.3, is_free=None, **settings):
        self.patrol = Patrol(site or small_site(), PatrolSettings(**settings), store, is_free=is_free)
        self.now_s = start_s
        self.walk_s = walk_s
        self.goals, self.photos, self.cancels = [], [], []
        self.unreachable = {}
        self.stuck = set()
        self.deaf = False
        self.camera = True
        self._goal, self._set_off_s = None, 0.0

    def __getattr__(self, name):
        return getattr(self.patrol.status, name)

    def command(self, text):
        self.patrol.on_command(text, self.now_s)
        return self.patrol.status.reply

    def step(self) -> PatrolOutput:
        self.now_s += STEP_S
        self._navigate()
        output = self.patrol.update(self.now_s)
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
        return output

    def run(self, until, limit_s=200.0):
        """Step until something holds; fail if it never does."""
        end_s = self.now_s + limit_s
        while not until():
            assert self.now_s < end_s, f'still {self.patrol.status}'
            self.step()

    def run_for(self, duration_s):
        for _ in range(round(duration_s / STEP_S)):
            self.step()

    def run_to_rest(self):
        self.run(lambda: self.resting)

    @property
    def resting(self):
        return self.patrol.status.state in (
            MissionState.IDLE, MissionState.DONE, MissionState.ABORTED, MissionState.STOPPED)

    @property
    def places(self):
        """Return where goals were set, repeated ones once."""
        seen = {goal.goal_id: (goal.x_m, goal.y_m) for goal in self.goals}
        places = []
        for place in seen.values():
            if not places or places[-1] != place:
                places.append(place)
        return places

    def say(self, state, *, goal_id=None, reason=''):
        if goal_id is None:
            goal_id = self.goals[-1].goal_id
        self.patrol.on_feedback(NavigationFeedback(self.now_s, goal_id, state, 0.0, reason))

    def stand_at(self, x_m, y_m, deviation_m=0.02):
        self.patrol.on_pose(PoseEstimate(self.now_s, 'map', Pose3.from_rpy(x_m, y_m), deviation_m))

    def _navigate(self):
        if self._goal is None or self.deaf:
            return
        place = (self._goal.x_m, self._goal.y_m)
        state, reason = NavigationState.MOVING, ''
        if place in self.unreachable:
            state, reason = NavigationState.FAILED, self.unreachable[place]
        elif place not in self.stuck and self.now_s - self._set_off_s >= self.walk_s - 1e-6:
            state = NavigationState.REACHED
        self.say(state, goal_id=self._goal.goal_id, reason=reason)
