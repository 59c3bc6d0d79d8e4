import pytest

from lepatrol.evaluation.footsteps import Touches

TICK_S = 0.02


def touches_of(*parts):
    """Return the touches of a way in parts: (speed in m/s, seconds, whether something is touched meanwhile)."""
    touches, tick, x = Touches(), 0, 0.0
    for speed_m_s, lasts_s, is_touching in parts:
        for _ in range(round(lasts_s / TICK_S)):
            tick, x = tick + 1, x + speed_m_s * TICK_S
            touches.step(tick * TICK_S, (x, 0.0, 0.0), touches=is_touching)
    return touches


@pytest.mark.parametrize(('speed_m_s', 'driving'), [(0.0, 0), (0.05, 0), (0.5, 1)])
def test_who_stands_is_touched_and_who_drives_touches(speed_m_s, driving):
    touches = touches_of((speed_m_s, 0.5, False), (speed_m_s, 0.5, True))
    assert touches.count == 1
    assert touches.driving_count == driving


def test_who_has_just_stopped_stands():
    touches = touches_of((0.8, 1.0, False), (0.0, 0.2, False), (0.0, 0.2, True))
    assert touches.driving_count == 0


def test_who_is_pushed_does_not_drive():
    touches = touches_of((0.0, 0.5, False), (1.0, 0.06, True), (1.0, 0.06, False), (1.0, 0.06, True))
    assert touches.count == 2
    assert touches.driving_count == 0


def test_who_touches_at_the_very_first_is_not_said_to_drive():
    assert touches_of((1.0, 0.5, True)).driving_count == 0
