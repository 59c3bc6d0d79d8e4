"""Small worlds written as SDFormat, for the reader's tests."""

from pathlib import Path

import numpy as np
import pytest

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.sdf import read_world

BOX = '<geometry><box><size>1 2 3</size></box></geometry>'


def write(directory: Path, body: str, name: str = 'world.sdf') -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'<sdf version="1.9">\n{body}\n</sdf>')
    return path


def world(directory: Path, body: str):
    return read_world(write(directory, f'<world name="w">\n{body}\n</world>'))


def refusal(directory: Path, body: str) -> str:
    with pytest.raises(FileError) as caught:
        world(directory, body)
    return str(caught.value)


def same_pose(pose: Pose3, expected: Pose3) -> bool:
    return bool(np.allclose(pose.matrix, expected.matrix, rtol=0.0, atol=1e-9))
