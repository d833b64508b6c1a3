"""A small identity provider on loopback, made of oauthlib's server: device codes, PKCE, rotation, introspection."""

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from oauthlib.oauth2 import DeviceApplicationServer, RequestValidator, Server

from tests.servers.certificates import Certificates
from tests.servers.mailbox import HOST

CLIENT, SECRET, SCOPE = "followupd-tests", "a client's secret", "mail"


class _Rules(RequestValidator):  # type: ignore[misc]  # oauthlib has no types
    """Who may do what. The one client is public unless it says its secret; the user is whoever `user` is."""

    def __init__(self) -> None:
        super().__init__()
        self.user = "me@followupd.test"
        self.pending: list[str] = []
        self.codes: dict[str, Any] = {}
        self.devices: set[str] = set()
        self.access: dict[str, tuple[str, datetime]] = {}
        self.refresh: dict[str, str] = {}

    def client_authentication_required(self, request: Any, *_: Any, **__: Any) -> bool:
        return bool(request.client_secret)

    def authenticate_client(self, request: Any, *_: Any, **__: Any) -> bool:
        request.client = self._client(request.client_id)
        return (request.client_id, request.client_secret) == (CLIENT, SECRET)

    def authenticate_client_id(self, client_id: str, request: Any, *_: Any, **__: Any) -> bool:
        request.client = self._client(client_id)
        return client_id == CLIENT or request.uri.endswith("/introspect")

    @staticmethod
    def _client(client_id: str) -> Any:
        return type("Client", (), {"client_id": client_id})()

    def validate_client_id(self, client_id: str, *_: Any, **__: Any) -> bool:
        return client_id == CLIENT

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, *_: Any, **__: Any) -> bool:
        return redirect_uri.startswith("http://localhost:")

    def validate_response_type(self, client_id: str, response_type: str, *_: Any, **__: Any) -> bool:
        return bool(response_type == "code")

    def validate_grant_type(self, *_: Any, **__: Any) -> bool:
        return True

    def validate_scopes(self, client_id: str, scopes: Any, *_: Any, **__: Any) -> bool:
        return list(scopes) == [SCOPE]

    def get_default_scopes(self, *_: Any, **__: Any) -> list[str]:
        return [SCOPE]

    def is_pkce_required(self, *_: Any, **__: Any) -> bool:
        return True

    def save_authorization_code(self, client_id: str, code: Any, request: Any, *_: Any, **__: Any) -> None:
        self.codes[code["code"]] = request

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        if code not in self.codes:
            return False
        request.user, request.scopes = self.user, [SCOPE]
        return True

    def confirm_redirect_uri(self, client_id: str, code: str, redirect_uri: str, *_: Any, **__: Any) -> bool:
        return bool(self.codes[code].redirect_uri == redirect_uri)

    def get_code_challenge(self, code: str, request: Any) -> Any:
        return self.codes[code].code_challenge

    def get_code_challenge_method(self, code: str, request: Any) -> Any:
        return self.codes[code].code_challenge_method

    def invalidate_authorization_code(self, client_id: str, code: str, *_: Any, **__: Any) -> None:
        del self.codes[code]

    def validate_device_code(self, client_id: str, device_code: str, request: Any) -> str | None:
        if device_code not in self.devices:
            return None
        if self.pending:
            return self.pending.pop(0)
        self.devices.discard(device_code)
        # asked twice by this version of the library, before and after the token is made
        self.pending = []
        request.user, request.scopes = self.user, [SCOPE]
        return "authorized"

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *_: Any, **__: Any) -> bool:
        request.user = self.refresh.get(refresh_token)
        return refresh_token in self.refresh

    def get_original_scopes(self, *_: Any, **__: Any) -> list[str]:
        return [SCOPE]

    def save_bearer_token(self, token: Any, request: Any, *_: Any, **__: Any) -> None:
        self.access[token["access_token"]] = (self.user, datetime.now(UTC) + timedelta(seconds=token["expires_in"]))
        if request.refresh_token:
            self.refresh.pop(request.refresh_token, None)
        if "refresh_token" in token:
            self.refresh[token["refresh_token"]] = self.user

    def introspect_token(self, token: str, *_: Any, **__: Any) -> dict[str, Any] | None:
        user, ends = self.access.get(token, ("", datetime.min.replace(tzinfo=UTC)))
        return {"username": user, "exp": int(ends.timestamp())} if ends > datetime.now(UTC) else None


class TokenProvider:
    """Speaks HTTPS at `url` to programs, and HTTP at `inner_port` to the mail servers, which show it tokens.

    `lifetime` is that of a token in seconds; `pending` are the answers to a device before the user has decided; `asked`
    are the paths that were asked for.
    """

    def __init__(self, certificates: Certificates) -> None:
        self.rules = _Rules()
        self.lifetime = 3600
        self.asked: list[str] = []
        self.ca_file = str(certificates.ca_file)
        self._grants = Server(self.rules, token_expires_in=lambda _: self.lifetime)
        self._outer = ThreadingHTTPServer((HOST, 0), self._handler())
        self._inner = ThreadingHTTPServer((HOST, 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.good.certificate, certificates.good.key)
        self._outer.socket = context.wrap_socket(self._outer.socket, server_side=True)
        self.url = f"https://localhost:{self._outer.server_port}"
        self.inner_port: int = self._inner.server_port
        self._devices = DeviceApplicationServer(self.rules, verification_uri=f"{self.url}/activate", interval=1)

    def __enter__(self) -> Self:
        for server in (self._outer, self._inner):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._outer, self._inner):
            server.shutdown()
            server.server_close()

    @contextlib.contextmanager
    def user(self, address: str) -> Iterator[None]:
        """Let permission be that of a user."""
        self.rules.user, before = address, self.rules.user
        try:
            yield
        finally:
            self.rules.user = before

    def revoke_all(self) -> None:
        """Take back every permission, as after a change of the password."""
        self.rules.access.clear()
        self.rules.refresh.clear()

    def answer(self, path: str, method: str, body: str, headers: dict[str, str]) -> tuple[dict[str, str], str, int]:
        """Answer as RFC 6749, RFC 7662 and RFC 8628 say."""
        uri = f"https://localhost{path}"
        match urlsplit(path).path:
            case "/authorize":
                found = self._grants.create_authorization_response(uri, method, body, headers, [SCOPE], {"user": "me"})
            case "/token":
                found = self._grants.create_token_response(uri, method, body, headers)
            case "/device":
                given, data, status = self._devices.create_device_authorization_response(uri, method, body, headers)
                self.rules.devices.add(data["device_code"])
                found = given, json.dumps(data), status
            case "/introspect":
                found = self._grants.create_introspect_response(uri, method, body, headers)
            case _:
                found = {}, "{}", 404
        given, said, status = found
        return dict(given), said or "", int(status)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 20

            def do_GET(self) -> None:  # the library's name
                self._serve("")

            def do_POST(self) -> None:  # the library's name
                self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

            def _serve(self, body: str) -> None:
                provider.asked.append(urlsplit(self.path).path)
                headers, said, status = provider.answer(self.path, self.command, body, dict(self.headers))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(said.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler
