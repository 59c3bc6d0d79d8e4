"""Where people are visitors: a matter of place and hours, never of what they look like."""

from __future__ import annotations

from collections.abc import Sequence

from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Point2, Zone, ZoneKind


class VisitorGround:
    """The site's zones as far as they say who is a visitor, and where visitors may go."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        """Take the site's zones."""
        self._public = [zone for zone in zones if zone.kind is ZoneKind.PUBLIC]
        self._closed = [zone for zone in zones if zone.kind is ZoneKind.RESTRICTED]
        self._staffed = [
            (zone, allowance) for zone in zones for allowance in zone.allowed
            if allowance.kind == ThingKind.PERSON.value]

    def may_enter(self, place_m: Point2) -> bool:
        """Tell whether visitors may be at a place: it is public, and closed to nobody."""
        return any(zone.holds(*place_m) for zone in self._public) and not any(
            zone.holds(*place_m) for zone in self._closed)

    def on_duty(self, place_m: Point2, minute_of_day: float) -> bool:
        """Tell whether the site has staff at a place at that time; who is there is taken for them."""
        return any(
            zone.holds(*place_m) and (
                not allowance.hours or any(window.hold(minute_of_day) for window in allowance.hours))
            for zone, allowance in self._staffed)

    def is_visitor(self, place_m: Point2, minute_of_day: float) -> bool:
        """Tell whether who stands at a place is a visitor."""
        return self.may_enter(place_m) and not self.on_duty(place_m, minute_of_day)
