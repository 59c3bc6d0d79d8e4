"""What a shown badge is worth: looked up in the visitor list by its text, which is data and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lepatrol.model.visitors import Badge, BadgeState, Verdict, VisitorList
from lepatrol.settings.visitor_file import BADGE_ID


class BadgeDesk:
    """Judges badges, and remembers who showed which; visitors are numbers here."""

    def __init__(self, visitors: VisitorList) -> None:
        """Take the day's list; no badge has been shown yet."""
        self._visitors = visitors
        self._shown: dict[str, list[int]] = {}
        self._there: dict[str, int] = {}

    def judge(self, text: str, visitor: int, now: datetime, *, twice: bool = False) -> Verdict:
        """Judge what a visitor shows at the site's local time; ``twice`` says that it is seen at two places at once."""
        badge = self._visitors.badges.get(text) if BADGE_ID.fullmatch(text) else None
        if badge is None:
            return Verdict(BadgeState.UNKNOWN, text if BADGE_ID.fullmatch(text) else '')
        return Verdict(self._state(badge, visitor, now.replace(tzinfo=None), twice), badge.badge_id, badge)

    def leave(self, visitor: int) -> None:
        """Take it that a visitor and his badge are gone; that it was used stays known."""
        self._there = {badge_id: there for badge_id, there in self._there.items() if there != visitor}

    def _state(self, badge: Badge, visitor: int, now: datetime, twice: bool) -> BadgeState:
        if badge.revoked:
            return BadgeState.REVOKED
        if now < badge.valid_from:
            return BadgeState.EARLY
        if now >= badge.valid_until:
            return BadgeState.EXPIRED
        if self._is_replayed(badge, visitor, twice):
            return BadgeState.REPLAYED
        self._there[badge.badge_id] = visitor
        shown = self._shown.setdefault(badge.badge_id, [])
        if visitor not in shown:
            shown.append(visitor)
        return BadgeState.STAFF if badge.staff else BadgeState.GOOD

    def _is_replayed(self, badge: Badge, visitor: int, twice: bool) -> bool:
        """Tell whether it is shown by two at once, or has been used as often as it may be."""
        holder = self._there.get(badge.badge_id)
        if holder == visitor:
            return False
        if twice or holder is not None:
            return True
        others: Sequence[int] = self._shown.get(badge.badge_id, ())
        return not badge.staff and visitor not in others and len(others) >= badge.uses
