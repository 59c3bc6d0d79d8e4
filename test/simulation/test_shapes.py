import math

import numpy as np
import pytest

from lepatrol.model.geometry import Pose3
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
from lepatrol.simulation.shapes import joined, surface_of

TETRAHEDRON = TriangleMesh(
    np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], dtype=np.int32))
SOLIDS = {
    'box': (Box((1.0, 2.0, 3.0)), 6.0, 1e-9, (0.5, 1.0, 1.5)),
    'cylinder': (Cylinder(0.5, 2.0), math.pi * 0.25 * 2.0, 0.06, (0.5, 0.5, 1.0)),
    'sphere': (Sphere(0.7), 4.0 / 3.0 * math.pi * 0.343, 0.2, (0.7, 0.7, 0.7)),
    'capsule': (Capsule(0.3, 1.0), math.pi * (0.09 + 4.0 / 3.0 * 0.027), 0.12, (0.3, 0.3, 0.8)),
    'ellipsoid': (Ellipsoid((0.3, 0.6, 0.9)), 4.0 / 3.0 * math.pi * 0.162, 0.2, (0.3, 0.6, 0.9)),
    'mesh': (TETRAHEDRON, 1.0 / 6.0, 1e-9, (1.0, 1.0, 1.0)),
}


def volume(surface):
    a, b, c = np.moveaxis(surface.vertices_m[surface.faces], 1, 0)
    return float((a * np.cross(b, c)).sum() / 6.0)


def face_normals(surface):
    a, b, c = np.moveaxis(surface.vertices_m[surface.faces], 1, 0)
    normals = np.cross(b - a, c - a)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    assert (lengths > 0.0).all()
    return normals / lengths


@pytest.mark.parametrize('kind', SOLIDS)
def test_a_solid_is_closed_and_encloses_its_volume_with_the_outside_out(kind):
    shape, true_volume, share, _ = SOLIDS[kind]
    surface = surface_of(shape)
    assert true_volume * (1.0 - share) <= volume(surface) <= true_volume * (1.0 + 1e-9)
    # Where every edge is shared by two faces that run along it in opposite directions, there is no hole.
    _, index = np.unique(surface.vertices_m.round(9), axis=0, return_inverse=True)
    edges = np.concatenate([index[surface.faces][:, pair] for pair in ([0, 1], [1, 2], [2, 0])])
    assert sorted(map(tuple, edges.tolist())) == sorted((b, a) for a, b in edges.tolist())


@pytest.mark.parametrize('kind', SOLIDS)
def test_a_solid_reaches_exactly_as_far_as_its_sizes_say(kind):
    shape, _, _, reach = SOLIDS[kind]
    assert surface_of(shape).vertices_m.max(axis=0) == pytest.approx(reach)


@pytest.mark.parametrize('kind', SOLIDS)
def test_normals_are_of_unit_length_and_point_out_of_their_faces(kind):
    surface = surface_of(SOLIDS[kind][0])
    assert np.linalg.norm(surface.normals, axis=1) == pytest.approx(1.0)
    outward = (surface.normals[surface.faces] * face_normals(surface)[:, None]).sum(axis=2)
    assert (outward > 0.5).all()


@pytest.mark.parametrize(
    'normal', [(0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 0.6, 0.8)])
def test_a_plane_faces_along_its_normal_and_has_its_size(normal):
    surface = surface_of(Plane(normal, (4.0, 2.0)))
    assert face_normals(surface) == pytest.approx(np.tile(normal, (2, 1)))
    assert surface.vertices_m @ np.array(normal) == pytest.approx(0.0)
    sides = np.linalg.norm(np.diff(surface.vertices_m, axis=0), axis=1)
    assert sides == pytest.approx([4.0, 2.0, 4.0])


def test_a_level_plane_has_its_first_size_along_x():
    assert np.ptp(surface_of(Plane(size_m=(4.0, 2.0))).vertices_m, axis=0) == pytest.approx([4.0, 2.0, 0.0])


def test_a_heightmap_has_its_lowest_row_at_the_lowest_y_and_normals_up_the_slope():
    surface = surface_of(Heightmap(np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]), (4.0, 2.0)))
    assert np.ptp(surface.vertices_m, axis=0) == pytest.approx([4.0, 2.0, 1.0])
    assert surface.vertices_m[surface.vertices_m[:, 1] < 0.0][:, 2] == pytest.approx(0.0)
    slope = np.array([0.0, -0.5, 1.0]) / math.sqrt(1.25)
    assert surface.normals == pytest.approx(np.tile(slope, (6, 1)))
    assert face_normals(surface) == pytest.approx(np.tile(slope, (4, 1)))


def test_a_face_without_area_is_left_out():
    mesh = TriangleMesh(TETRAHEDRON.vertices_m, np.array([[0, 1, 1], [0, 1, 3]], dtype=np.int32))
    assert len(surface_of(mesh).faces) == 1


def test_moving_a_surface_moves_vertices_and_turns_normals():
    pose = Pose3.from_rpy(1.0, 2.0, 3.0, yaw_rad=math.pi / 2)
    moved = surface_of(Plane((1.0, 0.0, 0.0), (2.0, 2.0))).at(pose)
    assert moved.normals[0] == pytest.approx([0.0, 1.0, 0.0], abs=1e-12)
    assert moved.vertices_m.mean(axis=0) == pytest.approx([1.0, 2.0, 3.0])


def test_joined_surfaces_keep_their_faces():
    box, ball = surface_of(Box((1.0, 1.0, 1.0))), surface_of(Sphere(0.5))
    both = joined([box, ball])
    assert volume(both) == pytest.approx(volume(box) + volume(ball))
    assert both.closed
