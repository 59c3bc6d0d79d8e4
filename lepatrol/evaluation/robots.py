"""Which of lepatrol's robots goes where, unless another is named."""

from __future__ import annotations

from lepatrol.model.commands import Start, parse_command
from lepatrol.model.scenario import Scenario
from lepatrol.model.site import Medium, Route, Site

_ROBOTS = {Medium.GROUND: 'ugv', Medium.AIR: 'uav'}


def robot_on(route: Route) -> str:
    """Return the robot that takes a route: one of its medium."""
    return _ROBOTS[route.medium]


def robot_in(scenario: Scenario, site: Site) -> str:
    """Return the robot that does what a scenario asks for: who takes the route that it starts or walks along.

    Where there is no such route, it is the ugv.

    :raises CommandError: for a mission that is no command.
    """
    if scenario.walk is not None and scenario.spot is not None and scenario.spot.route in site.routes:
        return robot_on(site.routes[scenario.spot.route])
    order = parse_command(scenario.mission) if scenario.mission else None
    if isinstance(order, Start) and order.route in site.routes:
        return robot_on(site.routes[order.route])
    return _ROBOTS[Medium.GROUND]
