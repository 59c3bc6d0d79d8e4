"""Replies on their way out: an answer waits for other words for a short while, and goes as it is where none come."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lepatrol.greeting import text
from lepatrol.greeting.fidelity import Fidelity
from lepatrol.greeting.rephraser import Rephraser
from lepatrol.model.chat import Reply, ReplyKind
from lepatrol.settings.greeter import RephraserSettings

_WORDED = (ReplyKind.ANSWER,)
_MOST_CHARACTERS = 2000


@dataclass(slots=True)
class _Pending:
    reply: Reply
    deadline_s: float
    found: list[str | int] = field(default_factory=list)
    done: bool = True


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply that can go out; ``choice`` (from 1) is what a clarifying question is answered with in its place."""

    reply: Reply
    choice: int = 0


class Polish:
    """Keeps the order of each conversation. What is not the site's own answer goes as it is."""

    def __init__(
        self, rephraser: Rephraser, fidelity: Fidelity, settings: RephraserSettings, logger: logging.Logger,
    ) -> None:
        """Have nothing on its way."""
        self._rephraser = rephraser
        self._fidelity = fidelity
        self._settings = settings
        self._logger = logger
        self._queues: dict[str, deque[_Pending]] = {}
        self._free = threading.Semaphore(settings.at_once)

    @property
    def waits(self) -> bool:
        """Tell whether anything is on its way."""
        return bool(self._queues)

    def offer(self, reply: Reply, question: str, now_s: float, options: Sequence[str] = ()) -> None:
        """Take a reply to a question; ``options`` are the words of a clarifying question's choices.

        What warns of danger goes before all that waits.
        """
        pending = _Pending(reply, now_s + self._settings.limit_s)
        queue = self._queues.setdefault(reply.conversation, deque())
        if reply.kind is ReplyKind.DANGER:
            queue.appendleft(pending)
            return
        queue.append(pending)
        asks = reply.kind in _WORDED or (reply.kind is ReplyKind.CLARIFY and options)
        if not question or not asks or not self._free.acquire(blocking=False):
            return
        pending.done = False
        threading.Thread(target=self._ask, args=(pending, question, tuple(options)), name='rephraser',
                         daemon=True).start()

    def ready(self, now_s: float) -> list[Ready]:
        """Return what can go out now."""
        out: list[Ready] = []
        for conversation, queue in list(self._queues.items()):
            while queue and (queue[0].done or now_s >= queue[0].deadline_s):
                out.append(self._worded(queue.popleft()))
            if not queue:
                del self._queues[conversation]
        return out

    def _ask(self, pending: _Pending, question: str, options: tuple[str, ...]) -> None:
        reply = pending.reply
        try:
            if reply.kind is ReplyKind.CLARIFY:
                pending.found.append(self._rephraser.choose(question, options, reply.language))
            else:
                pending.found.append(self._rephraser.rephrase(question, _wording(reply), reply.language))
        except Exception as error:
            # Whatever a server does: the plain answer stands.
            self._logger.warning(f'rephraser: {type(error).__name__}: {error}')
        finally:
            pending.done = True
            self._free.release()

    def _worded(self, pending: _Pending) -> Ready:
        reply, found = pending.reply, pending.found[0] if pending.done and pending.found else None
        if isinstance(found, int):
            return Ready(reply, found)
        said = text.cleaned(found, _MOST_CHARACTERS) if found else ''
        if said and self._fidelity.holds(said, _wording(reply), reply.language):
            return Ready(replace(reply, sentences=(*reply.sentences[:reply.fixed], said)))
        return Ready(reply)


def _wording(reply: Reply) -> str:
    """Return what of a reply may be said in other words."""
    return ' '.join(reply.sentences[reply.fixed:])
