"""Tells a server that went away under a request from one that answers badly."""

from generation.asking import Asker
from generation.chat import ChatClient, ChatError, Refused, ServerError
from generation.failures import CutOff, Unreachable
from generation.messages import ChatAnswer, ChatRequest

# Statuses by which a server refuses not this conversation, but all of them.
OF_THE_SERVER = frozenset({None, 401, 402, 403, 404, 405, 429})


class WentAway(ChatError):
    """The server died while it was answering; the request may be what killed it.

    Never asked again at once: many requests were under way, and who did it is not known.
    """


class Watched(Asker):
    """A client whose requests fail with `WentAway` when the server died under them."""

    def __init__(self, client: ChatClient) -> None:
        self.client = client
        self.max_in_flight = client.max_in_flight

    async def ask(self, request: ChatRequest) -> ChatAnswer:
        """One attempt. Raises `ChatError`."""
        try:
            return await self.client.ask(request)
        except CutOff as error:
            raise WentAway(str(error)) from None
        except ServerError as error:
            # An engine that dies answers 500 to all that was under way before its server ends.
            if (await self.client.health()).is_up:
                raise
            raise WentAway(str(error), status=error.status) from None


def refuses_all(error: ChatError) -> bool:
    """Whether the server would refuse every other row too."""
    if isinstance(error, Refused):
        is_redirect = error.status is not None and 300 <= error.status < 400
        return error.status in OF_THE_SERVER or is_redirect
    return error.is_retryable and error.status in (429, 503)


def was_never_asked(error: ChatError) -> bool:
    """Nobody took the request, so the row is not at fault."""
    return type(error) is Unreachable
