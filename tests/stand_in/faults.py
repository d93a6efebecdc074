"""All that can go wrong on the way of an answer. Each fault spoils one exchange."""

from __future__ import annotations

import json
import socket
import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

from . import graphql_api

if TYPE_CHECKING:
    from collections.abc import Callable

    from .server import Exchange

HUGE = 300 * 1024 * 1024
_BLOCK = 1024 * 1024
_PAUSE = 0.05


def bad_token(exchange: Exchange) -> None:
    """401."""
    exchange.send_json(401, {"message": "Bad credentials"})


def echo_of_the_token(exchange: Exchange) -> None:
    """401, with a message that repeats the token."""
    sent = exchange.headers.get("Authorization", "")
    exchange.send_json(401, {"message": f"Bad credentials: {sent}"})


def forbidden(exchange: Exchange) -> None:
    """403 that is no limit."""
    exchange.send_json(403, {"message": "Resource protected by organization SAML enforcement"})


SIGN_ON = "https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5"


def single_sign_on(status: int) -> Callable[[Exchange], None]:
    """The organization wants a single sign-on for the token: 403, or 200 with errors of GraphQL."""
    message = (
        "Resource protected by organization SAML enforcement. You must grant your Personal Access "
        "token access to this organization."
    )

    def send(exchange: Exchange) -> None:
        error = {"type": "FORBIDDEN", "path": ["r0"], "message": message}
        content = {"data": {"r0": None}, "errors": [error]} if status == 200 else {}
        headers = {"X-GitHub-SSO": f"required; url={SIGN_ON}"}
        exchange.send_json(status, {**content, "message": message}, headers)

    return send


def long_message(exchange: Exchange) -> None:
    """403, whose message has an address to follow at its end."""
    message = f"{'This organization has turned on a rule for tokens. ' * 12}See {SIGN_ON}"
    exchange.send_json(403, {"message": message})


def echo_after(length: int) -> Callable[[Exchange], None]:
    """403, whose message repeats the token after so many characters."""

    def send(exchange: Exchange) -> None:
        sent = exchange.headers.get("Authorization", "").removeprefix("Bearer ")
        exchange.send_json(403, {"message": "x" * length + sent})

    return send


def primary_limit(status: int, seconds: int) -> Callable[[Exchange], None]:
    """The allowance of the hour is used up, and comes back in so many seconds."""
    reset = ""

    def refuse(exchange: Exchange) -> None:
        headers = {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": reset,
        }
        message = "API rate limit exceeded for user ID 1."
        error = {"type": "RATE_LIMITED", "message": message}
        content: object = {"errors": [error]} if status == 200 else {"message": message}
        exchange.send_json(status, content, headers)

    def begin(exchange: Exchange) -> None:
        nonlocal reset
        server = exchange.server_of
        reset = str(int(server.now()) + seconds)
        server.refuse_for(int(reset) - server.now(), refuse)
        refuse(exchange)

    return begin


def secondary_limit(
    status: int, retry_after: str | None, seconds: float
) -> Callable[[Exchange], None]:
    """Too much in too short a time; over in so many seconds, which the header may tell."""

    def refuse(exchange: Exchange) -> None:
        message = "You have exceeded a secondary rate limit. Please wait a few minutes."
        content: object = (
            {"errors": [{"message": message}]} if status == 200 else {"message": message}
        )
        headers: dict[str, str] = {} if retry_after is None else {"Retry-After": retry_after}
        exchange.send_json(status, content, headers)

    def begin(exchange: Exchange) -> None:
        exchange.server_of.refuse_for(seconds, refuse)
        refuse(exchange)

    return begin


def html(status: int) -> Callable[[Exchange], None]:
    """A page instead of an answer: a tired server, or a hotel that wants a room number."""

    def send(exchange: Exchange) -> None:
        exchange.send(status, b"<!DOCTYPE html><title>Unicorn!</title>", "text/html")

    return send


def gateway_timeout(exchange: Exchange) -> None:
    """504 with JSON."""
    exchange.send_json(504, {"message": "We couldn't respond to your request in time."})


def something_went_wrong(exchange: Exchange) -> None:
    """GitHub's way to say that it does not know either."""
    message = "Something went wrong while executing your query. Please include `1234:5678`."
    exchange.send_json(200, {"data": None, "errors": [{"message": message}]})


def too_costly(exchange: Exchange) -> None:
    """The question as a whole is refused for what it would cost."""
    error = {"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "This query requests too many nodes."}
    exchange.send_json(200, {"errors": [error]})


def poison(number: int) -> Callable[[Exchange], None]:
    """Any question with this item in it is too much for the server."""

    def send(exchange: Exchange) -> None:
        if b"(number: %d)" % number in exchange.recorded.body:
            html(502)(exchange)
        else:
            exchange.server_of.answer(exchange, exchange.recorded)

    return send


def no_answer(exchange: Exchange) -> None:
    """Silence."""
    exchange.server_of.closing.wait()
    exchange.close_connection = True


def drip(exchange: Exchange) -> None:
    """A body that comes byte by byte, and never ends."""
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    exchange.close_connection = True
    while not exchange.server_of.closing.wait(_PAUSE):
        exchange.wfile.write(b" ")


def truncated(exchange: Exchange) -> None:
    """Less than was promised. What has come is sound JSON by itself."""
    exchange.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        b'{"data": {}}'
    )
    exchange.close_connection = True


def truncated_chunks(exchange: Exchange) -> None:
    """Chunks without the last one. What has come is sound JSON by itself."""
    exchange.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'c\r\n{"data": {}}\r\n'
    )
    exchange.close_connection = True


def reset(exchange: Exchange) -> None:
    """A connection that breaks."""
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()
    exchange.close_connection = True


def json_text(body: bytes) -> Callable[[Exchange], None]:
    """200 with this body, said to be JSON."""

    def send(exchange: Exchange) -> None:
        exchange.send(200, body, "application/json")

    return send


def wrong_type(exchange: Exchange) -> None:
    """Sound JSON that says to be something else."""
    exchange.send(200, b'{"data": {}}', "text/plain")


def refused_query(exchange: Exchange) -> None:
    """The question is checked by a schema that has no titles any more."""
    question = json.loads(exchange.recorded.body)
    question["query"] = question["query"].replace(" title ", " heading ")
    exchange.send_json(200, graphql_api.answer(exchange.server_of.world, question))


def other_item(exchange: Exchange) -> None:
    """An answer for other items than those that were asked."""
    content = _answer(exchange)
    for repository in content["data"].values():
        for item in repository.values():
            if isinstance(item, dict) and "number" in item:
                item["number"] += 1
            elif isinstance(item, dict):
                item["oid"] = item["oid"][::-1]
    exchange.send_json(200, content)


def partial_data(exchange: Exchange) -> None:
    """An error in place of every second item."""
    content = _answer(exchange)
    content["errors"] = []
    for name, repository in content["data"].items():
        for alias in [alias for alias in repository if isinstance(repository[alias], dict)][::2]:
            repository[alias] = None
            error = {"message": "Something went wrong", "path": [name, alias]}
            content["errors"].append(error)
    exchange.send_json(200, content)


def _answer(exchange: Exchange) -> dict[str, Any]:
    """What the answer would be without a fault."""
    question = json.loads(exchange.recorded.body)
    return graphql_api.answer(exchange.server_of.world, question)


def redirect(status: int, location: str) -> Callable[[Exchange], None]:
    """A redirect. With the path alone it leads to where it came from."""

    def send(exchange: Exchange) -> None:
        exchange.send(status, b"", "text/html", {"Location": location})

    return send


def huge(exchange: Exchange) -> None:
    """300 MB."""
    exchange.close_connection = True
    exchange.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % HUGE
    )
    _write_huge_body(exchange)


def _write_huge_body(exchange: Exchange) -> None:
    for _ in range(HUGE // _BLOCK):
        exchange.wfile.write(b" " * _BLOCK)


def huge_redirect(exchange: Exchange) -> None:
    """A redirect with 300 MB."""
    exchange.close_connection = True
    exchange.wfile.write(
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: %d\r\n\r\n" % HUGE
    )
    _write_huge_body(exchange)


def gzip_bomb(exchange: Exchange) -> None:
    """300 MB in 300 kB."""
    headers = {"Content-Encoding": "gzip"}
    exchange.send(200, _bomb(), "application/json", headers)


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    head = packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the same bytes mean the same again. Nobody gets as far as the check sum.
    block = packer.compress(b" " * _BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (HUGE // _BLOCK) + packer.flush()
