"""Maps on disk in the format of Nav2's map_server: a picture (PGM) and a YAML file that describes it."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from lepatrol.model.errors import FileError
from lepatrol.model.occupancy import FREE, OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.settings.yaml_file import YamlValue, read_yaml

_WHITE, _GREY, _BLACK = 254, 205, 0
_OCCUPIED_THRESH, _FREE_THRESH = 0.65, 0.196
"""What map_saver writes; grey 205 lies between them."""


def write_map(grid: OccupancyMap, stem: Path) -> Path:
    """Write ``stem``.pgm and ``stem``.yaml and return the path of the latter; folders are made.

    :raises FileError: if they cannot be written.
    """
    stem = Path(stem)
    picture, description = stem.parent / f'{stem.name}.pgm', stem.parent / f'{stem.name}.yaml'
    rows, columns = grid.cells.shape
    shades = np.full((rows, columns), _GREY, dtype=np.uint8)
    shades[grid.cells == FREE] = _WHITE
    shades[grid.cells == OCCUPIED] = _BLACK
    # The picture's first row is the map's highest y.
    data = f'P5\n{columns} {rows}\n255\n'.encode('ascii') + shades[::-1].tobytes()
    plain = {
        'image': picture.name, 'mode': 'trinary', 'resolution': float(grid.resolution_m),
        'origin': [float(grid.origin_x_m), float(grid.origin_y_m), 0.0], 'negate': 0,
        'occupied_thresh': _OCCUPIED_THRESH, 'free_thresh': _FREE_THRESH}
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(data)
        description.write_text(yaml.safe_dump(plain, sort_keys=False), encoding='utf-8')
    except OSError as error:
        raise FileError(error.filename or stem, f'cannot be written: {error.strerror}') from error
    return description


def read_map(path: Path) -> OccupancyMap:
    """Read a map from its YAML file; mode ``trinary`` only, and no turned origin.

    :raises FileError: naming file, line, key and what would be right.
    """
    path = Path(path)
    value = read_yaml(path)
    fields = value.fields(required=('image', 'resolution', 'origin'),
                          optional=('mode', 'negate', 'occupied_thresh', 'free_thresh'))
    if 'mode' in fields and fields['mode'].text() != 'trinary':
        fields['mode'].fail(f'is {fields["mode"].text()!r}, only trinary maps are read')
    resolution = fields['resolution'].number(low=1e-3, high=100.0)
    origin = fields['origin'].numbers(3)
    if abs(math.remainder(origin[2], 2.0 * math.pi)) > 1e-9:
        fields['origin'].fail(f'is turned by {origin[2]} rad, expected 0: turned maps are not read')
    occupied = fields['occupied_thresh'].number(low=0.0, high=1.0) if 'occupied_thresh' in fields else _OCCUPIED_THRESH
    free = fields['free_thresh'].number(low=0.0, high=1.0) if 'free_thresh' in fields else _FREE_THRESH
    if free >= occupied:
        fields.get('free_thresh', value).fail(f'is {free}, it must be less than occupied_thresh {occupied}')
    shades = _read_picture(path.parent / fields['image'].text(), fields['image'])
    darkness = shades / 255.0 if _is_negated(fields.get('negate')) else (255.0 - shades) / 255.0
    cells = np.full(shades.shape, UNKNOWN, dtype=np.int8)
    cells[darkness > occupied] = OCCUPIED
    cells[darkness < free] = FREE
    return OccupancyMap(np.ascontiguousarray(cells[::-1]), resolution, origin[0], origin[1])


def _is_negated(value: YamlValue | None) -> bool:
    if value is None:
        return False
    plain = value.plain()
    return plain if isinstance(plain, bool) else bool(value.integer(low=0, high=1))


def _read_picture(path: Path, key: YamlValue) -> NDArray[np.uint8]:
    """Return a grey picture (rows, columns), uint8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        key.fail(f'picture {path} cannot be read: {error.strerror}')
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_GRAYSCALE) if data else None
    if picture is None:
        key.fail(f'{path} is not a complete picture, expected PGM or PNG')
    return np.asarray(picture, dtype=np.uint8)
