"""What all markers have in common."""

from __future__ import annotations

from builtin_interfaces.msg import Duration
from geometry_msgs.msg import Pose, Quaternion
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import Marker

from lepatrol.ros.conversions.poses import MAP
from lepatrol.ros.conversions.times import header

WHITE = ColorRGBA(r=1.0, g=1.0, b=1.0, a=1.0)


def marker(
    namespace: str, number: int, stamp_s: float, shape: int, colour: ColorRGBA | None = None, *,
    action: int = Marker.ADD, lifetime_s: int = 0,
) -> Marker:
    """Return a marker in ``map``, told from others by namespace and number; one without a lifetime stays."""
    return Marker(
        header=header(stamp_s, MAP), ns=namespace, id=number, type=shape, action=action,
        pose=Pose(orientation=Quaternion(w=1.0)), color=colour or ColorRGBA(), lifetime=Duration(sec=lifetime_s))
