"""Links that fixed joints hold together become one body that weighs, looks and senses as they did."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from yard_scene import lidar

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    CameraSensor,
    Collision,
    Inertial,
    Joint,
    Light,
    Link,
    Model,
    Sphere,
    Visual,
)
from lepatrol.simulation.lumping import lump_fixed_joints
from lepatrol.simulation.scene_error import SceneError
from lepatrol.simulation.urdf import read_robot

UGV = Path(__file__).parents[2] / 'urdf' / 'ugv.urdf.xacro'
HULL = (Collision('hull', Pose3(), Box((0.5, 0.4, 0.2))),)


def robot(*links, kinds=None, **parents):
    """Return a robot whose joints are named after their child: ``parents`` says what each link hangs on."""
    kinds = kinds or {}
    at = {link.name: link.pose for link in links}
    joints = tuple(
        Joint(child, kinds.get(child, 'fixed'), parent, child, at[child]) for child, parent in parents.items())
    return Model('robot', links=links, joints=joints)


def names(model):
    return [link.name for link in model.links]


def tensor(inertial):
    ixx, iyy, izz, ixy, ixz, iyz = inertial.moments_kg_m2
    turn = inertial.pose.rotation
    return turn @ np.array([[ixx, ixy, ixz], [ixy, iyy, iyz], [ixz, iyz, izz]]) @ turn.T


def places(model, parts):
    """Return where each of a robot's ``parts`` (visuals, sensors, ...) is in the robot, as a matrix."""
    return {part.name: link.pose.compose(part.pose).matrix for link in model.links for part in getattr(link, parts)}


def test_two_bodies_weigh_and_turn_as_one_about_their_common_centre():
    base = Link('base_link', inertial=Inertial(2.0, moments_kg_m2=(0.1, 0.2, 0.3, 0.0, 0.0, 0.0)))
    top = Link('top', Pose3.from_rpy(z_m=3.0, yaw_rad=math.pi / 2),
               Inertial(1.0, moments_kg_m2=(0.4, 0.7, 0.6, 0.0, 0.0, 0.0)))
    (link,) = lump_fixed_joints(robot(base, top, top='base_link')).links
    # The centre is at z = 1: the base's 2 kg are 1 m below it, the top's 1 kg 2 m above it and turned by 90 degrees.
    assert link.inertial.mass_kg == 3.0
    assert link.inertial.pose.position_m == pytest.approx((0.0, 0.0, 1.0))
    assert tensor(link.inertial) == pytest.approx(np.diag([0.1 + 0.7 + 6.0, 0.2 + 0.4 + 6.0, 0.3 + 0.6]))


def inertial_of(points_m, masses_kg, turn):
    """Return the inertial, written in axes turned by ``turn``, of point masses."""
    centre = masses_kg @ points_m / masses_kg.sum()
    arms = (points_m - centre) @ turn.rotation
    matrix = sum(mass * (arm @ arm * np.eye(3) - np.outer(arm, arm)) for arm, mass in zip(arms, masses_kg, strict=True))
    (ixx, ixy, ixz), (_, iyy, iyz), (_, _, izz) = matrix.tolist()
    pose = Pose3(tuple(centre.tolist()), turn.orientation_wxyz)
    return Inertial(float(masses_kg.sum()), pose, (ixx, iyy, izz, ixy, ixz, iyz))


angles, metres = st.floats(-3.0, 3.0), st.floats(-2.0, 2.0)
poses = st.builds(Pose3.from_rpy, metres, metres, metres, angles, angles, angles)
point_masses = st.lists(st.tuples(metres, metres, metres, st.floats(0.1, 20.0)), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(point_masses, st.integers(1, 7), poses, poses, poses, poses)
def test_a_body_cut_in_two_and_joined_again_is_the_same_body(bodies, cut, base_pose, part_pose, base_turn, part_turn):
    assume(cut < len(bodies))
    points, masses = np.array(bodies)[:, :3], np.array(bodies)[:, 3]
    whole = inertial_of(base_pose.inverse().transform(points), masses, Pose3())
    first, second = (
        inertial_of(pose.inverse().transform(points[part]), masses[part], turn)
        for part, pose, turn in ((slice(cut), base_pose, base_turn), (slice(cut, None), part_pose, part_turn)))
    (link,) = lump_fixed_joints(robot(
        Link('base_link', base_pose, first), Link('part', part_pose, second), part='base_link')).links
    assert link.inertial.mass_kg == pytest.approx(whole.mass_kg)
    assert link.inertial.pose.position_m == pytest.approx(whole.pose.position_m, abs=1e-9)
    np.testing.assert_allclose(tensor(link.inertial), tensor(whole), rtol=0.0, atol=1e-9 * (1.0 + masses.sum() * 50.0))


def test_links_without_mass_add_none():
    weighs, frame = Link('base_link', inertial=Inertial(4.0)), Link('frame', Pose3.from_rpy(9.0))
    (link,) = lump_fixed_joints(robot(weighs, frame, frame='base_link')).links
    assert (link.inertial.mass_kg, link.inertial.pose.position_m) == (4.0, (0.0, 0.0, 0.0))
    (link,) = lump_fixed_joints(robot(Link('base_link'), frame, frame='base_link')).links
    assert link.inertial is None


def test_everything_on_a_joined_link_keeps_its_place_in_the_robot_and_its_frame():
    arm, hand = Pose3.from_rpy(0.3, 0.1, 0.5, 0.2, -0.4, 1.0), Pose3.from_rpy(0.6, -0.2, 0.9, -0.7, 0.1, 0.3)
    own = Pose3.from_rpy(0.05, 0.02, 0.01, 0.3, 0.2, 0.1)
    model = robot(
        Link('base_footprint'), Link('base_link', Pose3.from_rpy(z_m=0.15, yaw_rad=0.5), collisions=HULL),
        Link('arm', arm, collisions=(Collision('elbow', own, Sphere(0.1)),), lights=(Light('lamp', 'spot', own),)),
        Link('hand', hand, visuals=(Visual('palm', own, Sphere(0.1)),),
             sensors=(CameraSensor('eye', own, 10.0, 'image', 'eye_frame'),)),
        base_link='base_footprint', arm='base_link', hand='arm')
    lumped = lump_fixed_joints(model)
    assert names(lumped) == ['base_link']
    assert lumped.joints == ()
    for parts in ('collisions', 'visuals', 'sensors', 'lights'):
        before, after = places(model, parts), places(lumped, parts)
        assert before.keys() == after.keys() != set()
        for name, matrix in before.items():
            np.testing.assert_allclose(after[name], matrix, atol=1e-9, err_msg=name)
    assert lumped.links[0].sensors[0].frame_id == 'eye_frame'


def test_a_joined_link_is_named_and_placed_as_base_link_else_as_its_topmost():
    at = Pose3.from_rpy(z_m=0.15)
    lumped = lump_fixed_joints(robot(
        Link('base_footprint'), Link('base_link', at), Link('tower', Pose3.from_rpy(z_m=1.0)),
        Link('head', Pose3.from_rpy(z_m=1.5)),
        kinds={'tower': 'continuous'}, base_link='base_footprint', tower='base_link', head='tower'))
    assert [(link.name, link.pose) for link in lumped.links] == [('base_link', at), ('tower', Pose3.from_rpy(z_m=1.0))]


def test_wheels_stay_links_of_their_own_and_hang_on_the_joined_link():
    model = robot(
        Link('base_link'), Link('axle', Pose3.from_rpy(y_m=0.2)), Link('wheel', Pose3.from_rpy(y_m=0.3)),
        Link('cap', Pose3.from_rpy(y_m=0.4)), kinds={'wheel': 'continuous'},
        axle='base_link', wheel='axle', cap='wheel')
    lumped = lump_fixed_joints(model)
    assert names(lumped) == ['base_link', 'wheel']
    (joint,) = lumped.joints
    assert joint == dataclasses.replace(model.joints[1], parent='base_link')


def test_a_lidar_with_a_collision_stays_alone_so_that_it_sees_what_it_stands_on_and_what_stands_on_it():
    scanner = Link('lidar', Pose3.from_rpy(z_m=0.4), collisions=HULL, sensors=(lidar(),))
    mast = Link('mast', Pose3.from_rpy(z_m=0.6), collisions=HULL)
    lumped = lump_fixed_joints(robot(
        Link('base_link', collisions=HULL), scanner, mast, lidar='base_link', mast='lidar'))
    assert names(lumped) == ['base_link', 'lidar', 'mast']
    assert [(joint.parent, joint.child) for joint in lumped.joints] == [('base_link', 'lidar'), ('lidar', 'mast')]
    bare = dataclasses.replace(scanner, collisions=())
    assert names(lump_fixed_joints(robot(Link('base_link', collisions=HULL), bare, lidar='base_link'))) == ['base_link']


def test_links_with_and_without_gravity_are_not_mixed():
    balloon = Link('balloon', gravity=False)
    lumped = lump_fixed_joints(robot(
        Link('base_link'), balloon, Link('rope', gravity=False), balloon='base_link', rope='balloon'))
    assert [(link.name, link.gravity) for link in lumped.links] == [('base_link', True), ('balloon', False)]


def test_a_ring_of_fixed_joints_is_refused_with_its_links():
    ring = robot(Link('base_link'), Link('a'), Link('b'), Link('c'), a='c', b='a', c='b')
    with pytest.raises(SceneError, match='links a, c, b hang on each other in a ring'):
        lump_fixed_joints(ring)
    with pytest.raises(SceneError, match='links a hang on each other'):
        lump_fixed_joints(robot(Link('base_link'), Link('a'), a='a'))


def test_the_ugv_becomes_a_base_two_wheels_a_lidar_and_a_head_that_weigh_and_sense_as_before():
    before = read_robot(UGV)
    after = lump_fixed_joints(before)
    assert sorted(names(after)) == [
        'base_link', 'left_wheel_link', 'lidar_link', 'pan_link', 'right_wheel_link', 'tilt_link']
    assert sum(link.inertial.mass_kg for link in after.links) == pytest.approx(45.0)
    sensors = {sensor.name: sensor.frame_id for link in before.links for sensor in link.sensors}
    assert {sensor.name: sensor.frame_id for link in after.links for sensor in link.sensors} == sensors
    for name, matrix in places(before, 'sensors').items():
        np.testing.assert_allclose(places(after, 'sensors')[name], matrix, atol=1e-9)
