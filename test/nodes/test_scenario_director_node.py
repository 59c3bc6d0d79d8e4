"""The scenario_director node on real topics, with a world that the test plays in place of Gazebo's services."""

import math
import os
import subprocess
import sys

import pytest
import rclpy
from gazebo_stage import GazeboStage, given
from live_nodes import DEADLINE_S

from lepatrol import assembly
from lepatrol.model.world_orders import Create, Move, Remove, WorldServices
from lepatrol.nodes import scenario_director
from lepatrol.ros import optional
from lepatrol.simulation.description import Model
from lepatrol.simulation.scene import Scene

SCENARIO, SEED = 'demo_night', 3


class EagerWorld(WorldServices):
    """Does what it is asked."""

    asked = ()

    def __init__(self, _node, world):
        EagerWorld.asked, self.world = [], world

    def missing(self):
        return ()

    def send(self, order, answered):
        EagerWorld.asked.append(order)
        answered(True)


def asked(kind, name):
    return [order for order in EagerWorld.asked if isinstance(order, kind) and order.name == name]


@pytest.fixture
def stage(monkeypatch):
    monkeypatch.setattr(scenario_director, 'GazeboServices', EagerWorld)
    rclpy.init(args=given(scenario=SCENARIO, seed=SEED))
    stage = GazeboStage()
    yield stage
    stage.close()
    rclpy.shutdown()


def test_the_scene_is_set_and_the_intruder_comes_with_the_robot(stage):
    scenario = assembly.load_scenario(SCENARIO)
    scene = Scene(assembly.load_world(scenario.world), {'robot': Model('robot')})
    staged = assembly.stage_live(scenario, scene, assembly.load_site(scenario.site), SEED).scene.world
    path = next(actor.path for actor in staged.actors if actor.name == 'intruder')
    stage.wait_for('the bag', lambda: asked(Create, 'bag'))
    bag = next(model for model in staged.models if model.name == 'bag')
    assert asked(Create, 'bag')[0].pose == bag.pose
    assert len([order for order in EagerWorld.asked if isinstance(order, Remove)]) == 1
    begun_s = stage.time_s
    stage.wait_for('ten seconds', lambda: stage.time_s > begun_s + 10.0)
    assert asked(Create, 'intruder') == []
    stage.robot_m = path.trigger.place_m
    stage.wait_for('the intruder', lambda: asked(Create, 'intruder'))
    (made,) = asked(Create, 'intruder')
    assert math.dist(made.pose.position_m, path.poses[0].pose.position_m) < 0.5
    end_m = path.poses[-1].pose.position_m
    stage.wait_for('the end of his way', lambda: asked(Move, 'intruder')
                   and math.dist(asked(Move, 'intruder')[-1].pose.position_m, end_m) < 0.01)


def test_it_publishes_nothing_of_what_it_knows(stage):
    stage.wait_for('the bag', lambda: asked(Create, 'bag'))
    name, namespace = stage.node.get_name(), stage.node.get_namespace()
    published = {topic for topic, _ in stage.node.get_publisher_names_and_types_by_node(name, namespace)}
    assert published == {'/rosout', '/parameter_events'}


@pytest.mark.parametrize(('words', 'reason'), [
    ((), 'scenario: is empty, expected the name of a scenario'),
    (('-p', 'scenario:=nowhere'), 'no scenario of this name'),
])
def test_a_scenario_that_is_not_there_is_named_and_the_node_ends_with_1(words, reason):
    done = subprocess.run([sys.executable, '-m', 'lepatrol.nodes', 'scenario_director', '--ros-args', *words],
                          capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 1
    assert reason in done.stderr
    assert 'Traceback' not in done.stderr


def test_without_gazebos_messages_the_node_says_what_to_install_and_ends_with_1():
    if optional.is_installed(optional.GAZEBO_MESSAGES):
        pytest.skip(f'{optional.GAZEBO_MESSAGES} is installed')
    done = subprocess.run(
        [sys.executable, '-m', 'lepatrol.nodes', 'scenario_director', '--ros-args', '-p', 'scenario:=fence_cut'],
        env={**os.environ, 'ROS_DISTRO': ''}, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 1
    assert 'sudo apt install ros-jazzy-ros-gz-interfaces' in done.stderr
    assert 'Traceback' not in done.stderr
