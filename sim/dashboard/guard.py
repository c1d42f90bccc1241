"""Access control for the dashboard, since Solara itself accepts any Host and any Origin."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sim.messages import Joined, Message

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
COOKIE = "sanzhi-token"
CDN = "/_solara/cdn/"
HEADERS = {
    # No page can fetch from, send to or be framed by another site.
    "content-security-policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Guard:
    """ASGI middleware. Rejects other Hosts and Origins, requires the token if there is one, and fetches nothing from the internet.

    Parameters
    ----------
    app : ASGI application
    hosts : set of str
        Names, with the port, under which the dashboard is reached. With a token, any name is accepted.
    token : str or None
    assets : Path
        Folder of the installed assets; missing ones are not fetched from elsewhere.
    """

    def __init__(self, app, hosts: set[str], token: str | None, assets: Path):
        self.app, self.hosts, self.token, self.assets = app, hosts, token, assets.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        trouble = self.trouble(scope, headers)
        if trouble:
            await _refuse(scope, send, trouble)
        elif self.token and scope["type"] == "http" and "token" in dict(parse_qsl(scope["query_string"].decode("latin-1"))):
            await self._let_in(scope, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    def trouble(self, scope: Scope, headers: dict[str, str]) -> str:
        """Why a request is rejected; empty if it is accepted."""
        host, origin = headers.get("host", "").lower(), headers.get("origin")
        if not self.token and host not in self.hosts:
            reason = Message(
                "This dashboard answers to {names} only, not to {host}. To reach it by another name or port, through a proxy or a tunnel,"
                " start it with a token, as in `sanzhi dashboard --token SECRET`, and put /?token=SECRET behind its address: whoever has"
                " the token may use any name.",
                names=Joined(sorted(self.hosts)),
                host=repr(host[:100]),
            )
            return str(reason)
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            reason = Message(
                "A page from elsewhere may not use this dashboard. A proxy in front of it must hand on the Host that the browser asked for"
                " (nginx: proxy_set_header Host $http_host)."
            )
            return str(reason)
        if self.token and not self._has_token(scope, headers):
            return "Open the dashboard by the link with the token that `sanzhi dashboard` printed."
        if scope["path"].startswith(CDN) and not self._installed(scope["path"].removeprefix(CDN)):
            return "This file is not among the installed assets, and nothing is fetched from elsewhere."
        return ""

    def _has_token(self, scope: Scope, headers: dict[str, str]) -> bool:
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            return False
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token") or (
            cookies[COOKIE].value if COOKIE in cookies else ""
        )
        return hmac.compare_digest(given.encode(), (self.token or "").encode())

    def _installed(self, path: str) -> bool:
        file = (self.assets / path).resolve()
        return file.is_relative_to(self.assets) and file.is_file()

    async def _let_in(self, scope: Scope, send: Send) -> None:
        """Put the token into a cookie and take it out of the address."""
        rest = urlencode([pair for pair in parse_qsl(scope["query_string"].decode("latin-1")) if pair[0] != "token"])
        location = scope["path"] + (f"?{rest}" if rest else "")
        cookie = f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", location.encode("latin-1")), (b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def new_token() -> str:
    """A random token that cannot be guessed."""
    return secrets.token_urlsafe(24)


async def _refuse(scope: Scope, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why.encode()[:100].decode(errors="ignore")})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode()})


def _with_headers(send: Send) -> Send:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            ours = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *ours]}
        await send(message)

    return sending
