"""Everything this project raises on purpose, as one tree.

ExplorerError
├── LanguageError    a sentence that cannot be read; knows its column
├── NetworkError     a field or a name that does not exist or has a wrong value
├── PlanError        sentences that are fine alone but do not fit together
├── BudgetError      a network larger than the limit given
├── RunError         a run, recipe or data set that does not exist, or cannot do what is asked
├── DataError        images that cannot be had: offline, corrupt, too many, of no known kind
└── JournalError     a file of a run that cannot be read or written
"""


class ExplorerError(Exception):
    """One sentence that says what is wrong, where, and what would be right."""


class LanguageError(ExplorerError):
    """A sentence that cannot be read."""

    def __init__(self, message: str, column: int, suggestion: str = "") -> None:
        """Keep the column (from 1) and the word that was probably meant, for the editor."""
        super().__init__(message)
        self.column = column
        self.suggestion = suggestion

    def __reduce__(self) -> tuple[type["LanguageError"], tuple[str, int, str]]:
        """Between processes it keeps all three."""
        return type(self), (str(self), self.column, self.suggestion)


class NetworkError(ExplorerError):
    """A field or a name that does not exist or has a wrong value."""


class PlanError(ExplorerError):
    """Sentences that are fine alone but do not fit together."""


class BudgetError(ExplorerError):
    """A network larger than the limit given."""


class RunError(ExplorerError):
    """A run, recipe or data set that does not exist, or cannot do what is asked."""


class DataError(ExplorerError):
    """Images that cannot be had: offline, corrupt, too many, of no known kind."""


class JournalError(ExplorerError):
    """A file of a run that cannot be read or written."""
