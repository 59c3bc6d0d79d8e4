"""Trials of greeting: people truly come up, speak, show badges and pass by; who was greeted is judged by the truth."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from lepatrol.evaluation.behaviour_job import BehaviourJob, Verdict
from lepatrol.evaluation.behaviour_stage import lots_of
from lepatrol.evaluation.people_on_stage import Person, Script
from lepatrol.evaluation.reception_stage import DAY, GROUNDS, Guest, Play, ReceptionStage, post_at
from lepatrol.model.chat import DeskEventKind, ReplyKind
from lepatrol.model.knowledge import Language
from lepatrol.model.scenario import Between
from lepatrol.model.site import Point2
from lepatrol.model.visitors import Badge, VisitorList
from lepatrol.simulation.chance import Lots

T = TypeVar('T')

FRONT_M, ASIDE_M = Between(1.2, 1.6), Between(-0.25, 0.25)
"""Where somebody stands who has come up, as the robot sees it."""
FROM_M, FAR_M = 9.0, 11.0
_QUEUE_M, _APART_M = Between(5.0, 5.6), Between(0.9, 1.3)
_QUEUE_ASIDE_M, _BYPASS_M = -0.2, -1.15
"""So far aside of the robot's line people wait, and go away past those."""
_TWO_FROM_M = 5.4
_WAITS_S = 18.0
"""So long the robot stands for nobody; the first visitor comes sooner."""
_MARKERS = 50
_PAUSE = Between(1.0, 4.0)
_FOLLOW_UP = {'prison': ('when can I visit', 'and on Sundays?'),
              'border': ('when is the border open', 'and on Sunday?')}
_FRENCH = {'prison': ("où est l'atelier", 'workshop'), 'border': ('où est le portail de service', 'service_gate')}


def greet_queue(job: BehaviourJob) -> Verdict:
    """Have four come one after the other: a good badge, an expired one, none, and one who leaves in mid-sentence."""
    lots = lots_of(job.trial, job.seed)
    post = post_at('post', GROUNDS[job.site].post, _WAITS_S, lots)
    good, expired, *_ = _shuffled(tuple(range(_MARKERS)), lots)
    language = lots.pick(('en', 'fr', 'es', 'ar'))
    front, queue_m, apart_m = post.place(lots.number(FRONT_M), lots.number(ASIDE_M)), *map(
        lots.number, (_QUEUE_M, _APART_M))

    def shows(number: int, worth: str) -> Play:
        def play(person: Person) -> Script:
            yield from person.wait(lots.number(_PAUSE))
            yield from person.show(number, worth, language)
        return play

    def asks(person: Person) -> Script:
        """Ask, go a few steps away in plain view, and come back: he is known still."""
        person.ask('where are the toilets', ReplyKind.ANSWER, 'toilets')
        yield from person.wait(lots.number(_PAUSE))
        yield from person.walk(post.place(4.5, _QUEUE_ASIDE_M), front)
        yield from person.wait(8.0)

    def breaks_off(person: Person) -> Script:
        yield from person.wait(1.0)
        person.ask('I want to report something', ReplyKind.REPORT)

    def comes(play: Play, after: str, waits_at: Point2) -> Play:
        """Wait until who was there before has gone; then it is his turn."""
        def whole(person: Person) -> Script:
            yield from person.walk(waits_at)
            yield from person.until(lambda: not after or stage.people[after].has_done, 300.0, otherwise='had no turn')
            yield from person.come(front)
            yield from play(person)
            yield from person.walk(post.place(2.2, _BYPASS_M), post.place(4.6, _BYPASS_M))
            person.has_done = True
            yield from person.walk(post.place(FAR_M, _BYPASS_M))
        return whole

    plays: dict[str, Play] = {
        'good': shows(good, 'good'), 'expired': shows(expired, 'expired'), 'none': asks, 'breaks_off': breaks_off}
    order = _shuffled(tuple(plays), lots)
    guests = {
        name: Guest(post.place(FROM_M + number * apart_m, _QUEUE_ASIDE_M), comes(
            plays[name], order[number - 1] if number else '', post.place(queue_m + apart_m * number, _QUEUE_ASIDE_M)))
        for number, name in enumerate(order)}
    stage = ReceptionStage(
        job, (post,), guests, cards=(good, expired), visitors=VisitorList({
            badge.badge_id: badge for badge in (_badge(good, 0, language), _badge(expired, -1, language))}))
    try:
        stage.play()
        flaws = []
        left = stage.people['breaks_off'].conversation
        if left and not any(reply.kind is ReplyKind.FAREWELL and reply.conversation == left
                            for reply in stage.lobby.replies):
            flaws.append('nobody took leave of who walked away in mid-sentence')
        if any(event.kind is DeskEventKind.REPORT for event in stage.lobby.events):
            flaws.append('a report that was broken off reached the desk')
        return stage.verdict(tuple(guests), flaws, {})
    finally:
        stage.loop.close()


def greet_two(job: BehaviourJob) -> Verdict:
    """Have two come up and talk at once, in two languages."""
    lots = lots_of(job.trial, job.seed)
    post = post_at('post', GROUNDS[job.site].post, _WAITS_S, lots)
    side = lots.pick((1.0, -1.0))
    first, follow_up = _FOLLOW_UP[job.site]
    question, subject = _FRENCH[job.site]

    def asks_on(person: Person) -> Script:
        reply = person.ask(first, ReplyKind.ANSWER, aloud=False)
        yield from person.wait(lots.number(_PAUSE))
        person.ask(follow_up, ReplyKind.ANSWER, reply.subject if reply else '', aloud=False)
        yield from person.wait(lots.number(_PAUSE))

    def asks_in_french(person: Person) -> Script:
        for message in (question, 'répétez'):
            reply = person.ask(message, ReplyKind.WAY, subject, aloud=False)
            if reply and reply.language != 'fr':
                person.flaws.append(f'{person.name}: French was answered in {reply.language}')
            yield from person.wait(lots.number(_PAUSE))

    def beside(play: Play, towards: float) -> Play:
        def whole(person: Person) -> Script:
            yield from person.wait(lots.number(_PAUSE))
            yield from person.come(post.place(
                lots.number(Between(1.3, 1.9)), towards * lots.number(Between(0.7, 1.1))))
            # A word each in turn: both must be there.
            yield from person.until(lambda: all(each.conversation for each in stage.people.values()))
            yield from person.wait(lots.number(_PAUSE))
            yield from play(person)
            yield from person.walk(post.place(_TWO_FROM_M, 0.6 * towards), post.place(FAR_M, _BYPASS_M))
        return whole

    guests = {
        'one': Guest(post.place(_TWO_FROM_M, 0.6 * side), beside(asks_on, side)),
        'other': Guest(post.place(_TWO_FROM_M, -0.6 * side), beside(asks_in_french, -side))}
    stage = ReceptionStage(job, (post,), guests)
    try:
        stage.play()
        return stage.verdict(tuple(guests), (), {})
    finally:
        stage.loop.close()


def greet_nobody(job: BehaviourJob) -> Verdict:
    """Have staff come up where they are on duty, and others pass, stand far off, or run about where visitors are."""
    lots = lots_of(job.trial, job.seed)
    duty = post_at('duty', GROUNDS[job.site].duty, 25.0, lots)
    post = post_at('post', GROUNDS[job.site].post, 40.0, lots)

    def works(person: Person) -> Script:
        yield from person.walk(duty.place(lots.number(Between(1.3, 2.0)), lots.number(Between(-0.8, 0.8))))
        yield from person.wait(lots.number(Between(12.0, 16.0)))
        yield from person.walk(duty.place(10.0, 1.0))

    def passes(person: Person) -> Script:
        yield from person.walk(post.place(-6.0, lots.number(Between(-1.25, -1.1))))

    def stands_far(person: Person) -> Script:
        yield from person.walk(post.place(lots.number(Between(3.6, 5.0)), _QUEUE_ASIDE_M))
        yield from person.wait(20.0)
        yield from person.walk(post.place(FAR_M + 2.0, _QUEUE_ASIDE_M))

    def runs_about(person: Person) -> Script:
        """Mind nobody: run to and fro before the robot."""
        yield from person.wait(lots.number(Between(6.0, 10.0)))
        for _ in range(6):
            yield from person.walk(
                post.place(lots.number(Between(1.3, 5.0)), lots.number(Between(-1.0, 0.9))), speed_m_s=1.7)
        yield from person.walk(post.place(5.0, _BYPASS_M), post.place(FAR_M + 4.0, _BYPASS_M), speed_m_s=1.7)

    guests = {
        'staff': Guest(duty.place(FROM_M, 1.0), works, 0), 'passer': Guest(post.place(FROM_M, _BYPASS_M), passes, 1),
        'far': Guest(post.place(FROM_M + 3.0, _QUEUE_ASIDE_M), stands_far, 1),
        'wild': Guest(post.place(FAR_M + 4.0, _BYPASS_M), runs_about, 1)}
    stage = ReceptionStage(job, (duty, post), guests)
    try:
        stage.play()
        return stage.verdict((), (), {})
    finally:
        stage.loop.close()


def _badge(number: int, days: int, language: Language) -> Badge:
    """Return a badge that is good all day, so many days after today."""
    morning = datetime.fromisoformat(DAY) + timedelta(days=days)
    return Badge(f'aruco:{number}', 'Kim Example', morning, morning + timedelta(days=1), host='Ms Example',
                 language=language)


def _shuffled(options: tuple[T, ...], lots: Lots) -> list[T]:
    left, drawn = list(options), []
    while left:
        drawn.append(lots.pick(tuple(left)))
        left.remove(drawn[-1])
    return drawn
