"""Settings of reference views: what a place ought to look like, and what counts as a change."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class ReferenceViewSettings(Settings):
    """How a picture is laid over the reference of its place and compared with it.

    Lengths in pixels are meant for pictures ``width_px`` wide; others are scaled to that width before.
    """

    width_px: int = setting(320, 'Wider pictures are compared at this width.', low=80, high=1920)
    views_kept: int = setting(4, 'Views kept of one heading of a waypoint (other light, other times); a new one drops '
                              'the oldest. A change must show against each.', low=1, high=50)
    min_overlap: float = setting(0.5, 'Least share of the picture that the reference must cover.', low=0.05, high=1.0)
    min_correlation: float = setting(
        0.6, 'Least correlation of picture and reference, laid over each other, for the two to be compared.',
        low=0.0, high=1.0)
    search_px: int = setting(
        4, 'How far a piece of the picture may lie from where it is expected: near things move against far ones when '
        'the robot stands a little elsewhere.', low=0, high=30)
    patch_px: int = setting(9, 'Edge length of the pieces that are compared.', low=3, high=51)
    noise_level: float = setting(
        3.5, 'Contrast, in grey levels of 256, that is taken for noise of the camera.', low=0.5, high=100.0)
    min_difference: float = setting(
        0.55, 'Difference of two pieces, from 0 (alike) to 1 (nothing in common), that counts as a change.',
        low=0.05, high=1.0)
    min_side_px: int = setting(
        4, 'Changes narrower or lower than this are left out: thin lines come and go with where a camera stands.',
        low=1, high=1000)
    min_area_px: int = setting(140, 'Smallest area of a change.', low=1, high=100000)
