"""From sources to notebooks, and from notebooks to the learner's own copies.

Modules are imported one by one: what an author needs (`build`, with babel) is not
there on a learner's machine, and `copies` must start fast.
"""

__all__: list[str] = []
