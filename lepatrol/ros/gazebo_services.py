"""Gazebo's services of a world, by rclpy: create, remove and set_pose, as ros_gz_bridge carries them.

The types are those of ros_gz_interfaces/srv in gazebosim/ros_gz, branch jazzy; ros_gz_bridge carries them since 1.0.11.
They answer that Gazebo has taken an order (gz-sim8, src/systems/user_commands/UserCommands.cc).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node

from lepatrol.model.errors import LepatrolError
from lepatrol.model.world_orders import Create, Move, WorldOrder, WorldServices
from lepatrol.ros.conversions.poses import pose3_to_ros
from lepatrol.ros.names import WORLD_SERVICES, is_name, world_service
from lepatrol.ros.optional import GAZEBO_MESSAGES, load

_FOR = 'a scenario in Gazebo'
_MODEL = 2
"""ros_gz_interfaces/msg/Entity's MODEL."""


class GazeboServices(WorldServices):
    """The services of one world; their answers come while the node is spun."""

    def __init__(self, node: Node, world: str) -> None:
        """Make the clients.

        :raises LepatrolError: where ros_gz_interfaces is not installed, saying how it is, or ROS would not take the
            world's name.
        """
        if not is_name(world):
            raise LepatrolError(f'the world is called {world!r}, which ROS takes for no part of a service; letters, '
                                'digits and _ will do, the first no digit')
        self._create, self._remove, self._set_pose = (
            _Service(node, world_service(world, name), load(GAZEBO_MESSAGES, 'srv', WORLD_SERVICES[name], _FOR))
            for name in ('create', 'remove', 'set_pose'))

    def missing(self) -> tuple[str, ...]:
        """Return the names of services that nobody offers."""
        return tuple(service.name for service in (self._create, self._remove, self._set_pose)
                     if not service.client.service_is_ready())

    def send(self, order: WorldOrder, answered: Callable[[bool], None]) -> None:
        """Call the service of an order."""
        if isinstance(order, Create):
            service, request = self._create, self._create.request()
            factory = request.entity_factory
            factory.name, factory.sdf, factory.pose = order.name, order.sdf, pose3_to_ros(order.pose)
        else:
            service = self._set_pose if isinstance(order, Move) else self._remove
            request = service.request()
            request.entity.name, request.entity.type = order.name, _MODEL
            if isinstance(order, Move):
                request.pose = pose3_to_ros(order.pose)
        service.client.call_async(request).add_done_callback(lambda done: answered(bool(done.result().success)))


class _Service:
    """One service: its name, the client, and what makes a request."""

    def __init__(self, node: Node, name: str, kind: Any) -> None:
        self.name = name
        self.client = node.create_client(kind, name)
        self.request: Callable[[], Any] = kind.Request
