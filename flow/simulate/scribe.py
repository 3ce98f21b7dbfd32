"""Writes what people do on a wiki as the rows that MediaWiki 1.39 and Flow would write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from zlib import crc32

from flow.simulate.accounts import Accounts
from flow.simulate.things import Board, Page, Person, Topic, Written
from flow.wiki.bots import SYSTEM_USER
from flow.wiki.stamps import timestamp

Row = tuple[object, ...]
Emit = Callable[[str, Row], None]

MODELS = {"wikitext": 1, "flow-board": 2}


class Scribe:
    """One wiki's pen: each method is one act of one person at a second after 1970, and gives ``emit`` its rows.

    What is only known in the end, such as where a page was moved, is written by ``finish``.
    """

    def __init__(self, wiki: str, emit: Emit) -> None:
        self.wiki = wiki
        self.emit = emit
        self._counter = 0
        self._node = crc32(wiki.encode())
        self._serial = dict.fromkeys(("user", "actor", "page", "revision", "content", "log", "archive"), 0)
        self._pages: list[Page] = []
        self._boards: list[Board] = []
        self.accounts = Accounts()
        self.system = self.person(SYSTEM_USER, groups=("bot", "flow-bot"))

    def finish(self) -> None:
        """Writes the accounts, pages, boards and topics as they are in the end."""
        for row in self.accounts.rows():
            self.emit("user", row)
        for page in self._pages:
            if not page.doomed:
                self.emit("page", (page.id, page.namespace, page.title, page.model))
        for board in self._boards:
            for id, kind in [(board.id, "discussion"), *((topic.title.id, "topic") for topic in board.topics)]:
                page = board.page
                self.emit("flow_workflow", (id, self.wiki, page.namespace, page.id, page.title, kind))

    # People

    def person(self, name: str, groups: Iterable[str] = (), former: Iterable[str] = ()) -> Person:
        """A user, with the groups of today and of the past; ``accounts`` takes when it was registered."""
        id = self._next("user")
        for group in groups:
            self.emit("user_groups", (id, group))
        for group in former:
            self.emit("user_former_groups", (id, group))
        person = Person(name, id, self._actor(id, name), bool({*groups, *former} & {"bot", "flow-bot"}))
        self.accounts.add(person)
        return person

    def address(self, ip: str) -> Person:
        """Somebody without an account."""
        return Person(ip, 0, self._actor(None, ip))

    def _actor(self, user_id: int | None, name: str) -> int:
        id = self._next("actor")
        self.emit("actor", (id, user_id, name))
        return id

    # Flow

    def board(self, at: int, by: Person, namespace: int, title: str, header: bool = True) -> Board:
        """Enables a board, which writes a header."""
        page = self._page(namespace, title, "flow-board")
        self._revision(at, self.system, page, f"board {page.id}", "flow-board")
        id = self.flow_id(at)
        board = Board(id, page, Written(id, "header", by))
        self._boards.append(board)
        if header:
            self.edit_header(at, by, board)
        return board

    def topic(self, at: int, by: Person, board: Board, opening_after: int | None = 0) -> Topic:
        """Opens a topic; its opening post comes ``opening_after`` seconds later, or not at all."""
        id = self.flow_id(at)
        title = Written(id, "post", by)
        topic = Topic(board, title, None, Written(id, "post-summary", by))
        board.topics.append(topic)
        self.emit("flow_topic_list", (board.id, id))
        self.emit("flow_tree_node", (id, id, 0))
        self._flow_revision(at, by, title, "new-post", self.flow_id(at))
        page = self._page(2600, f"T{id.hex()}", "flow-board")
        self._revision(at, self.system, page, f"topic {page.id}", "flow-board")
        if opening_after is not None:
            topic.opening = self.reply(at + opening_after, by, title)
        return topic

    def reply(self, at: int, by: Person, parent: Written) -> Written:
        """Replies to a topic's title or to a post. Its first revision bears its own id."""
        post = Written(self.flow_id(at), "post", by, parent)
        self.emit("flow_tree_node", (post.id, post.id, 0))
        above, depth = parent, 1
        while True:
            self.emit("flow_tree_node", (above.id, post.id, depth))
            if above.parent is None:
                break
            above, depth = above.parent, depth + 1
        self._flow_revision(at, by, post, "reply", post.id)
        return post

    def edit(self, at: int, by: Person, written: Written) -> None:
        """Edits a post, or a topic's title."""
        self._flow_revision(at, by, written, "edit-title" if written.parent is None else "edit-post", self.flow_id(at))

    def edit_header(self, at: int, by: Person, board: Board) -> None:
        """Writes or edits a board's header."""
        kind = "edit-header" if board.header.last_revision else "create-header"
        self._flow_revision(at, by, board.header, kind, self.flow_id(at))

    def edit_summary(self, at: int, by: Person, topic: Topic) -> None:
        """Writes or edits a topic's summary."""
        kind = "edit-topic-summary" if topic.summary.last_revision else "create-topic-summary"
        self._flow_revision(at, by, topic.summary, kind, self.flow_id(at))

    def moderate(self, at: int, by: Person, written: Written, action: str) -> None:
        """Hides, deletes, suppresses, restores, locks or unlocks a post or a topic's title."""
        thing = "topic" if written.parent is None else "post"
        written.state = "" if action in ("restore", "unlock") else action
        self._flow_revision(at, by, written, f"{action.replace('unlock', 'restore')}-{thing}", self.flow_id(at))

    def move_board(self, at: int, by: Person, board: Board, namespace: int, title: str) -> None:
        """Moves a board, with its topics, leaving a redirect."""
        self.move(at, by, board.page, namespace, title)

    def delete_board(self, board: Board) -> None:
        """Deletes a board's page; Flow keeps its topics. The stub's revision goes with the page."""
        self._pages.remove(board.page)

    def flow_id(self, at: int) -> bytes:
        """A new Flow id of the second ``at``: milliseconds, a counter of 10 bits that wraps, and a node."""
        self._counter += 1
        number = ((at * 1000) << 42) | ((self._counter & 1023) << 32) | ((self._node + (self._counter >> 10)) & 0xFFFFFFFF)
        return number.to_bytes(11, "big")

    def _flow_revision(self, at: int, by: Person, written: Written, change: str, id: bytes) -> None:
        self.accounts.count(by, at)
        who = (by.user_id, by.ip, self.wiki)
        self.emit("flow_revision", (id, written.kind, written.id, *who, written.last_revision, change, written.state))
        if written.kind == "post":
            author = written.author
            parent = written.parent.id if written.parent else None
            self.emit("flow_tree_revision", (id, written.id, author.user_id, author.ip, self.wiki, parent))
        written.last_revision = id

    # Wikitext

    def page(self, namespace: int, title: str, doomed: bool = False) -> Page:
        """A wikitext page, yet without a revision; ``doomed`` if it will have been deleted in the end."""
        return self._page(namespace, title, "wikitext", doomed)

    def save(self, at: int, by: Person, page: Page, text: str) -> None:
        """Saves a page with new content, or, as a rollback does, with that of an older revision."""
        self._revision(at, by, page, text, "wikitext")

    def move(self, at: int, by: Person, page: Page, namespace: int, title: str, redirect: bool = True) -> Page | None:
        """Moves a page: a null revision, a line in the log, and, with ``redirect``, a new page at the old title, given back."""
        old = (page.namespace, page.title)
        page.namespace, page.title = namespace, title
        self._revision(at, by, page, page.hashes[-1], page.model, minor=True)
        self._log(at, by, "move", "move", old, page)
        if not redirect:
            return None
        left = self._page(*old, "wikitext")
        self._revision(at, by, left, f"#REDIRECT {title}", "wikitext")
        return left

    def log_creation(self, at: int, by: Person, page: Page) -> None:
        """Notes in the log that a page is new, as MediaWiki does since 1.32 unless it is set not to."""
        self._log(at, by, "create", "create", (page.namespace, page.title), page)

    def _page(self, namespace: int, title: str, model: str, doomed: bool = False) -> Page:
        page = Page(self._next("page"), namespace, title.replace(" ", "_"), doomed, model=model)
        self._pages.append(page)
        return page

    def _log(self, at: int, by: Person, type: str, action: str, title: tuple[int, str], page: Page) -> None:
        self.emit("logging", (self._next("log"), type, action, timestamp(at), by.actor_id, *title, page.id))

    def _revision(self, at: int, by: Person, page: Page, text: str, model: str, minor: bool = False) -> None:
        self.accounts.count(by, at)
        id, content, hash, size = self._next("revision"), self._next("content"), _hash(text), _size(text, model)
        self.emit("content", (content, hash, MODELS[model]))
        self.emit("slots", (id, 1, content, id))
        if page.doomed:
            row = (page.namespace, page.title, by.actor_id, timestamp(at), int(minor), id, size, page.id, page.latest, hash)
            self.emit("archive", (self._next("archive"), *row))
        else:
            self.emit("revision", (id, page.id, by.actor_id, timestamp(at), int(minor), size, page.latest, hash))
        page.latest = id
        page.hashes = [*page.hashes[-1:], text]

    def _next(self, what: str) -> int:
        self._serial[what] += 1
        return self._serial[what]


def _hash(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:31]


def _size(text: str, model: str) -> int:
    """The bytes of a page whose newest words are ``text``, the same for the same; a board's is 1, as Flow says."""
    return 1 if model == "flow-board" else len(text.encode()) + crc32(text.encode()) % 9000
