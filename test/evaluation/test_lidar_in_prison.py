"""What the lidar notices on some metres of the prison's patrol road, with poses 5 cm and a degree wrong."""

import dataclasses
import math

import numpy as np
import pytest

from lepatrol import assembly
from lepatrol.evaluation.lockstep import make_lockstep
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.perception.lidar_anomaly import LidarAnomaly
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import Collision, Cylinder, Link, Model
from lepatrol.simulation.ray_caster import SceneRayCaster
from lepatrol.simulation.scene import Scene

SITE = assembly.load_site('prison')
CLEAN = assembly.load_scene('prison', {'robot': ('ugv', SITE.start_pose)})
INTRUDER = (13.0, -31.6)
GONE = 'fence_south_15'


def staged(scene):
    """Cut a panel and put a person beside the road."""
    body = Collision('body', Pose3((0.0, 0.0, 0.85)), Cylinder(0.25, 1.7))
    person = Model('someone', Pose3((*INTRUDER, 0.0)), static=True, links=(Link('link', collisions=(body,)),))
    models = (*(model for model in scene.world.models if model.name != GONE), person)
    return Scene(dataclasses.replace(scene.world, models=models), scene.robots)


def walk(prepare, *, seed):
    """Walk from home past the vehicle gate and the visitors' gate; return what each look told."""
    anomaly = LidarAnomaly(SceneRayCaster(CLEAN), SITE.structures, LidarAnomalySettings())
    loop = make_lockstep('prison', simulation=SimulationSettings(seed=seed, renderer='none'), prepare=prepare,
                         patrol=PatrolSettings(photo_timeout_s=0.1))
    random, looks = np.random.default_rng(seed), []
    advance = loop.simulator.advance

    def watched(duration_s):
        deliveries = advance(duration_s)
        x, y, z = loop.simulator.ground_truth('robot').position_m
        yaw = loop.simulator.ground_truth('robot').planar().yaw_rad
        dx, dy, turn = random.normal(0.0, (0.05, 0.05, 0.0175)).tolist()
        believed = Pose3.from_rpy(x + dx, y + dy, z, yaw_rad=yaw + turn).compose(loop.lidar_pose)
        looks.extend(anomaly.look(delivery.observation, believed) for delivery in deliveries
                     if isinstance(delivery.observation, LaserScan))
        return deliveries

    loop.simulator.advance = watched
    try:
        assert loop.order('start perimeter') == 'ok'
        loop.run(limit_s=16.0)
    finally:
        loop.simulator.close()
    return looks


def test_on_a_quiet_stretch_nothing_is_found():
    looks = walk(None, seed=1)
    assert len(looks) > 150
    assert all(look.is_aligned for look in looks)
    # Through the open vehicle gate people are truly seen who have a right to be inside.
    assert not [sighting for look in looks for sighting in look.sightings if sighting.position_m[1] < -29.5]
    assert not any(look.gaps or look.complaints for look in looks)
    assert 'gate_vehicle_wall' in {name for look in looks for name in look.seen_standing}


def test_an_intruder_and_a_missing_panel_are_found_and_placed():
    looks = walk(staged, seed=2)
    off = [math.dist(sighting.position_m, INTRUDER) for look in looks for sighting in look.sightings
           if sighting.position_m[1] < -29.5]
    assert len(off) > 100
    assert np.percentile(off, 95) < 0.25
    gaps = [gap for look in looks for gap in look.gaps]
    assert {gap.structure for gap in gaps} == {GONE}
    assert max(gap.width_m for gap in gaps) == pytest.approx(3.0, abs=0.15)
