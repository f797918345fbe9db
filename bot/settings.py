"""Settings: environment (``DUBAN_…``) over ``duban.toml`` in the working folder over defaults."""

import os
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableSetting

FILE = "duban.toml"
"""The settings file, looked for in the working folder."""


TOGETHER = (
    ("wecom_bot_id", "wecom_bot_secret"),
    ("wecom_corp_id", "wecom_app_secret", "wecom_app_agent_id"),
    ("wecom_app_token", "wecom_app_aes_key"),
)
"""Settings of which one without the others is a mistake."""


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

    @field_validator("telegram_api_url", "telegram_webhook", "wecom_api_url", "wecom_home")
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


def _check_secrets_file() -> None:
    """Refuse a settings file with secrets in it that others may read."""
    path = Path(FILE)
    if not path.exists() or os.name != "posix":
        return
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    secret = [key for key in told if key.endswith(("token", "secret", "password", "aes_key", "robots"))]
    if secret and path.stat().st_mode & 0o077:
        raise SettingsError(f"{FILE} 含有密钥 {secret[0]}，但其他用户可读；请执行 chmod 600 {FILE}")
