"""Read SDFormat 1.9 worlds and URDF robots into the engine-neutral description."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lepatrol.simulation.description import Actor, GeoReference, Light, Model, World
from lepatrol.simulation.sdf_actor import read_actor
from lepatrol.simulation.sdf_files import Files
from lepatrol.simulation.sdf_frames import read_pose
from lepatrol.simulation.sdf_geometry import colour, vector3
from lepatrol.simulation.sdf_model import ModelReader, Placed, add_world_frames, to_model
from lepatrol.simulation.sdf_plugins import plugin_kind
from lepatrol.simulation.sdf_sensors import read_light
from lepatrol.simulation.urdf import read_robot
from lepatrol.simulation.xml_file import Element, left_out

__all__ = ['read_robot', 'read_world']

# Settings of engines and windows, and fields that no supported sensor feels.
_HARMLESS = ('physics', 'gui', 'atmosphere', 'magnetic_field', 'audio')
_HARMLESS_IN_SCENE = ('grid', 'origin_visual')


def read_world(path: Path, model_paths: Sequence[Path] | None = None) -> World:
    """Read a world file with all that it includes; ``model://NAME`` is looked for in ``model_paths``.

    The default is the directory ``models`` beside the file. What the embedded simulator leaves out is named in the
    world's ``unsupported``.

    :raises FileError: naming file, line and what would be right.
    """
    files = Files([path.parent / 'models'] if model_paths is None else model_paths)
    root = files.read(path)
    worlds = root.all('world')
    if len(worlds) != 1:
        raise root.error(f'holds {len(worlds)} worlds; one is right')
    return _WorldReader(worlds[0], files).read()


@dataclass
class _Standing:
    """An actor or a light of the world; an include may give it another name and pose."""

    element: Element
    name: str
    posed_by: Element


@dataclass
class _WorldReader:
    world: Element
    files: Files
    placed: list[Placed] = field(default_factory=list)
    standing: list[_Standing] = field(default_factory=list)

    def read(self) -> World:
        """Collect everything that has a name, resolve the poses, and put the world together."""
        self._collect()
        scope = add_world_frames(self.world, self.placed)
        models = tuple(to_model(each, scope.resolve(each.name, self.world)) for each in self.placed)
        actors: list[Actor] = []
        lights: list[Light] = []
        for each in self.standing:
            pose, relative_to = read_pose(each.posed_by)
            pose = scope.resolve(relative_to, each.posed_by).compose(pose)
            if each.element.tag == 'actor':
                actors.append(read_actor(each.element, self.files, pose, each.name))
            else:
                lights.append(replace(read_light(each.element, pose), name=each.name))
        self._check_names(models)
        return self._finish(models, tuple(actors), tuple(lights))

    def _collect(self) -> None:
        reader = ModelReader(self.files)
        self.placed = [reader.inline(child) for child in self.world.all('model')]
        for include in self.world.all('include'):
            found = reader.include(include)
            if isinstance(found, Placed):
                if found.merged:
                    raise include.error('a world merges nothing; merge="true" is right in an <include> of a <model>')
                self.placed.append(found)
            else:
                posed_by = include if include.child('pose') is not None else found
                self.standing.append(_Standing(found, include.text_of('name') or found.name, posed_by))
        for tag in ('actor', 'light'):
            self.standing += [_Standing(child, child.name, child) for child in self.world.all(tag)]

    def _check_names(self, models: tuple[Model, ...]) -> None:
        seen = {model.name for model in models}
        for each in self.standing:
            if each.name in seen:
                raise each.element.error(f"the name '{each.name}' is taken already in this world; choose another")
            seen.add(each.name)

    def _finish(self, models: tuple[Model, ...], actors: tuple[Actor, ...], lights: tuple[Light, ...]) -> World:
        default = World('')
        gravity = self.world.child('gravity')
        scene = self.world.child('scene') or Element(self.world.path, 'scene', {}, self.world.line)
        ambient, background = scene.child('ambient'), scene.child('background')
        shadows = scene.flag_of('shadows', True)
        geo_reference = _read_geo_reference(self.world.child('spherical_coordinates'))
        self._mark_harmless(scene)
        return World(
            self.world.name, models, actors, lights,
            default.gravity_m_s2 if gravity is None else vector3(gravity),
            default.ambient if ambient is None else colour(ambient),
            default.background if background is None else colour(background),
            shadows, geo_reference, left_out(self.files.roots))

    def _mark_harmless(self, scene: Element) -> None:
        scene.all('sky')  # the background stands in for a plain sky; its clouds and time of day stay unused
        for parent, tags in ((self.world, _HARMLESS), (scene, _HARMLESS_IN_SCENE)):
            for tag in tags:
                for child in parent.all(tag):
                    child.use_all()
        for plugin in self.world.all('plugin'):
            if plugin_kind(plugin) == 'built in':
                plugin.use_all()
            else:
                plugin.used = False


def _read_geo_reference(element: Element | None) -> GeoReference | None:
    if element is None:
        return None
    for tag, usual in (('surface_model', 'EARTH_WGS84'), ('world_frame_orientation', 'ENU')):
        for child in element.all(tag):
            child.used = child.text.strip() == usual
    latitude = element.number_of('latitude_deg', 0.0, low=-90.0)
    if latitude > 90.0:
        raise element.error(f'latitude_deg {latitude:g} is not on Earth; -90 to 90 is right')
    return GeoReference(
        latitude, element.number_of('longitude_deg', 0.0), element.number_of('elevation', 0.0),
        math.radians(element.number_of('heading_deg', 0.0)))
