"""What is remembered of one visitor while he is here."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from lepatrol.greeting.report_form import ReportForm
from lepatrol.greeting.topics import Topic
from lepatrol.greeting.understanding import Context
from lepatrol.model.chat import Line, Reply
from lepatrol.model.knowledge import Language

_NEVER_S = float('-inf')


@dataclass
class Conversation:
    """A conversation as it stands."""

    name: str
    number: int
    """Stands for the name in logs."""
    language: Language
    most_lines: int
    language_settled: bool = False
    """Whether the visitor has been heard in it, or has chosen it."""
    begun: bool = False
    context: Context = field(default_factory=Context)
    last_reply: Reply | None = None
    choices: tuple[Topic, ...] = ()
    """What a clarifying question named, while it is unanswered."""
    offered_person: bool = False
    failures: int = 0
    report: ReportForm | None = None
    with_desk: bool = False
    """A person at the desk has taken over."""
    informed_in: Language = ''
    """The language in which a visitor who was greeted has been told what is kept; he may turn out to speak another."""
    can_be_led: bool = False
    """Whether the robot stands before the visitor and can go with him."""
    led_to: str = ''
    """The place he is being led to."""
    heard_s: float = _NEVER_S
    lines: deque[Line] = field(init=False)
    _times: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Bound the transcript."""
        self.lines = deque(maxlen=self.most_lines)

    def note(self, now_s: float, who: str, text: str) -> Line:
        """Add a line to the transcript."""
        line = Line(now_s, who, text)
        self.lines.append(line)
        return line

    def too_many(self, now_s: float, most: int, window_s: float) -> bool:
        """Count a message; tell whether there were too many in the time before it."""
        self.heard_s = now_s
        while self._times and not 0.0 <= now_s - self._times[0] <= window_s:
            self._times.popleft()
        self._times.append(now_s)
        if len(self._times) > most:
            self._times.popleft()
            return True
        return False
