"""Start the nodes of one patrolling robot on the robot itself: no simulator, and the time is the wall's.

The robot's own drivers and localisation publish scan, camera/image_raw, camera/camera_info, odom and pose (in map), and
obey cmd_vel.
"""

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity
from launch.actions import OpaqueFunction

from lepatrol.bringup import patrol_nodes
from lepatrol.cli.running import place_of
from lepatrol.gazebo import robot_state_publisher, rviz
from lepatrol.launching import declare, given, is_on, node

ARGUMENTS = ('site', 'world', 'robot', 'namespace', 'map_file', 'rviz', 'navigator', 'output_folder')


def everything(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """Return what bringup lists for a real robot, its description, and RViz where it is asked for."""
    chosen = given(context, *ARGUMENTS)
    world, site = place_of(chosen['world'] or None, chosen['site'] or None)
    robot, namespace = chosen['robot'], chosen['namespace']
    specs = patrol_nodes(
        world=world, site=site, robot=robot, namespace=namespace, output_folder=chosen['output_folder'],
        map_file=chosen['map_file'], sim='none', navigator=chosen['navigator'], greeter=True)
    shown = [rviz(namespace, use_sim_time=False)] if is_on(chosen['rviz']) else []
    return [node(spec) for spec in (*specs, robot_state_publisher(robot, namespace, use_sim_time=False), *shown)]


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments, then start everything."""
    return LaunchDescription([*declare(*ARGUMENTS), OpaqueFunction(function=everything)])
