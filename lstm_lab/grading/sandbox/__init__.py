"""The trusted end of a sandboxed process; what runs in it is in ``worker``."""
