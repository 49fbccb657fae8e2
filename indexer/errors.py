"""What can go wrong and be told to a person: every error carries its `Message`."""

from indexer.messages import Message


class BaochaError(Exception):
    """Something a user can understand and act on; `message` says it in one line."""

    def __init__(self, message: Message) -> None:
        """Make the error that says `message`."""
        super().__init__(message.render("en"))
        self.message = message

    def __reduce__(self) -> tuple[type["BaochaError"], tuple[Message]]:
        # Errors travel back from worker processes; the default pickling of exceptions
        # would hand the rendered string to __init__ instead of the message.
        return type(self), (self.message,)


class SourceError(BaochaError):
    """One source file cannot be read; the others are not touched by it."""


class IndexUnusableError(BaochaError):
    """The index folder is missing, foreign, damaged, locked or of another version."""


class DamagedIndexError(IndexUnusableError):
    """The index is ours but cannot be read; rebuilding mends it."""
