"""Settings of the frames that are told on ``tf``."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class FramesSettings(Settings):
    """Which transforms are told; turn off those that somebody else tells, for two that tell the same one disagree."""

    pose_timeout_s: float = setting(
        1.0, 'Without a pose for this long, map -> odom is told no more.', low=0.05, high=3600.0)
    tell_odom: bool = setting(True, "Whether odom -> the robot's root link is told, from odom.")
    tell_map: bool = setting(True, 'Whether map -> odom is told, from pose and odom.')
    tell_static: bool = setting(True, "Whether the robot's own frames are told, from its description and joint_states.")
