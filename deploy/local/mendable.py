"""The base of what can go wrong in a way that a person can mend."""


class Mendable(Exception):
    """Shown without a traceback; its message says what was wrong and what to do."""
