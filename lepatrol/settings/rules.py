"""Settings of the rules that turn what is seen into claims: one group for each rule."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, group, setting


@dataclass(frozen=True)
class RuleSettings(Settings):
    """What every rule has."""

    is_on: bool = setting(True, 'Whether the rule is judged at all.')


@dataclass(frozen=True)
class SizeSettings(Settings):
    """What a thing must measure to be taken for a person while its kind is not known."""

    min_person_width_m: float = setting(0.25, 'Narrower unknown things are no persons.', low=0.0, high=5.0)
    max_person_width_m: float = setting(1.2, 'Wider unknown things are no persons.', low=0.1, high=10.0)
    min_person_height_m: float = setting(1.0, 'Lower unknown things are no persons.', low=0.0, high=5.0)
    max_person_height_m: float = setting(2.3, 'Taller unknown things are no persons.', low=0.5, high=10.0)
    sure_from: float = setting(0.5, 'A kind of at least this probability is believed.', low=0.0, high=1.0)
    moved_m: float = setting(0.75, 'A thing this far from where it was first seen has moved.', low=0.05, high=20.0)


@dataclass(frozen=True)
class ZoneIntrusionSettings(RuleSettings):
    """Somebody in a restricted zone."""

    after_s: float = setting(0.3, 'Time inside before a person is reported.', low=0.0, high=60.0)
    min_updates: int = setting(3, 'Sightings inside before anything is reported.', low=1, high=100)
    margin_m: float = setting(0.5, 'Being inside by less than one sigma of the position does not count, and never '
                                   'more than this is asked for.', low=0.0, high=10.0)
    unsure_after_s: float = setting(1.0, 'The same for a vehicle, for what only its width makes a person, or for a '
                                         'moving thing of unknown kind.', low=0.0, high=60.0)
    standing_after_s: float = setting(2.5, 'The same for a thing of unknown kind that was never seen to move.',
                                      low=0.0, high=600.0)
    at_gate_after_s: float = setting(5.0, 'The same for a standing thing of a vehicle\'s size at a gate: until then it '
                                          'may be the open leaf.', low=0.0, high=600.0)
    over_after_s: float = setting(2.0, 'The same for one more than are allowed.', low=0.0, high=60.0)
    unsure_range_m: float = setting(15.0, 'Things of unknown kind farther from the robot are waited for.',
                                    low=0.0, high=200.0)
    far_after_s: float = setting(2.0, 'Time inside before a person farther away than that is reported.',
                                 low=0.0, high=60.0)
    gap_distance_m: float = setting(4.0, 'A standing thing, no person, this near to an opening that was just seen is '
                                         'taken for its leaf or its scrap.', low=0.0, high=50.0)


@dataclass(frozen=True)
class PerimeterCrossingSettings(RuleSettings):
    """Somebody who went over, through or under the perimeter line."""

    margin_m: float = setting(0.3, 'Nearer to the line than this (or two sigma) one is on neither side.',
                              low=0.0, high=10.0)
    max_margin_m: float = setting(0.8, 'The margin grows with the uncertainty up to this.', low=0.0, high=20.0)
    min_updates: int = setting(3, 'Sightings beyond the line before a crossing is reported.', low=1, high=100)
    gate_distance_m: float = setting(1.0, 'A crossing this near to a gate in its open hours is none.',
                                     low=0.0, high=20.0)


@dataclass(frozen=True)
class FenceApproachSettings(RuleSettings):
    """Somebody at the fence who has no business there."""

    distance_m: float = setting(2.0, 'Nearer to a fence panel than this is at the fence.', low=0.1, high=50.0)
    after_s: float = setting(4.0, 'Time at the fence before it is reported.', low=0.0, high=600.0)
    max_deviation_m: float = setting(0.7, 'Positions less certain than this do not count.', low=0.05, high=20.0)


@dataclass(frozen=True)
class LoiteringSettings(RuleSettings):
    """Somebody who stays where there is nothing to stay for."""

    radius_m: float = setting(3.0, 'Staying within this distance of one place is loitering.', low=0.2, high=100.0)
    after_s: float = setting(30.0, 'Time before it is reported in a restricted zone or near the perimeter.',
                             low=1.0, high=86400.0)
    public_after_s: float = setting(120.0, 'The same in a public zone, away from the perimeter.', low=1.0, high=86400.0)
    near_m: float = setting(4.0, 'Nearer to the perimeter or a structure than this is near.', low=0.0, high=50.0)
    remember_s: float = setting(15.0, 'One who was out of sight no longer than this is taken for the same.',
                                low=0.0, high=600.0)


@dataclass(frozen=True)
class RunningSettings(RuleSettings):
    """Somebody who runs."""

    speed_m_s: float = setting(2.5, 'Faster than this is running.', low=0.5, high=20.0)
    after_s: float = setting(1.0, 'Time at that speed before it is reported.', low=0.1, high=60.0)
    unsure_after_s: float = setting(1.2, 'The same for a thing of unknown kind.', low=0.1, high=60.0)
    max_speed_m_s: float = setting(9.0, 'Nobody runs faster than this.', low=1.0, high=100.0)


@dataclass(frozen=True)
class CrowdingSettings(RuleSettings):
    """More people together than there ought to be."""

    people: int = setting(5, 'This many people close together are a crowd, anywhere on the site.', low=2, high=10000)
    radius_m: float = setting(3.0, 'Close together is within this distance of one of them.', low=0.2, high=100.0)
    after_s: float = setting(2.0, 'Time before it is reported.', low=0.0, high=600.0)
    remember_s: float = setting(8.0, 'Somebody hidden by others still counts this long.', low=0.0, high=60.0)
    person_width_m: float = setting(0.7, 'Standing shoulder to shoulder, people are one thing of about this width '
                                         'for each.', low=0.2, high=5.0)


@dataclass(frozen=True)
class AbandonedObjectSettings(RuleSettings):
    """A thing that stands about with nobody by it."""

    after_s: float = setting(2.0, 'Time it must have been watched standing alone before it went out of sight; a robot '
                                  'that walks by sees a thing for a few seconds only.', low=0.1, high=3600.0)
    at_once_s: float = setting(6.0, 'Watched standing alone for this long, it is reported while still in sight; until '
                                    'then it may yet turn out to be a cat.', low=0.1, high=3600.0)
    flees_m: float = setting(5.0, 'But not before the robot is this near, where an animal gets up.', low=0.0, high=50.0)
    large_m: float = setting(0.8, 'Unless it is larger than this, and so no bird or cat.', low=0.0, high=10.0)
    far_s: float = setting(30.0, 'Or was watched for this long from farther away.', low=0.1, high=3600.0)
    passed_m: float = setting(11.0, 'What goes out of sight is reported if the robot came this near to it.',
                              low=0.5, high=100.0)
    min_updates: int = setting(6, 'Sightings in that time.', low=1, high=1000)
    alone_m: float = setting(3.0, 'With a person nearer than this it is not left alone.', low=0.1, high=50.0)
    min_size_m: float = setting(0.2, 'Smaller things are litter.', low=0.0, high=10.0)
    max_height_m: float = setting(1.3, 'Taller things are no left objects.', low=0.1, high=10.0)
    max_speed_m_s: float = setting(0.3, 'Faster than this it does not stand.', low=0.01, high=10.0)
    max_deviation_m: float = setting(1.0, 'Positions less certain than this do not count.', low=0.05, high=20.0)
    blown_m: float = setting(1.5, 'A thing that came this far with nobody by it was blown there.', low=0.1, high=100.0)


@dataclass(frozen=True)
class MissingObjectSettings(RuleSettings):
    """A thing of the site that is not in its place, gone or moved a little."""

    min_looks: int = setting(3, 'Looks that must miss it; a view learned for a waypoint counts by itself.',
                             low=1, high=1000)
    within_s: float = setting(3.0, 'Time in which they must fall.', low=0.1, high=600.0)
    radius_m: float = setting(1.5, 'Looks that miss a thing this near to each other miss the same thing.',
                              low=0.1, high=50.0)
    moved_within_m: float = setting(5.0, 'A like thing that stands this near is the one that was moved.',
                                    low=0.0, high=100.0)
    alike: float = setting(0.4, 'Two things are alike whose sizes differ by no more than this share.',
                           low=0.0, high=1.0)


@dataclass(frozen=True)
class SceneChangeSettings(RuleSettings):
    """A view that is not what it was when it was learned."""

    min_confidence: float = setting(0.5, 'Changes less certain than this are not reported.', low=0.0, high=1.0)
    explained_m: float = setting(2.0, 'A person or vehicle this near explains a change.', low=0.0, high=50.0)
    explained_share: float = setting(0.3, 'A thing that is followed and covers this share of the change in the picture '
                                          'explains it.', low=0.0, high=1.0)


@dataclass(frozen=True)
class FenceBreachSettings(RuleSettings):
    """A hole in a fence panel."""

    min_width_m: float = setting(0.5, 'Narrower holes are not reported.', low=0.05, high=20.0)
    min_looks: int = setting(3, 'Looks that must see through it.', low=1, high=1000)
    within_s: float = setting(2.0, 'Time in which they must fall.', low=0.1, high=60.0)
    standing_looks: int = setting(20, 'After so many looks in a row that find the panel closed it starts anew.',
                                  low=1, high=100000)


@dataclass(frozen=True)
class GateOpenSettings(FenceBreachSettings):
    """A gate that stands open outside its hours."""

    min_width_m: float = setting(0.4, 'Gates that are open less than this are not reported.', low=0.05, high=20.0)


@dataclass(frozen=True)
class SensorTroubleSettings(RuleSettings):
    """A sensor that says it is in trouble."""

    after_s: float = setting(1.0, 'Time the trouble must last.', low=0.0, high=600.0)
    grace_s: float = setting(0.7, 'Trouble that is away for less than this goes on.', low=0.0, high=60.0)


@dataclass(frozen=True)
class RobotBlockedSettings(RuleSettings):
    """The robot is told to go and does not get on."""

    commanded_m_s: float = setting(0.1, 'Told to go faster than this it ought to move.', low=0.01, high=10.0)
    after_s: float = setting(5.0, 'Time without getting on before it is reported.', low=0.5, high=600.0)
    progress_m: float = setting(0.3, 'Getting on is to come this far.', low=0.02, high=10.0)


@dataclass(frozen=True)
class RobotTamperedSettings(RuleSettings):
    """The robot is moved by somebody."""

    pushed_m_s: float = setting(0.15, 'Faster than this without a command is being pushed.', low=0.01, high=10.0)
    after_s: float = setting(0.5, 'Time it must last.', low=0.0, high=60.0)
    settle_s: float = setting(1.5, 'Time after the last command in which the robot may still roll.', low=0.0, high=60.0)
    jump_m: float = setting(1.0, 'A pose that jumps farther than this was carried there.', low=0.1, high=100.0)
    jump_after_s: float = setting(0.3, 'Time the robot must stay where it jumped to.', low=0.0, high=60.0)
    max_speed_m_s: float = setting(3.0, 'Up to this speed a change of place is no jump.', low=0.1, high=50.0)


@dataclass(frozen=True)
class RulesSettings(Settings):
    """Everything the rules need besides the site."""

    sizes: SizeSettings = group(SizeSettings)
    zone_intrusion: ZoneIntrusionSettings = group(ZoneIntrusionSettings)
    perimeter_crossing: PerimeterCrossingSettings = group(PerimeterCrossingSettings)
    fence_approach: FenceApproachSettings = group(FenceApproachSettings)
    loitering: LoiteringSettings = group(LoiteringSettings)
    running: RunningSettings = group(RunningSettings)
    crowding: CrowdingSettings = group(CrowdingSettings)
    abandoned_object: AbandonedObjectSettings = group(AbandonedObjectSettings)
    missing_object: MissingObjectSettings = group(MissingObjectSettings)
    scene_change: SceneChangeSettings = group(SceneChangeSettings)
    fence_breach: FenceBreachSettings = group(FenceBreachSettings)
    gate_open: GateOpenSettings = group(GateOpenSettings)
    camera_covered: SensorTroubleSettings = group(SensorTroubleSettings)
    camera_blinded: SensorTroubleSettings = group(SensorTroubleSettings)
    lidar_blinded: SensorTroubleSettings = group(SensorTroubleSettings)
    sensor_contradiction: SensorTroubleSettings = group(SensorTroubleSettings)
    robot_blocked: RobotBlockedSettings = group(RobotBlockedSettings)
    robot_tampered: RobotTamperedSettings = group(RobotTamperedSettings)
