"""A scenario played by the simulator node, over real DDS."""

import numpy as np
from live_nodes import DEADLINE_S
from sensor_msgs.msg import LaserScan

from lepatrol import bringup
from lepatrol.ros import qos
from lepatrol.ros.operator import open_console


def test_the_simulator_plays_a_scenario_in_its_own_world():
    simulator = bringup.patrol_nodes(world='bench_yard', site='bench_yard', scenario='fog', speed=5.0)[0]
    scans = []
    with bringup.start([simulator], quiet=True) as running, open_console(running.check) as operator:
        operator.node.create_subscription(LaserScan, 'scan', scans.append, qos.SENSOR)
        operator.wait_for('scans and the map', lambda: len(scans) > 10 and operator.map is not None,
                          deadline_s=DEADLINE_S)
    ranges = np.array([scan.ranges for scan in scans])
    assert np.isinf(ranges).any()
    assert ranges[np.isfinite(ranges)].max() < 15.5
    width, height = operator.map.size_m
    assert width > 115.0  # the prison's, not the yard's
    assert height > 75.0
