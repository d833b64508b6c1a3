"""A server of the web, by HTTPS on this machine, whose certificate a private authority has signed."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.servers.certificates import Certificates
from tests.servers.mailbox import HOST

Serve = Callable[[dict[str, Any]], str]


@pytest.fixture
def web(certificates: Certificates) -> Iterator[Serve]:
    """Serve pages by HTTPS: path to bytes, or to (status, headers, bytes); gives the address of the server."""
    with contextlib.ExitStack() as stack:

        def serve(pages: dict[str, Any]) -> str:
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:  # the library's name
                    page = pages.get(self.path, (404, {}, b""))
                    status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    with contextlib.suppress(OSError):
                        self.wfile.write(body)

                def log_message(self, *_: object) -> None:
                    pass

            server = HTTPServer((HOST, 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificates.good.certificate, certificates.good.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join, 5)
            stack.callback(server.shutdown)
            return f"https://localhost:{server.server_port}"

        yield serve
