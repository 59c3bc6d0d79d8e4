"""Zones that come up and are lifted while robots drive: the operator's word, what other robots know, and the disk."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from lepatrol.model.errors import CommandError, FileError
from lepatrol.model.live_zones import LONGEST_REASON, MOST_IN_FORCE, MOST_KNOWN, LiveZone, LiveZones
from lepatrol.model.live_zones_json import live_zones_from_json, live_zones_to_json
from lepatrol.model.zones import Zone
from lepatrol.planning.whole_file import set_aside
from lepatrol.planning.zone_store import ZoneStore
from lepatrol.settings.live_zone import read_live_zone

_OPERATOR = 'operator'


class ZoneKeeper:
    """Keeps what is known of zones that came up, in one robot's patrol.

    Every robot's keeper tells all it knows whenever that changes and takes in what the others tell, so that each comes
    to know all. What is accepted is on disk before it is answered; a disk that fails is reported, and the zone holds
    for as long as any robot that has heard of it runs.
    """

    def __init__(self, store: ZoneStore | None, logger: logging.Logger, *, site_zones: Iterable[Zone] = ()) -> None:
        """Go on with what ``store`` holds; ``site_zones`` are those of the site file, which nobody lifts.

        A damaged file is set aside and said in ``message``.
        """
        self.message = ''
        """What there is to say about what was found on disk."""
        self.trouble = ''
        """Why zones are not kept at present."""
        self._store = store
        self._log = logger
        self._lasting = {zone.name for zone in site_zones}
        self._zones = self._load()
        self._is_told = not self._zones.known
        self._is_kept = True

    @property
    def zones(self) -> LiveZones:
        """Return all that is known, lifted zones with it."""
        return self._zones

    @property
    def in_force(self) -> tuple[Zone, ...]:
        """Return the zones that hold now, by name."""
        return self._zones.in_force

    def on_put(self, text: str, now_s: float) -> str:
        """Take an operator's zone, in the site file's form; return its name.

        :raises CommandError: saying what is wrong and what would be right.
        """
        zone, reason = read_live_zone(text)
        self.put(zone, by=_OPERATOR, reason=reason, now_s=now_s)
        return zone.name

    def on_lift(self, text: str, now_s: float) -> str:
        """Lift the zone of that name at an operator's word; return its name.

        :raises CommandError: if there is none, naming those that there are.
        """
        name = text.strip()
        self.lift(name, by=_OPERATOR, now_s=now_s)
        return name

    def put(self, zone: Zone, *, by: str, reason: str, now_s: float) -> None:
        """Have a zone hold from now on, in place of one of the same name.

        :raises CommandError: if its name is one of the site's own, or there are too many.
        """
        known = self._zones.known.get(zone.name)
        self._check_not_lasting(zone.name, 'give it another name')
        if (known is None or known.lifted) and len(self.in_force) >= MOST_IN_FORCE:
            raise CommandError(f'{MOST_IN_FORCE} zones hold already; lift one first')
        self._take(LiveZone(zone, self._zones.stamped(zone.name, now_s), by, reason[:LONGEST_REASON]))

    def lift(self, name: str, *, by: str, now_s: float, reason: str = '') -> None:
        """Have a zone hold no longer.

        :raises CommandError: if none of that name holds that came up.
        """
        known = self._zones.known.get(name)
        if known is None or known.lifted:
            self._check_not_lasting(name, 'it holds as long as it stands there')
            holding = ', '.join(zone.name for zone in self.in_force) or 'none'
            raise CommandError(f'no zone {name[:64]!r} came up; there are: {holding}')
        self._take(LiveZone(known.zone, self._zones.stamped(name, now_s), by, reason[:LONGEST_REASON], lifted=True))

    def on_heard(self, text: str) -> None:
        """Take in what a robot, this one or another, told of the zones that it knows.

        :raises CommandError: saying what is wrong with the text.
        """
        try:
            heard = live_zones_from_json(text)
        except ValueError as error:
            raise CommandError(f'what was told of zones cannot be taken: {error}') from error
        merged = self._zones.merged(heard).without_oldest_lifted(MOST_KNOWN)
        if len(merged.known) > MOST_KNOWN:
            raise CommandError(f'what was told of zones cannot be taken: with it more than {MOST_KNOWN} would hold')
        self._have(merged)

    def take_news(self) -> str | None:
        """Return all that is known, for everybody, when it has changed since it was last taken."""
        if not self._is_kept:
            self._keep()
        if self._is_told:
            return None
        self._is_told = True
        return live_zones_to_json(self._zones)

    def _check_not_lasting(self, name: str, hint: str) -> None:
        if name in self._lasting:
            raise CommandError(f'the zone {name} stands in the site file; {hint}')

    def _take(self, live: LiveZone) -> None:
        self._have(self._zones.merged(LiveZones.of([live])).without_oldest_lifted(MOST_KNOWN))
        self._log.info('zone %s %s by %s: %s', live.name, 'lifted' if live.lifted else 'put', live.by, live.reason)

    def _have(self, zones: LiveZones) -> None:
        if zones == self._zones:
            return
        self._zones, self._is_told = zones, False
        self._keep()

    def _keep(self) -> None:
        if self._store is None:
            return
        try:
            self._store.save(self._zones)
        except FileError as error:
            if not self.trouble:
                self._log.error('%s', error)
            self.trouble, self._is_kept = str(error), False
        else:
            self.trouble, self._is_kept = '', True

    def _load(self) -> LiveZones:
        if self._store is None:
            return LiveZones()
        try:
            return self._store.load()
        except FileError as error:
            self.message = f'zones of an earlier patrol cannot be used: {error}'
        try:
            self.message += f'; kept as {set_aside(self._store.path).name}'
        except FileError as error:
            self.message += f'; {error}'
        self._log.error('%s', self.message)
        return LiveZones()
