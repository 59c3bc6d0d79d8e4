import dataclasses
import itertools

import pytest
from yard_scene import wheeled_robot, world

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.simulation.description import Actor, Collision, Cylinder, Link, TimedPath, TimedPose, Trigger
from lepatrol.simulation.people import NOWHERE, Walkers
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.scene_error import SceneError

PATH = TimedPath((TimedPose(0.0, Pose3()), TimedPose(10.0, Pose3((10.0, 0.0, 0.0)))), loop=False)


def walkers(trigger, delay_s=0.0):
    return Walkers([dataclasses.replace(PATH, trigger=trigger, delay_start_s=delay_s)])


def x_at(walking, time_s):
    return walking.poses_at(time_s)[0].position_m[0]


def test_a_path_waits_for_a_robot_and_then_its_delay():
    walking = walkers(Trigger((0.0, 0.0), 5.0), delay_s=2.0)
    walking.watch(1.0, [(5.1, 0.0)])
    assert walking.are_waiting
    assert x_at(walking, 100.0) == 0.0
    walking.watch(3.0, [(50.0, 0.0), (4.9, 0.0)])
    assert not walking.are_waiting
    assert [x_at(walking, time_s) for time_s in (3.0, 5.0, 6.5)] == pytest.approx([0.0, 0.0, 1.5])
    walking.reset()
    assert walking.are_waiting


def test_one_who_lets_the_robot_pass_begins_once_it_has_come_and_gone():
    walking = walkers(Trigger((0.0, 0.0), 5.0, then_beyond_m=6.0))
    for time_s, away_m in enumerate((20.0, 7.0, 4.0, 5.9)):
        walking.watch(float(time_s), [(away_m, 0.0)])
        assert walking.are_waiting
    walking.watch(4.0, [(6.1, 0.0)])
    assert x_at(walking, 5.0) == pytest.approx(1.0)


def test_one_who_is_hidden_is_nowhere_until_then():
    walking = walkers(Trigger((0.0, 0.0), 5.0, hidden=True))
    assert walking.poses_at(1.0) == [NOWHERE]
    walking.watch(1.0, [(0.0, 1.0)])
    assert x_at(walking, 1.0) == 0.0


def test_one_who_is_sent_elsewhere_goes_there_from_then_on_until_a_reset():
    walking = walkers(Trigger((0.0, 0.0), 5.0))
    walking.send(0, TimedPath((TimedPose(0.0, Pose3((3.0, 0.0, 0.0))), TimedPose(2.0, Pose3((5.0, 0.0, 0.0)))),
                              loop=False), 10.0)
    assert not walking.are_waiting
    assert [x_at(walking, time_s) for time_s in (10.0, 11.0, 99.0)] == pytest.approx([3.0, 4.0, 5.0])
    walking.reset()
    assert walking.are_waiting
    assert x_at(walking, 99.0) == 0.0


def test_without_a_trigger_nobody_waits():
    assert not Walkers([PATH]).are_waiting
    assert x_at(Walkers([PATH]), 4.0) == pytest.approx(4.0)


@pytest.fixture
def scene():
    body = Link('body', collisions=(Collision('c', Pose3((0.0, 0.0, 0.9)), Cylinder(0.25, 1.8)),))
    path = TimedPath((TimedPose(0.0, Pose3((6.0, 3.0, 0.0))), TimedPose(4.0, Pose3((6.0, -3.0, 0.0)))), loop=False,
                     trigger=Trigger((6.0, 3.0), 6.0, hidden=True))
    return Scene(world(actors=(Actor('thief', path, (body,)),)), {'ugv1': wheeled_robot()})


def thief_of(physics):
    index = next(i for i, body in enumerate(physics.scene.moving) if body.model == 'thief')
    return physics.moving_poses()[0][index].tolist()


def test_physics_sets_walkers_off_by_where_its_robots_are_however_it_is_called(scene):
    tracks = []
    for steps in (5, 35, 175):
        physics = Physics(scene, step_s=0.004)
        physics.command('ugv1', Twist(1.0, 0.0))
        track = []
        for end in itertools.count(steps, steps):
            physics.run_to(end)
            if end % 175 == 0:
                track.append(thief_of(physics))
            if end >= 1050:
                break
        tracks.append(track)
    assert tracks[0] == tracks[1] == tracks[2]
    assert tracks[0][0][0] == NOWHERE.position_m[0]
    assert tracks[0][-1][0] == 6.0
    assert -3.0 < tracks[0][-1][1] < 3.0


def test_a_reset_lets_them_wait_again(scene):
    physics = Physics(scene, step_s=0.004)
    physics.command('ugv1', Twist(1.0, 0.0))
    physics.run_to(1050)
    physics.reset()
    assert thief_of(physics)[0] == NOWHERE.position_m[0]


def test_physics_sends_who_walks_by_name_and_refuses_what_does_not(scene):
    physics = Physics(scene, step_s=0.004)
    physics.run_to(100)
    physics.send('thief', PATH)
    physics.run_to(600)
    assert thief_of(physics)[0] == pytest.approx(2.0)
    with pytest.raises(SceneError, match="'ugv1'"):
        physics.send('ugv1', PATH)
