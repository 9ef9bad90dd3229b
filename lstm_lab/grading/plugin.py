"""The pytest plugin of the graded tests."""
