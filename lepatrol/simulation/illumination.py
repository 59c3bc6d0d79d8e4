"""How bright a surface is under a world's sun and sky, for renderers without light sources of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Floats
from lepatrol.simulation.description import Light, Material, World

_AMBIENT_SHARE = 0.95
_FILL_SHARE = 0.45
_FILL_TURN_RAD = math.radians(110.0)
_FILL_RISE = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Ray:
    """Parallel light: the unit vector ``towards`` (3,) its source and its colour (3,)."""

    towards: Floats
    colour: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Illumination:
    """Light that is the same everywhere: ``ambient`` (3,) from all sides, and parallel rays."""

    ambient: Floats
    rays: tuple[Ray, ...]

    @property
    def brightest(self) -> float:
        """Return the brightest that any channel of a white surface can be; it is above 1 where pictures overflow."""
        return float((self.ambient + sum(ray.colour for ray in self.rays)).max())

    def shade(self, normals: Floats, colour: Floats) -> Floats:
        """Return the colours (n, 3) in 0..1 that matt surfaces of a colour (3,) with unit normals (n, 3) show."""
        light = np.tile(self.ambient, (len(normals), 1))
        for ray in self.rays:
            light += np.maximum(normals @ ray.towards, 0.0)[:, None] * ray.colour
        return np.clip(light * colour, 0.0, 1.0)


def illumination_of(world: World) -> Illumination:
    """Return the light of a world: its ambient light and its directional lights; lamps with a place have no part.

    Some of the ambient light comes from one side, away from the sun, so that faces in the shade are told apart.
    """
    ambient = np.asarray(world.ambient[:3])
    suns = [_sun(light) for light in world.lights if light.kind == 'directional']
    azimuth = math.atan2(suns[0].towards[1], suns[0].towards[0]) if suns else 0.0
    fill = np.array([math.cos(azimuth + _FILL_TURN_RAD), math.sin(azimuth + _FILL_TURN_RAD), _FILL_RISE])
    side = Ray(fill / np.linalg.norm(fill), _FILL_SHARE * ambient)
    return Illumination(_AMBIENT_SHARE * ambient, (*suns, side))


def colour_of(material: Material) -> Floats:
    """Return the colour (3,) of a surface seen from afar: a texture counts with its mean.

    :raises FileError: for a texture that is not a picture.
    """
    colour = np.asarray(material.diffuse[:3])
    if material.texture is None:
        return colour
    picture = cv2.imread(str(material.texture), cv2.IMREAD_COLOR)
    if picture is None:
        raise FileError(material.texture, 'the texture is not a picture; a PNG or JPEG file is right')
    return colour * picture.reshape(-1, 3).mean(axis=0)[::-1] / 255.0


def _sun(light: Light) -> Ray:
    shining = light.pose.rotation @ np.asarray(light.direction, dtype=np.float64)
    colour = np.asarray(light.diffuse[:3]) * light.intensity
    return Ray(-shining / np.linalg.norm(shining), colour)
