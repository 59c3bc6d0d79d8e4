"""The words and numbers of claims, as a guard reads them; nothing is ever said of how somebody looks."""

from __future__ import annotations

from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Structure, StructureKind
from lepatrol.model.tracks import Track

_NOUNS = {
    ThingKind.PERSON: 'a person-sized thing', ThingKind.VEHICLE: 'a vehicle-sized thing',
    ThingKind.ANIMAL: 'an animal-sized thing', ThingKind.OBJECT: 'a thing', ThingKind.UNKNOWN: 'an unknown thing'}


def thing(track: Track, kind: ThingKind) -> str:
    """Return what a track is and measures: ``a person-sized thing (0.5 m wide, 1.7 m tall)``."""
    sizes = size(track.width_m, track.height_m)
    return f'{_NOUNS[kind]} ({sizes})' if sizes else _NOUNS[kind]


def size(width_m: float | None, height_m: float | None) -> str:
    """Return the measures that are known: ``0.5 m wide, 1.7 m tall``."""
    parts = []
    if width_m is not None:
        parts.append(f'{width_m:.1f} m wide')
    if height_m is not None:
        parts.append(f'{height_m:.1f} m tall')
    return ', '.join(parts)


def named(structure: Structure) -> str:
    """Return a structure with its kind: ``fence panel fence_north_07``."""
    return f'{"fence panel" if structure.kind is StructureKind.FENCE else "gate"} {structure.name}'


def seconds(duration_s: float) -> str:
    """Return a duration: tenths below ten seconds, whole seconds above."""
    return f'{duration_s:.1f} s' if duration_s < 9.95 else f'{duration_s:.0f} s'
