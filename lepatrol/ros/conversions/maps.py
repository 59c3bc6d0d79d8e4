"""The occupancy map."""

from __future__ import annotations

from array import array

import numpy as np
from geometry_msgs.msg import Quaternion
from nav_msgs.msg import OccupancyGrid

from lepatrol.model.errors import ObservationError
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.ros.conversions.poses import MAP
from lepatrol.ros.conversions.times import header


def map_from_ros(message: OccupancyGrid) -> OccupancyMap:
    """Return a map.

    :raises ObservationError: if it is in another frame, turned, or not of the size it says.
    """
    info = message.info
    if message.header.frame_id != MAP:
        raise ObservationError(f'map: is in frame {message.header.frame_id!r}, expected {MAP!r}')
    turn = info.origin.orientation
    if abs(turn.x) + abs(turn.y) + abs(turn.z) > 1e-6:
        raise ObservationError('map: its origin is turned, expected axes along those of the frame')
    cells = np.array(message.data, dtype=np.int8)
    if cells.size != info.width * info.height or not cells.size:
        raise ObservationError(f'map: {cells.size} cells, expected {info.width} x {info.height}')
    # The resolution is a float32 on the wire; rounding brings 0.1 back.
    return OccupancyMap(
        cells.reshape(info.height, info.width), round(float(np.float32(info.resolution)), 7),
        info.origin.position.x, info.origin.position.y)


def map_to_ros(occupancy: OccupancyMap, stamp_s: float) -> OccupancyGrid:
    """Return a map as a message."""
    message = OccupancyGrid(header=header(stamp_s, MAP))
    message.info.map_load_time = message.header.stamp
    message.info.resolution = occupancy.resolution_m
    message.info.height, message.info.width = occupancy.cells.shape
    message.info.origin.position.x = occupancy.origin_x_m
    message.info.origin.position.y = occupancy.origin_y_m
    message.info.origin.orientation = Quaternion(w=1.0)
    data = array('b')
    data.frombytes(np.ascontiguousarray(occupancy.cells, dtype=np.int8).tobytes())
    message.data = data
    return message
