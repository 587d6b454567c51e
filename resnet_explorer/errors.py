"""Everything this project raises on purpose, as one tree.

ExplorerError
├── LanguageError    a sentence that cannot be read; knows its column
├── NetworkError     a field or a name that does not exist or has a wrong value
├── PlanError        sentences that are fine alone but do not fit together
└── BudgetError      a network larger than the limit given
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


class NetworkError(ExplorerError):
    """A field or a name that does not exist or has a wrong value."""


class PlanError(ExplorerError):
    """Sentences that are fine alone but do not fit together."""


class BudgetError(ExplorerError):
    """A network larger than the limit given."""
