import pytest
from rule_bench import DAY, NIGHT, PRISON, Hours, Structure, StructureKind, gap, play, rules, site

from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.findings import Complaint, Trouble
from lepatrol.model.geometry import STOP, Pose2, Twist
from lepatrol.perception.rules import make_rules
from lepatrol.settings.rules import FenceApproachSettings, RulesSettings

PANEL = 'fence_north_10'
"""From (-21, 30) to (-18, 30)."""


def hole(west, east, when=lambda t: True, name=PANEL, y=30.0):
    return lambda t: [gap(t, name, (west, y), (east, y))] if when(t) else []


# Fence breach

def test_a_hole_is_reported_after_a_few_looks_with_panel_and_width():
    found = play(rules('fence_breach'), 1.0, gaps=hole(-20.2, -19.4))
    t, claim = found[0]
    assert t == pytest.approx(0.2)
    assert (claim.kind, claim.severity, claim.about) == (AlertKind.FENCE_BREACH, Severity.CRITICAL, PANEL)
    assert claim.position_m == pytest.approx((-19.8, 30.0))
    assert claim.sentence == ('fence panel fence_north_10 has a hole 0.8 m wide, seen through to 5.0 m behind it in 3 '
                              'looks; the limit is 0.5 m in 3 looks')


def test_a_narrow_hole_and_a_single_look_are_not_reported():
    assert not play(rules('fence_breach'), 5.0, gaps=hole(-20.0, -19.55))
    assert not play(rules('fence_breach'), 20.0, gaps=hole(-20.0, -19.0, lambda t: t % 1.5 < 0.05))


def test_looks_that_each_see_a_part_see_the_whole_together():
    found = play(rules('fence_breach'), 1.0, gaps=lambda t: hole(-20.3 + 0.1 * t, -19.9 + 0.6 * t)(t))
    assert found
    assert '0.9 m wide' in found[-1][1].sentence or '1.0 m wide' in found[-1][1].sentence


def test_the_widest_that_was_seen_stays_and_two_holes_are_not_joined():
    book = rules('fence_breach')
    play(book, 1.0, gaps=hole(-20.6, -19.4))
    later = play(book, 9.0, start_s=5.0, gaps=hole(-20.3, -19.7))
    assert '1.2 m wide' in later[0][1].sentence
    assert not play(rules('fence_breach'), 3.0, gaps=lambda t: [
        *hole(-20.8, -20.5)(t), *hole(-19.0, -18.7)(t)])


def test_a_mended_panel_starts_anew():
    book = rules('fence_breach')
    play(book, 1.0, gaps=hole(-20.8, -18.2))
    play(book, 5.0, start_s=1.1, seen_standing=(PANEL,))
    found = play(book, 8.0, start_s=5.1, gaps=hole(-20.0, -19.4))
    assert '0.6 m wide' in found[0][1].sentence


def test_gates_and_unknown_structures_are_no_panels_and_broken_gaps_are_left_out():
    assert not play(rules('fence_breach'), 2.0, gaps=hole(15.9, 17.1, name='gate_door_fence', y=-30.0))
    assert not play(rules('fence_breach'), 2.0, gaps=hole(0.0, 2.0, name='hedge'))
    assert not play(rules('fence_breach'), 2.0, gaps=hole(float('nan'), -19.0))


# Gate open

def test_a_gate_that_stands_open_is_reported():
    found = play(rules('gate_open'), 1.0, gaps=hole(15.9, 17.1, name='gate_door_fence', y=-30.0))
    claim = found[0][1]
    assert (claim.kind, claim.about) == (AlertKind.GATE_OPEN, 'gate_door_fence')
    assert claim.sentence == (
        'gate gate_door_fence stood open by 1.2 m at 02:14, seen in 3 looks; it may never be open, and the limit is '
        '0.4 m in 3 looks')


def test_a_gate_may_be_open_in_its_hours():
    gate = Structure('gate', StructureKind.GATE, (0.0, 0.0), (4.0, 0.0), (Hours(480, 1080),))
    yard = site(structures=(gate,))
    opened = hole(1.0, 3.0, name='gate', y=0.0)
    assert not play(rules('gate_open', yard), 5.0, gaps=opened, minute=DAY)
    found = play(rules('gate_open', yard), 5.0, gaps=opened, minute=NIGHT)
    assert 'it may be open 08:00-18:00 only' in found[0][1].sentence


# Sensors

@pytest.mark.parametrize(('trouble', 'sensor', 'kind'), [
    (Trouble.CAMERA_COVERED, 'camera', AlertKind.CAMERA_COVERED),
    (Trouble.CAMERA_BLINDED, 'camera', AlertKind.CAMERA_BLINDED),
    (Trouble.LIDAR_BLINDED, 'lidar', AlertKind.LIDAR_BLINDED),
    (Trouble.SILENT, 'camera', AlertKind.SENSOR_CONTRADICTION),
    (Trouble.UNREADABLE, 'lidar', AlertKind.SENSOR_CONTRADICTION),
    (Trouble.CONTRADICTION, 'lidar', AlertKind.SENSOR_CONTRADICTION)])
def test_trouble_that_lasts_is_reported_as_what_it_is(trouble, sensor, kind):
    found = play(rules(), 3.0, complaints=lambda t: [Complaint(t, sensor, trouble, 'seen 3 of 300')])
    assert {claim.kind for _, claim in found} == {kind}
    assert found[0][0] == pytest.approx(1.0)
    assert found[0][1].sentence == (
        f'the {sensor} is in trouble ({trouble.value}) for 1.0 s: seen 3 of 300; the limit is 1.0 s')


def test_trouble_that_comes_and_goes_is_not_reported_and_a_short_break_does_not_end_it():
    def covered(when):
        return lambda t: [Complaint(t, 'camera', Trouble.CAMERA_COVERED, 'x')] if when(t) else []

    assert not play(rules(), 20.0, complaints=covered(lambda t: t % 2.0 < 0.85))
    assert play(rules(), 3.0, complaints=covered(lambda t: round(10 * t) % 3 == 0))


# The robot

DRIVE = Twist(0.5)


def test_a_robot_that_does_not_get_on_is_blocked():
    found = play(rules('robot_blocked'), 6.0, commanded=DRIVE, measured=STOP, robot_goal_active=True)
    t, claim = found[0]
    assert t == pytest.approx(5.0)
    assert claim.sentence == ('the robot came 0.00 m far in 5.0 s though told to drive 2.5 m; less than 0.3 m in 5.0 s '
                              'is too little')


def test_spinning_wheels_get_nowhere():
    assert play(rules('robot_blocked'), 6.0, commanded=DRIVE, measured=DRIVE, robot_goal_active=True,
                robot_pose=lambda t: Pose2(0.03 * (-1)**round(10 * t), 0.0))


@pytest.mark.parametrize('parts', [
    {'commanded': STOP}, {'robot_goal_active': False}, {'commanded': Twist(0.0, 0.8)},
    {'measured': DRIVE, 'robot_pose': lambda t: Pose2(0.5 * t, 0.0)},
    {'commanded': lambda t: DRIVE if t % 4.0 > 0.2 else STOP}])
def test_a_robot_that_stands_turns_or_drives_is_not_blocked(parts):
    assert not play(rules('robot_blocked'), 20.0, **{
        'commanded': DRIVE, 'measured': STOP, 'robot_goal_active': True, **parts})


def test_a_robot_that_is_pushed_is_tampered_with():
    found = play(rules('robot_tampered'), 5.0, measured=lambda t: Twist(0.4 if t >= 3.0 else 0.0))
    t, claim = found[0]
    assert t == pytest.approx(3.5)
    assert (claim.kind, claim.severity) == (AlertKind.ROBOT_TAMPERED, Severity.CRITICAL)
    assert claim.sentence == ('the robot moved at 0.40 m/s for 0.5 s though told to stand; the limit is 0.15 m/s for '
                              '0.5 s')


def test_rolling_out_after_a_command_is_not_being_pushed():
    assert not play(rules('robot_tampered'), 20.0, commanded=lambda t: DRIVE if t % 5.0 < 2.0 else STOP,
                    measured=lambda t: DRIVE if t % 5.0 < 3.2 else STOP)


def test_a_robot_that_is_carried_off_is_tampered_with_once():
    found = play(rules('robot_tampered'), 9.0, robot_pose=lambda t: Pose2(0.0 if t < 2.0 else 6.0, 0.0))
    (t, claim), = found
    assert t == pytest.approx(2.3)
    assert 'suddenly 6.0 m from where it was' in claim.sentence


def test_one_bad_pose_and_driving_fast_are_not_being_carried():
    assert not play(rules('robot_tampered'), 9.0, robot_pose=lambda t: Pose2(40.0 if t == 2.0 else 0.0, 0.0))
    assert not play(rules('robot_tampered'), 9.0, commanded=DRIVE, robot_pose=lambda t: Pose2(2.5 * t, 0.0))
    assert not play(rules('robot_tampered'), 9.0, robot_pose=lambda t: Pose2(float('nan') if t < 2.0 else 0.0, 0.0))


# The set of rules

def test_there_is_a_rule_of_each_kind_and_each_can_be_turned_off():
    every = make_rules(PRISON, RulesSettings())
    assert len({rule.name for rule in every}) == 17
    fewer = make_rules(PRISON, RulesSettings(fence_approach=FenceApproachSettings(is_on=False)))
    assert {rule.name for rule in every} - {rule.name for rule in fewer} == {'fence_approach'}
