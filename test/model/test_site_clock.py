from datetime import datetime, timezone

import pytest

from lepatrol.model.site_clock import LocalTime, as_clock


def test_a_simulation_starts_at_its_time_of_day_and_goes_over_midnight():
    time = LocalTime('Europe/Berlin', '23:59')
    assert time.minute_of_day(0.0) == 1439.0
    assert time.minute_of_day(90.0) == pytest.approx(0.5)
    assert time.minute_of_day(2 * 86400.0) == 1439.0


def test_a_robot_s_clock_counts_from_1970_and_summer_time_is_kept():
    time = LocalTime('Europe/Berlin')
    winter = datetime(2026, 1, 10, 12, 30, tzinfo=timezone.utc).timestamp()
    summer = datetime(2026, 7, 10, 12, 30, 30, tzinfo=timezone.utc).timestamp()
    assert time.minute_of_day(winter) == 13 * 60 + 30
    assert time.minute_of_day(summer) == pytest.approx(14 * 60 + 30.5)


def test_a_start_on_a_date_goes_through_the_change_of_clocks():
    for start in (datetime(2026, 3, 29, 1, 50), datetime(2026, 3, 29, 0, 50, tzinfo=timezone.utc)):
        time = LocalTime('Europe/Berlin', start)
        assert time.minute_of_day(0.0) == 110.0
        assert time.minute_of_day(1200.0) == 190.0


@pytest.mark.parametrize('start', ['24:00', '7', '', 'noon', '12:60'])
def test_a_start_that_is_no_time_is_refused(start):
    with pytest.raises(ValueError, match='expected a time of day'):
        LocalTime('UTC', start)


def test_a_zone_that_is_none_is_refused():
    with pytest.raises(KeyError):
        LocalTime('Europe/Nowhere')


def test_minutes_read_as_a_clock():
    assert (as_clock(0.0), as_clock(125.9), as_clock(1439.99), as_clock(1440.0)) == ('00:00', '02:05', '23:59', '00:00')
