"""From the engine-neutral description back to SDFormat, for models that a scenario makes."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    Capsule,
    Collision,
    Cylinder,
    Ellipsoid,
    Material,
    Model,
    Plane,
    Shape,
    Sphere,
    Visual,
)


def model_sdf(model: Model) -> str:
    """Return a model of links as a whole SDFormat file, without its pose, which whoever puts it down says.

    :raises LepatrolError: if it has joints, or a shape that other files hold (a mesh, a height map).
    """
    if model.joints:
        raise LepatrolError(f'{model.name}: has joints; only rigid models can be written as SDFormat')
    root = Element('sdf', version='1.9')
    written = SubElement(root, 'model', name=model.name)
    _add(written, 'static', model.static)
    for link in model.links:
        element = SubElement(written, 'link', name=link.name)
        _add_pose(element, link.pose)
        if not link.gravity:
            _add(element, 'gravity', False)
        # SDFormat wants names that differ among all that a link holds, whatever it is.
        taken = {visual.name for visual in link.visuals}
        for collision in link.collisions:
            name = f'{collision.name}_collision' if collision.name in taken else collision.name
            _add_collision(element, name, collision, model.name)
        for visual in link.visuals:
            _add_visual(element, visual, model.name)
    return ElementTree.tostring(root, encoding='unicode')


def _add_collision(link: Element, name: str, collision: Collision, model: str) -> None:
    element = SubElement(link, 'collision', name=name)
    _add_pose(element, collision.pose)
    _add_shape(element, collision.shape, f'{model}: {collision.name}')
    ode = SubElement(SubElement(SubElement(element, 'surface'), 'friction'), 'ode')
    _add(ode, 'mu', collision.friction)
    _add(ode, 'mu2', collision.friction)


def _add_visual(link: Element, visual: Visual, model: str) -> None:
    element = SubElement(link, 'visual', name=visual.name)
    _add_pose(element, visual.pose)
    _add_shape(element, visual.shape, f'{model}: {visual.name}')
    _add(element, 'cast_shadows', visual.cast_shadows)
    _add(element, 'transparency', 1.0 - visual.material.diffuse[3])
    _add_material(element, visual.material)


def _add_material(visual: Element, material: Material) -> None:
    element = SubElement(visual, 'material')
    # How much of it is seen through is said by the visual's transparency, as the worlds' own models say it.
    solid = (*material.diffuse[:3], 1.0)
    for tag, colour in (('ambient', solid), ('diffuse', solid), ('specular', material.specular),
                        ('emissive', material.emissive)):
        _add(element, tag, *colour)
    if material.texture is not None:
        metal = SubElement(SubElement(element, 'pbr'), 'metal')
        _add(metal, 'albedo_map', f'file://{material.texture.resolve()}')


def _add_shape(parent: Element, shape: Shape, what: str) -> None:
    geometry = SubElement(parent, 'geometry')
    if isinstance(shape, Box):
        _add(SubElement(geometry, 'box'), 'size', *shape.size_m)
    elif isinstance(shape, Ellipsoid):
        _add(SubElement(geometry, 'ellipsoid'), 'radii', *shape.radii_m)
    elif isinstance(shape, Sphere):
        _add(SubElement(geometry, 'sphere'), 'radius', shape.radius_m)
    elif isinstance(shape, Cylinder | Capsule):
        element = SubElement(geometry, 'cylinder' if isinstance(shape, Cylinder) else 'capsule')
        _add(element, 'radius', shape.radius_m)
        _add(element, 'length', shape.length_m)
    elif isinstance(shape, Plane):
        element = SubElement(geometry, 'plane')
        _add(element, 'normal', *shape.normal)
        _add(element, 'size', *shape.size_m)
    else:
        raise LepatrolError(f'{what} is a {type(shape).__name__}; a box, cylinder, capsule, sphere, ellipsoid or plane '
                            'can be written as SDFormat')


def _add_pose(parent: Element, pose: Pose3) -> None:
    _add(parent, 'pose', *pose.position_m, *pose.rpy_rad)


def _add(parent: Element, tag: str, *values: float | bool | str) -> None:
    words = (str(value).lower() if isinstance(value, bool) else str(value) for value in values)
    SubElement(parent, tag).text = ' '.join(words)
