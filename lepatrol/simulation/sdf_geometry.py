"""SDFormat's shapes, materials, visuals, collisions and inertias."""

from __future__ import annotations

import cv2
import numpy as np

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    Capsule,
    Collision,
    Cylinder,
    Ellipsoid,
    Heightmap,
    Inertial,
    Material,
    Plane,
    Rgba,
    Shape,
    Sphere,
    TriangleMesh,
    Vector3,
    Visual,
)
from lepatrol.simulation.mesh import extrude, read_mesh
from lepatrol.simulation.sdf_files import Files
from lepatrol.simulation.sdf_frames import Scope, read_pose
from lepatrol.simulation.xml_file import Element

_SHAPES = ('box', 'cylinder', 'sphere', 'capsule', 'ellipsoid', 'plane', 'mesh', 'heightmap', 'polyline')


def vector3(element: Element) -> Vector3:
    """Return an element's text as three numbers."""
    x, y, z = element.numbers(3)
    return x, y, z


def colour(element: Element) -> Rgba:
    """Return an element's text as red, green, blue and (by default 1) alpha, each in 0..1."""
    values = element.numbers(3, 4)
    if not all(0.0 <= value <= 1.0 for value in values):
        raise element.error(f"'{element.text.strip()}' is not a colour; each part is from 0 to 1")
    red, green, blue = values[:3]
    return red, green, blue, values[3] if len(values) == 4 else 1.0


def place(element: Element, scope: Scope, base: Pose3) -> Pose3:
    """Return an element's pose in ``base``; it may be written relative to any frame of the scope."""
    pose, relative_to = read_pose(element)
    if not relative_to:
        return pose
    return base.inverse().compose(scope.resolve(relative_to, element).compose(pose))


def read_visual(element: Element, files: Files, scope: Scope, link: Pose3) -> Visual | None:
    """Read a ``<visual>``; None where its geometry is empty or not supported."""
    pose = place(element, scope, link)
    found = _read_geometry(element.required('geometry'), files)
    material = _read_material(element, files)
    shadows = element.flag_of('cast_shadows', True)
    if found is None:
        return None
    shape, offset = found
    return Visual(element.name, pose.compose(offset), shape, material, shadows)


def read_collision(element: Element, files: Files, scope: Scope, link: Pose3) -> Collision | None:
    """Read a ``<collision>``; None where its geometry is empty or not supported."""
    pose = place(element, scope, link)
    found = _read_geometry(element.required('geometry'), files)
    friction = _read_friction(element)
    if found is None:
        return None
    shape, offset = found
    return Collision(element.name, pose.compose(offset), shape, friction)


def _read_friction(element: Element) -> float:
    friction = element.below('surface', 'friction')
    for engine, first, second in (('ode', 'mu', 'mu2'), ('bullet', 'friction', 'friction2')):
        group = None if friction is None else friction.child(engine)
        if group is None:
            continue
        mu = group.number_of(first, 1.0, low=0.0)
        # One coefficient for both directions: a second, different one stays unused and is reported.
        other = next((child for child in group.children if child.tag == second), None)
        if other is not None and other.number(low=0.0) == mu:
            other.used = True
        return mu
    return 1.0


def _read_geometry(element: Element, files: Files) -> tuple[Shape, Pose3] | None:
    tags = [child.tag for child in element.children]
    if len(tags) > 1 and set(tags) != {'polyline'}:
        raise element.error(f'holds {len(tags)} shapes; one is right')
    if not tags:
        raise element.error('is without a shape; one of ' + ', '.join(f'<{tag}>' for tag in _SHAPES) + ' is right')
    if tags[0] == 'empty':
        element.all('empty')
        return None
    if tags[0] not in _SHAPES:
        return None
    shapes = element.all(tags[0])
    if tags[0] == 'heightmap':
        return _read_heightmap(shapes[0], files)
    return _read_shape(shapes, files), Pose3()


def _read_shape(elements: list[Element], files: Files) -> Shape:
    element = elements[0]
    if element.tag == 'polyline':
        return _read_polyline(elements)
    if element.tag == 'mesh':
        return _read_mesh(element, files)
    if element.tag == 'plane':
        return _read_plane(element)
    if element.tag == 'box':
        return Box(_positive3(element.required('size')))
    if element.tag == 'ellipsoid':
        return Ellipsoid(_positive3(element.required('radii')))
    radius = element.required('radius').number(above=0.0)
    if element.tag == 'sphere':
        return Sphere(radius)
    length = element.required('length').number(above=0.0)
    return Cylinder(radius, length) if element.tag == 'cylinder' else Capsule(radius, length)


def _positive3(element: Element) -> Vector3:
    values = vector3(element)
    if min(values) <= 0.0:
        raise element.error(f"'{element.text.strip()}': each number must be more than 0")
    return values


def _read_plane(element: Element) -> Plane:
    normal_element, size_element = element.child('normal'), element.child('size')
    normal = (0.0, 0.0, 1.0) if normal_element is None else vector3(normal_element)
    length = float(np.linalg.norm(normal))
    if length == 0.0:
        raise element.error('a normal of zero length points nowhere')
    width, depth = (1.0, 1.0) if size_element is None else size_element.numbers(2)
    if min(width, depth) <= 0.0:
        raise element.error('the size of a plane must be more than 0')
    x, y, z = normal
    return Plane((x / length, y / length, z / length), (width, depth))


def _read_mesh(element: Element, files: Files) -> TriangleMesh:
    scale_element = element.child('scale')
    scale = (1.0, 1.0, 1.0) if scale_element is None else vector3(scale_element)
    if 0.0 in scale:
        raise element.error('a scale of 0 leaves nothing of the mesh')
    return read_mesh(files.find(element.required('uri')), scale)


def _read_polyline(elements: list[Element]) -> TriangleMesh:
    heights = {element.number_of('height', 1.0, above=0.0) for element in elements}
    if len(heights) > 1:
        raise elements[0].error('the polylines of one geometry must have one height')
    outlines = []
    for element in elements:
        points = [point.numbers(2) for point in element.all('point')]
        if len(points) < 3:
            raise element.error(f'has {len(points)} points; at least 3 are right')
        outlines.append([(x, y) for x, y in points])
    try:
        return extrude(outlines, heights.pop())
    except ValueError as error:
        raise elements[0].error(str(error)) from None


def _read_heightmap(element: Element, files: Files) -> tuple[Heightmap, Pose3]:
    path = files.find(element.required('uri'))
    picture = cv2.imread(str(path), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_GRAYSCALE)
    if picture is None or min(picture.shape) < 2:
        raise element.error(f"'{path}' is not a picture of at least 2 x 2 pixels")
    size_element, offset = element.child('size'), element.child('pos')
    width, depth, height = (1.0, 1.0, 1.0) if size_element is None else _positive3(size_element)
    # As Gazebo has it, the brightest pixel of the picture is as high as the size says.
    heights = picture[::-1].astype(np.float64) * (height / max(float(picture.max()), 1.0))
    shape = Heightmap(np.ascontiguousarray(heights), (width, depth))
    return shape, Pose3() if offset is None else Pose3(vector3(offset))


def _read_material(visual: Element, files: Files) -> Material:
    opacity = 1.0 - visual.number_of('transparency', 0.0, low=0.0)
    if opacity < 0.0:
        raise visual.error('transparency is from 0 to 1')
    element = visual.child('material')
    colours = {} if element is None else {
        tag: colour(child) for tag in ('ambient', 'diffuse', 'specular', 'emissive')
        if (child := element.child(tag)) is not None}
    texture = None
    for flow in ('metal', 'specular'):
        albedo = None if element is None else element.below('pbr', flow, 'albedo_map')
        if albedo is not None:
            texture = files.find(albedo)
    plain = (1.0, 1.0, 1.0, 1.0) if texture else Material().diffuse
    red, green, blue, alpha = colours.get('diffuse', colours.get('ambient', plain))
    return Material(
        (red, green, blue, alpha * opacity), colours.get('specular', Material().specular),
        colours.get('emissive', Material().emissive), texture)


def read_inertial(element: Element) -> Inertial:
    """Read an ``<inertial>``; SDFormat's defaults are 1 kg and 1 kg m^2 about each axis."""
    pose, relative_to = read_pose(element)
    if relative_to:
        raise element.error('the pose of an inertial has no relative_to; it is in its link')
    mass = element.number_of('mass', 1.0, above=0.0)
    tensor = element.child('inertia')
    if tensor is None:
        return Inertial(mass, pose)
    xx, yy, zz = (tensor.number_of(key, 1.0, above=0.0) for key in ('ixx', 'iyy', 'izz'))
    xy, xz, yz = (tensor.number_of(key, 0.0) for key in ('ixy', 'ixz', 'iyz'))
    if np.linalg.eigvalsh([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])[0] <= 0.0:
        raise tensor.error('is not the inertia of a body: its principal moments must be more than 0')
    return Inertial(mass, pose, (xx, yy, zz, xy, xz, yz))
