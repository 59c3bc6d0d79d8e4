import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lepatrol.model.commands import (
    USAGE,
    Approve,
    Confirm,
    Dismiss,
    Goto,
    Home,
    Inspect,
    Lockdown,
    Pause,
    Release,
    Resume,
    Skip,
    Start,
    Stop,
    parse_command,
)
from lepatrol.model.errors import CommandError


@pytest.mark.parametrize(('text', 'command'), [
    ('start perimeter', Start('perimeter')),
    ('start perimeter rounds 3', Start('perimeter', rounds=3)),
    ('start perimeter forever', Start('perimeter', rounds=None)),
    ('start perimeter reversed', Start('perimeter', reverse=True)),
    ('start perimeter random 0', Start('perimeter', shuffle_seed=0)),
    ('start perimeter random 7 reversed rounds 2', Start('perimeter', 2, True, 7)),
    ('  START\tperimeter  Rounds 2\n', Start('perimeter', rounds=2)),
    ('pause', Pause()), ('resume', Resume()), ('skip', Skip()), ('stop', Stop()), ('home', Home()),
    ('goto north_road', Goto('north_road')),
    ('inspect 12.5 -3', Inspect(12.5, -3.0)), ('approve ugv1-0003-running', Approve('ugv1-0003-running')),
    ('confirm spot-1', Confirm('spot-1')), ('confirm spot-1 Suspicious', Confirm('spot-1', 'suspicious')),
    ('dismiss spot-1 a  forgotten lunch', Dismiss('spot-1', 'a forgotten lunch')),
    ('lockdown', Lockdown()), ('release', Release()),
])
def test_an_order_is_understood(text, command):
    assert parse_command(text) == command


@pytest.mark.parametrize(('text', 'hint'), [
    ('', 'empty'), (' \n', 'empty'), ('strat perimeter', "did you mean 'start'"), ('dance', 'known are'),
    ('start', 'name of a route'), ('start r rounds', "'rounds' needs a whole number"),
    ('start r rounds two', "found 'two'"), ('start r rounds 0', 'must be from 1'),
    ('start r rounds -3', "'rounds' is -3, it must be from 1"), ('start r rounds 2147483648', 'must be from 1'),
    ('start r rounds 2 forever', 'contradicts'), ('start r reversed reversed', 'twice'),
    ('start r random -1', 'must be from 0'), ('start r sideways', "unknown option 'sideways'"),
    ('pause now', "takes no argument, found 'now'"), ('goto', 'one waypoint'), ('goto a b', 'one waypoint'),
    ('inspect', 'two coordinates'), ('inspect 1', 'two coordinates'), ('inspect 1 north', "'north' is no number"),
    ('inspect nan 1', "'nan' is no number"), ('inspect 1e9 1', 'up to 1e+06'),
    ('approve', 'id of a case'), ('approve a b', "unknown word 'b'"), ('confirm a perhaps', "unknown word 'perhaps'"),
    ('dismiss a', 'needs a reason'), ('lockdown now', 'takes no argument'),
    ('x' * 257, '257 characters, at most 256'),
])
def test_an_order_that_is_not_understood_says_what_would_be(text, hint):
    with pytest.raises(CommandError) as error:
        parse_command(text)
    assert hint in str(error.value)


@given(text=st.text(max_size=300))
@example('start r rounds ' + '9' * 200)
@example('start r rounds \u0661')
@example('\ud800')
def test_garbage_raises_nothing_but_a_command_error(text):
    try:
        command = parse_command(text)
    except CommandError:
        return
    assert text.split()[0].lower() == type(command).__name__.lower()


WORDS = st.sampled_from([*USAGE, 'rounds', 'forever', 'reversed', 'random', 'perimeter', '3', '-1', '1e9', 'nan', ''])


@given(words=st.lists(WORDS, max_size=8))
def test_orders_of_known_words_in_any_order_raise_nothing_but_a_command_error(words):
    try:
        command = parse_command(' '.join(words))
    except CommandError:
        return
    if isinstance(command, Start):
        assert command.rounds is None or command.rounds >= 1
        assert command.shuffle_seed is None or command.shuffle_seed >= 0


@given(route=st.from_regex(r'\A[a-z_]{1,20}\Z'), rounds=st.none() | st.integers(1, 10**6), reverse=st.booleans(),
       seed=st.none() | st.integers(0, 10**6))
def test_every_start_can_be_said(route, rounds, reverse, seed):
    text = f'start {route}' + (' forever' if rounds is None else f' rounds {rounds}')
    text += (' reversed' if reverse else '') + ('' if seed is None else f' random {seed}')
    assert parse_command(text) == Start(route, rounds, reverse, seed)
