"""Settings of what the camera finds."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting


@dataclass(frozen=True)
class DifferenceSettings(Settings):
    """When a pixel differs from the expected view. Brightness is in levels of 0..255."""

    tolerance_levels: float = setting(
        9.0, 'How far a pixel may lie outside what its neighbourhood ought to show.', low=1.0, high=100.0)
    least_tolerance_levels: float = setting(
        3.0, 'The same in the dark, where all differences are small.', low=0.5, high=100.0)
    spread_share: float = setting(
        1.5, 'Added tolerance, in multiples of how much a surface varies (interquartile range).', low=0.0, high=10.0)
    guess_factor: float = setting(
        2.5, 'Tolerance factor of a surface too small to tell how the light changed it.', low=1.0, high=10.0)
    largest_shift_px: int = setting(
        14, 'The expected view is moved by this much at most to lie on the picture.', low=0, high=100)
    least_sure_share: float = setting(
        0.3, 'And so does one of which no larger share shows even surfaces where they ought to be.', low=0.0, high=1.0)
    largest_share: float = setting(
        0.45, 'A picture that differs by a larger share is not explained and gives no sightings.', low=0.05, high=1.0)


@dataclass(frozen=True)
class SightingSettings(Settings):
    """What makes a difference a thing that stands on the ground."""

    range_m: float = setting(18.0, 'Things farther away are left to the lidar.', low=1.0, high=100.0)
    dim_range_m: float = setting(
        10.0, 'The same in weather or a light other than the expected.', low=1.0, high=100.0)
    smallest_m: float = setting(0.16, 'Least width and height of a thing.', low=0.02, high=5.0)
    dim_smallest_m: float = setting(
        0.25, 'The greater of the two in weather or a light other than the expected.', low=0.02, high=5.0)
    largest_m: float = setting(6.0, 'Greatest width and height of a thing.', low=0.5, high=50.0)
    tallest_m: float = setting(
        2.3, 'What is taller and not wide is a part of the site, as where a panel is missing.', low=0.5, high=50.0)
    smallest_px: int = setting(3, 'Least width and height of a thing in the picture.', low=1, high=100)
    fill: float = setting(0.4, 'Least share of its box that a thing fills.', low=0.0, high=1.0)
    foot_error_px: float = setting(
        1.0, 'One sigma of the row in which a thing meets the ground.', low=0.1, high=20.0)
    seen_times: int = setting(3, 'A thing is told once it was seen in this many pictures.', low=1, high=50)
    seen_share: float = setting(
        0.5, 'And in this share of the pictures since it was first seen.', low=0.0, high=1.0)
    forget_s: float = setting(1.0, 'One not seen for this long is forgotten.', low=0.1, high=60.0)
    speed_limit_m_s: float = setting(
        4.0, 'What moves faster between pictures is not the same thing.', low=0.1, high=50.0)
    moved_m: float = setting(0.6, 'What was displaced by this much has moved.', low=0.1, high=10.0)


@dataclass(frozen=True)
class MissingSettings(Settings):
    """When a thing of the site counts as missing."""

    range_m: float = setting(18.0, 'Things are looked for within this distance.', low=1.0, high=100.0)
    smallest_px: int = setting(40, 'Least visible area of a thing that is looked for.', low=4, high=10000)
    missing_share: float = setting(
        0.75, 'A thing is not there where this share of its outline differs.', low=0.1, high=1.0)
    seen_share: float = setting(
        0.3, 'It is in place where no more than this share differs.', low=0.0, high=0.9)
    seen_times: int = setting(5, 'Pictures in a row that must agree.', low=1, high=100)


@dataclass(frozen=True)
class CameraHealthSettings(Settings):
    """When a camera itself is in trouble."""

    silence_s: float = setting(1.5, 'Without a picture for this long a camera is silent.', low=0.1, high=60.0)
    lasting_s: float = setting(1.0, 'Trouble is told once it has lasted this long.', low=0.0, high=60.0)
    saturated_share: float = setting(
        0.6, 'A camera is blinded where this share of its picture is white.', low=0.05, high=1.0)
    outline_likeness: float = setting(
        0.2, 'A camera is covered where the outlines of its picture go less than this with those expected '
             '(correlation).', low=0.01, high=1.0)
    frozen_travel_m: float = setting(
        0.3, 'A picture that stays the same to the bit while the robot goes this far is a lie.', low=0.01, high=10.0)
    frozen_turn_rad: float = setting(0.2, 'Or while it turns this far.', low=0.01, high=3.2)
    unexplained_s: float = setting(
        3.0, 'A well-lit picture that is not explained for this long contradicts the pose or the site.',
        low=0.5, high=600.0)


@dataclass(frozen=True)
class CameraAnomalySettings(Settings):
    """What the camera finds, from pixels to sightings."""

    difference: DifferenceSettings = DifferenceSettings()
    sighting: SightingSettings = SightingSettings()
    missing: MissingSettings = MissingSettings()
    health: CameraHealthSettings = CameraHealthSettings()
