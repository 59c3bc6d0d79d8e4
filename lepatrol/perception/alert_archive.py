"""What is kept of alerts: first each is in the journal, then there is evidence of it, then the journal says which."""

from __future__ import annotations

import logging
from collections.abc import Callable

from lepatrol.model.alerts import Alert
from lepatrol.model.errors import LepatrolError
from lepatrol.perception.alert_book import AlertBook
from lepatrol.perception.alert_journal import AlertJournal
from lepatrol.perception.evidence import EvidenceKeeper, Exhibit


class AlertArchive:
    """Keeps the alerts of a book; without ``journal`` and ``keeper`` nothing is written.

    An alert that no picture showed when it was new gets its frame when a picture shows it. A disk that is full is
    told to ``logger``, and the alert goes on its way all the same.
    """

    def __init__(
        self, book: AlertBook, journal: AlertJournal | None, keeper: EvidenceKeeper | None, logger: logging.Logger,
    ) -> None:
        """Write nothing yet."""
        self._book = book
        self._journal = journal
        self._keeper = keeper
        self._logger = logger
        self._shown: set[str] = set()

    def keep(self, alert: Alert, exhibit_of: Callable[[Alert], Exhibit]) -> Alert:
        """Keep an alert as it is now, before anything else is done with it; return it with its evidence."""
        try:
            self._write(alert)
            if self._keeper is not None and alert.alert_id not in self._shown:
                exhibit = exhibit_of(alert)
                is_shown = exhibit.masked_rgb is not None
                if alert.updates == 0 or is_shown:
                    alert = self._book.attach(alert.alert_id, self._keeper.keep(alert, exhibit))
                    self._write(alert)
                if is_shown:
                    self._shown.add(alert.alert_id)
        except LepatrolError as error:
            self._logger.error('alert %s could not be kept: %s', alert.alert_id, error)
        return alert

    def _write(self, alert: Alert) -> None:
        if self._journal is not None:
            self._journal.append([alert])
