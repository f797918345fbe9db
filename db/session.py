"""Opening the store: one engine, transactions that write, transactions that only read.

SQLite runs in WAL mode and takes its write lock at the beginning of a writing transaction, so that two
processes wait for each other instead of failing half-way. PostgreSQL is used by URL with the same code.
"""

import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, IntegrityError, InterfaceError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

import db.models  # noqa: F401 - fills SQLModel.metadata
from db.many import look_at_what_has_grown
from db.words import Unusable

BUSY_SECONDS = 20
"""How long a SQLite writer waits for another."""

CONNECTIONS = 20
"""Connections to PostgreSQL that are kept; a new one for each press in a rush would take longer than the press."""

ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "options": "-c idle_in_transaction_session_timeout=45s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
}
"""How soon a connection to PostgreSQL over a network that was cut is given up (libpq's words; seconds, the last in
milliseconds): else a program would wait for the answer of a server that never heard it for hours. The URL may say otherwise.

The ``options`` are the server's: what a program holds that hangs in the middle of a transaction, or that the network lost, is
let go again, so that others can take over.
"""

TRIES = 3
"""How often work is done that others at the same moment get in the way of; one collision may be followed by a second."""

AMBIGUOUS = "数据库地址里有不止一个 @：用户名或密码中的 @ 须写成 %40，: 写成 %3A，/ 写成 %2F（DUBAN_DATABASE_URL）"
"""What is said of a URL whose password cannot be told from its host; the URL itself is never shown."""

_SECRETS = ("password", "passfile", "sslpassword")

MEMORY = "sqlite://"
"""A throw-away store in memory, for one thread."""


DISK_FULL = "磁盘已满，未写入任何内容；请先清理磁盘"


class StoreError(Unusable):
    """The store cannot be used; the message is one line that says what to do."""


class Contended(StoreError):
    """Others wrote at the same moment and one had to give way: the same work, done again, finds what they have left."""


Done = TypeVar("Done")


class Store:
    """The database behind one URL. ``gave_way`` counts the transactions that others got in the way of."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet. Raise ``StoreError`` for a URL that cannot be used."""
        self.engine = _engine(url)
        self.dialect = self.engine.dialect.name
        # SQLite has one writer; ours queue here in their order instead of sleeping and trying again
        self._turnstile = threading.RLock() if self.dialect == "sqlite" else nullcontext()
        self._writing = self.engine.execution_options(duban_begin="BEGIN IMMEDIATE")
        self.gave_way = 0
        weakref.finalize(self, self.engine.dispose)  # whoever forgets to close leaves no connection open

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return self.engine.url.difference_update_query(_SECRETS).render_as_string(hide_password=True)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, or rolled back when anything is raised."""
        with self._told(), self._turnstile, Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session
        look_at_what_has_grown(self.engine, session)

    def settle(self, work: Callable[[Session], Done]) -> Done:
        """Do ``work`` in one writing transaction, and anew where others wrote the same at the same moment.

        ``work`` may run up to ``TRIES`` times, each time from the beginning and after everything before was rolled back.
        """
        for _try in range(TRIES - 1):
            try:
                with self.write() as session:
                    return work(session)
            except (IntegrityError, Contended):
                continue
        with self.write() as session:
            return work(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; what it changes is never written. What was loaded stays readable afterwards."""
        with self._told(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session for reading that sees the store as it is at its first look, whatever others write meanwhile."""
        engine = self.engine
        if self.dialect == "postgresql":  # SQLite's readers do so anyway
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with self._told(), Session(engine, expire_on_commit=False) as session:
            take_time(session)
            yield session

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a database's failure into one line; a broken rule of uniqueness is the caller's own to handle."""
        try:
            yield
        except (IntegrityError, DataError):  # what was to be written is wrong, not the store
            raise
        except (DatabaseError, InterfaceError) as error:
            code = getattr(error.orig, "sqlstate", None) or ""
            if code in _GAVE_WAY:
                self.gave_way += 1
                raise Contended("多人同时办理，本次未写入；请再试一次") from error
            if code.startswith(_TOO_MUCH):
                raise
            raise StoreError(_explain(str(error.orig), _passwords(self.engine.url))) from error

    def create_all(self) -> None:
        """Create every table at once, for throw-away stores; lasting ones are migrated."""
        SQLModel.metadata.create_all(self.engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if url.startswith("postgres") and url.count("@") > 1:  # the password's tail would pass for the host, and be told
        raise StoreError(AMBIGUOUS)
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        if parsed.get_backend_name() != "postgresql":
            raise StoreError(f"数据库类型不支持：{parsed.get_backend_name()}；请用 sqlite:/// 或 postgresql:// 地址")
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            hide_parameters=True,
            connect_args={name: value for name, value in ALIVE.items() if name not in parsed.query},
        )
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "数据库地址无法识别；请检查 DUBAN_DATABASE_URL，例如 sqlite:////var/lib/duban/duban.db"
        ) from error
    except ModuleNotFoundError as error:
        raise StoreError("缺少 PostgreSQL 驱动；请安装 duban[postgresql]") from error


def _sqlite(url: URL) -> Engine:
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    if url.database in (None, "", ":memory:"):
        options["poolclass"] = StaticPool
    else:
        folder = Path(str(url.database)).parent
        if not folder.is_dir():
            raise StoreError(f"数据库所在的文件夹不存在：{folder}；请先建立，或修改 DUBAN_DATABASE_URL")
    engine = create_engine(url, hide_parameters=True, **options)
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def _tune(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Switch a store to a write-ahead journal, once for all; of several that do so at once SQLite lets none wait by itself."""
    for _ in range(BUSY_SECONDS * 20):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.05)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("duban_begin", "BEGIN"))


def take_time(session: Session) -> None:
    """Let a transaction rest between its statements for as long as it likes, as one must that copies files beside them."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def is_of_the_store(error: BaseException) -> bool:
    """Tell whether the store itself cannot be used now, as against one row that breaks its rules or that nobody can read."""
    if isinstance(error, StoreError):
        return True
    if not isinstance(error, DatabaseError | InterfaceError) or isinstance(error, IntegrityError | DataError):
        return False
    return not str(getattr(error.orig, "sqlstate", None) or "").startswith(_TOO_MUCH)


def apart(session: Session, work: Callable[[], Any]) -> Exception | None:
    """Do ``work`` in a savepoint; return what was wrong with it, and then nothing of it is left.

    Where the store itself cannot be used that is raised: no row is to blame for it.
    """
    try:
        with session.begin_nested():
            work()
            session.flush()
    except Exception as error:
        if is_of_the_store(error):
            raise
        return error
    return None


class Shared(Exception):
    """Something was to be undone by itself in a transaction that is shared, where nothing can be."""


@contextmanager
def undoable(session: Session) -> Iterator[None]:
    """Give a savepoint, so that of what raises in it nothing is left.

    In a transaction that is shared there is none, since each costs more than most of what it guards: there ``Shared`` is raised
    in place of what was, and whoever shares it takes that by itself.
    """
    if not session.info.get(Shared):
        with session.begin_nested():
            yield
        return
    try:
        yield
    except Exception as error:
        if is_of_the_store(error):
            raise
        raise Shared from error


def share(session: Session) -> None:
    """Let several things be done in a transaction that stands or falls with each of them."""
    session.info[Shared] = True


def each_apart(session: Session, works: Sequence[Callable[[], Any]]) -> list[Exception | None]:
    """Do works together in one savepoint, and anew each in its own where something is wrong with one; return what was wrong
    with each.
    """
    if not works or apart(session, lambda: [work() for work in works]) is None:
        return [None] * len(works)
    return [apart(session, work) for work in works]


_GAVE_WAY = frozenset({"40001", "40P01"})
"""PostgreSQL's codes of a transaction that was ended so that others could go on (its manual, appendix A)."""

_TOO_MUCH = "54"
"""How the codes begin that say a value is larger than the store can ever keep: waiting does not help."""


_EXPLANATIONS = (
    (("no such table", "does not exist"), "数据库尚未初始化；请先运行 duban migrate"),
    (("readonly", "read-only"), "数据库只读，无法写入；请检查文件和文件夹的权限"),
    (("unable to open",), "数据库文件无法打开；请检查 DUBAN_DATABASE_URL 和文件夹的权限"),
    (("not a database", "malformed"), "该文件不是可用的数据库；请检查 DUBAN_DATABASE_URL，或从备份恢复"),
    (("locked",), "数据库正被其他程序占用；请稍后再试"),
    (("disk is full", "No space left"), DISK_FULL),
    (("disk I/O error",), "磁盘读写出错，未写入任何内容；磁盘可能已满，请先清理或检查磁盘"),
    (("resolve host", "translate host"), "数据库主机名无法解析；请检查 DUBAN_DATABASE_URL"),
    (("connection", "could not connect"), "数据库连接失败；请检查 DUBAN_DATABASE_URL 和数据库服务"),
)


def told_briefly(error: Exception) -> str:
    """Return what the log may have of a failure: its kind, and its own words where we chose them ourselves.

    Other words may quote what a person wrote: a driver's do, when a value does not fit.
    """
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, StoreError) else name


def known_failure(error: BaseException) -> str | None:
    """Return our own line for a failure of the store that we know, as outside a session while it is migrated; None for another."""
    text = str(getattr(error, "orig", None) or "") if is_of_the_store(error) else ""
    return next((said for marks, said in _EXPLANATIONS if any(mark in text for mark in marks)), None)


def _passwords(url: URL) -> tuple[str, ...]:
    """Return the passwords that a database's URL has in it, wherever they stand."""
    given = [url.password, *(url.query.get(name) for name in _SECRETS)]
    return tuple(str(one) for one in given if one)


def _explain(text: str, secrets: Iterable[str]) -> str:
    for marks, said in _EXPLANATIONS:
        if any(mark in text for mark in marks):
            return said
    for secret in secrets:
        text = text.replace(secret, "***")
    return f"数据库出错，未写入任何内容：{text.splitlines()[0][:200] if text else '原因不明'}"
