"""What an alert rests on, as pictures in the run's folder: the masked frame, the crop, the scan from above."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.alerts import Alert
from lepatrol.model.files import file_name, write_whole
from lepatrol.model.findings import Box
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.perception.annotate import Mark, annotate
from lepatrol.perception.scan_plot import plot_scan

_QUALITY = 92
_CROP_PX = 240
_ROOM = 0.25
"""What of its surroundings a crop shows on each side, as a share of the box."""


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    """What there is to show for an alert, each part None where there is none.

    ``masked_rgb`` (height, width, 3) is never anything but a masker's picture, ``box`` the thing in it; ``expected_m``
    (n,) is what the scan's beams ought to measure and ``sensor_pose`` the lidar's in ``map``. ``clock`` is the time as
    people read it, '' for the alert's own stamp.
    """

    masked_rgb: NDArray[np.uint8] | None = None
    box: Box | None = None
    scan: LaserScan | None = None
    expected_m: Floats | None = None
    sensor_pose: Pose3 | None = None
    clock: str = ''


class EvidenceKeeper:
    """A folder of pictures, named by the alerts' ids."""

    def __init__(self, folder: Path) -> None:
        """Use a folder of a run's; it is made with the first picture."""
        self._folder = folder

    def keep(self, alert: Alert, exhibit: Exhibit) -> tuple[str, ...]:
        """Write what there is and return the files' names relative to the run's folder, which holds this one.

        Evidence that was kept for the alert before is replaced, each file as a whole.

        :raises FileError: naming the file that cannot be written; what was written before it stays.
        """
        names = []
        for part, picture in _pictures(alert, exhibit).items():
            suffix = '.png' if part == 'scan' else '.jpg'
            path = self._folder / f'{file_name(alert.alert_id)}-{part}{suffix}'
            write_picture(path, picture)
            names.append(f'{self._folder.name}/{path.name}')
        return tuple(names)


def _pictures(alert: Alert, exhibit: Exhibit) -> dict[str, NDArray[np.uint8]]:
    pictures = {}
    if exhibit.masked_rgb is not None:
        marks = [] if exhibit.box is None else [Mark(exhibit.box, alert.kind.words, alert.severity)]
        pictures['frame'] = annotate(
            exhibit.masked_rgb, marks, robot=alert.robot, clock=exhibit.clock or f'{alert.last_seen_s:.1f} s',
            sentences=[alert.sentence])
        crop = None if exhibit.box is None else crop_of(exhibit.masked_rgb, exhibit.box)
        if crop is not None:
            pictures['crop'] = crop
    if exhibit.scan is not None and exhibit.expected_m is not None and exhibit.sensor_pose is not None:
        pictures['scan'] = plot_scan(exhibit.scan, exhibit.expected_m, exhibit.sensor_pose, alert.position_m)
    return pictures


def crop_of(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8] | None:
    """Return the box with some room, made larger, or None where it is not in the picture."""
    left, top, right, bottom = box
    across, down = round(_ROOM * (right - left)), round(_ROOM * (bottom - top))
    part = rgb[max(0, top - down):max(0, bottom + down), max(0, left - across):max(0, right + across)]
    if not part.size:
        return None
    times = max(1, round(_CROP_PX / max(part.shape[:2])))
    return np.asarray(cv2.resize(part, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def write_picture(path: Path, rgb: NDArray[np.uint8]) -> None:
    """Write a picture so that under its name there is only ever a whole one.

    :raises FileError: naming the file that cannot be written.
    """
    _, data = cv2.imencode(path.suffix, np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
                           if path.suffix == '.jpg' else [])
    write_whole(path, data.tobytes(), 'evidence')
