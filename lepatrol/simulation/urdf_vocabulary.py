"""The elements of URDF: which may stand in which."""

from __future__ import annotations

import difflib

from lepatrol.simulation.xml_file import Element

# From the URDF specification, https://wiki.ros.org/urdf/XML. What stands in <gazebo> is checked by its own reader, and
# transmissions and ros2_control belong to others.
_CHILDREN = {
    'robot': ('link', 'joint', 'material', 'gazebo', 'transmission', 'ros2_control'),
    'link': ('inertial', 'visual', 'collision'),
    'inertial': ('origin', 'mass', 'inertia'),
    'visual': ('origin', 'geometry', 'material'),
    'collision': ('origin', 'geometry'),
    'geometry': ('box', 'cylinder', 'sphere', 'mesh'),
    'material': ('color', 'texture'),
    'joint': ('origin', 'parent', 'child', 'axis', 'calibration', 'dynamics', 'limit', 'mimic', 'safety_controller'),
}
_FREE = ('gazebo', 'transmission', 'ros2_control')


def check_urdf_words(element: Element) -> None:
    """Refuse any element below ``element`` that URDF does not have in that place.

    :raises FileError: naming the word that was probably meant.
    """
    if element.tag in _FREE:
        return
    words = _CHILDREN.get(element.tag, ())
    for child in element.children:
        if child.tag not in words:
            near = difflib.get_close_matches(child.tag, words, n=1)
            right = f"did you mean '{near[0]}'?" if near else f'right would be: {", ".join(words) or "nothing"}'
            raise child.error(f'<{child.tag}> cannot stand in <{element.tag}> of a URDF; {right}')
        check_urdf_words(child)
