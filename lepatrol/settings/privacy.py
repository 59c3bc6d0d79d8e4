"""Settings of what is masked in every picture that is kept or published."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class PrivacySettings(Settings):
    """Where heads can be, and how coarse what hides them is. Masking cannot be switched off."""

    head_size_m: float = setting(0.25, 'Height of a head from chin to crown.', low=0.1, high=0.5)
    head_low_m: float = setting(0.8, 'Lowest height above the ground at which heads are looked for: those of children '
                                'and of people who crouch.', low=0.0, high=2.0)
    head_high_m: float = setting(2.1, 'Height above the ground that the heads of standing people do not exceed.',
                                 low=1.0, high=5.0)
    low_thing_m: float = setting(0.6, 'What is lower than this and does not look like a person stays sharp.',
                                 low=0.0, high=2.0)
    nearest_m: float = setting(0.8, 'Distance from the camera nearer than which nobody is expected.', low=0.2, high=5.0)
    blocks_across_head: float = setting(2.5, 'Most blocks that a masked head is wide or tall.', low=0.5, high=2.9)
    smallest_block_px: int = setting(4, 'Edge of the smallest blocks.', low=2, high=64)
    smallest_blob_px: int = setting(4, 'Foreground of fewer connected pixels than this is taken for noise.',
                                    low=1, high=100)
    heading_tolerance_deg: float = setting(1.0, 'Error of the camera heading that masks allow for.', low=0.0, high=20.0)
    tilt_tolerance_deg: float = setting(0.5, "Error of the camera's pitch and roll that masks allow for.",
                                        low=0.0, high=20.0)
    zone_height_m: float = setting(10.0, 'Height above the ground up to which privacy zones are masked.',
                                   low=0.1, high=500.0)
    zone_block_m: float = setting(0.5, "Edge of a privacy zone's blocks, on its nearest wall.", low=0.05, high=10.0)
