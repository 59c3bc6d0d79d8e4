"""How a greeter is put together from the files of its site and languages.

Apart from ``assembly``, because a greeter needs no simulator: it starts in a second and is small.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from pathlib import Path

from lepatrol import resources
from lepatrol.greeting.greeter import Greeter
from lepatrol.greeting.transcripts import TranscriptStore
from lepatrol.model.knowledge import Knowledge, Language, LanguageData
from lepatrol.model.site import Site
from lepatrol.model.site_clock import SiteClock
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.knowledge_file import read_knowledge
from lepatrol.settings.language_file import read_language
from lepatrol.settings.site_file import read_site


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


def _waypoints_of(site: str) -> Collection[str]:
    return read_site(resources.site_path(site)).waypoints
