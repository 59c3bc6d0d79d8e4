"""What Nav2's error codes mean, in words.

A NavigateToPose result carries the code of whichever of its parts failed. The codes are those of the action definitions
in nav2_msgs/action of ros-navigation/navigation2, branch jazzy; the 9000s came with Kilted.
"""

from __future__ import annotations

from lepatrol.model.action_goal import Ending, Order

_WORDS = {
    100: ('UNKNOWN', 'its controller failed'),
    101: ('INVALID_CONTROLLER', 'it has no such controller'),
    102: ('TF_ERROR', 'its controller misses a transform'),
    103: ('INVALID_PATH', 'its controller cannot use the path'),
    104: ('PATIENCE_EXCEEDED', 'its controller found no command for too long'),
    105: ('FAILED_TO_MAKE_PROGRESS', 'the robot made no progress'),
    106: ('NO_VALID_CONTROL', 'its controller finds no safe command'),
    107: ('CONTROLLER_TIMED_OUT', 'its controller took too long'),
    200: ('UNKNOWN', 'its planner failed'),
    201: ('INVALID_PLANNER', 'it has no such planner'),
    202: ('TF_ERROR', 'its planner misses a transform'),
    203: ('START_OUTSIDE_MAP', 'the robot is outside its map'),
    204: ('GOAL_OUTSIDE_MAP', 'the goal is outside its map'),
    205: ('START_OCCUPIED', 'the robot stands in an obstacle of its map'),
    206: ('GOAL_OCCUPIED', 'the goal stands in an obstacle of its map'),
    207: ('TIMEOUT', 'its planner took too long'),
    208: ('NO_VALID_PATH', 'there is no path'),
    500: ('UNKNOWN', 'its smoother failed'),
    501: ('INVALID_SMOOTHER', 'it has no such smoother'),
    502: ('TIMEOUT', 'its smoother took too long'),
    503: ('SMOOTHED_PATH_IN_COLLISION', 'the smoothed path collides'),
    504: ('FAILED_TO_SMOOTH_PATH', 'the path cannot be smoothed'),
    505: ('INVALID_PATH', 'its smoother cannot use the path'),
    700: ('UNKNOWN', 'turning on the spot failed'),
    701: ('TIMEOUT', 'turning on the spot took too long'),
    702: ('TF_ERROR', 'turning on the spot misses a transform'),
    703: ('COLLISION_AHEAD', 'something is in the way of turning on the spot'),
    710: ('UNKNOWN', 'backing up failed'),
    711: ('TIMEOUT', 'backing up took too long'),
    712: ('TF_ERROR', 'backing up misses a transform'),
    713: ('INVALID_INPUT', 'backing up was asked for wrongly'),
    714: ('COLLISION_AHEAD', 'something is in the way of backing up'),
    720: ('UNKNOWN', 'driving straight on failed'),
    721: ('TIMEOUT', 'driving straight on took too long'),
    722: ('TF_ERROR', 'driving straight on misses a transform'),
    723: ('COLLISION_AHEAD', 'something is in the way of driving straight on'),
    724: ('INVALID_INPUT', 'driving straight on was asked for wrongly'),
    730: ('UNKNOWN', 'assisted teleop failed'),
    731: ('TIMEOUT', 'assisted teleop took too long'),
    732: ('TF_ERROR', 'assisted teleop misses a transform'),
    9000: ('UNKNOWN', 'its navigator failed'),
    9001: ('FAILED_TO_LOAD_BEHAVIOR_TREE', 'it cannot load its behaviour tree'),
    9002: ('TF_ERROR', 'its navigator misses a transform'),
    9003: ('TIMEOUT', 'its navigator took too long'),
}
_LONGEST_QUOTE = 200


def failure_words(order: Order) -> str:
    """Say why Nav2 did not bring the robot to its goal."""
    if order.ending is Ending.LOST:
        why = 'its result did not come'
    elif order.error_code == 0:
        # The default tree gives no code where no part of it failed: a goal in an unknown frame, a lost pose.
        why = 'it gave no reason'
    else:
        name, words = _WORDS.get(order.error_code, ('', 'for a reason not known here'))
        why = f'{words} ({name} {order.error_code})' if name else f'{words} (error {order.error_code})'
    said = ' '.join(order.message.split())[:_LONGEST_QUOTE]
    return f'Nav2 gave up: {why}' + (f': {said}' if said else '')
