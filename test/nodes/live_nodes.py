"""The nodes that tests start; whoever starts them has the ROS domain to himself."""

import dataclasses

from ament_index_python.packages import PackageNotFoundError, get_package_prefix

from lepatrol import bringup
from lepatrol.ros import optional

DEADLINE_S = 90.0
_WANTS = {'frames': optional.TF_MESSAGES, 'nav2_navigator': optional.NAV2_MESSAGES,
          'scenario_director': optional.GAZEBO_MESSAGES, 'gazebo_lamp': optional.GAZEBO_MESSAGES}


def yard(folder, speed=5.0):
    """Return the nodes of a patrol in the bench yard."""
    return bringup.patrol_nodes(world='bench_yard', site='bench_yard', speed=speed, output_folder=folder)


def lone_nodes(folder):
    """Return every node that can run here, by name; with the wall's clock, for nobody is there to tell another."""
    specs = [*yard(folder), *bringup.patrol_nodes(sim='gazebo')]
    for name, more in (('frames', {'frames': True}), ('nav2_navigator', {'navigator': 'nav2'}),
                       ('scenario_director', {'sim': 'gazebo', 'scenario': 'fence_cut'}),
                       ('gazebo_lamp', {'sim': 'gazebo'})):
        if optional.is_installed(_WANTS[name]):
            specs += [spec for spec in bringup.patrol_nodes(**more) if spec.executable == name]
    return {spec.executable: dataclasses.replace(spec, parameters={**spec.parameters, 'use_sim_time': False})
            for spec in reversed(specs)}


def is_installed():
    """Tell whether launch finds lepatrol."""
    try:
        return bool(get_package_prefix('lepatrol'))
    except (PackageNotFoundError, LookupError):
        return False
