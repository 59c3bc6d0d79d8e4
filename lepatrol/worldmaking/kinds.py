"""The kinds of world that can be made, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from lepatrol.worldmaking.border import Border
from lepatrol.worldmaking.border_site import border_yaml
from lepatrol.worldmaking.border_world import border_sdf


@dataclass(frozen=True, slots=True)
class Made:
    """The texts of a world and of its site file, and what they hold in words."""

    sdf: str
    yaml: str
    about: str


def default_file(kind: str, length_m: int, seed: int) -> Path:
    """Return where a world is written if nobody says: in the working folder, by its name.

    :raises LepatrolError: for a length that the kind cannot have.
    """
    assert kind in KINDS
    return Path(f'{Border(length_m, seed).name}.sdf')


def make_border(length_m: int, seed: int, world_file: Path) -> Made:
    """Make a border; a site names its world by path, that of the border that comes with lepatrol by its name.

    :raises LepatrolError: for a length that is no multiple of 200 m from 600 m to 10 km.
    """
    border = Border(length_m, seed)
    command, world = f'lepatrol world --kind border --length {length_m} --seed {seed}', f"'{world_file.resolve()}'"
    site_file = 'written with it'
    if border.is_shipped:
        command, world, site_file = 'lepatrol world --kind border', border.name, 'config/sites/border.yaml'
    about = (f'border of {length_m} m, seed {seed}: {len(border.fence())} bays and posts of fence, the road at '
             f'x = {border.road_x_m:g}, {len(border.queues())} waiting vehicles, {len(border.plants())} trees and '
             f'clumps of scrub, {len(border.walkers)} people and animals')
    return Made(border_sdf(border, site_file), border_yaml(border, world, command), about)


KINDS: Mapping[str, Callable[[int, int, Path], Made]] = MappingProxyType({'border': make_border})
"""What makes a world of each kind from a length in metres, a seed, and the file it is to be written to."""
