"""A Nav2 that does what it is told, in place of the action's client."""

from lepatrol.model.action_goal import Ending, GoalSender


class EagerNav2(GoalSender):
    """Takes every goal and drives to it until told otherwise."""

    def __init__(self, *_):
        pass

    def is_ready(self):
        return True

    def send(self, order):
        order.answer(True)

    def cancel(self, order):
        order.end(Ending.CANCELED)
