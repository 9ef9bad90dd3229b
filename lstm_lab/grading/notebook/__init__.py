"""`check()` in a notebook, and how its outcome looks."""
