"""Things are said by a command, one after another, bounded in number and time, and can be broken off."""

import logging
import shlex
import sys
import threading
import time

import pytest

from lepatrol.greeting.speech import Speech
from lepatrol.model.errors import SettingsError
from lepatrol.settings.greeter import SpeechSettings

DEADLINE_S = 20.0
LOG = logging.getLogger('speech-test')
SAYS = """\
import os, sys
folder, language = sys.argv[1:]
text = sys.stdin.read()
name = os.path.join(folder, f'{len(os.listdir(folder)):03d}-{language}')
with open(name + '.part', 'w') as file:
    file.write(text)
os.rename(name + '.part', name)
"""
HANGS = 'touch "$0/begun"; sleep 600'


def wait_for(happened):
    end_s = time.monotonic() + DEADLINE_S
    waiting = threading.Event()
    while not happened():
        assert time.monotonic() < end_s
        waiting.wait(0.01)


def speech(program, folder, **changes):
    shell = 'sh' if program == HANGS else sys.executable
    command = shlex.join([shell, '-c', program, str(folder), '{language}'])
    return Speech(SpeechSettings(command=command, **changes), LOG)


def said(folder):
    return [(path.name[4:], path.read_text(encoding='utf-8')) for path in sorted(folder.iterdir())
            if path.suffix != '.part']


def test_texts_are_said_in_order_each_in_its_language(tmp_path):
    loud = speech(SAYS, tmp_path)
    loud.say('a', 'en', 'Good morning; $(touch x) `x` "quoted"')
    loud.say('b', 'ar', 'صباح الخير')
    wait_for(lambda: len(said(tmp_path)) == 2)
    assert said(tmp_path) == [('en', 'Good morning; $(touch x) `x` "quoted"'), ('ar', 'صباح الخير')]
    loud.close()


def test_saying_waits_for_nothing_and_what_hangs_is_killed(tmp_path):
    loud = speech(HANGS, tmp_path, limit_s=2.0)
    loud.say('a', 'en', 'one')
    wait_for((tmp_path / 'begun').exists)
    (tmp_path / 'begun').unlink()
    loud.say('a', 'en', 'two')
    wait_for((tmp_path / 'begun').exists)
    loud.close()


def test_who_walks_away_is_spoken_to_no_more(tmp_path):
    loud = speech(HANGS, tmp_path, limit_s=600.0)
    loud.say('a', 'en', 'one')
    wait_for((tmp_path / 'begun').exists)
    (tmp_path / 'begun').unlink()
    loud.say('a', 'en', 'two')
    loud.say('b', 'en', 'three')
    loud.hush('a')
    wait_for((tmp_path / 'begun').exists)
    assert not loud._waiting
    loud.close()
    assert not loud._thread.is_alive()


def test_of_too_many_that_wait_the_oldest_are_left_out(tmp_path):
    loud = speech(HANGS, tmp_path, waiting=2, limit_s=600.0)
    loud.say('a', 'en', 'one')
    wait_for((tmp_path / 'begun').exists)
    for text in ('two', 'three', 'four'):
        loud.say('a', 'en', text)
    assert [each.text for each in loud._waiting] == ['three', 'four']
    loud.close()


def test_a_command_that_is_not_there_is_complained_of_once(caplog):
    loud = Speech(SpeechSettings(command='no-such-command-of-ours'), LOG)
    loud.say('a', 'en', 'one')
    wait_for(lambda: not loud._thread.is_alive())
    loud.say('a', 'en', 'two')
    assert caplog.text.count('speech.command') == 1
    loud.close()


def test_without_a_command_nothing_is_said_and_a_broken_one_is_refused():
    quiet = Speech(SpeechSettings(), LOG)
    quiet.say('a', 'en', 'one')
    quiet.close()
    with pytest.raises(SettingsError, match=r'speech\.command'):
        Speech(SpeechSettings(command="espeak 'x"), LOG)
