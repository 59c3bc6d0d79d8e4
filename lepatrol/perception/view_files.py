"""Reference views on disk: one PNG for each, and an index that says what it shows.

Pixels that do not count (masked ones) are transparent, and black beneath.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.registration import Mask
from lepatrol.settings.yaml_file import YamlValue, read_yaml

INDEX = 'index.yaml'
_HEADER = """\
# What waypoints ought to look like, written by `lepatrol learn`. In the pictures, what is transparent does not count.
"""


@dataclass(frozen=True, slots=True, eq=False)
class StoredView:
    """A picture of a waypoint seen along a heading, from a believed pose; ``valid`` (h, w) is what of it counts."""

    waypoint: str
    heading_rad: float
    pose: Pose3
    image: CameraImage
    valid: Mask


def write_views(folder: Path, views: Sequence[StoredView]) -> None:
    """Write views into a folder, made if need be; the pictures of its former index that are no more are removed.

    :raises OSError: if it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    former = _pictures_of(folder)
    entries = []
    for number, view in enumerate(views):
        degrees = round(math.degrees(view.heading_rad)) % 360
        name = f'{number:03d}_{re.sub(r"[^A-Za-z0-9_-]", "_", view.waypoint)[:60]}_{degrees:03d}.png'
        _write_picture(folder / name, view)
        entries.append(_entry(view, name))
    text = _HEADER + yaml.safe_dump({'views': entries}, sort_keys=False, allow_unicode=True, default_flow_style=None)
    # The index changes at once, so that a folder is never half of one round and half of another.
    new = folder / f'{INDEX}.new'
    new.write_text(text, encoding='utf-8')
    os.replace(new, folder / INDEX)
    for name in former - {entry['picture'] for entry in entries}:
        (folder / name).unlink(missing_ok=True)


def read_views(folder: Path) -> list[StoredView]:
    """Read what ``write_views`` wrote.

    :raises FileError: naming the file, the key and what would be right.
    """
    index = folder / INDEX
    if not index.is_file():
        raise FileError(folder, f'holds no reference views (there is no {INDEX}); expected a folder that '
                        '`lepatrol learn` has written')
    return [_view(folder, entry) for entry in read_yaml(index).fields(required=('views',))['views'].sequence()]


def _view(folder: Path, value: YamlValue) -> StoredView:
    fields = value.fields(
        required=('waypoint', 'heading_deg', 'picture', 'position_m', 'orientation_wxyz', 'camera'),
        optional=('stamp_s', 'frame'))
    x, y, z = fields['position_m'].numbers(3)
    orientation = fields['orientation_wxyz'].numbers(4)
    if abs(math.hypot(*orientation) - 1.0) > 1e-3:
        fields['orientation_wxyz'].fail('is no unit quaternion (w, x, y, z)')
    lens = fields['camera'].fields(required=('fx', 'fy', 'cx', 'cy'))
    fx, fy = (lens[key].number(low=1e-3) for key in ('fx', 'fy'))
    pixels = _read_picture(folder, fields['picture'])
    height, width = pixels.shape[:2]
    w, i, j, k = orientation
    return StoredView(
        fields['waypoint'].text(), math.radians(fields['heading_deg'].number(low=-360.0, high=360.0)),
        Pose3((x, y, z), (w, i, j, k)),
        CameraImage(
            fields['stamp_s'].number() if 'stamp_s' in fields else 0.0,
            fields['frame'].text() if 'frame' in fields else 'camera',
            np.ascontiguousarray(pixels[:, :, 2::-1]),
            CameraInfo(width, height, fx, fy, lens['cx'].number(), lens['cy'].number())),
        pixels[:, :, 3] > 127)


def _read_picture(folder: Path, value: YamlValue) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return a picture's pixels (h, w, 4): blue, green, red, opacity."""
    name = value.text()
    if Path(name).name != name:
        value.fail(f'is {name!r}, expected the name of a picture in the same folder')
    path = folder / name
    if not path.is_file():
        raise FileError(path, f'this picture is missing, {INDEX} names it in line {value.line}; learn the round again, '
                        'or take the view out of the index')
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes() or b'\0', dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4:
        raise FileError(path, 'is no PNG with red, green, blue and opacity; learn the round again')
    return np.asarray(pixels, dtype=np.uint8)


def _write_picture(path: Path, view: StoredView) -> None:
    rgb = np.where(view.valid[:, :, None], view.image.rgb, 0)
    opacity = np.where(view.valid, 255, 0)
    pixels = np.dstack([rgb[:, :, ::-1], opacity]).astype(np.uint8)
    done, data = cv2.imencode('.png', pixels)
    if not done:
        raise OSError(f'{path}: OpenCV cannot write PNG')
    path.write_bytes(data.tobytes())


def _entry(view: StoredView, name: str) -> dict[str, object]:
    info = view.image.info
    return {
        'waypoint': view.waypoint, 'heading_deg': round(math.degrees(view.heading_rad), 6), 'picture': name,
        'position_m': [float(v) for v in view.pose.position_m],
        'orientation_wxyz': [float(v) for v in view.pose.orientation_wxyz],
        'camera': {key: float(getattr(info, key)) for key in ('fx', 'fy', 'cx', 'cy')},
        'stamp_s': float(view.image.stamp_s), 'frame': view.image.frame_id}


def _pictures_of(folder: Path) -> set[str]:
    """Return the names of the pictures that a folder's index names; none where it has none that can be read."""
    try:
        entries = read_yaml(folder / INDEX).fields(required=('views',))['views'].sequence()
        names = {entry.fields(required=('picture',), optional=_KEYS)['picture'].text() for entry in entries}
    except FileError:
        return set()
    return {name for name in names if Path(name).name == name and name.endswith('.png')}


_KEYS = ('waypoint', 'heading_deg', 'position_m', 'orientation_wxyz', 'camera', 'stamp_s', 'frame')
