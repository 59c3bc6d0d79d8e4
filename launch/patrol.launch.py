"""Start the embedded simulator and the nodes of one patrolling robot: the nodes of lepatrol/bringup.py."""

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity
from launch.actions import DeclareLaunchArgument, OpaqueFunction, Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from lepatrol.bringup import NAVIGATORS, has_frames, patrol_nodes
from lepatrol.cli.options import speed
from lepatrol.cli.running import place_of

ARGUMENTS = {
    'world': ('', "Name of a world of worlds, or an .sdf file; empty for the site's."),
    'site': ('', 'Name of a site of config/sites, or a .yaml file; empty for that named like the world, or prison.'),
    'scenario': ('', 'Name of a scenario of config/scenarios, or a .yaml file, that says world and site itself.'),
    'robot': ('ugv', 'Name of a robot of urdf and config/robots, or a description file.'),
    'namespace': ('', "The robot's namespace; empty for none."),
    'speed': ('1.0', "Simulated seconds per second, or 'max'."),
    'view': ('false', "Whether MuJoCo's viewer is opened; it needs a display."),
    'navigator': ('builtin', "Who drives: 'builtin', or 'nav2' for a Nav2 that is launched beside this."),
    'output_folder': ('out', 'Folder for photos and progress.'),
}

CHOICES = {'view': ['true', 'false', 'True', 'False'], 'navigator': list(NAVIGATORS)}


def nodes(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """Return what bringup lists, for the arguments that this launch was given; the end of one node ends all."""
    given = {name: LaunchConfiguration(name).perform(context) for name in ARGUMENTS}
    world, site = place_of(given['world'] or None, given['site'] or None, given['scenario'] or None)
    specs = patrol_nodes(**{
        **given, 'world': world, 'site': site, 'speed': speed(given['speed']), 'view': given['view'].lower() == 'true',
        'frames': has_frames()})
    return [
        Node(package='lepatrol', executable=spec.executable, name=spec.executable, namespace=spec.namespace,
             parameters=[*([str(spec.parameter_file)] if spec.parameter_file else []), spec.parameters],
             output='screen', on_exit=Shutdown(reason=f'the node {spec.executable} has ended'))
        for spec in specs]


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments, then start the nodes."""
    return LaunchDescription([
        *(DeclareLaunchArgument(name, default_value=default, description=description,
                                choices=CHOICES.get(name))
          for name, (default, description) in ARGUMENTS.items()),
        OpaqueFunction(function=nodes)])
