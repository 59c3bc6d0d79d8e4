"""The world_map node: publishes the occupancy map where no embedded simulator does."""

from __future__ import annotations

from pathlib import Path

from nav_msgs.msg import OccupancyGrid

from lepatrol import assembly
from lepatrol.model.geometry import Pose2
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.planning.map_file import read_map
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.starting import WorldMapStart


class WorldMapNode(LepatrolNode):
    """Publishes ``/map`` once, latched, so that who comes late hears it too."""

    def __init__(self) -> None:
        """Declare the parameters, make or read the map, publish it."""
        super().__init__('world_map')
        occupancy = load_map(parameters.declare(self, WorldMapStart))
        self._map = self.create_publisher(OccupancyGrid, '/map', qos.LATCHED)
        self._map.publish(conversions.map_to_ros(occupancy, self.now_s))
        rows, columns = occupancy.cells.shape
        self.get_logger().info(f'map of {columns} x {rows} cells published')


def load_map(start: WorldMapStart) -> OccupancyMap:
    """Read the map's file, or make the map of the world at the height of the robot's lidar.

    :raises LepatrolError: if a file cannot be read, or the robot has no lidar.
    """
    if start.map_file:
        return read_map(Path(start.map_file))
    scene = assembly.load_scene(start.world, {'robot': (start.robot, Pose2(0.0, 0.0, 0.0))})
    return assembly.make_map(scene, scene.robots['robot'])


def main() -> int:
    """Run the node."""
    return run_node(WorldMapNode)
