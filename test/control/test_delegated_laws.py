"""Laws of what has Nav2 drive, whatever happens in whatever order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from nav2_bench import ROBOT, ready

from lepatrol.model.action_goal import Ending
from lepatrol.model.geometry import STOP, Twist
from lepatrol.model.navigation import NavigationState

MOVING, BLOCKED = NavigationState.MOVING, NavigationState.BLOCKED

EVENTS = st.lists(st.sampled_from([
    'goal', 'goal', 'cancel', 'estop', 'release', 'teleop', 'take', 'reject', 'success', 'abort', 'gone', 'back',
    'deaf', 'slow', 'quick', 'rival', 'alone', 'wait', 'wait long']), max_size=30)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_whatever_happens_the_robot_keeps_its_limits_and_moves_only_for_a_goal_nav2_has_taken(events):
    drive, number, pressed = ready(), 0, False
    for event in events:
        nav2, unanswered = drive.nav2, [order for order in drive.nav2.sent if order.accepted is None]
        if event == 'goal':
            number += 1
            drive.goal(goal_id=number)
        elif event == 'cancel':
            drive.navigator.on_cancel(drive.now_s, 'enough')
        elif event in ('estop', 'release'):
            pressed = event == 'estop'
            drive.navigator.on_estop(pressed, drive.now_s)
        elif event == 'teleop':
            drive.navigator.on_teleop(Twist(0.3), drive.now_s)
            drive.go(4.0)
        elif event in ('take', 'reject'):
            for order in unanswered:
                order.answer(event == 'take')
        elif event in ('success', 'abort'):
            for order in nav2.driving:
                order.end(Ending.SUCCEEDED if event == 'success' else Ending.ABORTED, 105)
        elif event in ('gone', 'back'):
            nav2.there = event == 'back'
        elif event in ('slow', 'quick'):
            nav2.silent = event == 'slow'
        elif event == 'deaf':
            nav2.obeys = not nav2.obeys
        elif event in ('rival', 'alone'):
            drive.navigator.on_rivals(['/other'] if event == 'rival' else [])
        drive.go(25.0 if event == 'wait long' else 0.8)
        assert abs(drive.twist.linear_x_m_s) <= ROBOT.max_speed_m_s
        if drive.twist != STOP and drive.feedback.state.is_final:
            assert drive.brakes()
        elif drive.twist != STOP:
            assert not pressed
            assert drive.feedback.state in (MOVING, BLOCKED)
            assert drive.feedback.goal_id == number
            assert nav2.driving
    # Once everything is well again, a new goal is driven to.
    drive.nav2.there = drive.nav2.obeys = True
    drive.nav2.silent = False
    drive.navigator.on_estop(False, drive.now_s)
    drive.navigator.on_rivals([])
    drive.goal(goal_id=number + 1)
    assert drive.go(15.0, until=lambda drive: drive.twist == drive.wanted)
    assert drive.feedback.goal_id == number + 1
    assert sum(order not in drive.nav2.cancelled for order in drive.nav2.driving) == 1
