"""Gazebo's real service types, where ros_gz_interfaces is installed: the node against services that the test offers."""

import math

import pytest
import rclpy
from gazebo_stage import GazeboStage, given

from lepatrol.ros.conversions import pose3_from_ros

ros_gz = pytest.importorskip(
    'ros_gz_interfaces.srv', reason='ros_gz_interfaces comes with an installed ROS 2 only; pip has none')
MODEL = 2


class PlayedWorld:
    """A world that offers Gazebo's services: where its models are, and whether it takes orders."""

    def __init__(self, node, world):
        self.takes, self.places, self.texts, self.removed = True, {}, {}, []
        for kind, name, answer in ((ros_gz.SpawnEntity, 'create', self._create),
                                   (ros_gz.DeleteEntity, 'remove', self._remove),
                                   (ros_gz.SetEntityPose, 'set_pose', self._set_pose)):
            node.create_service(kind, f'/world/{world}/{name}', answer)

    def _create(self, request, response):
        factory = request.entity_factory
        assert factory.relative_to in ('', 'world')
        if self.takes:
            self.texts[factory.name], self.places[factory.name] = factory.sdf, pose3_from_ros(factory.pose)
        response.success = self.takes
        return response

    def _remove(self, request, response):
        assert request.entity.type == MODEL
        self.removed.append(request.entity.name)
        response.success = True
        return response

    def _set_pose(self, request, response):
        assert request.entity.type == MODEL
        response.success = request.entity.name in self.places
        if response.success:
            self.places[request.entity.name] = pose3_from_ros(request.pose)
        return response


@pytest.fixture
def stage(request):
    rclpy.init(args=given(scenario=request.param))
    stage = GazeboStage()
    yield stage
    stage.close()
    rclpy.shutdown()


@pytest.mark.parametrize('stage', ['demo_night'], indirect=True)
def test_a_panel_is_cut_a_bag_put_down_over_the_services(stage):
    world = PlayedWorld(stage.gazebo, 'prison')
    stage.wait_for('the scene', lambda: world.removed and len(world.places) == 2)
    (panel,) = world.removed
    assert 'bag' in world.places
    assert f'{panel}_changed' in world.places
    assert all(text.startswith('<sdf version="1.9"><model name=') for text in world.texts.values())


@pytest.mark.parametrize('stage', ['staff_on_duty'], indirect=True)
def test_who_is_refused_at_first_is_made_later_and_walks(stage):
    world = PlayedWorld(stage.gazebo, 'prison')
    world.takes = False
    begun_s = stage.time_s
    stage.wait_for('some refusals', lambda: stage.time_s > begun_s + 20.0)
    assert world.places == {}
    world.takes = True
    stage.wait_for('the two', lambda: {'stander', 'walker'} <= set(world.places))
    before = world.places['walker'].position_m
    stage.wait_for('a walk', lambda: math.dist(before, world.places['walker'].position_m) > 3.0)
