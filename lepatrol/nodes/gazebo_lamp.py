"""The gazebo_lamp node: switches a robot's lamp in Gazebo, as the topic ``lamp`` asks.

ros_gz_bridge makes gz.msgs.Light of ros_gz_interfaces/msg/Light. Gazebo finds the light by its name and takes all of it
but its turn from the message (gz-sim8, src/systems/user_commands/UserCommands.cc). The message has no switch: a light
that is off has no intensity.
"""

from __future__ import annotations

from typing import Any

from geometry_msgs.msg import Vector3
from std_msgs.msg import Bool, ColorRGBA

from lepatrol import assembly
from lepatrol.model.errors import LepatrolError
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.names import is_name, light_topic
from lepatrol.ros.optional import GAZEBO_MESSAGES, load
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.starting import GazeboLampStart
from lepatrol.simulation.description import Light, Rgba

_KINDS = {'point': 0, 'spot': 1, 'directional': 2}


class GazeboLampNode(LepatrolNode):
    """The operator's switch in; out, for each lamp of the robot's description, how it is to shine."""

    def __init__(self) -> None:
        """Declare the parameters, read world and robot, connect."""
        super().__init__('gazebo_lamp')
        start = parameters.declare(self, GazeboLampStart)
        self._message = load(GAZEBO_MESSAGES, 'msg', 'Light', 'a lamp in Gazebo')
        world = assembly.load_world(start.world).name
        if not is_name(world):
            raise LepatrolError(f'the world is called {world!r}, which ROS takes for no part of a topic; letters, '
                                'digits and _ will do, the first no digit')
        self._lamps = assembly.load_description(start.robot, 'robot').lamps
        if not self._lamps:
            self.get_logger().info(f'the robot {start.robot} has no lamp')
        self._lights = self.create_publisher(self._message, light_topic(world), qos.COMMAND)
        self.listen(Bool, 'lamp', self._on_lamp, qos.COMMAND)

    def _on_lamp(self, message: Bool) -> None:
        for lamp in self._lamps:
            self._lights.publish(light_order(self._message, lamp, is_on=message.data))


def light_order(message: Any, light: Light, *, is_on: bool) -> Any:
    """Return a message of the type given that has a light shine as its file says, or not at all."""
    constant, linear, quadratic = light.attenuation
    x, y, z = light.direction
    return message(
        name=light.name, type=_KINDS[light.kind], pose=conversions.pose3_to_ros(light.pose),
        diffuse=_colour(light.diffuse), specular=_colour(light.specular),
        attenuation_constant=constant, attenuation_linear=linear, attenuation_quadratic=quadratic,
        direction=Vector3(x=x, y=y, z=z), range=light.range_m, cast_shadows=light.cast_shadows,
        spot_inner_angle=light.spot_inner_angle_rad, spot_outer_angle=light.spot_outer_angle_rad,
        spot_falloff=light.spot_falloff, intensity=light.intensity if is_on else 0.0)


def _colour(rgba: Rgba) -> ColorRGBA:
    red, green, blue, alpha = rgba
    return ColorRGBA(r=red, g=green, b=blue, a=alpha)


def main() -> int:
    """Run the node."""
    return run_node(GazeboLampNode)
