"""What ``lepatrol check`` does with one file: find out what it is, read it as the stack does, and tell."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lepatrol import reception
from lepatrol.cli.parameter_file import check_parameters, is_parameter_file
from lepatrol.model.errors import FileError, LepatrolError
from lepatrol.planning.map_file import read_map
from lepatrol.resources import model_folders, robot_path, site_path, world_path
from lepatrol.settings.language_file import read_language
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.scenario_file import read_scenario
from lepatrol.settings.schema import field_types
from lepatrol.settings.site_file import read_site
from lepatrol.settings.yaml_file import YamlValue, read_settings, read_yaml
from lepatrol.simulation.description import World
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.render import make_renderer
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.scene_error import SceneError
from lepatrol.simulation.sdf import read_world
from lepatrol.simulation.staging import stage
from lepatrol.simulation.urdf import read_robot

_STEP_S = 0.004
_ROBOT = 'ugv'
_SEEDS = 20
"""So many seeds of a scenario are staged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a good file holds, in words, and a line for all of it that is not simulated or not shown."""

    summary: str
    warnings: tuple[str, ...] = ()


def check_file(path: Path) -> Verdict:
    """Read a file of any kind that lepatrol knows.

    :raises FileError: naming file, line, key and what would be right.
    """
    if path.is_dir():
        raise FileError(path, 'is a folder; give the files in it')
    for endings, check in _BY_ENDING:
        if path.name.endswith(endings):
            return check(path)
    raise FileError(path, 'files of this kind are not known; known are .sdf (world, model), .urdf and .xacro (robot), '
                    '.yaml (site, scenario, knowledge, visitors, language, robot, parameters, map)')


def _check_world(path: Path) -> Verdict:
    if path.name == 'model.sdf':
        return _check_model(path)
    world = read_world(path, model_folders(path))
    return Verdict(
        f'world {world.name}: {len(world.models)} models, {len(world.actors)} actors, {len(world.lights)} lights',
        _warnings(path, Scene(world), world.unsupported))


def _check_model(path: Path) -> Verdict:
    """Check a model by a world that holds nothing else."""
    folder = path.resolve().parent
    with tempfile.TemporaryDirectory() as workplace:
        wrapper = Path(workplace) / 'world.sdf'
        wrapper.write_text(
            '<?xml version="1.0"?><sdf version="1.9"><world name="check"><include>'
            f'<uri>model://{folder.name}</uri></include></world></sdf>', encoding='utf-8')
        world = read_world(wrapper, [folder.parent])
    warnings = _warnings(path, Scene(world), world.unsupported)
    (name, *_), links = [model.name for model in world.models], sum(len(model.links) for model in world.models)
    return Verdict(f'model {name}: {links} links', warnings)


def _check_robot(path: Path) -> Verdict:
    robot = read_robot(path)
    warnings = _warnings(path, Scene(World('check'), {robot.name: robot}), robot.unsupported)
    sensors = [sensor.name for link in robot.links for sensor in link.sensors]
    return Verdict(f'robot: {len(robot.links)} links, sensors {", ".join(sensors) or "none"}', warnings)


def _warnings(path: Path, scene: Scene, unsupported: tuple[str, ...]) -> tuple[str, ...]:
    """Let physics judge masses, joints and shapes, and the default renderer textures; return what is left out."""
    try:
        Physics(scene, step_s=_STEP_S)
    except SceneError as error:
        raise FileError(path, f'cannot be simulated: {error}') from error
    renderer = make_renderer('auto', scene)
    not_shown = renderer.left_out
    renderer.close()
    return (*(f'{element}: the embedded simulator leaves it out' for element in unsupported), *not_shown)


def _check_yaml(path: Path) -> Verdict:
    value = read_yaml(path)
    if not value.is_mapping:
        value.fail('expected keys and values: a site, scenario, knowledge, visitor, language, robot, parameter or map '
                   'file')
    content = dict(value.items())
    if is_parameter_file(value):
        nodes = check_parameters(value)
        return Verdict(f'parameters of {", ".join(nodes)}')
    if 'image' in content:
        return _check_map(path)
    if path.parent.name == 'languages' or 'function_words' in content:
        return _check_language(path)
    if path.parent.name == 'visitors' or 'visitors' in content:
        return _check_visitors(path)
    if path.parent.name == 'knowledge' or 'facts' in content:
        return _check_knowledge(path)
    if path.parent.name == 'scenarios' or ('site' in content and {'walk', 'mission'} & content.keys()):
        return _check_scenario(path, content)
    if path.parent.name == 'sites' or {'waypoints', 'routes', 'home'} & content.keys():
        return _check_site(path, content)
    if path.parent.name == 'robots' or field_types(RobotSettings).keys() & content.keys():
        settings = read_settings(path, RobotSettings)
        return Verdict(f'robot settings: at most {settings.max_speed_m_s:g} m/s')
    value.fail('cannot tell what this file is: a site has waypoints and routes, a scenario has a site and a '
               'walk or mission, a knowledge file has facts, a visitor list has visitors, a language has '
               'function_words, robot settings have footprint_radius_m, parameters have ros__parameters, a map has an '
               'image')


def _check_language(path: Path) -> Verdict:
    language = read_language(path)
    return Verdict(f'language {language.name}: {len(language.sentences)} sentences, '
                   f'{sum(len(each.words) for each in language.danger)} phrases of danger')


def _check_knowledge(path: Path) -> Verdict:
    knowledge = reception.load_knowledge(path)
    return Verdict(f'knowledge of {knowledge.site}: {len(knowledge.facts)} facts, {len(knowledge.places)} places, '
                   f'{len(knowledge.withheld)} subjects withheld, in {", ".join(knowledge.languages)}')


def _check_visitors(path: Path) -> Verdict:
    badges = reception.load_visitors(path).badges.values()
    return Verdict(f'visitor list: {len(badges)} badges, {sum(badge.revoked for badge in badges)} of them revoked')


def _check_site(path: Path, content: dict[str, YamlValue]) -> Verdict:
    site = read_site(path)
    try:
        world_path(site.world)
    except LepatrolError as error:
        content['world'].fail(str(error))
    schedules = f', schedules {", ".join(each.name for each in site.schedules)}' if site.schedules else ''
    return Verdict(f'site {site.name}: {len(site.waypoints)} waypoints, {len(site.zones)} zones, '
                   f'routes {", ".join(site.routes) or "none"}{schedules}')


def _check_scenario(path: Path, content: dict[str, YamlValue]) -> Verdict:
    """Stage the scenario with some seeds: what it speaks of must be there, and physics must run it."""
    scenario = read_scenario(path)
    try:
        site = read_site(site_path(scenario.site))
    except LepatrolError as error:
        content['site'].fail(str(error))
    robot = dataclasses.replace(read_robot(robot_path(_ROBOT)), name=_ROBOT)
    try:
        world_file = world_path(scenario.world or site.world)
        scene = Scene(read_world(world_file, model_folders(world_file)), {_ROBOT: robot})
        staged = [stage(scenario, scene, site, _ROBOT, seed) for seed in range(_SEEDS)]
        Physics(staged[0].scene, step_s=_STEP_S)
    except LepatrolError as error:
        raise FileError(path, f'cannot be staged: {error}') from error
    movers = len(staged[0].scene.world.actors) - len(scene.world.actors)
    return Verdict(f'scenario {scenario.name}: {movers} moving, {len(staged[0].truth.subjects)} to be reported')


def _check_map(path: Path) -> Verdict:
    grid = read_map(path)
    width, height = grid.size_m
    return Verdict(f'map: {width:g} x {height:g} m, cells of {grid.resolution_m:g} m')


_BY_ENDING: tuple[tuple[tuple[str, ...], Callable[[Path], Verdict]], ...] = (
    (('.sdf', '.world'), _check_world),
    (('.urdf', '.xacro'), _check_robot),
    (('.yaml', '.yml'), _check_yaml),
)
