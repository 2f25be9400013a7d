"""Why an action of judging is refused; the message is for the person who asked."""


class NotPossible(Exception):
    """The action is refused; the message is for the person who asked."""

    http_status = 409
