"""Why an action of this app is refused. The message is for the person who asked."""


class Refusal(Exception):
    """The action is not done; nothing has changed."""

    http_status = 422


class NameTaken(Refusal):
    """Names are unique, so that a command can say which one is meant."""

    http_status = 409


class TooLate(Refusal):
    """The job is in a state in which this cannot be done."""

    http_status = 409
