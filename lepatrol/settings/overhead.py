"""Settings of what a camera finds that looks straight down."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class StructureViewSettings(Settings):
    """When a picture from above shows what lies behind a fence panel or gate instead of it."""

    height_m: float = setting(2.5, 'Structures are looked at up to this height above the ground.', low=0.5, high=20.0)
    min_width_m: float = setting(0.4, 'Narrower gaps are not reported.', low=0.05, high=10.0)
    contrast_levels: float = setting(
        18.0, 'Where the view with and without the structure differ by less (0..255), nothing can be told.',
        low=1.0, high=200.0)
    open_share: float = setting(
        0.75, 'Share of what can be told across a gap that must show what lies behind.', low=0.5, high=1.0)


@dataclass(frozen=True)
class OverheadSettings(Settings):
    """What a camera finds that looks straight down, at what height above the ground (z = 0)."""

    lowest_m: float = setting(
        4.0, 'From lower down pictures are not compared: what rises from the ground fills too much of them.',
        low=0.5, high=100.0)
    highest_m: float = setting(
        25.0, 'From higher up they are not compared either: things are too small.', low=1.0, high=500.0)
    smallest_m: float = setting(0.2, 'Least length and width of a thing seen from above.', low=0.02, high=5.0)
    height_deviation_m: float = setting(
        0.25, 'The height of a thing is told once it is known to this, by how it shifts against the ground while the '
        'robot flies over it.', low=0.02, high=5.0)
    structures: StructureViewSettings = group(StructureViewSettings)
