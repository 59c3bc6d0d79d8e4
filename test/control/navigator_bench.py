"""What the benches of navigators share: they step one and what it moves, and ask how its goal stands."""


class Bench:
    """Keeps ``navigator``, the command it gave last as ``twist``, and its own ``step`` of ``step_s``."""

    @property
    def feedback(self):
        return self.navigator.feedback

    def go(self, seconds, until=lambda bench: False):
        """Step until something holds, or for a time; tell whether it came to hold."""
        for _ in range(round(seconds / self.step_s)):
            self.step()
            if until(self):
                return True
        return False


def is_over(bench):
    return bench.feedback.state.is_final
