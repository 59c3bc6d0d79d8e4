"""A plain human figure, for actors whose skin the embedded simulator cannot show."""

from __future__ import annotations

import zlib

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Capsule, Collision, Link, Material, Rgba, Shape, Sphere, Visual

# Jackets and trousers that people wear; which one is chosen by the actor's name, so that every run looks alike.
_JACKETS: tuple[Rgba, ...] = (
    (0.16, 0.24, 0.45, 1.0), (0.55, 0.13, 0.13, 1.0), (0.13, 0.38, 0.22, 1.0), (0.85, 0.55, 0.12, 1.0),
    (0.35, 0.35, 0.38, 1.0), (0.48, 0.28, 0.52, 1.0), (0.72, 0.68, 0.58, 1.0), (0.10, 0.10, 0.12, 1.0))
_TROUSERS: tuple[Rgba, ...] = (
    (0.12, 0.13, 0.20, 1.0), (0.25, 0.22, 0.18, 1.0), (0.20, 0.28, 0.42, 1.0), (0.08, 0.08, 0.08, 1.0))
_SKINS: tuple[Rgba, ...] = ((0.87, 0.68, 0.56, 1.0), (0.62, 0.43, 0.32, 1.0), (0.38, 0.25, 0.18, 1.0))


def human_figure(name: str) -> tuple[Link, ...]:
    """Make the links of a person 1.75 m tall: feet at z = 0, looking along x, dressed by name."""
    choice = zlib.crc32(name.encode())
    jacket = Material(_JACKETS[choice % len(_JACKETS)])
    trousers = Material(_TROUSERS[choice // 8 % len(_TROUSERS)])
    skin = Material(_SKINS[choice // 32 % len(_SKINS)])
    legs = [
        _part(f'{side}_leg', Pose3((0.0, y, 0.43)), Capsule(0.09, 0.68), trousers)
        for side, y in (('left', 0.10), ('right', -0.10))]
    arms = [
        _part(f'{side}_arm', Pose3((0.0, y, 1.12)), Capsule(0.055, 0.52), jacket)
        for side, y in (('left', 0.25), ('right', -0.25))]
    torso = _part('torso', Pose3((0.0, 0.0, 1.14)), Capsule(0.19, 0.26), jacket)
    head = _part('head', Pose3((0.0, 0.0, 1.625)), Sphere(0.125), skin)
    return _link('legs', legs), _link('torso', [torso, *arms]), _link('head', [head])


def _part(name: str, pose: Pose3, shape: Shape, material: Material) -> tuple[Visual, Collision]:
    return Visual(name, pose, shape, material), Collision(name, pose, shape)


def _link(name: str, parts: list[tuple[Visual, Collision]]) -> Link:
    return Link(name, visuals=tuple(v for v, _ in parts), collisions=tuple(c for _, c in parts), gravity=False)
