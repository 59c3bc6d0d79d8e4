"""The greeter where it stands: who comes up is greeted, who shows a badge answered, who leaves is taken leave of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from lepatrol.greeting.badges import BadgeDesk
from lepatrol.greeting.courtesies import about_badge, about_leading, greeting
from lepatrol.greeting.greeter import Greeter, LeadWish, Outcome
from lepatrol.greeting.presence import Presence, PresenceKind
from lepatrol.model.chat import DeskEventKind, ReplyKind
from lepatrol.model.geometry import Pose2, wrap_angle
from lepatrol.model.knowledge import Language, LanguageData
from lepatrol.model.leading import LeadOrder, LeadReport, LeadState
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track
from lepatrol.model.visitors import BadgeSeen, BadgeState, Verdict

_PREFIX = 'visitor-'
_AIMED_RAD = math.radians(25.0)
"""A code that is farther aside of a visitor than this is not in his hands."""
_SHOWN_AGAIN_S = 20.0
"""A badge that is held up is answered once in this time."""


class Host:
    """Joins who is there with what is said; conversations of people before the robot are called ``visitor-NUMBER``."""

    def __init__(
        self, greeter: Greeter, presence: Presence, badges: BadgeDesk, *, languages: Mapping[Language, LanguageData],
        welcome: Mapping[Language, str], local_time: Callable[[float], datetime],
    ) -> None:
        """Take the greeter and what it stands on; ``welcome`` is in the languages of the site, the first first."""
        self.can_lead = False
        """Whether anybody drives who could lead."""
        self._greeter = greeter
        self._presence = presence
        self._badges = badges
        self._languages = languages
        self._welcome = welcome
        self._local_time = local_time
        self._shown: dict[int, tuple[str, float]] = {}
        self._odd: set[str] = set()
        self._leading: dict[str, LeadState] = {}

    @property
    def anybody_there(self) -> bool:
        """Tell whether somebody is there, who may show a badge."""
        return bool(self._presence.present)

    def is_here(self, conversation: str) -> bool:
        """Tell whether a conversation is one of people before the robot, who hear what is said aloud."""
        return self._number(conversation) is not None

    def place_m(self, conversation: str) -> Point2 | None:
        """Return where the visitor of a conversation was seen last, None for one of somebody else."""
        number = self._number(conversation)
        return None if number is None else self._presence.place_m(number)

    def nearest(self, robot_m: Point2) -> str:
        """Return the conversation of who is nearest to the robot, '' where nobody is there: he is who speaks."""
        number = self._presence.nearest(robot_m)
        return '' if number is None else f'{_PREFIX}{number}'

    def see(self, tracks: Iterable[Track], robot_m: Point2, now_s: float, *, robot_stands: bool) -> Outcome:
        """Look at who is there now; greet, and take leave."""
        there = self._local_time(now_s)
        outcome = Outcome()
        for event in self._presence.update(
                tracks, robot_m, robot_stands=robot_stands, minute_of_day=60 * there.hour + there.minute, now_s=now_s):
            name = f'{_PREFIX}{event.number}'
            if event.kind is PresenceKind.CAME:
                outcome += self._greet(name, there, now_s)
            elif event.kind is PresenceKind.LEFT:
                self._badges.leave(event.number)
                self._shown.pop(event.number, None)
                self._leading.pop(name, None)
                outcome += self._greeter.leave(name, now_s)
        for number in self._presence.present:
            self._greeter.set_place(f'{_PREFIX}{number}', can_be_led=self.can_lead)
        return outcome

    def show(self, seen: Sequence[BadgeSeen], robot: Pose2, now_s: float) -> Outcome:
        """Answer the badges that are seen in a picture."""
        outcome = Outcome()
        texts = [each.text for each in seen]
        odd_before, self._odd = self._odd, set()
        for each in seen:
            number = self._who_shows(each, robot)
            if number is None:
                continue
            text, shown_s = self._shown.get(number, ('', -math.inf))
            if text == each.text and now_s - shown_s < _SHOWN_AGAIN_S:
                continue
            verdict = self._badges.judge(
                each.text, number, self._local_time(now_s), twice=texts.count(each.text) > 1)
            if verdict.state is BadgeState.UNKNOWN and each.text not in odd_before:
                # What is on no list may be no badge at all: it must be there in two pictures.
                self._odd.add(each.text)
                continue
            self._shown[number] = (each.text, now_s)
            outcome += self._answer_badge(number, verdict, now_s)
        return outcome

    def order(self, wish: LeadWish) -> LeadOrder | None:
        """Return what to have the robot do for who wants to be led, or no farther; None where he is not there."""
        number = self._number(wish.conversation)
        if not wish.place:
            self._end_leading(wish.conversation)
            return LeadOrder(wish.conversation)
        track_id = None if number is None else self._presence.track_id(number)
        place_m = self.place_m(wish.conversation)
        if number is None or track_id is None or place_m is None:
            return None
        self._presence.hold(number, True)
        self._leading[wish.conversation] = LeadState.LEADING
        return LeadOrder(wish.conversation, wish.place, wish.path, True, track_id, place_m)

    def on_lead(self, report: LeadReport, now_s: float) -> Outcome:
        """Tell who is led how it stands."""
        before = self._leading.get(report.conversation)
        if before is None or before is report.state:
            return Outcome()
        self._leading[report.conversation] = report.state
        if report.state.is_final:
            self._end_leading(report.conversation)
        language = self._greeter.language_of(report.conversation)
        return self._greeter.tell(
            report.conversation, ReplyKind.LEAD, about_leading(language, report.state), now_s, subject=report.place)

    def _end_leading(self, conversation: str) -> None:
        self._leading.pop(conversation, None)
        self._greeter.set_place(conversation, led_to='')
        number = self._number(conversation)
        if number is not None:
            self._presence.hold(number, False)

    def _greet(self, name: str, there: datetime, now_s: float) -> Outcome:
        """Greet in the site's first language, and say in every other one that it is spoken too."""
        first, *others = self._welcome
        outcome = self._greeter.tell(
            name, ReplyKind.GREETING, greeting(self._languages[first], self._welcome[first], there), now_s)
        return outcome + Outcome(tuple(self._greeter.offer(name, other) for other in others))

    def _answer_badge(self, number: int, verdict: Verdict, now_s: float) -> Outcome:
        name = f'{_PREFIX}{number}'
        spoken = verdict.badge.language if verdict.badge and verdict.badge.language in self._welcome else ''
        language = self._languages[spoken] if spoken else self._greeter.language_of(name)
        outcome = self._greeter.tell(
            name, ReplyKind.BADGE, about_badge(language, verdict), now_s, language=spoken, desk=DeskEventKind.BADGE,
            subject=verdict.state.value, shown=f'[badge {verdict.badge_id}]'.replace(' ]', ']'))
        if verdict.state is BadgeState.STAFF:
            self._presence.set_on_duty(number)
            self._badges.leave(number)
            self._greeter.close(name)
        return outcome

    def _who_shows(self, seen: BadgeSeen, robot: Pose2) -> int | None:
        """Return who of those there stands in the direction of a code."""
        def aside_rad(number: int) -> float:
            place = self._presence.place_m(number) or (robot.x_m, robot.y_m)
            bearing = math.atan2(place[1] - robot.y_m, place[0] - robot.x_m) - robot.yaw_rad
            return abs(wrap_angle(bearing - seen.bearing_rad))

        nearest = min(self._presence.present, key=aside_rad, default=None)
        return nearest if nearest is not None and aside_rad(nearest) <= _AIMED_RAD else None

    @staticmethod
    def _number(conversation: str) -> int | None:
        digits = conversation.removeprefix(_PREFIX)
        return int(digits) if conversation.startswith(_PREFIX) and digits.isdecimal() and len(digits) < 10 else None
