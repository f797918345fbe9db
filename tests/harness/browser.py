"""A real browser: the system's own Chromium, spoken to in its own protocol (DevTools), as people use it.

It remembers what it complained of and which hosts it asked for anything.
"""

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
"""Where the browser is; the tests that need it are skipped where there is none."""

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", "--lang=zh-CN",
)  # fmt: skip

PATIENCE = 60.0
"""Seconds that the browser may take for anything."""

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}


class Browser:
    """One page of a browser, of its own size."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.asks(f"{domain}.enable")

    # ------------------------------------------------------------ the protocol

    def asks(self, method: str, **what: Any) -> Any:
        """Ask the browser for something and return its answer; what happens meanwhile is noted."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": what}))
        while True:
            told = json.loads(self._socket.recv(PATIENCE))
            if told.get("id") == number:
                assert "error" not in told, f"{method}: {told['error']}"
                return told["result"]
            self._notes(told)

    def _notes(self, told: Any) -> None:
        what = told.get("params", {})
        if told["method"] == "Network.requestWillBeSent":
            address = urlsplit(what["request"]["url"])
            if address.scheme != "chrome-extension":  # the browser's own, which shows .pdf files
                self.hosts.add(address.netloc)
        elif told["method"] == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(what["exceptionDetails"], ensure_ascii=False))
        elif told["method"] == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            self.complaints.append(json.dumps(what["args"], ensure_ascii=False))
        elif told["method"] == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{what['entry']['text']} {what['entry'].get('url', '')}")

    # ------------------------------------------------------------ looking

    def opens(self, address: str) -> None:
        """Go to an address, and wait until it is there."""
        self.asks("Page.navigate", url=address)
        self.until(f"location.href.startsWith({json.dumps(address)}) && document.readyState === 'complete'")

    def runs(self, script: str) -> Any:
        """Return what a script of the page is."""
        done = self.asks("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until a script of the page is true."""
        self._until(lambda: bool(self.runs(script)), script)

    def sees(self, text: str, inside: str = "body") -> None:
        """Wait until a text can be read inside an element of a page that is there whole, its script at work."""
        found = f"document.querySelector({json.dumps(inside)})?.innerText.includes({json.dumps(text)})"
        self.until(f"document.readyState === 'complete' && {found}")

    def reads(self, selector: str) -> str:
        """Return what can be read in an element."""
        return str(self.runs(f"document.querySelector({json.dumps(selector)}).innerText"))

    @staticmethod
    def _until(done: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < end, f"never came true: {what}"
            time.sleep(0.02)

    # ------------------------------------------------------------ doing

    def clicks(self, selector: str, text: str = "") -> None:
        """Click the last element of a selector that reads ``text``, or else that contains it, with the mouse, where it stands."""
        every = f"[...document.querySelectorAll({json.dumps(selector)})]"
        found = (
            f"({every}.filter(one => one.innerText.trim() === {json.dumps(text)}).at(-1)"
            f" ?? {every}.filter(one => one.innerText.includes({json.dumps(text)})).at(-1))"
        )
        self.until(f"document.readyState === 'complete' && {found} !== undefined")
        place = self.runs(
            f"(() => {{ const one = {found}; one.scrollIntoView({{block: 'center'}}); const box = one.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.asks("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def presses(self, key: str, *, shift: bool = False) -> None:
        """Press a key."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            self.asks(
                "Input.dispatchKeyEvent", type=kind, key=key, code="Space" if key == " " else key,
                windowsVirtualKeyCode=KEYS[key], modifiers=8 if shift else 0, **({"text": text} if text and kind == "keyDown" else {}),
            )  # fmt: skip

    def writes(self, text: str) -> None:
        """Write a text where the focus is."""
        self.asks("Input.insertText", text=text)

    def is_sized(self, width: int, height: int) -> None:
        """Let the window have a size."""
        self.asks(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def is_dark(self, dark: bool) -> None:
        """Let whoever looks like it dark, or light."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.asks("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path: Path) -> None:
        """Take a picture of what can be seen."""
        path.write_bytes(base64.b64decode(self.asks("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browsing(folder: Path, width: int = 1280, height: int = 800) -> Iterator[Browser]:
    """Give a browser whose own files are in ``folder``."""
    assert CHROMIUM is not None, "whoever asks for a browser has looked whether there is one"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        with connect(_page_of(process), max_size=None) as socket:
            browser = Browser(socket)
            browser.is_sized(width, height)
            yield browser
    finally:
        process.terminate()
        process.wait(PATIENCE)
        if process.stderr is not None:
            process.stderr.close()


def _page_of(process: subprocess.Popen[bytes]) -> str:
    """Return where the browser's page is spoken to, once it says so."""
    assert process.stderr is not None
    for line in process.stderr:
        if b"DevTools listening on " in line:
            root = line.split()[-1].decode()
            break
    else:
        raise AssertionError("the browser did not begin")
    with connect(root, max_size=None) as socket:
        socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        targets = json.loads(socket.recv(PATIENCE))["result"]["targetInfos"]
    page = next(one["targetId"] for one in targets if one["type"] == "page")
    return f"{root.rsplit('/devtools/', 1)[0]}/devtools/page/{page}"
