"""Settings of what the lidar notices: alignment, things, gaps and its own troubles."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class AlignmentSettings(Settings):
    """How a scan is laid on the expected one before they are compared."""

    max_shift_m: float = setting(0.25, 'A pose that seems wrong by more is not corrected, and not trusted.',
                                 low=0.0, high=2.0)
    max_turn_rad: float = setting(0.07, 'A heading that seems wrong by more is not corrected, and not trusted.',
                                  low=0.0, high=0.5)
    min_beams: int = setting(20, 'Fewer beams that hit where something is expected align nothing.', low=3, high=10000)
    min_information: float = setting(
        5.0, 'A direction in which the walls hold the scan by fewer beams than this is not corrected.',
        low=0.0, high=1000.0)
    min_agreement: float = setting(
        0.5, 'Share of the beams that must measure what is expected, else the scan is not trusted.', low=0.0, high=1.0)


@dataclass(frozen=True)
class ThingSettings(Settings):
    """When returns nearer than expected are a thing."""

    self_radius_m: float = setting(0.35, 'Nearer returns are the robot itself.', low=0.0, high=5.0)
    gap_m: float = setting(0.3, 'Neighbouring returns further apart in range than this are two things.',
                           low=0.02, high=5.0)
    sure_beams: int = setting(4, 'A thing of this many beams is reported when two scans show it, a smaller one needs '
                              'three.', low=2, high=100)
    lone_beam_m: float = setting(14.0, 'Nearer than this one beam alone is no thing: rain and dust look like that.',
                                 low=0.0, high=100.0)
    gate_m: float = setting(0.6, 'A thing may seem this far from where the scan before showed it.', low=0.05, high=5.0)
    gate_speed_m_s: float = setting(4.0, 'It may have moved this fast besides.', low=0.0, high=30.0)
    memory_s: float = setting(0.35, 'A thing unseen for longer must be confirmed anew.', low=0.05, high=10.0)


@dataclass(frozen=True)
class GapSettings(Settings):
    """When returns farther than expected are a gap in a guarded structure."""

    min_width_m: float = setting(0.4, 'Narrower gaps are not reported.', low=0.05, high=10.0)
    min_beams: int = setting(3, 'Fewer beams through it are no gap.', low=1, high=1000)
    min_depth_m: float = setting(0.4, 'A beam is through when it went on this far behind the line.', low=0.1, high=10.0)
    max_incidence_rad: float = setting(1.13, 'Beams more oblique to the structure than this say nothing.',
                                       low=0.1, high=1.5)
    range_m: float = setting(12.0, 'Structures farther away are not judged.', low=1.0, high=100.0)
    no_return_m: float = setting(8.0, 'A beam without return counts as through up to this expected range: farther, fog '
                                 'takes returns.', low=0.0, high=100.0)
    scans: int = setting(3, 'Scans that must show a gap before it is reported.', low=1, high=100)
    memory_s: float = setting(1.0, 'A gap unseen for longer must be confirmed anew.', low=0.1, high=60.0)


@dataclass(frozen=True)
class LidarHealthSettings(Settings):
    """When the lidar itself is in trouble."""

    near_m: float = setting(0.3, 'Returns nearer than this are a cover, not a thing.', low=0.0, high=2.0)
    blinded_share: float = setting(0.3, 'Share of beams too near or erroneous at which the lidar is blinded.',
                                   low=0.01, high=1.0)
    blinded_s: float = setting(0.25, 'It is blinded when that lasts this long.', low=0.0, high=60.0)
    contradiction_s: float = setting(2.0, 'Scan and expectation contradict each other when that lasts this long.',
                                     low=0.0, high=600.0)
    silent_s: float = setting(1.0, 'The lidar is silent after this long without a scan.', low=0.1, high=600.0)


@dataclass(frozen=True)
class LidarAnomalySettings(Settings):
    """Everything about what the lidar notices.

    ``beam_error_rad`` and ``place_error_m`` bound what is wrong with a beam's direction and origin after alignment:
    a return is unexpected only if no neighbouring direction that they allow explains it. So edges, and walls at
    grazing angles, do not fire.
    """

    tolerance_m: float = setting(0.2, 'A return this much nearer or farther than expected is as expected; for an '
                                 'occupancy map add its resolution.', low=0.01, high=5.0)
    beam_error_rad: float = setting(0.006, 'How wrong the direction of a beam may be.', low=0.0, high=0.5)
    place_error_m: float = setting(
        0.15, 'How wrong the place it is seen from may be along walls that do not hold it.', low=0.0, high=5.0)
    alignment: AlignmentSettings = group(AlignmentSettings)
    things: ThingSettings = group(ThingSettings)
    gaps: GapSettings = group(GapSettings)
    health: LidarHealthSettings = group(LidarHealthSettings)
