"""Names that ROS takes, and those of Gazebo's services; nothing here needs ROS."""

from __future__ import annotations

WORLD_SERVICES = {'create': 'SpawnEntity', 'remove': 'DeleteEntity', 'set_pose': 'SetEntityPose'}
"""The services by which a world in Gazebo is changed, and their types in ros_gz_interfaces/srv."""


LIGHT_MESSAGE = ('Light', 'gz.msgs.Light')
"""What a light in Gazebo is set by: the type in ros_gz_interfaces/msg, and Gazebo's own."""


def is_name(text: str) -> bool:
    """Tell whether ROS takes a text for one part of a name: letters, digits and _, the first no digit."""
    return text.isascii() and text.isidentifier()


def world_service(world: str, service: str) -> str:
    """Return the name of a service of ``WORLD_SERVICES``, on both sides of the bridge, for a world by its own name."""
    return f'/world/{world}/{service}'


def light_topic(world: str) -> str:
    """Return the topic, on both sides of the bridge, on which a world, by its own name, hears how lights shine."""
    return f'/world/{world}/light_config'
