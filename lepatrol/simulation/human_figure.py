"""A plain human figure: for actors whose skin the embedded simulator cannot show, and for people of scenarios."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Capsule, Collision, Cylinder, Link, Material, Rgba, Shape, Sphere, Visual

# Jackets and trousers that people wear; which one is chosen by the actor's name, so that every run looks alike.
_JACKETS: tuple[Rgba, ...] = (
    (0.16, 0.24, 0.45, 1.0), (0.55, 0.13, 0.13, 1.0), (0.13, 0.38, 0.22, 1.0), (0.85, 0.55, 0.12, 1.0),
    (0.35, 0.35, 0.38, 1.0), (0.48, 0.28, 0.52, 1.0), (0.72, 0.68, 0.58, 1.0), (0.10, 0.10, 0.12, 1.0))
_TROUSERS: tuple[Rgba, ...] = (
    (0.12, 0.13, 0.20, 1.0), (0.25, 0.22, 0.18, 1.0), (0.20, 0.28, 0.42, 1.0), (0.08, 0.08, 0.08, 1.0))
_SKINS: tuple[Rgba, ...] = ((0.87, 0.68, 0.56, 1.0), (0.62, 0.43, 0.32, 1.0), (0.38, 0.25, 0.18, 1.0))

CLOTHING: Mapping[str, tuple[Rgba, Rgba]] = {
    'black': ((0.07, 0.07, 0.08, 1.0), (0.05, 0.05, 0.06, 1.0)),
    'grey': ((0.42, 0.42, 0.42, 1.0), (0.30, 0.30, 0.32, 1.0)),
    'earth': ((0.55, 0.52, 0.44, 1.0), (0.42, 0.38, 0.30, 1.0)),
    'orange': ((0.95, 0.45, 0.05, 1.0), (0.95, 0.45, 0.05, 1.0)),
    'blue': ((0.16, 0.26, 0.55, 1.0), (0.12, 0.14, 0.24, 1.0)),
}
"""Jacket and trousers by word; ``earth`` is nearly the colour of gravel."""
SKINS: Mapping[str, Rgba] = {'light': _SKINS[0], 'medium': _SKINS[1], 'dark': _SKINS[2]}
"""Skin tones by word."""
HEIGHT_M = 1.75
_BODY_RADIUS_M = 0.25


def human_figure(name: str) -> tuple[Link, ...]:
    """Make the links of a person 1.75 m tall: feet at z = 0, looking along x, dressed by name."""
    choice = zlib.crc32(name.encode())
    return _figure(
        1.0, _JACKETS[choice % len(_JACKETS)], _TROUSERS[choice // 8 % len(_TROUSERS)],
        _SKINS[choice // 32 % len(_SKINS)])


def dressed_figure(height_m: float, clothing: str, skin: str) -> tuple[Link, ...]:
    """Make the link of a person of a height in clothing and skin of these words; solid like the worlds' people.

    :raises KeyError: for a word that is neither in ``CLOTHING`` nor in ``SKINS``.
    """
    scale = height_m / HEIGHT_M
    jacket, trousers = CLOTHING[clothing]
    links = _figure(scale, jacket, trousers, SKINS[skin])
    body = Collision('body', Pose3((0.0, 0.0, height_m / 2.0)), Cylinder(_BODY_RADIUS_M, height_m))
    return (Link('body', visuals=tuple(each for link in links for each in link.visuals), collisions=(body,),
                 gravity=False),)


def _figure(scale: float, jacket: Rgba, trousers: Rgba, skin: Rgba) -> tuple[Link, ...]:
    """Make the links of a person ``scale`` times 1.75 m tall."""
    legs = [
        _part(f'{side}_leg', (0.0, y, 0.43), scale, Capsule(0.09 * scale, 0.68 * scale), trousers)
        for side, y in (('left', 0.10), ('right', -0.10))]
    arms = [
        _part(f'{side}_arm', (0.0, y, 1.12), scale, Capsule(0.055 * scale, 0.52 * scale), jacket)
        for side, y in (('left', 0.25), ('right', -0.25))]
    torso = _part('torso', (0.0, 0.0, 1.14), scale, Capsule(0.19 * scale, 0.26 * scale), jacket)
    head = _part('head', (0.0, 0.0, 1.625), scale, Sphere(0.125 * scale), skin)
    return _link('legs', legs), _link('torso', [torso, *arms]), _link('head', [head])


def _part(
    name: str, place_m: tuple[float, float, float], scale: float, shape: Shape, colour: Rgba,
) -> tuple[Visual, Collision]:
    pose = Pose3((place_m[0] * scale, place_m[1] * scale, place_m[2] * scale))
    return Visual(name, pose, shape, Material(colour)), Collision(name, pose, shape)


def _link(name: str, parts: list[tuple[Visual, Collision]]) -> Link:
    return Link(name, visuals=tuple(v for v, _ in parts), collisions=tuple(c for _, c in parts), gravity=False)
