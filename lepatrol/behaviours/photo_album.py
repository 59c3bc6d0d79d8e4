"""Photos on disk, numbered in the order they were taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.mission import PhotoRequest
from lepatrol.model.observation import CameraImage

Mask = Callable[[CameraImage], NDArray[np.uint8]]
"""Returns what of a picture may be kept, (height, width, 3): heads and privacy zones are hidden."""

_QUALITY = 92
_START_OF_IMAGE = b'\xff\xd8'
_COMMENT = b'\xff\xfe'
_START_OF_SCAN = b'\xff\xda'
_LONGEST_COMMENT = 65_533


class PhotoAlbum:
    """A folder of masked JPEG files; numbers go on where an earlier run stopped."""

    def __init__(self, folder: Path, mask: Mask) -> None:
        """Use a folder; it is made with the first photo. Nothing is written but what ``mask`` returns."""
        self._folder = folder
        self._mask = mask

    def keep(self, image: CameraImage, request: PhotoRequest) -> str:
        """Write a picture, masked, and return its name, ``NUMBER-WAYPOINT-rROUND``.

        The caption goes into the file, as a JPEG comment.

        :raises OSError: if it cannot be written.
        """
        rgb = self._mask(image)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f'{self._last_number() + 1:03d}-{_file_name(request.waypoint)}-r{request.round}'
        _, jpeg = cv2.imencode('.jpg', np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        whole, part = self._folder / f'{name}.jpg', self._folder / f'{name}.part'
        part.write_bytes(_with_comment(jpeg.tobytes(), request.caption))
        part.replace(whole)
        return name

    def _last_number(self) -> int:
        numbers = (path.name.split('-')[0] for path in self._folder.glob('*.jpg'))
        return max((int(number) for number in numbers if number.isdigit()), default=0)


def caption_of(photo: Path) -> str:
    """Return the caption that an album's photo carries, '' where it has none.

    :raises OSError: if the file cannot be read.
    """
    data, at = photo.read_bytes(), len(_START_OF_IMAGE)
    # Segments follow one another, each with its length, up to the picture's own data.
    while data[at:at + 1] == b'\xff' and (kind := data[at:at + 2]) != _START_OF_SCAN:
        length = int.from_bytes(data[at + 2:at + 4], 'big')
        if kind == _COMMENT:
            return data[at + 4:at + 2 + length].decode('utf-8', 'replace')
        at += 2 + length
    return ''


def _with_comment(jpeg: bytes, text: str) -> bytes:
    if not text:
        return jpeg
    # A letter of several bytes that the cut would split goes as a whole.
    comment = text.encode('utf-8', 'replace')[:_LONGEST_COMMENT].decode('utf-8', 'ignore').encode('utf-8')
    return b''.join((_START_OF_IMAGE, _COMMENT, (len(comment) + 2).to_bytes(2, 'big'), comment,
                     jpeg[len(_START_OF_IMAGE):]))


def _file_name(text: str) -> str:
    return ''.join(character if character.isalnum() or character in '-_' else '_' for character in text)
