"""The frames that a robot's description fixes."""

import math

import pytest

from lepatrol import assembly
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import JointPositions
from lepatrol.settings.frames import FramesSettings
from lepatrol.simulation.description import CameraSensor, Joint, Link, Model
from lepatrol.simulation.link_frames import fixed_frames, neck_of, rigid_frames, turning_frames

UGV = assembly.load_description('ugv', 'ugv')


def composed(frames, name):
    """Return a frame's pose in the topmost that leads to it, and that one's name."""
    above = {frame.child: frame for frame in frames}
    pose = Pose3()
    while name in above:
        pose, name = above[name].pose.compose(pose), above[name].parent
    return name, pose


def link(name, x, **parts):
    return Link(name, Pose3.from_rpy(x), **parts)


def test_every_sensor_of_the_ugv_has_a_frame_that_leads_to_its_root_or_to_the_head():
    frames = fixed_frames(UGV)
    for each in UGV.links:
        for sensor in each.sensors:
            root, _ = composed(frames, sensor.frame_id)
            assert root == ('tilt_link' if isinstance(sensor, CameraSensor) else 'base_footprint'), sensor


def test_along_the_frames_each_link_is_where_the_description_has_it():
    frames = fixed_frames(UGV)
    poses = {each.name: each.pose for each in UGV.links}
    for frame in frames:
        root, pose = composed(frames, frame.child)
        there = poses[root].compose(pose)
        assert there.position_m == pytest.approx(poses[frame.child].position_m, abs=1e-9)
        assert there.orientation_wxyz == pytest.approx(poses[frame.child].orientation_wxyz, abs=1e-9)


def test_the_lidars_frame_is_where_the_nodes_believe_the_lidar_to_be():
    rigid = rigid_frames(UGV)
    lidar = rigid['base_link'].inverse().compose(rigid['lidar_link'])
    assert lidar.position_m == pytest.approx(assembly.lidar_pose(assembly.load_robot('ugv', 'ugv')).position_m)


def test_wheels_turn_and_are_left_to_who_knows_how_they_stand():
    children = [frame.child for frame in fixed_frames(UGV)]
    assert len(children) == len(set(children))
    assert not [name for name in children if 'wheel' in name]
    assert not [name for name in rigid_frames(UGV) if 'wheel' in name]


def test_what_is_fixed_to_a_link_that_moves_is_told_but_is_not_rigid_with_the_root():
    robot = Model('r', links=(link('base_link', 0.0), link('pan', 1.0), link('eye', 1.5)), joints=(
        Joint('j', 'revolute', 'base_link', 'pan'), Joint('k', 'fixed', 'pan', 'eye')))
    (told,) = fixed_frames(robot)
    assert (told.parent, told.child, told.pose) == ('pan', 'eye', Pose3.from_rpy(0.5))
    assert list(rigid_frames(robot)) == ['base_link']


def test_a_neck_carries_what_hangs_on_it_round_each_of_its_joints():
    quarter = math.pi / 2.0
    robot = Model('r', links=(
        link('base_link', 0.0), Link('post', Pose3((0.0, 0.0, 1.0))), Link('pan', Pose3((0.0, 0.0, 2.0))),
        Link('tilt', Pose3((0.5, 0.0, 2.0)))), joints=(
        Joint('f', 'fixed', 'base_link', 'post'), Joint('p', 'revolute', 'post', 'pan', axis=(0.0, 0.0, 1.0)),
        Joint('t', 'revolute', 'pan', 'tilt', axis=(0.0, 1.0, 0.0))))
    neck = neck_of(robot, 'base_link', 'tilt', Pose3((0.1, 0.0, 0.0)))
    assert neck.pose({'p': 0.0, 't': 0.0}) is neck.level
    assert neck.level.position_m == pytest.approx((0.6, 0.0, 2.0))
    assert neck.pose({'p': quarter, 't': 0.0}).position_m == pytest.approx((0.0, 0.6, 2.0))
    assert neck.pose({'p': 0.0, 't': quarter}).position_m == pytest.approx((0.5, 0.0, 1.9))
    both = neck.pose({'p': quarter, 't': quarter})
    assert both.position_m == pytest.approx((0.0, 0.5, 1.9))
    assert both.turn((1.0, 0.0, 0.0)) == pytest.approx((0.0, 0.0, -1.0))
    with pytest.raises(LepatrolError, match="'base_link' does not hang on 'tilt'"):
        neck_of(robot, 'tilt', 'base_link', Pose3())
    slides = Model('r', links=robot.links, joints=(Joint('lift', 'prismatic', 'base_link', 'post'), *robot.joints[1:]))
    with pytest.raises(LepatrolError, match="'tilt' hangs on 'lift', which slides"):
        neck_of(slides, 'base_link', 'tilt', Pose3())


def test_with_the_joints_told_of_every_sensors_frame_leads_to_the_root():
    told = turning_frames(UGV, JointPositions(2.0, {'pan_joint': 0.5, 'tilt_joint': 0.0, 'of_another': 1.0}))
    assert [(frame.parent, frame.child, frame.stamp_s) for frame in told] == [
        ('mast_link', 'pan_link', 2.0), ('pan_link', 'tilt_link', 2.0)]
    root, camera = composed((*fixed_frames(UGV), *told), 'camera_link')
    assert root == 'base_footprint'
    assert camera.position_m == pytest.approx((0.03 * math.cos(0.5), 0.03 * math.sin(0.5), 1.2))
    assert camera.planar().yaw_rad == pytest.approx(0.5)


def test_a_sensors_frame_that_is_no_link_lies_in_its_link():
    camera = CameraSensor('c', Pose3.from_rpy(0.2), 10.0, 'image', 'lens')
    (told,) = fixed_frames(Model('r', links=(link('base_link', 0.0, sensors=(camera, camera)),)))
    assert (told.parent, told.child, told.pose) == ('base_link', 'lens', Pose3.from_rpy(0.2))


def test_joints_may_come_in_any_order():
    links = tuple(link(name, float(x)) for x, name in enumerate(['base_link', 'a', 'b', 'c']))
    joints = (Joint('3', 'fixed', 'b', 'c'), Joint('2', 'fixed', 'a', 'b'), Joint('1', 'fixed', 'base_link', 'a'))
    poses = rigid_frames(Model('r', links=links, joints=joints))
    assert next(iter(poses)) == 'base_link'
    assert poses['c'].position_m == (3.0, 0.0, 0.0)


def test_a_robot_of_two_trees_or_without_a_rigid_base_link_is_refused():
    with pytest.raises(LepatrolError, match='has the root links a, b, expected one'):
        rigid_frames(Model('r', links=(link('a', 0.0), link('b', 0.0))))
    loose = Model('r', links=(link('root', 0.0), link('base_link', 0.0)),
                  joints=(Joint('j', 'prismatic', 'root', 'base_link'),))
    with pytest.raises(LepatrolError, match=r"'base_link' .* is not held to the root link 'root'"):
        assembly.make_frame_tracker(loose, FramesSettings())
