"""Everything this project raises on purpose, as one tree.

ExplorerError
├── LanguageError    a sentence that cannot be read; knows its column
├── NetworkError     a field or a name that does not exist or has a wrong value
├── PlanError        sentences that are fine alone but do not fit together
├── BudgetError      a network larger than a limit
├── RunError         a run, recipe or data set that does not exist, or one that cannot do this now
├── DataError        images that cannot be loaded: offline, corrupt, too many, or in an unknown format
├── JournalError     a file of a run that cannot be read or written
└── WorkerError      a worker process that ended before it answered
"""


class ExplorerError(Exception):
    """One sentence that says what is wrong, where, and what would be right.

    `suggestions` are texts that would be right, each in the place of all of what `replaces` names: the network's
    name, the ordering, the sentence, or the field.
    """

    suggestions: tuple[str, ...] = ()
    replaces: str = ""


class LanguageError(ExplorerError):
    """A sentence that cannot be read."""

    replaces = "sentence"

    def __init__(self, message: str, column: int, suggestion: str = "", suggestions: tuple[str, ...] = ()) -> None:
        """Store the column (from 1), the word that was probably meant, and whole sentences with it."""
        super().__init__(message)
        self.column = column
        self.suggestion = suggestion
        self.suggestions = suggestions

    def __reduce__(self) -> tuple[type["LanguageError"], tuple[str, int, str, tuple[str, ...]]]:
        """Between processes it keeps all four."""
        return type(self), (str(self), self.column, self.suggestion, self.suggestions)


class NetworkError(ExplorerError):
    """A field or a name that does not exist or has a wrong value."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = (), replaces: str = "") -> None:
        """Store what would be right, and of what: network, ordering or field."""
        super().__init__(message)
        self.suggestions = suggestions
        self.replaces = replaces


class PlanError(ExplorerError):
    """Sentences that are fine alone but do not fit together."""


class BudgetError(ExplorerError):
    """A network larger than a limit."""


class RunError(ExplorerError):
    """A run, recipe or data set that does not exist, or one that cannot do this now."""


class AnalysisError(ExplorerError):
    """An analysis or a setting that does not exist, or a subject that it cannot look at."""


class StudyError(ExplorerError):
    """A study that does not exist, a form that it does not have, or a run of it that failed."""


class DataError(ExplorerError):
    """Images that cannot be loaded: offline, corrupt, too many, or in an unknown format."""


class JournalError(ExplorerError):
    """A file of a run that cannot be read or written."""


class WorkerError(ExplorerError):
    """A worker process that ended before it answered."""
