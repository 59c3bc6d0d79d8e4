"""Models written as SDFormat are what they were when they are read again, by us and by the real library."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sdf_world import same_pose

from lepatrol import assembly, resources
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.world_orders import Create
from lepatrol.simulation.animal_figure import bird, cat, litter
from lepatrol.simulation.description import (
    Box,
    Capsule,
    Collision,
    Cylinder,
    Ellipsoid,
    Joint,
    Link,
    Material,
    Model,
    Plane,
    Sphere,
    TriangleMesh,
    Visual,
)
from lepatrol.simulation.director import changes
from lepatrol.simulation.human_figure import dressed_figure
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.sdf import read_world
from lepatrol.simulation.sdf_text import model_sdf

TILTED = Pose3.from_rpy(1.25, -2.0, 0.5, 0.1, -0.2, 2.5)
SHAPES = (Box((0.4, 0.3, 0.2)), Cylinder(0.1, 2.0), Capsule(0.2, 0.5), Sphere(0.3), Ellipsoid((0.1, 0.2, 0.3)),
          Plane((0.0, 0.0, 1.0), (3.0, 4.0)))
GLASS = Material((0.3, 0.45, 0.4, 0.55), (0.1, 0.2, 0.3, 1.0), (0.5, 0.0, 0.0, 1.0))


def of_shapes(*shapes, **parts):
    return Model('thing', static=True, links=(Link(
        'link', Pose3.from_rpy(0.0, 1.0), gravity=False,
        visuals=tuple(Visual(f'v{n}', TILTED, shape, **parts) for n, shape in enumerate(shapes)),
        collisions=tuple(Collision(f'c{n}', TILTED, shape, 0.7) for n, shape in enumerate(shapes))),))


def read_again(model, folder):
    path = folder / 'world.sdf'
    inner = model_sdf(model).removeprefix('<sdf version="1.9">').removesuffix('</sdf>')
    path.write_text(f'<sdf version="1.9"><world name="w">{inner}</world></sdf>', encoding='utf-8')
    world = read_world(path)
    assert world.unsupported == ()
    (read,) = world.models
    return read


def assert_alike(read, model):
    assert (read.name, read.static) == (model.name, model.static)
    for after, before in zip(read.links, model.links, strict=True):
        assert (after.name, after.gravity) == (before.name, before.gravity)
        assert same_pose(after.pose, before.pose)
        for group in ('visuals', 'collisions'):
            for one, other in zip(getattr(after, group), getattr(before, group), strict=True):
                assert one.name.removesuffix('_collision') == other.name
                assert one.shape == other.shape
                assert np.allclose(one.pose.matrix, other.pose.matrix, rtol=0.0, atol=1e-7)


@pytest.mark.parametrize('shape', SHAPES, ids=lambda shape: type(shape).__name__)
def test_every_shape_reads_back_as_it_was(tmp_path, shape):
    model = of_shapes(shape)
    read = read_again(model, tmp_path)
    assert_alike(read, model)
    assert read.links[0].collisions[0].friction == 0.7


def test_what_a_thing_looks_like_reads_back_as_it_was(tmp_path):
    texture = tmp_path / 'mesh.png'
    texture.touch()
    for material in (GLASS, Material(texture=texture)):
        (visual,) = read_again(of_shapes(SHAPES[0], material=material, cast_shadows=False), tmp_path).links[0].visuals
        assert not visual.cast_shadows
        assert visual.material.diffuse == pytest.approx(material.diffuse)
        assert (visual.material.specular, visual.material.emissive) == (material.specular, material.emissive)
        assert visual.material.texture == material.texture


@pytest.mark.parametrize('links', [
    dressed_figure(1.9, 'blue', 'dark'), cat(0.3, (0.1, 0.1, 0.1, 1.0)), bird(0.5, (0.9, 0.9, 0.9, 1.0)),
    litter(0.3, (0.9, 0.8, 0.2, 1.0))], ids=['person', 'cat', 'bird', 'litter'])
def test_who_moves_in_scenarios_can_be_written(tmp_path, links):
    model = Model('mover', static=True, links=links)
    assert_alike(read_again(model, tmp_path), model)


def test_the_real_library_finds_nothing_wrong_with_what_scenarios_make(tmp_path):
    if not (tool := shutil.which('ign') or shutil.which('gz')):
        pytest.skip('neither ign nor gz is installed: apt install ignition-tools libsdformat-dev')
    scenario = assembly.load_scenario('demo_night')
    world = assembly.load_world(scenario.world)
    staged = assembly.stage_live(
        scenario, Scene(world, {'robot': Model('robot')}), assembly.load_site(scenario.site), seed=3).scene.world
    texts = [order.sdf for order in changes(world, staged) if isinstance(order, Create)]
    texts += [model_sdf(Model(actor.name, static=True, links=actor.links)) for actor in staged.actors[-1:]]
    texts.append(model_sdf(of_shapes(*SHAPES, material=GLASS)))
    assert len(texts) == 4
    for number, text in enumerate(texts):
        path = Path(tmp_path / f'{number}.sdf')
        path.write_text(text, encoding='utf-8')
        done = subprocess.run([tool, 'sdf', '--check', str(path)], capture_output=True, text=True, timeout=120,
                              check=False)
        assert 'Error' not in done.stderr
        assert done.returncode == 0


def test_what_other_files_hold_or_joints_move_is_refused():
    mesh = TriangleMesh(np.zeros((3, 3)), np.zeros((1, 3), dtype=np.int32))
    with pytest.raises(LepatrolError, match=r'thing: c0 is a TriangleMesh; a box'):
        model_sdf(of_shapes(mesh))
    with pytest.raises(LepatrolError, match='thing: has joints'):
        model_sdf(Model('thing', joints=(Joint('hinge', 'revolute', 'world', 'leaf'),)))


def test_all_scenarios_can_be_carried_out_in_another_simulator():
    load_world = cache(assembly.load_world)
    for name in resources.known_scenarios():
        scenario = assembly.load_scenario(name)
        world, site = load_world(scenario.world), assembly.load_site(scenario.site)
        for seed in range(3):
            staged = assembly.stage_live(scenario, Scene(world, {'robot': Model('robot')}), site, seed)
            changes(world, staged.scene.world)
