"""Point clouds of lidars with many rows."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray
from sensor_msgs.msg import PointCloud2, PointField

from lepatrol.model.errors import ObservationError
from lepatrol.model.observation import PointCloud
from lepatrol.ros.conversions.times import header, time_from_ros

_AXES = ('x', 'y', 'z')
_STEP = 12


def cloud_from_ros(message: PointCloud2) -> PointCloud:
    """Return the points of a cloud in any layout, its other fields and what is not finite (no return) left out.

    :raises ObservationError: without x, y and z as float32, or if the data is not of the size described.
    """
    who = f'cloud of {message.header.frame_id}'
    offsets = _offsets(message, who)
    count = message.width * message.height
    packed = message.point_step * message.width
    if max(offsets) + 4 > message.point_step or message.row_step < packed or (
            len(message.data) != message.row_step * message.height):
        raise ObservationError(
            f'{who}: {len(message.data)} bytes in rows of {message.row_step} and points of {message.point_step}, '
            f'expected {message.height} rows of {message.width} points that hold x, y and z')
    kind = np.dtype({
        'names': list(_AXES), 'formats': ['>f4' if message.is_bigendian else '<f4'] * 3, 'offsets': offsets,
        'itemsize': message.point_step})
    rows = np.frombuffer(message.data, dtype=np.uint8).reshape(message.height, message.row_step)[:, :packed]
    records = np.ascontiguousarray(rows).reshape(-1).view(kind) if count else np.zeros(0, dtype=kind)
    points: NDArray[np.float32] = np.stack([records[axis] for axis in _AXES], axis=1).astype(np.float32)
    return PointCloud(
        time_from_ros(message.header.stamp), message.header.frame_id, points[np.isfinite(points).all(axis=1)])


def _offsets(message: PointCloud2, who: str) -> list[int]:
    """Return where in a point x, y and z stand, in bytes."""
    fields = {field.name: field for field in message.fields}
    if not all(axis in fields and fields[axis].datatype == PointField.FLOAT32 for axis in _AXES):
        told = ', '.join(f'{field.name} (type {field.datatype})' for field in message.fields) or 'none'
        raise ObservationError(f'{who}: has the fields {told}, expected x, y and z as float32 (type 7)')
    return [int(fields[axis].offset) for axis in _AXES]


def cloud_to_ros(cloud: PointCloud) -> PointCloud2:
    """Return a cloud as a message: one row of x, y, z."""
    count = len(cloud.points_m)
    data = array('B')
    data.frombytes(np.ascontiguousarray(cloud.points_m, dtype='<f4').tobytes())
    return PointCloud2(
        header=header(cloud.stamp_s, cloud.frame_id), height=1, width=count, is_bigendian=False, is_dense=True,
        fields=[PointField(name=axis, offset=4 * index, datatype=PointField.FLOAT32, count=1)
                for index, axis in enumerate(_AXES)],
        point_step=_STEP, row_step=_STEP * count, data=data)
