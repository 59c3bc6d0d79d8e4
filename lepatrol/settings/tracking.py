"""Settings of fusion and tracking."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class MotionSettings(Settings):
    """How things are taken to move: they stand, or they go on as they went."""

    acceleration_noise_m2_s3: float = setting(
        1.0, 'Spectral density of the white-noise acceleration of what moves.', low=0.001, high=100.0)
    still_noise_m2_s: float = setting(
        0.005, 'Spectral density of the wandering of what stands.', low=0.0, high=1.0)
    start_speed_m_s: float = setting(
        2.0, 'One sigma, along each axis, of the velocity with which things appear or set off.', low=0.1, high=20.0)
    starts_after_s: float = setting(40.0, 'How long what stands goes on standing, on average.', low=0.1, high=1000.0)
    stops_after_s: float = setting(6.0, 'How long what moves goes on moving, on average.', low=0.1, high=1000.0)
    moving_at_birth: float = setting(0.15, 'Probability that a new thing moves.', low=0.01, high=0.99)
    hidden_slows_s: float = setting(
        5.0, 'Time constant with which what is out of sight is taken to slow down.', low=0.1, high=1000.0)
    hidden_deviation_m: float = setting(
        2.5, 'Largest sigma of the place of what is out of sight.', low=0.1, high=50.0)


@dataclass(frozen=True)
class TrackingSettings(Settings):
    """When sightings become tracks, how long these are kept, and when two are one."""

    motion: MotionSettings = group(MotionSettings)
    gate_probability: float = setting(
        0.999, 'Share of a thing\'s true sightings that its gate lets in.', low=0.5, high=0.99999)
    deviation_floor_m: float = setting(0.05, 'No sighting is taken for more exact than this.', low=0.001, high=5.0)
    jitter_memory: int = setting(
        10, 'Over so many scans a thing\'s jitter is averaged; it adds to a deviation that understates it.',
        low=1, high=1000)
    camera_bearing_deviation_rad: float = setting(
        0.0175, 'One sigma of the direction in which a camera sees something.', low=0.0001, high=0.5)
    camera_likeness: float = setting(
        4.0, 'Pictures in a row are wrong alike: so many of them tell where a thing is as well as one.',
        low=1.0, high=100.0)
    late_s: float = setting(0.6, 'Sightings older than this are not used.', low=0.0, high=10.0)
    backwards_s: float = setting(
        0.2, 'Time that runs backwards by more than this starts tracking anew; less is taken for jitter.',
        low=0.0, high=10.0)
    confirm_sightings: int = setting(3, 'Sightings by one sensor that make a track of them.', low=1, high=50)
    lidar_confirm_within_s: float = setting(0.6, 'Within what time the lidar must have them.', low=0.05, high=60.0)
    camera_confirm_within_s: float = setting(1.0, 'Within what time the camera must have them.', low=0.05, high=60.0)
    hidden_after_s: float = setting(
        0.45, 'Not seen for this long, a thing counts as out of sight.', low=0.05, high=60.0)
    fade_s: float = setting(
        2.0, 'A thing the lidar ought to see and does not see for this long is forgotten.', low=0.1, high=600.0)
    hidden_keep_s: float = setting(10.0, 'How long a thing behind an occluder is remembered.', low=0.1, high=3600.0)
    far_keep_s: float = setting(15.0, 'How long a thing out of range is remembered.', low=0.1, high=3600.0)
    lidar_range_m: float = setting(28.0, 'The lidar is sure to see things up to here.', low=1.0, high=500.0)
    low_keep_s: float = setting(
        120.0, 'How long a standing thing that only the camera sees is remembered out of its view.',
        low=0.1, high=36000.0)
    low_misses: int = setting(
        15, 'So many pictures in a row that ought to show such a thing and do not make it forgotten.', low=1, high=1000)
    low_stood_s: float = setting(
        2.0, 'How long it must have stood before its last picture, to be remembered so.', low=0.0, high=600.0)
    standing_radius_m: float = setting(
        0.5, 'A thing stands while it stays this near to one place.', low=0.05, high=20.0)
    standing_leave_s: float = setting(
        0.3, 'It has left that place when it is off it for this long.', low=0.0, high=10.0)
    kind_weight: float = setting(
        0.3, 'How much of one sighting\'s evidence for a kind is new: sightings in a row are alike.',
        low=0.01, high=1.0)
    kind_memory: int = setting(20, 'Evidence for a kind fades over so many further sightings.', low=1, high=1000)
    unknown_prior: float = setting(
        1.5, 'Log-odds of an unknown kind against each other one, before anything speaks for one.', low=-5.0, high=5.0)
    merge_distance_m: float = setting(0.4, 'Tracks nearer to each other than this may be one thing.', low=0.0, high=5.0)
    merge_after_s: float = setting(1.0, 'They are when they stay so near for this long.', low=0.0, high=60.0)
    merge_speed_m_s: float = setting(1.0, 'And when their velocities differ by less than this.', low=0.0, high=20.0)
    path_step_m: float = setting(
        0.3, 'Points of the path of a track are at least this far apart, unless the time below has passed.',
        low=0.01, high=10.0)
    path_step_s: float = setting(1.0, 'Time after which another point is added.', low=0.05, high=600.0)
    path_points: int = setting(60, 'Longest path kept.', low=2, high=10000)
    turn_up_m: float = setting(
        0.8, 'What was out of sight turns up again this near to where it is expected, and farther by the speed below.',
        low=0.1, high=20.0)
    turn_up_ratio: float = setting(
        2.0, 'What is so many times higher or lower than it was is it only that near: it is no cat.',
        low=1.0, high=100.0)
    reach_m_s: float = setting(
        1.5, 'Speed with which a hidden thing may make for its exits, if it was not faster.', low=0.1, high=20.0)
    reach_margin_m: float = setting(1.0, 'And how much nearer to them it may be than predicted.', low=0.0, high=20.0)
    exits_every_s: float = setting(0.5, 'How often the exits of a hidden thing are looked for.', low=0.05, high=60.0)
