"""Shapes, materials and masses of SDFormat files."""

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from sdf_world import BOX, refusal, world

from lepatrol.simulation.description import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Heightmap,
    Plane,
    Sphere,
    TriangleMesh,
)


def shape_of(directory: Path, geometry: str):
    found = world(directory, f'''<model name="m"><link name="l"><collision name="c"><geometry>{geometry}</geometry>
        </collision></link></model>''')
    return found.models[0].links[0].collisions[0]


@pytest.mark.parametrize(('xml', 'shape'), [
    ('<box><size>1 2 3</size></box>', Box((1, 2, 3))),
    ('<cylinder><radius>0.5</radius><length>2</length></cylinder>', Cylinder(0.5, 2)),
    ('<capsule><radius>0.5</radius><length>2</length></capsule>', Capsule(0.5, 2)),
    ('<sphere><radius>0.5</radius></sphere>', Sphere(0.5)),
    ('<ellipsoid><radii>1 2 3</radii></ellipsoid>', Ellipsoid((1, 2, 3))),
    ('<plane><normal>0 0 2</normal><size>5 6</size></plane>', Plane((0, 0, 1), (5, 6))),
])
def test_a_plain_shape_keeps_its_measures(tmp_path, xml, shape):
    assert shape_of(tmp_path, xml).shape == shape


def signed_volume(mesh: TriangleMesh) -> float:
    a, b, c = (mesh.vertices_m[mesh.faces[:, i]] for i in range(3))
    return float(np.einsum('ij,ij->i', a, np.cross(b, c)).sum() / 6.0)


CUBE_OBJ = '\n'.join(
    [f'v {x} {y} {z}' for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    + ['f 1/1 2 4 3', 'f 5 7 8 6', 'f 1 5 6 2', 'f 3 4 8 7', 'f 1 3 7 5', 'f -7 -3 -1 -5'])


@pytest.mark.parametrize('scale', ['1 2 3', '-1 2 3'])
def test_an_obj_mesh_is_scaled_and_keeps_its_outside(tmp_path, scale):
    (tmp_path / 'cube.obj').write_text(CUBE_OBJ)
    mesh = shape_of(tmp_path, f'<mesh><uri>cube.obj</uri><scale>{scale}</scale></mesh>').shape
    assert signed_volume(mesh) == pytest.approx(6.0)


def test_text_and_binary_stl_give_the_same_triangle(tmp_path):
    corners = [(0, 0, 0), (1, 0, 0), (0, 1, 0)]
    text = 'solid s\nfacet normal 0 0 1\nouter loop\n' + ''.join(
        'vertex {} {} {}\n'.format(*corner) for corner in corners) + 'endloop\nendfacet\nendsolid'
    (tmp_path / 'text.stl').write_text(text)
    (tmp_path / 'binary.stl').write_bytes(
        b'solid'.ljust(80) + struct.pack('<I12fH', 1, 0, 0, 1, *np.ravel(corners).astype(float), 0))
    for name in ('text', 'binary'):
        mesh = shape_of(tmp_path, f'<mesh><uri>{name}.stl</uri></mesh>').shape
        assert mesh.vertices_m[mesh.faces[0]].tolist() == [list(map(float, corner)) for corner in corners]


def test_a_polyline_with_a_hole_becomes_a_closed_solid(tmp_path):
    def square(half):
        return ''.join(f'<point>{x} {y}</point>' for x, y in
                       ((-half, -half), (-half, half), (half, half), (half, -half)))
    mesh = shape_of(tmp_path, f'''<polyline>{square(2)}<height>3</height></polyline>
        <polyline>{square(1)}<height>3</height></polyline>''').shape
    assert signed_volume(mesh) == pytest.approx((16 - 4) * 3)
    assert (mesh.vertices_m[:, 2].min(), mesh.vertices_m[:, 2].max()) == (0.0, 3.0)
    edges = [tuple(edge) for face in mesh.faces for edge in zip(face, np.roll(face, -1), strict=True)]
    assert len(edges) == len(set(edges))
    assert {(b, a) for a, b in edges} == set(edges)


def test_a_heightmap_has_its_first_row_at_the_lowest_y(tmp_path):
    cv2.imwrite(str(tmp_path / 'hill.png'), np.array([[0, 0, 0], [0, 0, 0], [200, 100, 0]], dtype=np.uint8))
    collision = shape_of(tmp_path, '<heightmap><uri>hill.png</uri><size>10 20 4</size><pos>1 2 3</pos></heightmap>')
    assert isinstance(collision.shape, Heightmap)
    assert collision.shape.heights_m[0].tolist() == pytest.approx([4.0, 2.0, 0.0])
    assert collision.shape.size_m == (10.0, 20.0)
    assert collision.pose.position_m == (1.0, 2.0, 3.0)


def test_materials_friction_and_inertia_are_read(tmp_path):
    (tmp_path / 'brick.png').write_bytes(b'')
    found = world(tmp_path, f'''<model name="m"><link name="l">
        <inertial><mass>4</mass><pose>0 0 1 0 0 0</pose><inertia><ixx>2</ixx><iyy>3</iyy><izz>4</izz></inertia>
        </inertial>
        <collision name="c">{BOX}<surface><friction><ode><mu>0.3</mu><mu2>0.3</mu2></ode></friction></surface>
        </collision>
        <visual name="v">{BOX}<transparency>0.25</transparency><cast_shadows>false</cast_shadows>
          <material><diffuse>0.1 0.2 0.3</diffuse><specular>0.5 0.5 0.5 1</specular>
          <pbr><metal><albedo_map>brick.png</albedo_map></metal></pbr></material></visual></link></model>''')
    (link,) = found.models[0].links
    assert link.inertial.mass_kg == 4.0
    assert link.inertial.moments_kg_m2 == (2, 3, 4, 0, 0, 0)
    assert link.collisions[0].friction == 0.3
    material = link.visuals[0].material
    assert (material.diffuse, material.specular) == ((0.1, 0.2, 0.3, 0.75), (0.5, 0.5, 0.5, 1.0))
    assert material.texture == tmp_path / 'brick.png'
    assert not link.visuals[0].cast_shadows
    assert found.unsupported == ()


def points(*corners):
    return ''.join(f'<point>{x} {y}</point>' for x, y in corners)


@pytest.mark.parametrize(('geometry', 'expected'), [
    (f'<polyline>{points((0, 0), (1, 0))}</polyline>', 'has 2 points; at least 3 are right'),
    (f'<polyline>{points((0, 0), (1, 0), (0, 1))}<height>1</height></polyline>'
     f'<polyline>{points((5, 0), (6, 0), (5, 1))}<height>2</height></polyline>', 'must have one height'),
    ('<box><size>1 0 1</size></box>', 'each number must be more than 0'),
    ('<box><size>1 1 1</size></box><sphere><radius>1</radius></sphere>', 'holds 2 shapes; one is right'),
    ('', 'is without a shape'),
    ('<plane><normal>0 0 0</normal></plane>', 'points nowhere'),
    ('<heightmap><uri>hill.txt</uri></heightmap>', 'is not a picture'),
    ('<mesh><uri>hill.txt</uri><scale>1 0 1</scale></mesh>', 'a scale of 0'),
])
def test_a_shape_that_cannot_be_is_refused(tmp_path, geometry, expected):
    (tmp_path / 'hill.txt').write_text('no picture')
    assert expected in refusal(tmp_path, f'''<model name="m"><link name="l"><collision name="c"><geometry>{geometry}
        </geometry></collision></link></model>''')


def test_the_lines_of_a_polyline_may_run_either_way_round(tmp_path):
    corners = ((0, 0), (3, 0), (3, 1), (1, 1), (1, 2), (0, 2))
    for order in (corners, corners[::-1]):
        mesh = shape_of(tmp_path, f'<polyline>{points(*order)}<height>2</height></polyline>').shape
        assert signed_volume(mesh) == pytest.approx((3 + 1) * 2)


def test_a_heightmap_of_16_bits_reaches_the_height_that_is_given(tmp_path):
    cv2.imwrite(str(tmp_path / 'hill.png'), np.array([[0, 30000], [15000, 0]], dtype=np.uint16))
    shape = shape_of(tmp_path, '<heightmap><uri>hill.png</uri><size>10 20 4</size></heightmap>').shape
    np.testing.assert_allclose(shape.heights_m, [[2.0, 0.0], [0.0, 4.0]])


def test_a_shape_that_is_not_simulated_is_named_and_an_empty_one_is_not(tmp_path):
    found = world(tmp_path, '''<model name="m"><link name="l"><visual name="v"><geometry>
        <image><uri>x.png</uri></image></geometry></visual>
        <visual name="w"><geometry><empty/></geometry></visual></link></model>''')
    assert found.models[0].links[0].visuals == ()
    assert found.unsupported == (f'{tmp_path / "world.sdf"}:4: <image>',)
