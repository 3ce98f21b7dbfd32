"""What each section of the settings file may say, and what it means."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from flow.datasets.period import FIRST_DAY, LAST_DAY, Grain
from flow.errors import UsageError
from flow.privacy.policy import Policy, Rules
from flow.settings import Output, Settings, Wiki
from flow.settings.section import Section
from flow.settings.targets import KEYS, Target, target
from flow.wiki.schema import SOURCES

SCHEMES = ("mysql+pymysql://", "sqlite:///")
#: The sources whose tables are beside the core tables unless the settings tell where.
BESIDE_CORE = tuple(name for name in SOURCES if name != "core")
PREFIX = re.compile(r"[A-Za-z0-9_-]*")
#: user:password@host/database: a further @ would be taken for the host's, and named with it.
ACCOUNT = re.compile(r"([^:/@]*(:[^@]*)?@)?[^@]*")
WIKI_ID = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")


def settings(root: Section) -> Settings:
    """All that the file says."""
    root.only("wikis", "output", "privacy", "run", "targets", "queries", "demo", "now")
    run = root.section("run").only("time_limit")
    found = wikis(root.section("wikis"))
    return Settings(
        wikis=found,
        output=output(root.section("output")),
        time_limit=run.span("time_limit", "30m"),
        privacy=privacy(root.section("privacy"), set(found)),
        solver_seconds=root.section("privacy").at_least("solver_seconds", 1, 300),
        targets={name: target_of(name, below) for name, below in root.section("targets").sections()},
        queries=root.beside("queries"),
        demo=root.value("demo", bool, False),
        now=instant(root),
        path=root.path,
    )


def instant(root: Section) -> datetime | None:
    """The time that stands still in demos and tests, and nowhere else."""
    now: datetime | None = root.value("now", datetime, None)
    if now is not None and not root.table.get("demo"):
        raise root.fault("now", "the time may stand still only with demo = true; remove it")
    if now is not None and not FIRST_DAY < now.date() < LAST_DAY:
        raise root.fault("now", f"must be from {FIRST_DAY} to {LAST_DAY}")
    return now if now is None or now.tzinfo else now.replace(tzinfo=UTC)


def wikis(section: Section) -> dict[str, Wiki]:
    """The wikis, in the order of the file."""
    if not section.table:
        raise section.fault("", "there is no wiki; write a section [wikis.<wiki id>] with core = \"…\"")
    seen: dict[str, str] = {}
    for id in section.table:
        if seen.setdefault(id.lower(), id) != id:
            raise section.fault("", f"'{seen[id.lower()]}' and '{id}' are the same to Limn; rename one")
        if not WIKI_ID.fullmatch(id):
            raise section.fault(id, "a wiki id is letters, digits, _ and -")
    return {id: wiki(id, below) for id, below in section.sections()}


def wiki(id: str, section: Section) -> Wiki:
    """One wiki."""
    own = [f"{name}_{what}" for name in BESIDE_CORE for what in ("grace", "until")]
    section.only(*SOURCES, "prefix", "credentials", "since", "until", "grace", *own)
    found = sources(section)
    implied = frozenset(name for name in found if name not in section.table)
    since, closed = day(section, "since"), last_days(section)
    return Wiki(id, found, section.file("credentials"), since, graces(section), implied, closed, prefix(section))


def day(section: Section, key: str) -> date | None:
    """A day that a wiki can have."""
    found: date | None = section.value(key, date, None)
    if isinstance(found, datetime) or not FIRST_DAY <= (found or FIRST_DAY) <= LAST_DAY:
        raise section.fault(key, f"must be a day such as 2014-01-01, from {FIRST_DAY} to {LAST_DAY}")
    return found


def last_days(section: Section) -> dict[str, date]:
    """The last day of each source that is closed: its own, else the wiki's."""
    usual = day(section, "until")
    days = {"core": usual, **{name: day(section, f"{name}_until") or usual for name in BESIDE_CORE}}
    return {name: found for name, found in days.items() if found is not None}


def prefix(section: Section) -> str:
    """What the names of the wiki's tables begin with; nothing unless it is set."""
    found: str = section.value("prefix", str, "")
    if not PREFIX.fullmatch(found):
        raise section.fault("prefix", "is letters, digits, _ and -, as $wgDBprefix in LocalSettings.php")
    return found


def sources(section: Section) -> dict[str, str]:
    """The URL of each source that a wiki has: where the core tables are, unless it is set, and none for ``false``."""
    found = {"core": url(section, "core")}
    for name in BESIDE_CORE:
        if section.table.get(name) is not False:
            found[name] = url(section, name, found["core"])
    return found


def graces(section: Section) -> dict[str, int]:
    """The grace of each source: its own, else the wiki's."""
    usual = section.table.get("grace", "6h")
    return {"core": grace(section, "grace", "6h"), **{name: grace(section, f"{name}_grace", usual) for name in BESIDE_CORE}}


def grace(section: Section, key: str, default: str) -> int:
    """How long after its end a period is taken to be complete."""
    seconds = section.span(key, default)
    if seconds > 366 * 86400:
        raise section.fault(key, "must be a year at most")
    return seconds


def url(section: Section, key: str, default: str | None = None) -> str:
    """A database's URL; the path of a SQLite file is relative to the settings file's folder."""
    found: str | None = section.value(key, str, default)
    if found is None:
        raise section.fault(key, "is missing; write a URL such as mysql+pymysql://host/database")
    if not found.startswith(SCHEMES):
        raise section.fault(key, f"must begin with {' or '.join(SCHEMES)}")
    if found.startswith(SCHEMES[0]) and not ACCOUNT.fullmatch(found.removeprefix(SCHEMES[0]).partition("?")[0]):
        raise section.fault(key, "is no URL; write an @ or / within user and password as %40 or %2F, or use credentials")
    if found.startswith("sqlite:///") and not found.startswith("sqlite:////"):
        return f"sqlite:///{section.place_of(key, found.removeprefix('sqlite:///')).absolute()}"
    return found


def output(section: Section) -> Output:
    """Where and how to publish."""
    section.only("folder", "grains", "default_grain", "limn_name", "releases")
    grains = tuple(grain(section, "grains", each) for each in section.value("grains", list, [*Grain]))
    if not grains or len(set(grains)) < len(grains):
        raise section.fault("grains", "must name day, week or month, each once")
    default = grain(section, "default_grain", section.table.get("default_grain", _usual(grains)))
    if default not in grains:
        raise section.fault("default_grain", f"'{default}' is not among grains")
    name = section.value("limn_name", str, "flow")
    if not WIKI_ID.fullmatch(name):
        raise section.fault("limn_name", "is letters, digits, _ and -")
    folder = section.beside("folder", "output")
    assert folder is not None
    return Output(folder, grains, default, name, section.at_least("releases", 2, 14))


def _usual(grains: tuple[Grain, ...]) -> Grain:
    return Grain.MONTH if Grain.MONTH in grains else grains[0]


def grain(section: Section, key: str, text: Any) -> Grain:
    """The grain that ``text`` names."""
    if not isinstance(text, str) or text not in set(Grain):
        shown = f"'{text}'" if isinstance(text, str) and text.isalnum() else "it"
        raise section.fault(key, f"{shown} is no grain; there is {', '.join(Grain)}")
    return Grain(text)


def target_of(name: str, section: Section) -> Target:
    """One place where releases go."""
    section.only(*KEYS)
    texts = {key: section.value(key, str, None) for key in section.table}
    try:
        return target(name, texts, section.beside("folder"))
    except UsageError as error:
        raise section.fault("", str(error)) from error


def privacy(section: Section, wiki_ids: set[str]) -> Policy:
    """The rules for all, and what single wikis and datasets have of their own."""
    own = {"threshold", "people_by_day", "withhold_actions"}
    section.only(*own, "solver_seconds", "wikis", "datasets")
    usual = rules(section)
    for id, below in section.section("wikis").sections():
        if id not in wiki_ids:
            raise below.fault("", f"there is no wiki '{id}'; there is {', '.join(sorted(wiki_ids))}")
        below.only(*own)
    for _, below in section.section("datasets").sections():
        below.only("threshold")
    parts = {key: {id: rules(below) for id, below in section.section(key).sections()} for key in ("wikis", "datasets")}
    return Policy(Rules(**usual), parts["wikis"], parts["datasets"])


def rules(section: Section) -> dict[str, Any]:
    """The rules that a section gives, and no others."""
    found: dict[str, Any] = {}
    if "threshold" in section.table:
        found["threshold"] = section.at_least("threshold", 1, 5)
        if found["threshold"] == 2:
            raise section.fault("threshold", "2 would withhold nothing but 1, and so tell it; write 1 for off, or 3 or more")
    for key in ("people_by_day", "withhold_actions"):
        if key in section.table:
            found[key] = section.value(key, bool, False)
    return found
