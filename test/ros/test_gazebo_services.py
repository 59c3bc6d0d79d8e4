"""The client of Gazebo's services, against clients and requests shaped as the real ones: pip's ROS 2 has no such types.

The shapes are those that ``test/launch/gazebo_facts.yaml`` lists.
"""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from geometry_msgs.msg import Pose
from rclpy.task import Future
from wire import over_the_wire

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.world_orders import Create, Move, Remove
from lepatrol.ros import gazebo_services, optional
from lepatrol.ros.conversions import pose3_from_ros

FACTS = yaml.safe_load((Path(__file__).parents[1] / 'launch' / 'gazebo_facts.yaml').read_text(encoding='utf-8'))
POSE = Pose3.from_rpy(1.0, 2.0, 0.5, yaw_rad=0.7)


def shaped(fields):
    """Return a message that has these fields, and takes no other."""
    message = type('Message', (), {'__slots__': tuple(fields)})()
    for field, kind in (fields.items() if isinstance(fields, dict) else ()):
        setattr(message, field, shaped(kind) if isinstance(kind, list) else None)
    return message


class Client:
    """Stands in for rclpy's; a test plays the service."""

    def __init__(self, kind, name):
        self.kind, self.name, self.ready = kind, name, True
        self.requests, self.answers = [], []

    def service_is_ready(self):
        return self.ready

    def call_async(self, request):
        self.requests.append(request)
        self.answers.append(Future())
        return self.answers[-1]


@pytest.fixture
def clients(bench, monkeypatch):
    def load(package, group, name, _wanted_for):
        fields = FACTS['service_requests'][f'{package}/{group}/{name}']
        return SimpleNamespace(Request=lambda: shaped(fields))

    made = {}
    node = bench.node()
    monkeypatch.setattr(gazebo_services, 'load', load)
    monkeypatch.setattr(node, 'create_client', lambda kind, name: made.setdefault(name, Client(kind, name)))
    made['services'] = gazebo_services.GazeboServices(node, 'yard')
    return made


def sent(clients, name, order):
    """Send an order by the service of a name; return the request, and the answers that were heard of it."""
    heard = []
    clients['services'].send(order, heard.append)
    client = clients[f'/world/yard/{name}']
    (request,) = client.requests
    assert heard == []
    client.answers[0].set_result(SimpleNamespace(success=True))
    return request, heard


def assert_at(message, pose):
    assert isinstance(message, Pose)
    read = pose3_from_ros(over_the_wire(message))
    assert read.position_m == pose.position_m
    assert read.orientation_wxyz == pytest.approx(pose.orientation_wxyz)


def test_a_model_is_created_from_its_text_at_its_pose(clients):
    request, heard = sent(clients, 'create', Create('bag', '<sdf/>', POSE))
    factory = request.entity_factory
    assert (factory.name, factory.sdf) == ('bag', '<sdf/>')
    assert_at(factory.pose, POSE)
    assert heard == [True]


def test_a_model_is_removed_and_moved_by_its_name_and_kind(clients):
    model = FACTS['entity_types']['MODEL']
    request, heard = sent(clients, 'remove', Remove('crate'))
    assert (request.entity.name, request.entity.type, heard) == ('crate', model, [True])
    request, heard = sent(clients, 'set_pose', Move('gate', POSE))
    assert (request.entity.name, request.entity.type, heard) == ('gate', model, [True])
    assert_at(request.pose, POSE)


def test_a_refusal_is_heard_too(clients):
    heard = []
    clients['services'].send(Remove('crate'), heard.append)
    clients['/world/yard/remove'].answers[0].set_result(SimpleNamespace(success=False))
    assert heard == [False]


def test_services_that_nobody_offers_are_named(clients):
    assert clients['services'].missing() == ()
    clients['/world/yard/remove'].ready = clients['/world/yard/set_pose'].ready = False
    assert clients['services'].missing() == ('/world/yard/remove', '/world/yard/set_pose')


@pytest.mark.parametrize('name', ['my yard', '2nd', 'høyde', ''])
def test_a_world_whose_name_ros_would_not_take_is_refused(bench, name):
    with pytest.raises(LepatrolError, match='takes for no part of a service'):
        gazebo_services.GazeboServices(bench.node(), name)


def test_where_the_types_are_missing_it_is_said_what_to_install(bench, monkeypatch):
    monkeypatch.setattr(optional, 'is_installed', lambda package: False)
    monkeypatch.setenv('ROS_DISTRO', '')
    with pytest.raises(LepatrolError, match=r'a scenario in Gazebo needs ros_gz_interfaces, .*ros-jazzy-ros-gz-inter'):
        gazebo_services.GazeboServices(bench.node(), 'yard')
