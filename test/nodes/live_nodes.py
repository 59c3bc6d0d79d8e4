"""The nodes of a patrol in the bench yard; whoever starts them has the ROS domain to himself."""

from lepatrol import bringup

DEADLINE_S = 90.0


def yard(folder, speed=5.0):
    return bringup.patrol_nodes(world='bench_yard', site='bench_yard', speed=speed, output_folder=folder)
