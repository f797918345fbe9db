"""Settings: environment (``DUBAN_…``) over ``duban.toml`` in the working folder over defaults."""

import os
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

FILE = "duban.toml"
"""The settings file, looked for in the working folder."""


class SettingsError(Exception):
    """A setting is wrong; the message is one line that names it."""


class Settings(BaseSettings):
    """Everything an operator can set. Secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", toml_file=FILE, extra="forbid")

    database_url: str = ""
    data_dir: Path = Field(default=Path("data"))
    timezone: str = "Asia/Shanghai"
    policy: Path | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8420, ge=0, le=65535)
    web_password: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook: str | None = None
    scanner: str | None = None

    @field_validator("telegram_api_url", "telegram_webhook")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("须为网址，例如 https://api.telegram.org")
        return value

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
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        """Put the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def url(self) -> str:
        """The database's URL; by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'duban.db').absolute()}"


def load() -> Settings:
    """Read the settings; raise ``SettingsError`` that names the setting and how to mend it."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"设置 {name} 不对：{first['msg']}（环境变量 DUBAN_{name.upper()} 或 {FILE}）") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE} 不是有效的 TOML：{error}") from None
    except OSError as error:
        raise SettingsError(f"{FILE} 无法读取：{error.strerror}") from None
    _check_secrets_file()
    return settings


def _check_secrets_file() -> None:
    """Refuse a settings file with secrets in it that others may read."""
    path = Path(FILE)
    if not path.exists() or os.name != "posix":
        return
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    secret = [key for key in told if key.endswith(("token", "secret", "password"))]
    if secret and path.stat().st_mode & 0o077:
        raise SettingsError(f"{FILE} 含有密钥 {secret[0]}，但其他用户可读；请执行 chmod 600 {FILE}")
