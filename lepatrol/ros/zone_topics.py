"""The topics by which zones come up and are lifted: the operator's word in, what is known to all robots and RViz."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from std_msgs.msg import String
from visualization_msgs.msg import MarkerArray

from lepatrol.model.zones import Zone
from lepatrol.ros import conversions, qos
from lepatrol.ros.runner import LepatrolNode

_LONGEST_NAME = 64


class ZoneKeeping(Protocol):
    """Who keeps the zones."""

    @property
    def in_force(self) -> tuple[Zone, ...]:
        """Return the zones that hold now."""

    def on_put(self, text: str, now_s: float) -> str:
        """Take an operator's zone."""

    def on_lift(self, text: str, now_s: float) -> str:
        """Lift the zone of that name."""

    def on_heard(self, text: str) -> None:
        """Take in what a robot told of the zones that it knows."""

    def take_news(self) -> str | None:
        """Return all that is known when it has changed since it was last taken."""


class ZoneTopics:
    """``zones/put`` and ``zones/lift`` in, ``/zones`` out and in, ``zones/markers`` out."""

    def __init__(
        self, node: LepatrolNode, keeper: ZoneKeeping, answer: Callable[[str, Callable[[], object]], None],
        on_change: Callable[[tuple[Zone, ...]], None],
    ) -> None:
        """Connect.

        ``answer`` carries out what it is handed and tells the operator what came of it under the given name.
        ``on_change`` is told the zones that hold whenever they have changed.
        """
        self._node = node
        self._keeper = keeper
        self._answer = answer
        self._on_change = on_change
        self._known: tuple[Zone, ...] = ()
        self._zones = node.create_publisher(String, '/zones', qos.LATCHED)
        self._markers = node.create_publisher(MarkerArray, 'zones/markers', qos.LATCHED)
        node.listen(String, '/zones', self._on_heard, qos.SHARED)
        node.listen(String, 'zones/put', self._on_put, qos.COMMAND)
        node.listen(String, 'zones/lift', self._on_lift, qos.COMMAND)

    def tell(self) -> None:
        """Tell everybody of what has changed; call it at the node's rate, as a behaviour may put zones, too."""
        if (news := self._keeper.take_news()) is not None:
            self._zones.publish(String(data=news))
        zones = self._keeper.in_force
        if zones != self._known:
            self._known = zones
            self._markers.publish(conversions.zone_markers_to_ros(zones, self._node.now_s))
            self._on_change(zones)

    def _on_put(self, message: String) -> None:
        name = message.data.partition(':')[0].strip(' {"\'')[:_LONGEST_NAME]
        self._answer(f'zones/put {name}', lambda: self._keeper.on_put(message.data, self._node.now_s))
        self.tell()

    def _on_lift(self, message: String) -> None:
        self._answer(f'zones/lift {message.data.strip()[:_LONGEST_NAME]}',
                     lambda: self._keeper.on_lift(message.data, self._node.now_s))
        self.tell()

    def _on_heard(self, message: String) -> None:
        self._keeper.on_heard(message.data)
        self.tell()
