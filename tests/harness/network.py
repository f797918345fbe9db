"""A network that can be cut, between a program and its database."""

import contextlib
import socket
import threading
from urllib.parse import parse_qs, urlsplit


class Network:
    """The way from a program to PostgreSQL, which can be cut: what is said then arrives nowhere, and nobody is told."""

    def __init__(self, database: str) -> None:
        told = urlsplit(database)
        self._folder = parse_qs(told.query)["host"][0] if told.query else ""
        self._server = (told.hostname or "127.0.0.1", told.port or 5432)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.whole = threading.Event()
        self.whole.set()
        port = self._listening.getsockname()[1]
        self.database = f"postgresql://{told.username or 'postgres'}:@127.0.0.1:{port}{told.path}"
        threading.Thread(target=self._takes, daemon=True).start()

    def _takes(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = self._reached()
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carries, args=(source, sink), daemon=True).start()

    def _reached(self) -> socket.socket:
        if not self._folder:
            return socket.create_connection(self._server)
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{self._folder}/.s.PGSQL.{self._server[1]}")
        return far

    def _carries(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError), source:
            while said := source.recv(65536):
                self.whole.wait()
                sink.sendall(said)
            sink.shutdown(socket.SHUT_WR)

    def ends(self) -> None:
        self.whole.set()
        self._listening.close()
