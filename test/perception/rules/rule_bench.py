"""Tracks and situations for the tests of rules, and a clock that steps them at 10 Hz."""

import dataclasses
from pathlib import Path

from lepatrol.model.findings import Gap, ThingKind
from lepatrol.model.geometry import Pose2
from lepatrol.model.site import Allowance, Hours, Site, Structure, StructureKind, Waypoint, Zone, ZoneKind
from lepatrol.model.tracks import Track, TrackState
from lepatrol.perception.rules import RuleBook, make_rules
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import RulesSettings
from lepatrol.settings.site_file import read_site

PRISON = read_site(Path(__file__).resolve().parents[3] / 'config' / 'sites' / 'prison.yaml')
NIGHT, DAY = 2 * 60.0 + 14, 12 * 60.0
STERILE = (0.0, 34.0)
"""On the patrol road in the north: in a restricted zone, 4 m from fence and edge."""
YARD = (-5.0, 27.5)
"""Inside the north fence, 2.5 m from it, in no zone."""
FORECOURT = (20.0, -22.0)
"""In the public zone, 7.7 m from the fence."""


def square(west, south, side):
    return ((west, south), (west + side, south), (west + side, south + side), (west, south + side))


def site(*zones, structures=(), perimeter=()):
    return Site('yard', 'yard', 'hut', perimeter, zones, {'hut': Waypoint('hut', 0.0, 0.0)}, {}, structures)


def track(at, t, number=1, kind=ThingKind.PERSON, sure=0.9, **changes):
    values = {
        'track_id': number, 'state': TrackState.SEEN, 'position_m': at, 'velocity_m_s': (0.0, 0.0),
        'covariance_m2': (0.01, 0.0, 0.01), 'first_seen_s': 0.0, 'last_seen_s': t, 'standing_since_s': 0.0,
        'kinds': {kind: sure, ThingKind.UNKNOWN: 1.0 - sure} if kind is not ThingKind.UNKNOWN else {kind: 1.0},
        'sightings': 20, 'width_m': 0.5, 'height_m': 1.7, **changes}
    return Track(**values)


def rules(name='', where=PRISON, **settings):
    """Return a rule book with one rule on, or all; settings are those of the one rule."""
    every = RulesSettings()
    if not name:
        return RuleBook(make_rules(where, every))
    groups = {field.name: dataclasses.replace(getattr(every, field.name), is_on=field.name == name)
              for field in dataclasses.fields(every) if field.name != 'sizes'}
    groups[name] = dataclasses.replace(groups[name], **settings)
    return RuleBook(make_rules(where, RulesSettings(**groups)))


def play(book, until_s, tracks=lambda t: (), start_s=0.0, minute=NIGHT, **parts):
    """Step from start to end and return (time, claim) of all claims; parts are functions of time, or values."""
    found = []
    for i in range(round((until_s - start_s) * 10) + 1):
        t = round(start_s + 0.1 * i, 3)
        given = {key: part(t) if callable(part) else part for key, part in parts.items()}
        given.setdefault('robot_pose', Pose2(0.0, 34.8))
        found += [(t, claim) for claim in book.judge(Situation(t, minute, tuple(tracks(t)), **given))]
    return found


def gap(t, structure, start, end, depth=5.0):
    width = ((start[0] - end[0])**2 + (start[1] - end[1])**2)**0.5
    return Gap(t, structure, start, end, width, depth, 5)


__all__ = [
    'DAY', 'FORECOURT', 'NIGHT', 'PRISON', 'STERILE', 'YARD', 'Allowance', 'Hours', 'Structure', 'StructureKind',
    'Zone', 'ZoneKind', 'gap', 'play', 'rules', 'site', 'square', 'track']
