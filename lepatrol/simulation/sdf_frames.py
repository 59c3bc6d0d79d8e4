"""Names and frames of one SDFormat scope (a world or a model), resolved to poses in the scope's own frame."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.xml_file import Element


def read_pose(element: Element) -> tuple[Pose3, str]:
    """Read an element's ``<pose>``: the pose and the frame it names ('' for the default frame)."""
    pose = element.child('pose')
    if pose is None:
        return Pose3(), ''
    return pose_value(pose), pose.attributes.get('relative_to', '')


def pose_value(element: Element) -> Pose3:
    """Read the numbers of a ``<pose>``: ``x y z roll pitch yaw`` or, with a quaternion, ``x y z qx qy qz qw``."""
    if not element.text.strip():
        return Pose3()
    written = element.attributes.get('rotation_format', 'euler_rpy')
    if written == 'quat_xyzw':
        x, y, z, qx, qy, qz, qw = element.numbers(7)
        norm = (qx * qx + qy * qy + qz * qz + qw * qw) ** 0.5
        if norm == 0.0:
            raise element.error('a quaternion of zero length is no rotation')
        return Pose3((x, y, z), (qw / norm, qx / norm, qy / norm, qz / norm))
    if written != 'euler_rpy':
        raise element.error(f"rotation_format '{written}' is unknown; euler_rpy or quat_xyzw is right")
    x, y, z, roll, pitch, yaw = element.numbers(6)
    factor = 0.017453292519943295 if element.attributes.get('degrees', 'false') in ('true', '1') else 1.0
    return Pose3.from_rpy(x, y, z, roll * factor, pitch * factor, yaw * factor)


@dataclass(frozen=True)
class _Entry:
    element: Element
    pose: Pose3
    relative_to: str
    attached_to: str | None


class Scope:
    """What has a name in a world or model; poses are resolved when all names are known."""

    def __init__(self, root: str) -> None:
        """Start with the scope's own frame: ``world`` or ``__model__``."""
        self._root = root
        self._entries: dict[str, _Entry] = {}
        self._poses: dict[str, Pose3] = {root: Pose3()}
        self._links: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name of the scope but its root."""
        return tuple(self._entries)

    def add(
        self, name: str, element: Element, pose: Pose3, relative_to: str = '', *,
        link: str | None = None, attached_to: str | None = None,
    ) -> None:
        """Name a frame: fixed to the link ``link``, or to what ``attached_to`` is fixed to.

        :raises FileError: where the name is taken or reserved.
        """
        if name in self._entries:
            first = self._entries[name].element
            raise element.error(
                f"the name '{name}' is taken already by the {first.tag} on line {first.line}; choose another")
        own = name.rpartition('::')[2]
        if own == 'world' or (own.startswith('__') and own.endswith('__')):
            raise element.error(f"the name '{name}' is reserved by SDFormat; choose another")
        self._entries[name] = _Entry(element, pose, relative_to or self._root, attached_to)
        if link is not None:
            self._links[name] = link

    def resolve(self, name: str, asker: Element) -> Pose3:
        """Return where a frame is in the scope's own frame.

        :raises FileError: where the name is unknown or frames go in a circle.
        """
        return self._resolve(name or self._root, asker, ())

    def _resolve(self, name: str, asker: Element, trail: tuple[str, ...]) -> Pose3:
        if name in self._poses:
            return self._poses[name]
        if name in trail:
            raise asker.error('frames are relative to each other in a circle: ' + ' -> '.join((*trail, name)))
        entry = self._entries.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, [*self._entries, self._root], n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ''
            raise asker.error(f"there is no frame, link, joint or model '{name}' here{hint}")
        parent = self._resolve(entry.relative_to, entry.element, (*trail, name))
        self._poses[name] = parent.compose(entry.pose)
        return self._poses[name]

    def link_of(self, name: str, asker: Element) -> str:
        """Return the link that a frame is fixed to, or the scope's root where it is fixed to that.

        :raises FileError: where the name is unknown or attachments go in a circle.
        """
        seen: list[str] = []
        while name not in self._links and name != self._root:
            if name in seen:
                raise asker.error('frames are attached to each other in a circle: ' + ' -> '.join((*seen, name)))
            seen.append(name)
            entry = self._entries.get(name)
            if entry is None:
                self._resolve(name, asker, ())
                break
            name = entry.attached_to or self._root
        return self._links.get(name, self._root)
