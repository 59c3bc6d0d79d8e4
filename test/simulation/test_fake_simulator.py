import math

import numpy as np
import pytest

from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose2, Twist
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.simulation.fake import FakeSensors, FakeSimulator


@pytest.fixture
def room():
    cells = np.zeros((100, 100), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    return OccupancyMap(cells, 0.1, -5.0, -5.0)


def test_a_robot_drives_the_arc_it_is_told_and_reports_it(room):
    simulator = FakeSimulator(room, {'r': Pose2(1.0, -1.0, 0.5)})
    simulator.command('r', Twist(0.5, 0.5))
    deliveries = simulator.advance(2.0)
    turned = simulator.ground_truth('r').planar()
    expected = Pose2(1.0, -1.0, 0.5).compose(Pose2(math.sin(1.0), 1.0 - math.cos(1.0), 1.0))
    assert turned.distance_m(expected) < 1e-6
    seen = {type(d.observation): d.observation for d in deliveries}
    assert seen[PoseEstimate].pose.planar().distance_m(turned) < 1e-6
    assert seen[Odometry].pose.planar().distance_m(Pose2(math.sin(1.0), 1.0 - math.cos(1.0))) < 1e-6


def test_a_robot_stops_at_a_wall_and_says_so(room):
    simulator = FakeSimulator(room, {'r': Pose2(0.0, 0.0)})
    simulator.command('r', Twist(1.0, 0.0))
    simulator.advance(4.0)
    assert not simulator.in_collision('r')
    simulator.advance(4.0)
    assert simulator.in_collision('r')
    assert simulator.ground_truth('r').position_m[0] == pytest.approx(4.6, abs=0.03)
    simulator.command('r', Twist(-1.0, 0.0))
    simulator.advance(1.0)
    assert not simulator.in_collision('r')


def test_the_scan_meets_the_walls_where_they_are(room):
    simulator = FakeSimulator(room, {'r': Pose2(0.0, 0.0)}, FakeSensors(beams=4))
    scans = [d.observation for d in simulator.advance(0.1) if isinstance(d.observation, LaserScan)]
    assert scans[0].ranges_m == pytest.approx([4.9, 4.9, 4.9, 4.9], abs=0.051)
    with pytest.raises(CommandError):
        simulator.command('other', Twist())
