"""Start Gazebo with a world and one robot, bridged to ROS: its topics are those of the embedded simulator."""

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity
from launch.actions import AppendEnvironmentVariable, IncludeLaunchDescription, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

from lepatrol.cli.running import place_of
from lepatrol.gazebo import gazebo_programs, model_folder, server_arguments
from lepatrol.launching import declare, given, is_on, node, speed_of

ARGUMENTS = ('world', 'site', 'robot', 'namespace', 'headless', 'speed')
SERVER = PathJoinSubstitution([FindPackageShare('ros_gz_sim'), 'launch', 'gz_sim.launch.py'])


def gazebo(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """Return Gazebo, whose end ends all, and what lepatrol/gazebo.py puts beside it."""
    chosen = given(context, *ARGUMENTS)
    world, site = place_of(chosen['world'] or None, chosen['site'] or None)
    arguments = server_arguments(world, speed=speed_of(chosen['speed']), headless=is_on(chosen['headless']))
    programs = gazebo_programs(world=world, site=site, robot=chosen['robot'], namespace=chosen['namespace'])
    return [
        AppendEnvironmentVariable('GZ_SIM_RESOURCE_PATH', str(model_folder(world))),
        IncludeLaunchDescription(
            PythonLaunchDescriptionSource(SERVER),
            launch_arguments={'gz_args': arguments, 'on_exit_shutdown': 'true'}.items()),
        *(node(program) for program in programs)]


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments, then start Gazebo."""
    return LaunchDescription([*declare(*ARGUMENTS), OpaqueFunction(function=gazebo)])
