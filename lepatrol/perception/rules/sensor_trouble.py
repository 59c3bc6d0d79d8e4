"""A sensor that cannot be relied on."""

from __future__ import annotations

from collections.abc import Collection

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import Trouble
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.spells import Spells
from lepatrol.perception.rules.words import seconds
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import SensorTroubleSettings


class SensorTrouble(Rule):
    """Somebody covered or blinded a sensor, or what it says cannot be.

    The sensor's own look finds the trouble and says so each time; what it says for long enough, with no more than a
    short break, is claimed. There is one rule of this class for each kind of alert.
    """

    def __init__(
        self, kind: AlertKind, troubles: Collection[Trouble], severity: Severity, settings: SensorTroubleSettings,
    ) -> None:
        """Watch for some kinds of trouble, which make one kind of alert."""
        self.name = kind.value
        self._kind = kind
        self._troubles = frozenset(troubles)
        self._severity = severity
        self._settings = settings
        self._spells: Spells[tuple[str, Trouble]] = Spells(settings.grace_s)

    def reset(self) -> None:
        """Forget all trouble."""
        self._spells.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each sensor whose trouble lasts."""
        claims: dict[str, Claim] = {}
        for complaint in situation.complaints:
            if complaint.trouble not in self._troubles:
                continue
            spell = self._spells.note((complaint.sensor, complaint.trouble), situation.now_s)
            if spell.count < 2 or spell.duration_s < self._settings.after_s - 1e-6:
                continue
            claims[complaint.sensor] = Claim(
                situation.now_s, self.name, self._kind, complaint.sensor, self._severity, 0.9,
                f'the {complaint.sensor} is in trouble ({complaint.trouble.value}) for {seconds(spell.duration_s)}: '
                f'{complaint.detail}; the limit is {seconds(self._settings.after_s)}')
        return list(claims.values())
