"""The occupancy map."""

from __future__ import annotations

import math
from array import array

import numpy as np
from geometry_msgs.msg import Quaternion
from nav_msgs.msg import OccupancyGrid

from lepatrol.model.errors import ObservationError
from lepatrol.model.occupancy import FREE, OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.ros.conversions.poses import MAP
from lepatrol.ros.conversions.times import header

_OCCUPIED_ABOVE, _FREE_BELOW = 65, 19.6
"""Probabilities in percent beyond which Nav2's map_server takes a cell for occupied, or for free."""


def map_from_ros(message: OccupancyGrid) -> OccupancyMap:
    """Return a map; cells that are neither surely occupied nor surely free are unknown.

    :raises ObservationError: if it is in another frame, turned, begins nowhere, or is not of the size it says.
    """
    info = message.info
    if message.header.frame_id != MAP:
        raise ObservationError(f'map: is in frame {message.header.frame_id!r}, expected {MAP!r}')
    turn, corner = info.origin.orientation, info.origin.position
    if not abs(turn.x) + abs(turn.y) + abs(turn.z) <= 1e-6:
        raise ObservationError('map: its origin is turned, expected axes along those of the frame')
    if not (math.isfinite(corner.x) and math.isfinite(corner.y)):
        raise ObservationError(f'map: its origin is ({corner.x}, {corner.y}), expected finite numbers')
    # The resolution is a float32 on the wire; rounding brings 0.1 back.
    resolution_m = round(float(np.float32(info.resolution)), 7)
    if not 0.0 < resolution_m < math.inf:
        raise ObservationError(f'map: resolution is {info.resolution} m, expected more than 0')
    chances = np.array(message.data, dtype=np.int8)
    if chances.size != info.width * info.height or not chances.size:
        raise ObservationError(f'map: {chances.size} cells, expected {info.width} x {info.height}')
    cells = np.full((info.height, info.width), UNKNOWN, dtype=np.int8)
    chances = chances.reshape(cells.shape)
    cells[(chances > _OCCUPIED_ABOVE) & (chances <= OCCUPIED)] = OCCUPIED
    cells[(chances >= 0) & (chances < _FREE_BELOW)] = FREE
    return OccupancyMap(cells, resolution_m, corner.x, corner.y)


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
