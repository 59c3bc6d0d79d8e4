"""Start a simulator and the nodes of one patrolling robot: the nodes of lepatrol/bringup.py."""

from pathlib import Path

from launch import LaunchContext, LaunchDescription, LaunchDescriptionEntity
from launch.actions import IncludeLaunchDescription, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource

from lepatrol.bringup import has_frames, patrol_nodes
from lepatrol.cli.running import place_of
from lepatrol.gazebo import robot_state_publisher, rviz
from lepatrol.launching import declare, given, is_on, node, speed_of

ARGUMENTS = ('world', 'site', 'scenario', 'sim', 'robot', 'namespace', 'headless', 'speed', 'rviz', 'navigator',
             'output_folder')
GAZEBO = Path(__file__).with_name('gazebo.launch.py')


def everything(context: LaunchContext) -> list[LaunchDescriptionEntity]:
    """Return what bringup lists, with Gazebo and RViz where they are asked for."""
    chosen = given(context, *ARGUMENTS)
    world, site = place_of(chosen['world'] or None, chosen['site'] or None, chosen['scenario'] or None)
    sim, robot, namespace = chosen['sim'], chosen['robot'], chosen['namespace']
    specs = patrol_nodes(
        world=world, site=site, robot=robot, namespace=namespace, speed=speed_of(chosen['speed']),
        view=not is_on(chosen['headless']), output_folder=chosen['output_folder'], scenario=chosen['scenario'], sim=sim,
        navigator=chosen['navigator'], frames=sim == 'embedded' and has_frames(), greeter=True)
    actions = [node(spec) for spec in specs]
    if sim == 'gazebo':
        arguments = {'world': world, 'site': site} | {
            name: chosen[name] for name in ('robot', 'namespace', 'headless', 'speed')}
        actions.insert(0, IncludeLaunchDescription(
            PythonLaunchDescriptionSource(str(GAZEBO)), launch_arguments=arguments.items()))
    if is_on(chosen['rviz']):
        # Beside Gazebo the robot's description is there already.
        described = [] if sim == 'gazebo' else [robot_state_publisher(robot, namespace, use_sim_time=True)]
        actions += [node(spec) for spec in (*described, rviz(namespace, use_sim_time=True))]
    return actions


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments, then start everything."""
    return LaunchDescription([*declare(*ARGUMENTS), OpaqueFunction(function=everything)])
