"""Everything that can go wrong for a person, as one small tree.

FlowError                     one clear line: where, what, what to do
├── UsageError          (2)   a wrong option, dataset, wiki or setting
├── Unreachable         (3)   a database or a host that does not answer
├── DatasetError        (1)   one dataset of one wiki could not be made
│   ├── ScriptError           its query script does not load
│   ├── SchemaError           its wiki lacks tables or columns
│   │   └── AbsentSource      its wiki has none of a source's tables, and can do without
│   ├── QueryError            its SQL failed
│   └── ResultError           its SQL returned something else than it declares
├── HeldBack            (4)   a check kept something from being published
└── Locked             (75)   another run is at work in the same folder
"""


class Stopped(BaseException):
    """SIGTERM or SIGINT: stop now; nothing half-written is left."""

    def __init__(self, signal: int) -> None:
        self.exit_code = 128 + signal
        super().__init__("stopped by a signal; what was computed is kept, and the next run goes on")


class TooLong(BaseException):
    """Somebody's function was ended, for it takes too long."""


class FlowError(Exception):
    """A problem that a person can mend; ``str()`` is one line that says where, what and what to do."""

    exit_code = 1


class UsageError(FlowError):
    """The command line or the settings ask for something that cannot be."""

    exit_code = 2


class Unreachable(FlowError):
    """A database server or file, or a target's host, that cannot be opened."""

    exit_code = 3


class DatasetError(FlowError):
    """One dataset of one wiki could not be made; the others go on. ``excerpt``: the line at fault, to show at a terminal."""

    def __init__(self, text: str = "", excerpt: str = "") -> None:
        super().__init__(text)
        self.excerpt = excerpt


class ScriptError(DatasetError):
    """A query script that does not import, or does not define its dataset."""


class SchemaError(DatasetError):
    """A wiki whose database lacks a table or column that a dataset reads."""


class AbsentSource(SchemaError):
    """A wiki whose database has none of the tables of an extension that a wiki can do without."""


class QueryError(DatasetError):
    """SQL that the database refused or stopped, or that could not be rendered.

    ``template``: the relation that could not be, "" for the script's own SQL, and its ``line``; 0 where that is not known.
    ``word``: what is wrong there.
    """

    def __init__(self, text: str = "", excerpt: str = "", word: str = "") -> None:
        super().__init__(text, excerpt)
        self.word = word
        self.template, self.line = "", 0


class ResultError(DatasetError):
    """A result whose columns, dates or values are not what the dataset declares."""


class HeldBack(FlowError):
    """A check that kept something from being published."""

    exit_code = 4


class Locked(FlowError):
    """Another run is at work in the same output folder."""

    exit_code = 75
