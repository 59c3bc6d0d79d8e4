"""Where the scout has an object looked at from: never where the zone round it would keep the robot out."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from lepatrol.behaviours.scout import MapScout
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.occupancy import FREE, OccupancyMap
from lepatrol.model.zones import Zone, ZoneKind
from lepatrol.planning.planner import Planner
from lepatrol.planning.viewpoints import StandOff, Target
from lepatrol.settings.navigation import PlannerSettings

RADIUS_M, STAND_OFF_M = 0.6, 5.0


def ring_round(target, radius_m):
    angles = [2.0 * math.pi * step / 24 for step in range(24)]
    return tuple((target.x_m + radius_m * math.cos(angle), target.y_m + radius_m * math.sin(angle)) for angle in angles)


@pytest.mark.parametrize('resolution_m', [0.05, 0.1, 0.2, 0.4])
@pytest.mark.parametrize('off_m', [0.0, 0.03, 0.11])
def test_on_a_map_however_coarse_every_viewpoint_is_free_once_the_rings_inside_is_closed(resolution_m, off_m):
    size = round(40.0 / resolution_m)
    planner = Planner(
        OccupancyMap(np.full((size, size), FREE, dtype=np.int8), resolution_m, -20.0, -20.0), 0.45, PlannerSettings())
    scout = MapScout(0.45, SimpleNamespace(planner=planner))
    scout.on_pose(PoseEstimate(0.0, 'map', Pose3((-15.0, 0.0, 0.0)), 0.05, 0.02))
    target = Target(off_m, -off_m, RADIUS_M)
    plan = scout.views_round(target, StandOff(STAND_OFF_M, STAND_OFF_M + 3.0))
    zone = Zone('inside', ZoneKind.KEEP_OUT, ring_round(target, RADIUS_M + STAND_OFF_M - scout.zone_room_m))
    zoned = planner.with_zones([zone])
    assert len(plan.viewpoints) == 8
    assert all(zoned.is_free(view.x_m, view.y_m) for view in plan.viewpoints)
    angles = np.linspace(0.0, 2.0 * math.pi, 100)
    nearest_m = RADIUS_M + STAND_OFF_M - 0.1  # the polygon's edges are nearer than its corners
    assert not any(zoned.is_free(target.x_m + nearest_m * math.cos(angle), target.y_m + nearest_m * math.sin(angle))
                   for angle in angles)
