"""Messages as another process gets them."""

from hypothesis import strategies as st
from rclpy.serialization import deserialize_message, serialize_message


def over_the_wire(message):
    """Return what a message is after real serialisation."""
    return deserialize_message(serialize_message(message), type(message))


# A float64 holds nanoseconds exactly up to some 50 days; simulated time stays far below.
STAMPS = st.integers(0, 4_000_000 * 10**9).map(lambda stamp_ns: stamp_ns * 1e-9)
NUMBERS = st.floats(-1e6, 1e6)
NOT_FINITE = (float('nan'), float('inf'), float('-inf'))
# DDS ends a text at its first zero.
TEXTS = st.text(st.characters(blacklist_categories=('Cs',), blacklist_characters='\0'), max_size=40)
