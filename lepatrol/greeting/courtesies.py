"""What is said unasked: to who comes up, to who shows a badge, and to who is led."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lepatrol.greeting.opening_answer import written_date
from lepatrol.model.knowledge import LanguageData
from lepatrol.model.leading import LeadState
from lepatrol.model.visitors import BadgeState, Verdict

_NOON, _EVENING = 12, 18
_LEAD_SENTENCES: Mapping[LeadState, str] = {
    LeadState.LEADING: 'lead_goes_on', LeadState.WAITING: 'lead_wait', LeadState.ARRIVED: 'lead_arrived',
    LeadState.AT_EDGE: 'lead_edge', LeadState.GIVEN_UP: 'lead_given_up', LeadState.FAILED: 'lead_failed',
    LeadState.ENDED: 'lead_ended'}


def greeting(language: LanguageData, welcome: str, now: datetime) -> tuple[str, ...]:
    """Return good morning and welcome, at the site's local time."""
    name = 'greet_morning' if now.hour < _NOON else 'greet_afternoon' if now.hour < _EVENING else 'greet_evening'
    return language.sentences[name], welcome


def about_badge(language: LanguageData, verdict: Verdict) -> tuple[str, ...]:
    """Return what to say to who shows a badge; of one that is no good nothing that is on the list is told but times."""
    sentences, badge = language.sentences, verdict.badge
    if verdict.state is BadgeState.EARLY and badge:
        return (sentences['badge_early'].format(**_moment(badge.valid_from, language)),)
    if verdict.state is BadgeState.EXPIRED and badge:
        return (sentences['badge_expired'].format(**_moment(badge.valid_until, language)),)
    if verdict.state is not BadgeState.GOOD or badge is None:
        return (sentences[f'badge_{verdict.state.value}'],)
    said = [sentences['badge_good'].format(name=badge.name)]
    if badge.host and badge.appointment:
        said.append(sentences['badge_expected'].format(
            host=badge.host, time=_moment(badge.appointment, language)['time']))
    if badge.needs:
        said.append(sentences['badge_needs'].format(
            needs=language.conjunction.join(language.needs[need] for need in badge.needs)))
    return tuple(said)


def about_leading(language: LanguageData, state: LeadState) -> tuple[str, ...]:
    """Return what to say to who is led when it comes to stand so."""
    return (language.sentences[_LEAD_SENTENCES[state]],)


def _moment(moment: datetime, language: LanguageData) -> dict[str, str]:
    return {'date': written_date(moment.date(), language), 'time': f'{moment:%H:%M}'}
