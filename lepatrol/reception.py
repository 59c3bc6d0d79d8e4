"""How a greeter is put together from the files of its site and languages.

Apart from ``assembly``, because a greeter needs no simulator: it starts in a second and is small.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from pathlib import Path

from lepatrol import resources
from lepatrol.greeting.badges import BadgeDesk
from lepatrol.greeting.fidelity import Fidelity
from lepatrol.greeting.greeter import Greeter
from lepatrol.greeting.host import Host
from lepatrol.greeting.polish import Polish
from lepatrol.greeting.presence import Presence
from lepatrol.greeting.rephraser import HttpRephraser
from lepatrol.greeting.transcripts import TranscriptStore
from lepatrol.greeting.visitor_ground import VisitorGround
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Knowledge, Language, LanguageData
from lepatrol.model.site import Site
from lepatrol.model.site_clock import SiteClock
from lepatrol.model.visitors import VisitorList
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.knowledge_file import read_knowledge
from lepatrol.settings.language_file import read_language
from lepatrol.settings.site_file import read_site
from lepatrol.settings.visitor_file import read_visitors


def load_knowledge(knowledge: str | Path) -> Knowledge:
    """Read a knowledge file given by name or by path, and check it against its site."""
    return read_knowledge(resources.knowledge_path(knowledge), _waypoints_of, resources.known_languages())


def load_languages(codes: Collection[Language]) -> dict[Language, LanguageData]:
    """Read language files."""
    return {code: read_language(resources.language_path(code)) for code in codes}


def load_site_of(knowledge: Knowledge) -> Site:
    """Read the site that a knowledge file is about."""
    return read_site(resources.site_path(knowledge.site))


def make_greeter(
    knowledge: Knowledge, settings: GreeterSettings, *, clock_start: str = '', transcript_folder: Path | None = None,
    languages: Mapping[Language, LanguageData] | None = None, logger: logging.Logger | None = None,
) -> Greeter:
    """Make the greeter of a site."""
    clock = SiteClock(load_site_of(knowledge).time_zone, clock_start)
    return Greeter(
        knowledge, languages or load_languages(knowledge.languages), settings, local_time=clock.local,
        transcripts=TranscriptStore(transcript_folder, knowledge.transcripts_kept_days), logger=logger)


def make_host(
    greeter: Greeter, knowledge: Knowledge, settings: GreeterSettings, *, visitors: VisitorList, clock_start: str = '',
    languages: Mapping[Language, LanguageData] | None = None,
) -> Host:
    """Make what joins a greeter with who stands before it."""
    site = load_site_of(knowledge)
    return Host(
        greeter, Presence(settings.presence, VisitorGround(site.zones)), BadgeDesk(visitors),
        languages=languages or load_languages(knowledge.languages), welcome=knowledge.welcome,
        local_time=SiteClock(site.time_zone, clock_start).local)


def make_polish(
    knowledge: Knowledge, settings: GreeterSettings, languages: Mapping[Language, LanguageData],
    logger: logging.Logger,
) -> Polish | None:
    """Make what has answers said in other words, None where no server is named.

    :raises SettingsError: if the server's address is none.
    """
    if not settings.rephraser.url:
        return None
    fidelity = Fidelity({code: (languages[code], Vocabulary(languages[code])) for code in knowledge.languages})
    return Polish(HttpRephraser(settings.rephraser), fidelity, settings.rephraser, logger)


def load_visitors(visitors: str | Path) -> VisitorList:
    """Read a visitor list by name or path; '' is an empty one."""
    if not visitors:
        return VisitorList({})
    return read_visitors(resources.visitors_path(visitors), resources.known_languages())


def _waypoints_of(site: str) -> Collection[str]:
    return read_site(resources.site_path(site)).waypoints
