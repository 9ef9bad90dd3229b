"""One file a command: ``HELP`` (one line), ``configure(parser)``, ``run(args) -> exit code``.

``PASS_THROUGH = True`` collects words that the parser does not know in ``args.rest``.
"""
