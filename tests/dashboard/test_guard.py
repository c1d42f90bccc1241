"""Who may talk to the dashboard."""

import asyncio
import os
import signal
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from sim.cli import cli
from sim.dashboard import server
from sim.dashboard.guard import Guard
from sim.messages import speaking
from sim.rules import CONSENT

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "street_parties.yaml"


def get(address, path="/", **headers):
    """Status, headers and text of a request; headers as given."""
    request = urllib.request.Request(address.rstrip("/") + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode("utf-8", "replace")


def shake_hands(address, **headers):
    """First line of the answer to a websocket's handshake."""
    place = urlsplit(address)
    lines = {
        "Host": place.netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **headers,
    }
    with socket.create_connection((place.hostname, place.port), timeout=20) as wire:
        head = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
        wire.sendall(f"GET /jupyter/api/kernels/abc/channels?session_id=abc HTTP/1.1\r\n{head}\r\n".encode())
        return wire.recv(200).decode("latin-1").splitlines()[0]


def test_own_host_is_welcome_and_nothing_may_come_from_elsewhere(address):
    status, headers, text = get(address)
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "mixpanel" not in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", "127.0.0.1.evil.example:{port}", ""])
def test_foreign_host_is_refused(address, host):
    status, _, text = get(address, Host=host.format(port=urlsplit(address).port))
    assert status == 403
    assert "answers to" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_requests_through_a_proxy_get_help(lang, tmp_path):
    """A tunnel or proxy gives the dashboard another name or port; with a token any name is good."""
    guard = Guard(inside, {"localhost:8765"}, None, tmp_path)
    with speaking(lang):
        said = guard.trouble({"path": "/"}, {"host": "localhost:9000"})
        from_elsewhere = guard.trouble({"path": "/"}, {"host": "localhost:8765", "origin": "http://proxy.example"})
    assert "--token" in said
    assert "localhost:9000" in said
    assert "Host" in from_elsewhere
    reply = answer(guard, host=b"localhost:9000", kind="websocket")
    assert reply[0] == "websocket.close"
    behind = Guard(inside, {"localhost:8765"}, "secret", tmp_path)
    assert answer(behind, query=b"token=secret", host=b"localhost:9000")[0] == 303
    assert answer(behind, cookie=b"sanzhi-token=secret", host=b"localhost:9000")[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example:{port}"])
def test_foreign_origin_is_refused(address, origin):
    given = origin.format(port=urlsplit(address).port)
    assert get(address, Origin=given)[0] == 403
    assert " 403 " in shake_hands(address, Origin=given) + " "


def test_websocket_takes_its_own_origin_and_host_only(address):
    assert " 101 " in shake_hands(address, Origin=address.rstrip("/"))
    assert " 403 " in shake_hands(address, Origin="http://evil.example", Host="evil.example") + " "


@pytest.mark.parametrize("path", ["nothing@1.0.0/index.js", "../../../../../../etc/passwd", "%2e%2e/%2e%2e/%2e%2e/pyvenv.cfg"])
def test_assets_that_are_not_installed_are_not_fetched(address, path):
    assert get(address, f"/_solara/cdn/{path}")[0] in (403, 404)


def test_it_listens_on_this_machine_only(address):
    assert urlsplit(address).hostname == "127.0.0.1"


def answer(guard, query=b"", cookie=b"", host=b"any.example", kind="http"):
    """Status that a guard gives, and the location that it sends to."""
    sent, headers = [], [(b"host", host)] + ([(b"cookie", cookie)] if cookie else [])
    scope = {"type": kind, "path": "/", "query_string": query, "headers": headers}

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(1) as pool:  # Playwright, where it is open, keeps a loop running in this thread
        pool.submit(asyncio.run, guard(scope, None, send)).result()
    return sent[0].get("status", sent[0]["type"]), dict(sent[0].get("headers", []))


async def inside(scope, receive, send):
    """An application that says yes."""
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_token_opens_the_door_and_leaves_the_address(tmp_path):
    guard = Guard(inside, set(), "secret", tmp_path)
    assert answer(guard)[0] == 403
    assert answer(guard, query=b"token=wrong")[0] == 403
    status, headers = answer(guard, query=b"token=secret&tab=map")
    assert (status, headers[b"location"]) == (303, b"/?tab=map")
    cookie = headers[b"set-cookie"].split(b";")[0]
    assert b"HttpOnly" in headers[b"set-cookie"]
    assert answer(guard, cookie=cookie)[0] == 200
    assert answer(guard, cookie=b"sanzhi-token=wrong")[0] == 403
    assert answer(guard, kind="websocket")[0] == "websocket.close"


def test_another_address_gets_a_token_without_asking(monkeypatch):
    made = []
    monkeypatch.setattr(server, "Dashboard", lambda *given: made.append(given) or (_ for _ in ()).throw(server.UserError("enough")))
    CliRunner().invoke(cli, ["dashboard", "--host", "0.0.0.0"])
    CliRunner().invoke(cli, ["dashboard"])
    assert len(made[0][3]) >= 32
    assert made[1][3] is None


def test_taken_port_is_reported(address):
    port = urlsplit(address).port
    with pytest.raises(server.UserError, match=f"port {port}.*--port"):
        server.Dashboard("baseline", port=port)


def test_ctrl_c_ends_it_while_a_page_is_open(own):
    process, url = own
    assert " 101 " in shake_hands(url, Origin=url.rstrip("/"))
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[0]
    assert process.returncode in (0, 130)
    assert "Traceback" not in said


def test_without_a_browser_the_address_is_printed_all_the_same(monkeypatch):
    def nothing(self, ready):
        ready()
        self.close()

    monkeypatch.setattr(server.Dashboard, "serve", nothing)
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    done = CliRunner().invoke(cli, ["dashboard", "--port", "0"])
    assert done.exit_code == 0, done.output
    assert "http://127.0.0.1:" in done.output


def test_missing_extra_is_reported(monkeypatch):
    class Missing:
        def __getattr__(self, name):
            raise ModuleNotFoundError("no solara", name="solara")

    monkeypatch.setattr(server, "starlette", Missing())
    with pytest.raises(server.UserError, match=r"sanzhi\[dashboard\]"):
        server._solara()


def test_broken_scenario_is_reported_before_anything_starts(folder):
    with pytest.raises(server.UserError, match="rule_of_lew"):
        server.Dashboard(str(folder / "broken.yaml"))


def test_rules_of_the_scenario_need_consent(monkeypatch):
    """Without it the command ends before anything is served."""
    monkeypatch.delenv(CONSENT, raising=False)
    begun = []
    monkeypatch.setattr(server.Dashboard, "serve", lambda self, ready: begun.append(os.environ.get(CONSENT)) or self.close())
    refused = CliRunner().invoke(cli, ["dashboard", str(EXAMPLE), "--no-open"])
    assert (refused.exit_code, begun) == (2, [])
    assert "--allow-rules" in refused.output
    allowed = CliRunner().invoke(cli, ["dashboard", str(EXAMPLE), "--no-open", "--port", "0", "--allow-rules"])
    assert (allowed.exit_code, begun) == (0, ["1"]), allowed.output
    assert CONSENT not in os.environ
