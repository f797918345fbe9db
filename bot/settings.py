"""Settings: environment (``DUBAN_…``) over ``duban.toml`` in the working folder over defaults."""

import difflib
import os
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSetting

from db.words import Unusable
from jobs.letterhead import fonts_in

FILE = "duban.toml"
"""The settings file, looked for in the working folder."""


LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Where nobody but this machine reaches the page."""

SHORTEST_PASSWORD = 8
"""Characters of the shortest password that the page takes."""

TOGETHER = (
    ("wecom_bot_id", "wecom_bot_secret"),
    ("wecom_corp_id", "wecom_app_secret", "wecom_app_agent_id"),
    ("wecom_app_token", "wecom_app_aes_key"),
)
"""Settings of which one without the others is a mistake."""


class SettingsError(Unusable):
    """A setting is wrong; the message is one line that names it."""


KEPT_AT_LEAST = 30
"""Days: no rule takes away sooner what somebody may still want to look up."""


class Settings(BaseSettings):
    """Everything an operator can set. Secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", toml_file=FILE, extra="forbid")

    database_url: str = ""
    data_dir: Path = Field(default=Path("data"))
    timezone: str = "Asia/Shanghai"
    log: str = "WARNING"
    policy: Path | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8420, ge=0, le=65535)
    web_password: SecretStr | None = None
    web_names: str = ""
    web_url: str = ""
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook: str | None = None
    wecom_bot_id: str | None = None
    wecom_bot_secret: SecretStr | None = None
    wecom_ws_url: str = "wss://openws.work.weixin.qq.com"
    wecom_api_url: str = "https://qyapi.weixin.qq.com"
    wecom_home: str = "https://work.weixin.qq.com/"
    wecom_robots: dict[str, SecretStr] = Field(default_factory=dict)
    wecom_corp_id: str | None = None
    wecom_app_secret: SecretStr | None = None
    wecom_app_agent_id: int | None = None
    wecom_app_token: SecretStr | None = None
    wecom_app_aes_key: SecretStr | None = None
    scanner: str | None = None
    call: str | None = None
    heartbeat: SecretStr | None = None
    keep_days: int | None = None
    paper_office: str = ""
    paper_code: str = ""
    paper_number: str = "{code}〔{year}〕{number}号"
    paper_copies: str = ""
    paper_fonts: str = ""
    chart_font: str = ""

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, told: dict[str, Any]) -> dict[str, Any]:
        """A setting that is blank is not set: above all, a blank secret is no secret."""
        blank = {name for name, value in told.items() if isinstance(value, str) and not value.strip()}
        return {name: value for name, value in told.items() if name not in blank}

    @field_validator("web_password")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().strip()) < SHORTEST_PASSWORD:
            raise ValueError(f"至少须有{SHORTEST_PASSWORD}个字符")
        return value

    @field_validator("paper_number")
    @classmethod
    def _numbers_a_paper(cls, value: str) -> str:
        try:
            if value.format(code="", year=2022, number=1) == value.format(code="", year=2022, number=2):
                raise ValueError("没有 {number}")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("须写成 {code}〔{year}〕{number}号 的样子") from error
        return value

    @field_validator("paper_fonts")
    @classmethod
    def _names_fonts(cls, value: str) -> str:
        fonts_in(value)
        return value

    @field_validator("wecom_robots")
    @classmethod
    def _each_its_key(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        blank = [name for name, key in value.items() if not key.get_secret_value().strip()]
        if blank:
            raise ValueError(f"“{blank[0]}”的密钥是空的")
        return value

    @field_validator("wecom_ws_url")
    @classmethod
    def _socket(cls, value: str) -> str:
        if not value.startswith(("wss://", "ws://")):
            raise ValueError("须以 wss:// 开头，例如 wss://openws.work.weixin.qq.com")
        return value

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        """What belongs together is given together; the error names what is missing."""
        for group in TOGETHER:
            missing = [name for name in group if getattr(self, name) is None]
            if missing and len(missing) < len(group):
                given = next(name for name in group if name not in missing)
                raise ValueError(f"DUBAN_{given.upper()} 须与 DUBAN_{missing[0].upper()} 一同设置")
        if self.wecom_app_token is not None and self.wecom_corp_id is None:
            raise ValueError("DUBAN_WECOM_APP_TOKEN 须与 DUBAN_WECOM_CORP_ID 一同设置")
        return self

    @field_validator("heartbeat")
    @classmethod
    def _called(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            told = urlsplit(value.get_secret_value())
            if told.scheme not in ("http", "https") or not told.hostname:
                raise ValueError("须为网址，以 https:// 或 http:// 开头")
        return value

    @field_validator("web_url")
    @classmethod
    def _where_people_come(cls, value: str) -> str:
        told = urlsplit(value)
        beside = told.query or told.fragment or "@" in told.netloc or told.path not in ("", "/")
        if value and (beside or told.scheme not in ("https", "http") or not told.hostname):
            raise ValueError("须为网址，不带路径、参数和口令，例如 https://duban.example.cn")
        return f"{told.scheme}://{told.netloc.lower()}" if value else value

    @field_validator("call", "scanner")
    @classmethod
    def _command(cls, value: str | None) -> str | None:
        try:
            shlex.split(value or "")
        except ValueError as error:
            raise ValueError("引号不成对，无法作为命令运行") from error
        return value

    @field_validator("telegram_api_url", "telegram_webhook", "wecom_api_url", "wecom_home")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("须为网址，例如 https://api.telegram.org")
        return value

    @field_validator("keep_days", mode="before")
    @classmethod
    def _long_enough_to_look_up(cls, value: object) -> int | None:
        if value is None or str(value).strip() == "":
            return None
        if not str(value).strip().isdecimal() or not KEPT_AT_LEAST <= int(str(value)) <= 36500:
            raise ValueError(f"须为 {KEPT_AT_LEAST} 到 36500 的天数；不设则一直保存")
        return int(str(value))

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("没有这个时区，例如 Asia/Shanghai") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def url(self) -> str:
        """The database's URL; by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'duban.db').absolute()}"

    @property
    def page_password(self) -> str | None:
        """What the page asks for; None where it lets in whoever reaches it."""
        return self.web_password.get_secret_value() if self.web_password is not None else None

    @property
    def is_reached_from_elsewhere(self) -> bool:
        """Tell whether others than this machine reach the page: where it listens, by its address, or by a name behind a proxy."""
        return self.web_host not in LOOPBACK or bool(self.web_url) or bool(self.web_names.strip(" ,"))

    @property
    def page_is_open_to_all(self) -> bool:
        """Tell whether anybody on the network reaches the page, and no password is asked for."""
        return self.is_reached_from_elsewhere and self.page_password is None

    @property
    def room_is_open_to_all(self) -> bool:
        """Tell whether anybody on the network could speak in the room: then it is not opened.

        Where a chat service is configured people talk there, and the page has no room.
        """
        has_service = any((self.telegram_token, self.wecom_bot_id, self.wecom_robots, self.wecom_corp_id))
        return self.page_is_open_to_all and not has_service


def load() -> Settings:
    """Read the settings; raise ``SettingsError`` that names the setting and how to mend it."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"设置 {name} 不对：{said}（环境变量 DUBAN_{name.upper()} 或 {FILE}）" if name else f"设置不全：{said}"
        ) from None
    except UnreadableSetting:
        raise SettingsError(
            'DUBAN_WECOM_ROBOTS 须写成 {"单位或群的名称": "密钥"}，或在 duban.toml 里写成一张表'
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE} 不是有效的 TOML：{error}") from None
    except OSError as error:
        raise SettingsError(f"{FILE} 无法读取：{error.strerror}") from None
    _check_secrets_file()
    return settings


_OTHERS = ("DATABASE_PASSWORD",)
"""Names that are read elsewhere: by the compose file."""


def unknown(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return a line for each name of the environment that begins as ours and sets nothing, with the one that it is nearest to."""
    ours = [*map(str.upper, Settings.model_fields), *_OTHERS]
    given = {name: name.upper().removeprefix("DUBAN_") for name in environment if name.upper().startswith("DUBAN_")}
    lines = []
    for name, told in sorted(given.items()):
        if told not in ours:
            near = difflib.get_close_matches(told, ours, 1)
            lines.append(f"{name} 不是督办的设置，没有起作用{f'；是否应为 DUBAN_{near[0]}？' if near else ''}")
    return lines


def _check_secrets_file() -> None:
    """Refuse a settings file with secrets in it that others may read."""
    path = Path(FILE)
    if not path.exists() or os.name != "posix":
        return
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    secret = [key for key in told if key.endswith(("token", "secret", "password", "aes_key", "robots", "heartbeat"))]
    if "@" in str(told.get("database_url", "")) or "password=" in str(told.get("database_url", "")):
        secret.append("database_url")
    if not secret:
        return
    status = path.stat()
    if status.st_mode & 0o077:
        raise SettingsError(f"{FILE} 含有密钥 {secret[0]}，但其他用户可读；请执行 chmod 600 {FILE}")
    if status.st_uid not in (os.geteuid(), 0):
        raise SettingsError(f"{FILE} 含有密钥 {secret[0]}，但属于其他用户；请执行 chown $(id -un) {FILE}")
