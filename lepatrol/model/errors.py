"""The errors that lepatrol raises on purpose: each names what, where, and what would be right."""


class LepatrolError(Exception):
    """Base of every error a user can mend; its text is fit to be shown without a stack trace."""


class FileError(LepatrolError):
    """A file a user wrote cannot be used.

    The text reads ``file:line: key: what is wrong; what would be right``.
    """

    def __init__(self, path: object, message: str, *, line: int | None = None, key: str = '') -> None:
        """Name the file, the 1-based line and the dotted key that the message is about."""
        self.path = str(path)
        self.line = line
        self.key = key
        where = self.path if line is None else f'{self.path}:{line}'
        super().__init__(': '.join(part for part in (where, key, message) if part))


class SettingsError(LepatrolError):
    """A setting is of the wrong type, out of bounds, or unknown."""

    def __init__(self, key: str, message: str) -> None:
        """Name the dotted key that the message is about."""
        self.key = key
        self.message = message
        super().__init__(f'{key}: {message}')


class ObservationError(LepatrolError):
    """A sensor or a peer delivered data that contradicts itself."""


class CommandError(LepatrolError):
    """An order cannot be understood or carried out; the text is the reason given to the operator."""


class PlanningError(LepatrolError):
    """No path, or no route, can be made of what was asked."""
