"""What a demo leaves behind: a map with the walked path, a sheet of the photos, ``mission.json``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from lepatrol.behaviours.photo_album import caption_of
from lepatrol.evaluation.pictures import contact_sheet, draw_map
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Site


@dataclass(frozen=True)
class Round:
    """One walked round: ``track_m`` are the poses heard, thinned out."""

    site: Site
    route: str
    status: MissionStatus
    track_m: Sequence[tuple[float, float]]
    simulated_s: float
    wall_s: float

    @property
    def left_out(self) -> frozenset[str]:
        """Return the names of the waypoints that were not reached: missed, or still to come when it ended."""
        route = self.site.routes[self.route].waypoints
        come_to = route if self.done else route[:self.status.visit]
        return frozenset(route) - frozenset(come_to) | {miss.waypoint for miss in self.status.missed}

    @property
    def done(self) -> bool:
        """Tell whether the round came to its end."""
        return self.status.state is MissionState.DONE

    @property
    def summary(self) -> str:
        """Say how it went in one line."""
        route = set(self.site.routes[self.route].waypoints)
        ending = '' if self.done else f', then {self.status.state.value}'
        return (f'{self.site.name}, route {self.route}: {len(route - self.left_out)} of {len(route)} waypoints, '
                f'{self.status.distance_walked_m:.0f} m in {self.simulated_s:.0f} s '
                f'({self.simulated_s / self.wall_s:.1f} times real time){ending}')


def write_map_picture(path: Path, occupancy: OccupancyMap, walked: Round) -> None:
    """Write the map picture as PNG."""
    waypoints = [walked.site.waypoints[name] for name in walked.site.routes[walked.route].waypoints]
    picture = draw_map(
        occupancy, walked.site, np.array(walked.track_m).reshape(-1, 2), waypoints,
        missed=walked.left_out, title=walked.summary)
    cv2.imwrite(str(path), picture)


def write_contact_sheet(path: Path, photo_folder: Path) -> int:
    """Write the photos of a folder as one JPEG, with their names and captions; return how many there were."""
    photos = [
        (np.asarray(picture, dtype=np.uint8), f'{photo.stem}\n{caption_of(photo)}')
        for photo in sorted(photo_folder.glob('*.jpg')) if (picture := cv2.imread(str(photo))) is not None]
    if photos:
        cv2.imwrite(str(path), contact_sheet(photos))
    return len(photos)


def write_mission(path: Path, walked: Round, settings: dict[str, Any], photos: int) -> None:
    """Write what was ordered and how it went as JSON."""
    status = walked.status
    report = {
        'site': walked.site.name, 'world': walked.site.world, 'route': walked.route, 'settings': settings,
        'state': status.state, 'rounds_done': status.round if walked.done else status.round - 1,
        'waypoints': list(walked.site.routes[walked.route].waypoints),
        'missed': [{'waypoint': miss.waypoint, 'round': miss.round, 'reason': miss.reason} for miss in status.missed],
        'distance_walked_m': round(status.distance_walked_m, 2), 'photos': photos,
        'simulated_s': round(walked.simulated_s, 2), 'wall_s': round(walked.wall_s, 2),
        'message': status.message,
    }
    path.write_text(json.dumps(report, indent=2, default=_plain) + '\n', encoding='utf-8')


def write_track(path: Path, walked: Round) -> None:
    """Write the poses heard as comma-separated values in metres."""
    lines = [f'{x:.3f},{y:.3f}' for x, y in walked.track_m]
    path.write_text('\n'.join(['x_m,y_m', *lines]) + '\n', encoding='utf-8')


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else str(value)
