"""Start the embedded simulator and the nodes of one patrolling robot: the nodes of lepatrol/bringup.py."""

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from lepatrol.bringup import patrol_nodes

ARGUMENTS = {
    'world': ('prison', 'Name of a world of worlds, or an .sdf file.'),
    'site': ('prison', 'Name of a site of config/sites, or a .yaml file.'),
    'robot': ('ugv', 'Name of a robot of urdf and config/robots, or a description file.'),
    'namespace': ('', "The robot's namespace; empty for none."),
    'speed': ('1.0', 'Simulated seconds per second; 0 is as fast as it can.'),
    'view': ('false', "Whether MuJoCo's viewer is opened; it needs a display."),
    'output_folder': ('out', 'Folder for photos and progress.'),
}


def nodes(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """Return what bringup lists, for the arguments that this launch was given."""
    given = {name: LaunchConfiguration(name).perform(context) for name in ARGUMENTS}
    specs = patrol_nodes(**{**given, 'speed': float(given['speed']), 'view': given['view'].lower() == 'true'})
    return [
        Node(package='lepatrol', executable=spec.executable, name=spec.executable, namespace=spec.namespace,
             parameters=[*([str(spec.parameter_file)] if spec.parameter_file else []), spec.parameters],
             output='screen')
        for spec in specs]


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments, then start the nodes."""
    return LaunchDescription([
        *(DeclareLaunchArgument(name, default_value=default, description=description)
          for name, (default, description) in ARGUMENTS.items()),
        OpaqueFunction(function=nodes)])
