"""A network that can be cut, between a program and its database."""

import contextlib
import multiprocessing
import socket
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Network:
    """The way from a program to PostgreSQL, which can be cut: what is said then arrives nowhere, and nobody is told.

    It is a process of its own: what a program asks a thousand times a second waits for no story that is told meanwhile.
    """

    def __init__(self, database: str) -> None:
        told = urlsplit(database)
        folder = parse_qs(told.query)["host"][0] if told.query else ""
        number = told.port or 5432
        server = f"{folder}/.s.PGSQL.{number}" if folder else (told.hostname or "127.0.0.1", number)
        context = multiprocessing.get_context("forkserver")
        self.whole = context.Event()
        self.whole.set()
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
            port = listening.getsockname()[1]
            self._way = context.Process(target=_leads, args=(listening, server, self.whole), daemon=True)
            self._way.start()
        self.database = f"postgresql://{told.username or 'postgres'}:@127.0.0.1:{port}{told.path}"

    def ends(self) -> None:
        self._way.kill()
        self._way.join()


def _leads(listening: socket.socket, server: Any, whole: Any) -> None:
    """Lead everybody who comes to the server, while the way is whole."""
    while True:
        near, _ = listening.accept()
        far = socket.socket(socket.AF_UNIX if isinstance(server, str) else socket.AF_INET)
        far.connect(server)
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_carries, args=(source, sink, whole), daemon=True).start()


def _carries(source: socket.socket, sink: socket.socket, whole: Any) -> None:
    """Carry what is said, and in the end that nobody says anything more: also of one who was killed with an answer unread, or the
    database would keep what they had locked for as long as it waits for the silent.
    """
    with contextlib.suppress(OSError), source:
        while said := source.recv(65536):
            whole.wait()
            sink.sendall(said)
    whole.wait()
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
