"""Stamps: seconds in the core, sec and nanosec on the wire."""

from __future__ import annotations

from builtin_interfaces.msg import Time
from std_msgs.msg import Header

_NS = 1_000_000_000


def time_from_ros(stamp: Time) -> float:
    """Return a stamp in seconds."""
    return float(stamp.sec) + stamp.nanosec * 1e-9


def time_to_ros(stamp_s: float) -> Time:
    """Return seconds, rounded to the nanosecond, as a stamp."""
    seconds, nanoseconds = divmod(round(stamp_s * 1e9), _NS)
    return Time(sec=seconds, nanosec=nanoseconds)


def header(stamp_s: float, frame_id: str) -> Header:
    """Return a header."""
    return Header(stamp=time_to_ros(stamp_s), frame_id=frame_id)
