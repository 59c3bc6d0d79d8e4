"""All cases of one robot: what is open, in which order it is seen to, and what changed."""

from __future__ import annotations

import dataclasses
import logging
import math
import re
from typing import Any

from lepatrol.behaviours.case_store import CaseStore
from lepatrol.model.alerts import Alert, AlertKind
from lepatrol.model.cases import SPOT, Case, CaseState
from lepatrol.model.errors import CommandError, FileError
from lepatrol.model.handover import Offer
from lepatrol.model.policy import Policy, Response
from lepatrol.model.site import Point2

_MOST = 500
"""So many cases are kept; the oldest that are not open go first."""
_STATE_OF = {
    Response.NOTE: (CaseState.NOTED, 'the site only wants it reported'),
    Response.WAIT: (CaseState.WAITING, 'the site leaves it to the operator; say approve, confirm or dismiss'),
}
_TRACK = 'track-'
"""So begins what an alert is about that is about something followed."""
_OBJECTS = (SPOT, AlertKind.ABANDONED_OBJECT.value)
_SAME_OBJECT_M = 1.0
"""Two reports of things that were left, no farther apart than this, are of one; tracks are lost and found again."""
_LOOKED_AT = (CaseState.WITHDRAWN, CaseState.GONE, CaseState.UNSEEN)
_TO_DO = (CaseState.PENDING, 'the site wants the robot to see to it')


class Caseload:
    """Keep the cases, on disk too."""

    def __init__(self, store: CaseStore | None, logger: logging.Logger) -> None:
        """Take up what ``store`` holds; what is damaged is set aside and said in ``trouble``."""
        self.trouble = ''
        self._store = store
        self._log = logger
        self._cases: dict[str, Case] = {}
        self._changed: dict[str, Case] = {}
        self._is_kept = True
        self._load()

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return all cases, the oldest first."""
        return tuple(self._cases.values())

    @property
    def open(self) -> tuple[Case, ...]:
        """Return what is to be seen to: the gravest first, of equals the oldest."""
        still_open = [case for case in self._cases.values() if case.state.is_open]
        return tuple(sorted(still_open, key=lambda case: (-case.severity.rank, case.since_s)))

    def find(self, case_id: str) -> Case:
        """Return a case by its id.

        :raises CommandError: naming those that are open, if there is none of that id.
        """
        case = self._cases.get(case_id)
        if case is None:
            known = ', '.join(case.case_id for case in self._cases.values() if case.state.is_open) or 'none'
            raise CommandError(f'there is no case {case_id!r}; open are: {known}')
        return case

    def on_alert(self, alert: Alert, policy: Policy, now_s: float, *, again_after_s: float) -> None:
        """Open a case for an alert, or note that it was raised again, unless the site ignores it.

        What was only noted may be seen to when the policy has come to want it. What the robot has looked at is looked
        at again if it is raised that long after; what the operator has decided stays decided.
        """
        if policy.response is Response.IGNORE:
            return
        known = self._cases.get(alert.alert_id)
        seen: dict[str, Any] = {
            'severity': alert.severity, 'sentence': alert.sentence, 'position_m': alert.position_m, 'zone': alert.zone,
            'about': alert.about, 'first_seen_s': alert.first_seen_s, 'last_seen_s': alert.last_seen_s}
        is_noted = policy.response is Response.NOTE
        if known is not None and (is_noted or not self._may_reopen(known, now_s, again_after_s)):
            self._cases[alert.alert_id] = dataclasses.replace(known, **seen)
            if known.response is Response.LOOK and known.state is CaseState.GONE and known.by == 'robot' and (
                    alert.last_seen_s > known.stamp_s):
                self.settle(alert.alert_id, CaseState.CONFIRMED, f'seen again later: {alert.sentence}', now_s)
            return
        state, reason = _STATE_OF.get(policy.response, _TO_DO)
        same = self._about_the_same(alert, now_s, again_after_s)
        if policy.response.is_errand and alert.position_m is None:
            state, reason = CaseState.NOTED, 'it is about the robot itself; there is nowhere to go and look'
        elif policy.response.is_errand and same is not None:
            state, reason = CaseState.NOTED, f'it is about the same thing as {same.case_id}'
        self._put(Case(
            alert.alert_id, alert.kind.value, policy.response, state, reason, since_s=known.since_s if known else now_s,
            stamp_s=now_s, notice=policy.notice, stand_off_m=policy.stand_off_m,
            evidence=known.evidence if known else (), **seen))

    def open_spot(self, place_m: Point2, now_s: float) -> Case:
        """Open a case for a place that the operator wants inspected."""
        numbers = (re.fullmatch(rf'{SPOT}-(\d+)', case_id) for case_id in self._cases)
        number = 1 + max((int(match[1]) for match in numbers if match), default=0)
        return self._put(Case(
            f'{SPOT}-{number}', SPOT, Response.INSPECT, CaseState.PENDING, 'ordered by the operator', place_m, now_s,
            now_s, sentence=f'the operator wants to know what lies at ({place_m[0]:.1f}, {place_m[1]:.1f})',
            first_seen_s=now_s, last_seen_s=now_s, by='operator'))

    def take_over(self, offer: Offer, now_s: float) -> Case:
        """Open the case of a person whom another robot has handed over; its tracks have other numbers than ours."""
        return self._put(dataclasses.replace(
            offer.case, response=Response.FOLLOW, state=CaseState.PENDING, reason=f'handed over by {offer.sender}',
            position_m=offer.position_m, since_s=now_s, stamp_s=now_s, last_seen_s=now_s, about='', by='robot'))

    def identify(self, case_id: str, about: str) -> Case:
        """Set what a case is about, so that alerts about the same are known for it.

        :raises CommandError: if there is none of that id.
        """
        case = self._cases[case_id] = dataclasses.replace(self.find(case_id), about=about)
        self._is_kept = False
        return case

    def settle(self, case_id: str, state: CaseState, reason: str, now_s: float, **changes: Any) -> Case:
        """Set how a case stands, and why.

        :raises CommandError: if there is none of that id.
        """
        case = dataclasses.replace(self.find(case_id), state=state, reason=reason, stamp_s=now_s, **changes)
        self._log.info('case %s, %s: %s: %s', case_id, case.words, state.value, reason)
        return self._put(case)

    def take_changes(self) -> tuple[Case, ...]:
        """Return, once, the cases that have been opened or settled, as they stand."""
        changed, self._changed = tuple(self._changed.values()), {}
        return changed

    def keep(self) -> None:
        """Write what is new; a disk that fails is said in ``trouble``, and nothing else stops for it."""
        if self._store is None or self._is_kept:
            return
        try:
            self._store.save(self._cases.values())
        except FileError as error:
            if not self.trouble:
                self._log.error('%s', error)
            self.trouble = str(error)
        else:
            self._is_kept, self.trouble = True, ''

    def _put(self, case: Case) -> Case:
        self._cases[case.case_id] = self._changed[case.case_id] = case
        self._is_kept = False
        if len(self._cases) > _MOST:
            closed = next((key for key, case in self._cases.items() if not case.state.is_open), None)
            self._cases.pop(closed or next(iter(self._cases)))
        return case

    def _about_the_same(self, alert: Alert, now_s: float, again_after_s: float) -> Case | None:
        """Return another case about the same track, or the same object, if it is open or was seen to a while ago."""
        return next((
            case for case in self._cases.values() if case.case_id != alert.alert_id
            and case.state is not CaseState.NOTED
            and (case.state.is_open or now_s - case.stamp_s < again_after_s)
            and (_is_same_track(case, alert) or _is_same_object(case, alert))), None)

    @staticmethod
    def _may_reopen(case: Case, now_s: float, again_after_s: float) -> bool:
        if case.state is CaseState.NOTED:
            return True
        is_old = now_s - case.stamp_s >= again_after_s
        return case.by == 'robot' and case.state in _LOOKED_AT and is_old

    def _load(self) -> None:
        if self._store is None:
            return
        try:
            cases = self._store.load()
            self._cases = {case.case_id: case for case in cases}
            self._changed = dict(self._cases)
        except FileError as error:
            self.trouble = f'cases of an earlier patrol cannot be used: {error}'
            try:
                self.trouble += f'; kept as {self._store.set_aside().name}'
            except FileError as second:
                self.trouble += f'; {second}'
            self._log.error('%s', self.trouble)


def _is_same_track(case: Case, alert: Alert) -> bool:
    return alert.about.startswith(_TRACK) and case.about == alert.about


def _is_same_object(case: Case, alert: Alert) -> bool:
    """Tell whether both are about one thing that was left; where the robot could not look, it may look now."""
    if alert.kind is not AlertKind.ABANDONED_OBJECT or case.kind not in _OBJECTS or case.state is CaseState.UNSEEN:
        return False
    return alert.position_m is not None and case.position_m is not None and (
        math.dist(alert.position_m, case.position_m) <= _SAME_OBJECT_M)
