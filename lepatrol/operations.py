"""How all that a robot does is put together: its rounds, what interrupts them, its battery and its timetable."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from lepatrol.behaviours.case_store import CASES_FILE, CaseStore
from lepatrol.behaviours.caseload import Caseload
from lepatrol.behaviours.conduct import Conduct
from lepatrol.behaviours.lockdown_keeper import LOCKDOWN_FILE, LockdownKeeper
from lepatrol.behaviours.patrol import Patrol
from lepatrol.behaviours.registrar import Registrar
from lepatrol.behaviours.scout import MapScout, Scout
from lepatrol.behaviours.timetable import Order, Timetable
from lepatrol.behaviours.zone_keeper import ZoneKeeper
from lepatrol.model.errors import SettingsError
from lepatrol.model.site import Medium, Site
from lepatrol.model.site_clock import LocalTime, SiteClock, as_clock
from lepatrol.planning.air_planner import AirPlanner
from lepatrol.planning.energy_budget import EnergyBudget
from lepatrol.planning.route import landing_place, lockdown_post
from lepatrol.planning.schedule_log import ScheduleLog
from lepatrol.planning.terrain import Terrain
from lepatrol.planning.ways_home import WaysHome
from lepatrol.planning.zone_store import ZoneStore
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.robot import RobotSettings


def make_scout(terrain: Terrain, robot: RobotSettings, patrol: PatrolSettings) -> MapScout:
    """Make what finds places to look from, over what ``make_air_terrain`` made where the robot flies."""
    height_m = patrol.hover_height_m if robot.medium is Medium.AIR else 0.0
    return MapScout(robot.footprint_radius_m, terrain, height_m=height_m)


def make_air_terrain(planner: AirPlanner, patrol: PatrolSettings) -> Terrain:
    """Make what a flying patrol knows of the air at the height that it hovers at."""
    return Terrain(planner.slice_at(patrol.hover_height_m))


def make_conduct(
    patrol: Patrol, site: Site, settings: ConductSettings, *, robot_name: str, robot: str, scout: Scout,
    clock_start: str = '', folder: Path | None = None, logger: logging.Logger | None = None,
) -> Conduct:
    """Make what has a robot act on alerts and on the operator's word, besides walking its rounds.

    ``robot`` is its kind. ``clock_start`` is the local time at second 0 of the clock in use, '' for a clock that counts
    seconds since 1970. Cases, zones, a lockdown and reports of inspections are kept in ``folder``, if there is one.
    """
    log = logger or logging.getLogger(__name__)
    minute_of_day = LocalTime(site.time_zone, clock_start or None).minute_of_day
    return Conduct(
        patrol, site, settings, scout=scout, minute_of_day=minute_of_day,
        post=lockdown_post(site, robot_name, robot, patrol.medium),
        caseload=Caseload(CaseStore(folder / CASES_FILE) if folder else None, log),
        zones=ZoneKeeper(ZoneStore(folder / 'zones.json') if folder else None, log, site_zones=site.zones),
        lockdown=LockdownKeeper(folder / LOCKDOWN_FILE if folder else None, robot_name, log),
        registrar=Registrar(site, robot_name, folder, lambda now_s: as_clock(minute_of_day(now_s)), log),
        robot=robot_name, logger=log)


def make_budget(site: Site, robot: RobotSettings, terrain: Terrain) -> EnergyBudget | None:
    """Make what reckons with a robot's battery on a site, None where the robot's file tells no capacity.

    In the air, and before the terrain's map has come, the way home is the straight line with the usual detours.
    """
    if not robot.energy.is_known:
        return None
    home = landing_place(site)
    end = site.dock.approach if site.dock and robot.medium is Medium.GROUND else home.pose
    return EnergyBudget(
        robot.energy, robot.medium, home,
        WaysHome((end.x_m, end.y_m), robot.energy.detour, terrain if robot.medium is Medium.GROUND else None))


def make_timetable(
    site: Site, medium: Medium, schedules: str, order: Order, *, clock_start: str = '', today: date | None = None,
    log: ScheduleLog | None = None, logger: logging.Logger | None = None,
) -> Timetable | None:
    """Make what orders a robot its scheduled rounds, None where it is to keep no schedule.

    ``schedules`` are names parted by spaces, or ``all``. The clock in use counts from ``clock_start``, the site's local
    date and time or, where it is only a time, that of ``today``; from 1970 without one.

    :raises SettingsError: for a schedule that the site does not have or that is for another kind of robot, or a start
        that is no date and time.
    """
    fitting = {each.name: each for each in site.schedules if site.routes[each.routes[0]].medium is medium}
    names = schedules.split()
    if names == ['all']:
        names = list(fitting)
    for name in names:
        if name not in fitting:
            why = ('is for another kind of robot' if any(each.name == name for each in site.schedules)
                   else f'is none of the site {site.name}')
            raise SettingsError('schedules', f'{name!r} {why}; there are: {", ".join(fitting) or "none"}')
    if not names:
        return None
    begun = f'{today} {clock_start}' if today is not None and ' ' not in clock_start and clock_start else clock_start
    return Timetable([fitting[name] for name in dict.fromkeys(names)], SiteClock(site.time_zone, begun), order,
                     log=log, logger=logger)
