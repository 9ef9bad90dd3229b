"""The handout: the course without solutions and mutants, in which `check()` still works."""
