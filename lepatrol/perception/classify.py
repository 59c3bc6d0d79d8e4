"""What a thing is by its size, shape and motion alone: never by its colour, so that clothing makes no difference."""

from __future__ import annotations

from lepatrol.model.findings import ThingKind

PERSON_M = (1.2, 2.2)
"""How tall a person who stands may seem to be."""
PERSON_WIDEST_M = 1.2
_PERSON_ASPECT = 1.45
_VEHICLE_M = (1.5, 1.2)
_ANIMAL_M = (0.15, 0.85)
_ANIMAL_ASPECT = 1.15


def classify(
    width_m: float, height_m: float, *, moving: bool = False, is_cut: bool = False,
) -> tuple[ThingKind, float]:
    """Return the kind of a thing of an apparent width and height, and how sure that is in 0..1.

    ``is_cut`` tells that the picture ends before the thing does, so that it may be taller.
    """
    aspect = height_m / max(width_m, 1e-3)
    tall = PERSON_M[0] <= height_m <= PERSON_M[1]
    if is_cut and 0.8 <= height_m < PERSON_M[0] and width_m <= PERSON_WIDEST_M:
        return ThingKind.PERSON, 0.55
    if tall and aspect >= _PERSON_ASPECT and width_m <= PERSON_WIDEST_M:
        usual = 1.4 <= height_m <= 2.05 and 0.25 <= width_m <= 0.9
        return ThingKind.PERSON, (0.9 if usual else 0.7) if moving or usual else 0.6
    if width_m >= _VEHICLE_M[0] and height_m >= _VEHICLE_M[1]:
        return ThingKind.VEHICLE, 0.8 if moving or height_m < 3.5 else 0.5
    if moving and _ANIMAL_M[0] <= height_m <= _ANIMAL_M[1] and width_m >= _ANIMAL_ASPECT * height_m:
        return ThingKind.ANIMAL, 0.7
    if moving and height_m < _ANIMAL_M[1]:
        return ThingKind.ANIMAL, 0.5
    if tall and moving:
        return ThingKind.PERSON, 0.5
    return ThingKind.OBJECT, 0.75 if not moving and height_m < PERSON_M[0] else 0.5
