"""The light and the weather of a scenario."""

from __future__ import annotations

import dataclasses
import math

from lepatrol.model.scenario import FogBank, Number, RainFall, Sunlight
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.description import Light, Rgba, Vector3, World
from lepatrol.simulation.illumination import illumination_of
from lepatrol.simulation.weather import Effect, Fog, Glare, Night, Rain

_PICTURE_AMBIENT = 0.6
"""How bright the sky is where a headlight is to show: the picture is drawn by it, then dimmed."""


def light_up(world: World, light: Sunlight, lots: Lots) -> tuple[World, list[Effect]]:
    """Return the world in a scenario's light, and what that light does to pictures besides.

    The sun is every directional light of the world. ``sun`` and ``ambient`` are strengths in 0..1.
    """
    azimuth, elevation, sun, ambient = (
        _drawn(value, lots) for value in (light.azimuth_deg, light.elevation_deg, light.sun, light.ambient))
    warmth, glare, headlight_m = lots.number(light.warmth), lots.number(light.glare), _drawn(light.headlight_m, lots)
    effects: list[Effect] = []
    sky = world.background if light.sky is None else (*lots.colour(light.sky), 1.0)
    night = 0.1 if ambient is None else ambient
    if headlight_m is not None:
        ambient = _PICTURE_AMBIENT
    lights = tuple(_shine(each, azimuth, elevation, sun, warmth) if each.kind == 'directional' else each
                   for each in world.lights)
    colour = world.ambient if ambient is None else (ambient, ambient, ambient, 1.0)
    lit = dataclasses.replace(world, lights=lights, ambient=_scaled(colour, 1.0, 0.5 * warmth), background=sky)
    if headlight_m is not None:
        brightest = max(illumination_of(lit).brightest, *sky[:3])
        effects.append(Night(night / _PICTURE_AMBIENT, headlight_m, brightest))
    if glare > 0.0 and azimuth is not None and elevation is not None:
        effects.append(Glare(_towards(azimuth, elevation), glare))
    return lit, effects


def weather_effects(rain: RainFall | None, fog: FogBank | None, lots: Lots) -> list[Effect]:
    """Return what rain and fog do to scans and pictures."""
    effects: list[Effect] = []
    if fog:
        effects.append(Fog(lots.number(fog.sight_m)))
    if rain:
        effects.append(Rain(lots.number(rain.share), rain.nearest_m, rain.farthest_m, lots.count(rain.streaks)))
    return effects


def _shine(
    light: Light, azimuth_deg: float | None, elevation_deg: float | None, strength: float | None, warmth: float,
) -> Light:
    """Return a sun elsewhere in the sky, of another strength and colour."""
    if azimuth_deg is not None and elevation_deg is not None:
        x, y, z = _towards(azimuth_deg, elevation_deg)
        light = dataclasses.replace(light, direction=light.pose.inverse().turn((-x, -y, -z)))
    if strength is not None:
        light = dataclasses.replace(light, diffuse=(strength, strength, strength, 1.0), intensity=1.0)
    return dataclasses.replace(light, diffuse=_scaled(light.diffuse, 1.0, warmth))


def _scaled(colour: Rgba, factor: float, warmth: float) -> Rgba:
    """Return a colour brighter or darker, with blue and some green taken away."""
    red, green, blue, alpha = colour
    return red * factor, green * factor * (1.0 - 0.25 * warmth), blue * factor * (1.0 - 0.6 * warmth), alpha


def _towards(azimuth_deg: float, elevation_deg: float) -> Vector3:
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    return (math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth), math.sin(elevation))


def _drawn(value: Number | None, lots: Lots) -> float | None:
    return None if value is None else lots.number(value)
