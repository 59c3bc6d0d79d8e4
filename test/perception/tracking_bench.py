"""Moving things, and a tracker that is shown them as sensors would."""

import math

import numpy as np

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.perception.occlusion import Occluders
from lepatrol.perception.tracker import Tracker
from lepatrol.settings.tracking import TrackingSettings

ORIGIN = (0.0, 0.0)


def lidar(stamp_s, x_m, y_m, deviation_m=0.05, **more):
    return Sighting(stamp_s, SensorKind.LIDAR, (float(x_m), float(y_m)), deviation_m, ORIGIN, **more)


def camera(stamp_s, x_m, y_m, deviation_m=0.5, **more):
    return Sighting(stamp_s, SensorKind.CAMERA, (float(x_m), float(y_m)), deviation_m, ORIGIN, **more)


def walled(length_m=6.0):
    """Return what hides: a wall 10 m ahead of the origin, across the x axis, on open ground of 60 x 60 m."""
    cells = np.zeros((600, 600), dtype=np.int8)
    half = round(5.0 * length_m)
    cells[300 - half:300 + half, 400:403] = OCCUPIED
    return Occluders(OccupancyMap(cells, 0.1, -30.0, -30.0))


class Watch:
    """A lidar at the origin that sees things 10 times a second, and the tracker behind it."""

    def __init__(self, occluders=None, seed=0, noise_m=(0.03, 0.03), deviation_m=0.05, settings=None):
        self.tracker = Tracker(settings or TrackingSettings(), *(
            (occluders.blocked, occluders.exits) if occluders else ()))
        self.now_s = 100.0
        self.tracks = ()
        self.gone = []
        self._occluders, self._noise, self._deviation = occluders, noise_m, deviation_m
        self._random = np.random.default_rng(seed)

    def step(self, *places_m, span_s=0.1):
        """Show things at these places, those alone that nothing hides, and return the tracks."""
        self.now_s += span_s
        seen = [place for place in places_m if not (self._occluders and self._occluders.blocked(ORIGIN, place))]
        noisy = [np.asarray(place) + self._random.normal(0.0, self._noise) for place in seen]
        self.tracks = self.tracker.update(
            [lidar(self.now_s, *place, self._deviation) for place in noisy], self.now_s, ORIGIN)
        self.gone += self.tracker.gone()
        return self.tracks

    def run(self, seconds, *ways):
        """Show things on their ways, functions of the seconds since now, and return the tracks after each step."""
        return [self.step(*(way(step / 10.0) for way in ways)) for step in range(1, round(seconds * 10.0) + 1)]


def standing(x_m, y_m):
    return lambda _: (x_m, y_m)


def walking(x_m, y_m, vx_m_s, vy_m_s):
    return lambda after_s: (x_m + vx_m_s * after_s, y_m + vy_m_s * after_s)


def nearest(tracks, place_m):
    """Return the track nearest to a place."""
    return min(tracks, key=lambda track: math.dist(track.position_m, place_m))


PERSON = {'kind': ThingKind.PERSON, 'confidence': 0.8}
