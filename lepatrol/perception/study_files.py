"""What is kept of inspections in the run's folder: each view's pictures, and the views themselves to go on from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.files import file_name, write_whole
from lepatrol.model.inspection import ObjectView
from lepatrol.model.plain_classes import from_plain, to_plain
from lepatrol.perception.evidence import write_picture

INSPECTIONS_FOLDER = 'inspections'


class StudyFiles:
    """A folder of inspections, one folder for each by its id."""

    def __init__(self, folder: Path) -> None:
        """Use a folder of a run's; it is made with the first file."""
        self._folder = folder

    def keep_pictures(
        self, inspection_id: str, viewpoint: int, pictures: Mapping[str, NDArray[np.uint8]],
    ) -> tuple[str, ...]:
        """Write pictures by their kinds and return the files' names relative to the run's folder, which holds this one.

        :raises FileError: naming the file that cannot be written.
        """
        names = []
        for part, picture in pictures.items():
            path = self._of(inspection_id) / f'view{viewpoint}-{part}{".png" if part == "scan" else ".jpg"}'
            write_picture(path, picture)
            names.append(f'{self._folder.name}/{path.parent.name}/{path.name}')
        return tuple(names)

    def keep_view(self, view: ObjectView) -> None:
        """Write a view, in place of an earlier one from the same viewpoint.

        :raises FileError: naming the file that cannot be written.
        """
        path = self._of(view.inspection_id) / f'view{view.viewpoint}.json'
        write_whole(path, json.dumps(to_plain(view)).encode(), 'the view')

    def views(self, inspection_id: str) -> list[ObjectView]:
        """Return the views that an earlier run of the node kept of an inspection, by viewpoint; unreadable ones not."""
        found = []
        for path in self._of(inspection_id).glob('view*.json'):
            try:
                found.append(from_plain(ObjectView, json.loads(path.read_text(encoding='utf-8'))))
            except (OSError, ValueError):
                continue
        return sorted((view for view in found if view.inspection_id == inspection_id), key=lambda view: view.stamp_s)

    def _of(self, inspection_id: str) -> Path:
        return self._folder / file_name(inspection_id)
