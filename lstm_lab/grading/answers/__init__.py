"""What an answer looks like, whoever's names are in it; nothing is run."""
