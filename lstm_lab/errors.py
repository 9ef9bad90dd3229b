"""The one kind of error that is a sentence for a person, not a traceback."""

__all__ = ["UserError"]


class UserError(ValueError):
    """A call that cannot be served as asked; its text is one clear sentence.

    The command line prints the sentence and exits with 2; in a notebook it is the
    last line that a learner reads, so it names the argument, what was expected and
    what was found.
    """
