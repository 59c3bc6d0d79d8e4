"""What is in view is told by rays in the true world."""

import math

import pytest

from lepatrol import assembly
from lepatrol.evaluation.sight import SightWatch, _DownEye
from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.truth import Subject, Truth
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import (
    Actor,
    Box,
    Collision,
    Cylinder,
    GeoReference,
    Link,
    Model,
    Plane,
    TimedPath,
    TimedPose,
    World,
)
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.scene import Scene

INTRUSION = (AlertKind.ZONE_INTRUSION,)
ORIGIN = Pose2(0.0, 0.0)


def a_box(name, x_m, y_m, size_m, z_m=None):
    link = Link('link', collisions=(Collision('all', Pose3(), Box(size_m)),))
    return Model(name, pose=Pose3((x_m, y_m, size_m[2] / 2.0 if z_m is None else z_m)), static=True, links=(link,))


def a_person(*stops, name='person_1'):
    path = TimedPath(tuple(TimedPose(time_s, Pose3((x, y, 0.0))) for time_s, x, y in stops), loop=False)
    body = Collision('body', Pose3((0.0, 0.0, 0.9)), Cylinder(0.25, 1.8))
    return Actor(name, path, links=(Link('body', collisions=(body,)),))


def watch(subject, *models, actors=(), duration_s=6.0, start=ORIGIN):
    """Let a robot stand for a while and return what was seen of the subject, and when it was at its best."""
    ground = Model('ground', static=True, links=(Link('link', collisions=(Collision('all', Pose3(), Plane()),)),))
    robot = assembly.load_robot('ugv', 'robot')
    placed = Model('robot', pose=Pose3.from_rpy(start.x_m, start.y_m, yaw_rad=start.yaw_rad), links=robot.links,
                   joints=robot.joints, drive=robot.drive)
    scene = Scene(World('yard', (ground, *models), actors, geo_reference=GeoReference(52.0, 13.0)), {'robot': placed})
    simulator = EmbeddedSimulator(scene, SimulationSettings(renderer='none'))
    watching = SightWatch(Truth((subject,)), simulator, 'robot')
    best_at_s = []
    while simulator.time_s < duration_s:
        simulator.advance(0.02)
        if watching.update():
            best_at_s.append(simulator.time_s)
    (sight,) = watching.sights
    return sight, best_at_s


WALL = a_box('wall', 4.0, 0.0, (0.2, 6.0, 2.5))
WALKER = Subject('intruder', INTRUSION, moves_as='person_1')


def test_a_person_in_the_open_is_in_view_at_once_and_followed():
    sight, _ = watch(WALKER, actors=(a_person((0.0, 8.0, 0.0), (6.0, 2.0, 0.0)),))
    assert sight.in_view_s == pytest.approx(0.0, abs=0.1)
    assert 2.0 <= sight.nearest_m < 2.4
    assert sight.members[0].at(3.0)[0] == pytest.approx(5.0, abs=0.1)
    assert len(sight.members[0].times_s) == pytest.approx(60, abs=2)


def test_a_person_behind_a_wall_is_not_in_view():
    sight, best_at_s = watch(WALKER, WALL, actors=(a_person((0.0, 8.0, 0.0), (6.0, 5.0, 0.0)),))
    assert sight.in_view_s is None
    assert math.isinf(sight.nearest_m)
    assert best_at_s == []


def test_one_who_steps_out_from_behind_a_wall_comes_into_view_then():
    sight, _ = watch(WALKER, WALL, actors=(a_person((0.0, 6.0, 0.0), (6.0, 6.0, 9.0)),))
    # The wall's shadow ends at y = 4.5 where the person walks, at half of a person's width: 3 s.
    assert sight.in_view_s == pytest.approx(3.0, abs=0.4)


def test_a_glimpse_is_not_enough():
    gap = (a_box('left', 4.0, 4.1, (0.2, 8.0, 2.5)), a_box('right', 4.0, -4.1, (0.2, 8.0, 2.5)))
    sight, _ = watch(WALKER, *gap, actors=(a_person((0.0, 6.0, -3.0), (6.0, 6.0, 3.0)),))
    assert sight.in_view_s is None


def test_what_is_out_of_range_or_not_there_yet_is_not_in_view():
    actors = (a_person((0.0, 8.0, 0.0), (6.0, 8.0, 0.1)),)
    sight, _ = watch(Subject('intruder', INTRUSION, moves_as='person_1', within_m=7.0), actors=actors)
    assert sight.in_view_s is None
    sight, _ = watch(Subject('intruder', INTRUSION, moves_as='person_1', from_s=3.0), actors=actors)
    assert sight.in_view_s == pytest.approx(3.0, abs=0.11)
    sight, _ = watch(Subject('intruder', INTRUSION, moves_as='person_1', until_s=0.5), actors=actors)
    assert sight.in_view_s is None


def test_a_thing_that_stands_there_does_not_hide_itself():
    bag = a_box('bag', 5.0, 1.0, (0.4, 0.4, 0.3))
    subject = Subject('bag', INTRUSION, place_m=(5.0, 1.0), size_m=(0.4, 0.3))
    assert watch(subject, bag, duration_s=1.5)[0].in_view_s is not None
    assert watch(subject, bag, WALL, duration_s=1.5)[0].in_view_s is None


def test_a_person_behind_the_robot_is_in_line_of_sight_through_the_robot_itself():
    sight, _ = watch(WALKER, actors=(a_person((0.0, -1.5, 0.0), (6.0, -1.5, 0.1)),), duration_s=1.5)
    assert sight.in_view_s is not None
    assert not sight.shown


def test_what_lies_below_the_lidars_plane_is_in_view_where_the_camera_looks_and_nowhere_else():
    ahead, behind = (
        Subject('bag', (AlertKind.ABANDONED_OBJECT,), place_m=(x_m, 0.0), size_m=(0.4, 0.3)) for x_m in (5.0, -5.0))
    assert watch(ahead)[0].in_view_s == pytest.approx(0.0, abs=0.1)
    assert watch(behind)[0].in_view_s is None


def test_a_hole_in_the_fence_counts_within_eight_metres():
    def seen_from(x_m):
        panels = (a_box('a', 0.0, 5.0, (5.0, 0.05, 3.0)), a_box('b', 8.5, 5.0, (11.0, 0.05, 3.0)))
        hole = Subject('hole', (AlertKind.FENCE_BREACH,), place_m=(2.75, 5.0), size_m=(0.5, 3.0))
        return watch(hole, *panels, duration_s=1.5, start=Pose2(x_m, 0.0))[0].in_view_s
    assert seen_from(2.75) is not None
    assert seen_from(-5.0) is None


def test_a_group_does_not_hide_its_own_middle_but_must_be_there():
    crowd = Subject('crowd', (AlertKind.CROWDING,), place_m=(6.0, 0.0))
    here = tuple(a_person((0.0, 6.0 + dx, dy), (6.0, 6.0 + dx, dy), name=f'crowd_{number}')
                 for number, (dx, dy) in enumerate([(-1.0, -0.4), (-1.0, 0.0), (-1.0, 0.4), (1.0, 0.0)], start=1))
    away = (a_person((0.0, 2000.0, 2000.0), (6.0, 2000.0, 2000.0), name='crowd_1'),)
    sight, _ = watch(crowd, actors=here, duration_s=1.5)
    assert sight.in_view_s is not None
    assert len(sight.members) == 4
    assert watch(crowd, actors=away, duration_s=1.5)[0].in_view_s is None


def test_a_covered_camera_is_in_view_from_the_moment_it_is_covered():
    sight, best_at_s = watch(Subject('cover', (AlertKind.CAMERA_COVERED,), from_s=0.5), duration_s=1.0)
    assert sight.in_view_s == pytest.approx(0.5, abs=0.11)
    assert best_at_s == [sight.nearest_at_s]


def test_the_best_moment_is_the_nearest_one_before_the_camera():
    sight, best_at_s = watch(WALKER, actors=(a_person((0.0, 8.0, 0.0), (3.0, 3.0, 0.0), (6.0, -3.0, 1.0)),))
    assert sight.shown
    assert sight.nearest_at_s == best_at_s[-1]
    assert 3.0 < sight.nearest_at_s < 5.0


def test_a_subject_that_the_scene_does_not_hold_is_refused():
    with pytest.raises(LepatrolError, match="nothing that moves and is called 'person_1'"):
        watch(WALKER)


def test_a_drone_sees_what_is_below_it_and_a_robot_without_such_a_camera_does_not():
    eye = _DownEye.of(assembly.load_robot('uav', 'robot'))
    pose = Pose3.from_rpy(3.0, 2.0, 8.0, yaw_rad=math.pi / 2.0).compose(eye.pose)
    # 320 x 240 pixels and 1.2 rad: at 7.9 m they show 5.4 m to either side, 4 m ahead and behind; it heads along y.
    assert eye.shows(pose, (3.0, 2.0, 0.0))
    assert eye.shows(pose, (8.0, 5.5, 0.0))
    assert not eye.shows(pose, (8.8, 2.0, 0.0))
    assert not eye.shows(pose, (3.0, 6.6, 0.0))
    assert not eye.shows(pose, (3.0, 2.0, 9.0))
    assert _DownEye.of(assembly.load_robot('ugv', 'robot')) is None
