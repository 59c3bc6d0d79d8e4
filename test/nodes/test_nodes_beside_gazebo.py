"""The nodes that stand in where Gazebo is the simulator: the map of the world, and the pose in it."""

import math

import numpy as np
import pytest
from geometry_msgs.msg import PoseWithCovarianceStamped
from live_nodes import DEADLINE_S
from nav_msgs.msg import Odometry as OdometryMessage

from lepatrol import assembly, bringup
from lepatrol.bringup import NodeSpec
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import STOP, Pose2, Pose3
from lepatrol.model.observation import Odometry
from lepatrol.nodes.world_map import load_map
from lepatrol.planning.map_file import write_map
from lepatrol.ros import conversions, qos
from lepatrol.ros.operator import open_console
from lepatrol.settings.starting import WorldMapStart

TRUTH = Pose3.from_rpy(12.0, -2.0, 0.15, yaw_rad=0.5)


@pytest.fixture(scope='module')
def yard_map():
    scene = assembly.load_scene('bench_yard', {'robot': ('ugv', Pose2(1.0, 2.0, 0.3))})
    return assembly.make_map(scene, scene.robots['robot'])


def test_the_map_is_the_one_that_the_embedded_simulator_publishes(yard_map):
    made = load_map(WorldMapStart(world='bench_yard'))
    assert np.array_equal(made.cells, yard_map.cells)
    assert (made.origin_x_m, made.origin_y_m) == (yard_map.origin_x_m, yard_map.origin_y_m)


def test_the_map_of_a_mapped_site_is_read_from_its_file(yard_map, tmp_path):
    read = load_map(WorldMapStart(world='nowhere', map_file=str(write_map(yard_map, tmp_path / 'mapped'))))
    assert np.array_equal(read.cells, yard_map.cells)


def test_a_world_that_is_not_there_is_named():
    with pytest.raises(LepatrolError, match='no world of this name'):
        load_map(WorldMapStart(world='nowhere'))


def test_map_and_poses_come_over_the_wire_as_the_embedded_simulator_sends_them(yard_map):
    noise = {'pose_noise_m': 0.5, 'pose_noise_rad': 0.1}
    specs = [NodeSpec('world_map', parameters={'world': 'bench_yard'}), NodeSpec('gazebo_pose', 'ugv1', noise),
             NodeSpec('gazebo_pose', 'uav1', {**noise, 'robot': 'uav'})]
    seen = {'ugv1': [], 'uav1': []}
    with bringup.start(specs, quiet=True) as running, open_console(running.check) as operator:
        node = operator.node
        gazebo = [node.create_publisher(OdometryMessage, f'/{name}/ground_truth', qos.SENSOR_SOURCE) for name in seen]
        for name, estimates in seen.items():
            node.create_subscription(
                PoseWithCovarianceStamped, f'/{name}/pose',
                lambda message, told=estimates: told.append(conversions.pose_estimate_from_ros(message)), qos.SENSOR)
        operator.wait_for('the map', lambda: operator.map is not None, deadline_s=DEADLINE_S)
        stamp_s = 0.0

        def tell():
            nonlocal stamp_s
            stamp_s += 0.04
            message = conversions.odometry_to_ros(Odometry(stamp_s, TRUTH, STOP))
            message.header.frame_id = conversions.MAP
            for publisher in gazebo:
                publisher.publish(message)
            return all(len(estimates) >= 30 for estimates in seen.values())

        operator.wait_for('poses', tell, deadline_s=DEADLINE_S)
    assert np.array_equal(operator.map.cells, yard_map.cells)
    check_noise(seen['ugv1'], axes=(0, 1))
    assert {estimate.pose.position_m[2] for estimate in seen['ugv1']} == {0.15}
    check_noise(seen['uav1'], axes=(0, 1, 2))


def check_noise(estimates, axes):
    """Check that the estimates are off along these axes, each anew, by half a metre (one sigma)."""
    assert {(estimate.frame_id, estimate.deviation_m, round(estimate.deviation_rad, 9)) for estimate in estimates} == {
        ('map', 0.5, 0.1)}
    assert len({estimate.pose for estimate in estimates}) == len(estimates)
    for axis in axes:
        off = np.array([estimate.pose.position_m[axis] for estimate in estimates]) - TRUTH.position_m[axis]
        assert abs(off.mean()) < 4.0 * 0.5 / math.sqrt(len(estimates))
        assert 0.25 < off.std() < 1.0
