"""What other people's machines need to grade with this course: real files, made by a command."""
