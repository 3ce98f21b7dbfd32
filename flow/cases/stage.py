"""A wiki where acts are performed, written down by a scribe; ``VERBS`` has all verbs, each with an example."""

from __future__ import annotations

import inspect
import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from flow.cases.acts import Act, BadAct, place
from flow.datasets.parts import near
from flow.simulate.scribe import Scribe
from flow.simulate.things import Board, Page, Person, Topic, Written

#: What moderators do; ``censors`` and ``closes`` are old names in Flow for ``suppresses`` and ``locks``.
MODERATION = {
    "hides": "hide", "deletes": "delete", "suppresses": "suppress", "restores": "restore", "locks": "lock",
    "unlocks": "unlock", "censors": "censor", "closes": "close",
}


@dataclass(frozen=True, slots=True)
class Verb:
    """The pattern of what a verb takes, whose groups are given to ``perform`` after the time and the person.

    ``says`` is what it means.
    """

    says: str
    example: str
    takes: str
    perform: Callable[..., None]


VERBS: dict[str, Verb] = {}


def verb(example: str, takes: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a method of Stage what the verb of ``example`` does."""

    def add(perform: Callable[..., None]) -> Callable[..., None]:
        VERBS[example.partition(" | ")[0]] = Verb(inspect.cleandoc(perform.__doc__ or ""), example, takes, perform)
        return perform

    return add


@dataclass(slots=True)
class Stage:
    """A wiki where acts are performed, and who and what is on it by name; ``groups``, and ``former`` ones, of people.

    ``overwritten``: the ids of pages that others were moved onto, which deletes them.
    """

    scribe: Scribe
    groups: Mapping[str, Iterable[str]] = field(default_factory=dict)
    former: Mapping[str, Iterable[str]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    overwritten: set[int] = field(default_factory=set)
    texts: Iterator[int] = field(default_factory=count)

    def play(self, act: Act) -> None:
        """Performs one act. Raises BadAct."""
        if act.verb not in VERBS:
            raise BadAct(f"there is no verb '{act.verb}'; {near(act.verb, list(VERBS))}", act.line)
        known = VERBS[act.verb]
        match = re.fullmatch(known.takes, act.what)
        if match is None:
            raise BadAct(f"write it as in '{known.example}'", act.line)
        try:
            known.perform(self, act.at, self.person(act.who), *match.groups())
        except KeyError as error:
            raise BadAct(f"there is no {error} yet", act.line) from error
        except BadAct as error:
            raise BadAct(error.what, act.line) from error

    def person(self, name: str) -> Person:
        """Whoever bears ``name``: Flow's system user, an address, or a user."""
        if name not in self.people:
            self.people[name] = self._newcomer(name)
        return self.people[name]

    def _newcomer(self, name: str) -> Person:
        if name == self.scribe.system.name:
            return self.scribe.system
        if _is_address(name):
            return self.scribe.address(name)
        return self.scribe.person(name, self.groups.get(name, ()), self.former.get(name, ()))

    def _named(self, name: str, thing: Written) -> Written:
        if name in self.written:
            raise BadAct(f"'{name}' is named twice")
        self.written[name] = thing
        return thing

    @verb("registers | an account", "an account")
    def _registers(self, at: int, by: Person) -> None:
        """Registers an account; of others nobody knows when that was."""
        try:
            self.scribe.accounts.register(by, at)
        except ValueError as error:
            raise BadAct(f"{error}; write it before") from error
        except KeyError as error:
            raise BadAct(f"'{by.name}' is an address, which has no account") from error

    # Flow

    def _board(self, at: int, title: str) -> Board:
        if title not in self.boards:
            self.boards[title] = self.scribe.board(at, self.scribe.system, *place(title), header=False)
        return self.boards[title]

    @verb("enables | Talk:Alpha", "(.+)")
    def _enables(self, at: int, by: Person, title: str) -> None:
        """Makes a page a Flow board, which writes its header."""
        if title in self.boards:
            raise BadAct(f"'{title}' is a board already; enable it before it is used")
        self.boards[title] = self.scribe.board(at, by, *place(title))

    @verb("moves board | Talk:Alpha to Talk:Beta", "(.+?) to (.+)")
    def _moves_board(self, at: int, by: Person, old: str, new: str) -> None:
        """Moves a board with its topics."""
        board = self._board(at, old)
        self.scribe.move_board(at, by, board, *place(new))
        self.boards[new] = self.boards.pop(old)

    @verb("writes header | Talk:Alpha", "(.+)")
    def _writes_header(self, at: int, by: Person, title: str) -> None:
        """Writes or edits a board's header."""
        self.scribe.edit_header(at, by, self._board(at, title))

    @verb("writes summary | T1", "(.+)")
    def _writes_summary(self, at: int, by: Person, name: str) -> None:
        """Writes or edits a topic's summary."""
        self.scribe.edit_summary(at, by, self.topics[name])

    @verb(
        "opens | T1 on Talk:Alpha, opening post after 2 s",
        r"(\S+) on (.+?)(?:, (?:opening post after (\d+) s|(without opening post)))?",
    )
    def _opens(self, at: int, by: Person, name: str, board: str, after: str | None, bare: str | None) -> None:
        """Opens a topic on a board, with its opening post at once, so many seconds later, or 'without opening post'."""
        topic = self.scribe.topic(at, by, self._board(at, board), None if bare else int(after or 0))
        self.topics[name] = topic
        self._named(name, topic.title)
        if topic.opening:
            self._named(f"{name}'s post", topic.opening)

    @verb("replies | p1 to T1", r"(\S+) to (.+)")
    def _replies(self, at: int, by: Person, name: str, above: str) -> None:
        """Replies to a topic or to a post, and names the reply."""
        self._named(name, self.scribe.reply(at, by, self.written[above]))

    @verb("edits | p1", "(.+)")
    def _edits(self, at: int, by: Person, name: str) -> None:
        """Edits a post; or the title of a topic, by its name."""
        self.scribe.edit(at, by, self.written[name])

    # Wikitext

    @verb("saves | Talk:Page as some text", "(.+?)(?: as (.+))?")
    def _saves(self, at: int, by: Person, title: str, text: str | None) -> None:
        """Saves a wikitext page, with a text of its own unless one is given: the same text as before is a revert."""
        if title not in self.pages:
            self.pages[title] = self.scribe.page(*place(title))
            self.scribe.log_creation(at, by, self.pages[title])
        self.scribe.save(at, by, self.pages[title], text or f"text {next(self.texts)}")

    @verb("protects | Talk:Page", "(.+)")
    def _protects(self, at: int, by: Person, title: str) -> None:
        """Saves a page as it is, as protecting one does: a null revision."""
        page = self.pages[title]
        self.scribe.save(at, by, page, page.hashes[-1])

    @verb("moves | Talk:Page to Talk:Other without redirect", "(.+?) to (.+?)( without redirect)?")
    def _moves(self, at: int, by: Person, old: str, new: str, bare: str | None) -> None:
        """Moves a page, which leaves a redirect unless it should not."""
        page = self.pages.pop(old)
        if new in self.pages:
            self.overwritten.add(self.pages[new].id)
        redirect = self.scribe.move(at, by, page, *place(new), redirect=not bare)
        self.pages[new] = page
        if redirect:
            self.pages[old] = redirect


def _moderates(action: str) -> Callable[..., None]:
    def moderate(stage: Stage, at: int, by: Person, name: str) -> None:
        stage.scribe.moderate(at, by, stage.written[name], action)

    old = {"censor": ", Flow's old name for suppress", "close": ", Flow's old name for lock"}.get(action, "")
    moderate.__doc__ = f"Moderates a post, or a topic by its name: {action}{old}."
    return moderate


for _name, _action in MODERATION.items():
    verb(f"{_name} | p1", "(.+)")(_moderates(_action))


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False
