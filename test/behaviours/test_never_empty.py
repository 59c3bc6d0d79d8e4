"""A law: whatever it walks and however wrong its model is, a robot with a dock never stops empty."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.behaviours.patrol import Patrol
from lepatrol.model.dock import Dock
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationFeedback, NavigationState
from lepatrol.model.observation import BatteryState, PoseEstimate
from lepatrol.model.site import Medium, Route, Site, Waypoint
from lepatrol.planning.energy_budget import EnergyBudget
from lepatrol.planning.ways_home import WaysHome
from lepatrol.settings.energy import EnergySettings
from lepatrol.settings.patrol import PatrolSettings

STEP_S = 0.5
SPEED_M_S = 1.0
DOCK = Dock(Pose2(-2.0, 0.0, math.pi))
CHARGER_W = 2000.0


class Walk:
    """A patrol that walks straight from goal to goal with a battery that loses ``truth`` times what it believes."""

    def __init__(self, places, capacity_wh, truth, rounds):
        home = Waypoint('home', 0.0, 0.0)
        points = [home, *(Waypoint(f'w{n}', x, y) for n, (x, y) in enumerate(places))]
        site = Site('plain', 'plain', 'home', waypoints={point.name: point for point in points}, dock=DOCK,
                    routes={'tour': Route('tour', tuple(f'w{n}' for n in range(len(places))))})
        self.energy = EnergySettings(capacity_wh=capacity_wh, standing_w=100.0, driving_j_m=25.0, detour=1.1)
        budget = EnergyBudget(self.energy, Medium.GROUND, home, WaysHome((0.0, 0.0), 1.1))
        self.patrol = Patrol(site, PatrolSettings(), budget=budget)
        self.truth, self.capacity_wh, self.left_wh = truth, capacity_wh, capacity_wh
        self.now_s, self.x, self.y, self.goal = 0.0, 0.0, 0.0, None
        self.least_wh, self.visited = capacity_wh, []
        self.sense()
        self.patrol.on_command(f'start tour rounds {rounds}', 0.0)

    def sense(self):
        self.patrol.on_pose(PoseEstimate(self.now_s, 'map', Pose3.from_rpy(self.x, self.y), 0.02))
        if self.now_s % 1.0 == 0.0:
            share = max(0.0, self.left_wh / self.capacity_wh)
            self.patrol.on_battery(BatteryState(self.now_s, share, 24.0, self.is_charged))

    @property
    def is_charged(self):
        return math.hypot(self.x - DOCK.pose.x_m, self.y - DOCK.pose.y_m) < 0.3

    def step(self):
        self.now_s += STEP_S
        moved = 0.0
        if self.goal is not None:
            away = math.hypot(self.goal.x_m - self.x, self.goal.y_m - self.y)
            moved = min(away, SPEED_M_S * STEP_S)
            if away > 0.0:
                self.x += (self.goal.x_m - self.x) * moved / away
                self.y += (self.goal.y_m - self.y) * moved / away
            state = NavigationState.REACHED if moved == away else NavigationState.MOVING
            self.patrol.on_feedback(NavigationFeedback(self.now_s, self.goal.goal_id, state))
        self.left_wh -= self.truth * (100.0 * STEP_S + 25.0 * moved) / 3600.0
        if self.is_charged:
            self.left_wh = min(self.capacity_wh, self.left_wh + CHARGER_W * STEP_S / 3600.0)
        self.least_wh = min(self.least_wh, self.left_wh)
        self.sense()
        place = (self.patrol.status.round, self.patrol.status.visit)
        output = self.patrol.update(self.now_s)
        if output.cancel:
            self.goal = None
        if output.goal is not None:
            self.goal = output.goal
        after = (self.patrol.status.round, self.patrol.status.visit)
        if after != place:
            self.visited.append(place)


@settings(deadline=None, max_examples=25)
@given(
    places=st.lists(st.tuples(st.integers(-60, 60), st.integers(-60, 60)), min_size=2, max_size=4, unique=True),
    capacity_wh=st.floats(12.0, 60.0), truth=st.floats(0.8, 2.0), rounds=st.integers(1, 3))
def test_no_robot_ever_stops_empty_and_none_repeats_a_waypoint(places, capacity_wh, truth, rounds):
    walk = Walk(places, capacity_wh, truth, rounds)
    if walk.patrol.status.reply != 'ok':
        assert 'Wh too little' in walk.patrol.status.reply
        return
    while walk.patrol.status.state not in (MissionState.DONE, MissionState.ABORTED):
        walk.step()
        assert walk.now_s < 10000.0, walk.patrol.status
    assert walk.least_wh > 0.0
    if walk.patrol.status.state is MissionState.ABORTED:
        assert 'is out of reach: the battery is at' in walk.patrol.status.message
    assert walk.visited == sorted(set(walk.visited))
    assert walk.patrol.status.missed == ()


def test_what_a_full_battery_does_not_reach_ends_the_mission_with_the_figures():
    walk = Walk([(10, 0), (-150, 0)], 17.0, 2.0, 1)
    while walk.patrol.status.state is not MissionState.ABORTED:
        walk.step()
        assert walk.now_s < 10000.0, walk.patrol.status
    assert walk.least_wh > 0.0
    assert walk.patrol.status.message.startswith('w1 is out of reach: the battery is at 9')
