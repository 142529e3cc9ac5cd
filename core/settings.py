"""Settings from the environment, typed; every fault is named at once.

A field ``mail_port`` is the variable ``TUANHOC_MAIL_PORT``. What is not set
comes from the instance folder or a default that is fit for production.
"""

import os
import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent


class WrongSettings(Exception):
    """The environment cannot be used as it is; one line for each fault."""


class Settings(BaseSettings):
    """What can be set, and what holds when it is not."""

    model_config = SettingsConfigDict(
        env_prefix="TUANHOC_", frozen=True, extra="ignore", populate_by_name=True
    )

    instance: Path = ROOT / "instance"
    """The folder of everything that one installation keeps."""
    database_url: str = ""
    secret_key: str = ""
    public_url: str = ""
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")

    mail_server: str = ""
    mail_port: int = Field(default=587, ge=1, le=65535)
    mail_use_tls: bool = True
    mail_username: str = ""
    mail_password: str = ""
    mail_sender: str = "tuan-le@example.com"
    mail_timeout: float = Field(default=15, gt=0, le=600)
    mail_per_minute: int = Field(default=0, ge=0)
    """Letters that the provider takes in a minute; 0 for as many as there are."""
    mail_per_day: int = Field(default=0, ge=0)

    throttle: bool = False
    """Whether sign-in, registration and typed codes are slowed down."""
    senders: int = Field(default=2, ge=0, le=16)
    """Connections to the mail server beside the clock on one machine."""
    workers: Literal["threads", "procrastinate"] = "threads"
    """Who carries letters: threads beside the clock, or workers on any number of machines."""
    trusted_proxies: int = Field(default=0, ge=0, le=4)
    """How many proxies of ours stand in front; only then are ``X-Forwarded-*`` believed."""
    access_log: bool = False
    """Whether every request leaves a line, or only those that failed."""

    @field_validator("instance")
    @classmethod
    def _can_be_kept(cls, value: Path) -> Path:
        folder = value.resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise ValueError(f"{folder} cannot be made: {fault.strerror}") from None
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise ValueError(f"{folder} cannot be written")
        return folder

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be an address such as https://tuanle.example.vn, without a path")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if value == "sqlite:///" or ":memory:" in value:
            raise ValueError("must name a file, such as sqlite:////srv/tuanhoc/week.sqlite3")
        if value.startswith("postgresql") and find_spec("psycopg") is None:
            raise ValueError("PostgreSQL needs the driver psycopg, which is not installed here")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @model_validator(mode="after")
    def _fill_from_instance(self) -> Self:
        if self.workers == "procrastinate":
            if not self.database_url.startswith("postgresql"):
                raise ValueError("TUANHOC_WORKERS=procrastinate needs PostgreSQL")
            if find_spec("procrastinate") is None:
                raise ValueError("TUANHOC_WORKERS=procrastinate needs the extra [scale]")
        instance = self.instance.resolve()
        instance.mkdir(parents=True, exist_ok=True)
        fill = {
            "instance": instance,
            "database_url": self.database_url or f"sqlite:///{instance / 'tuanhoc.sqlite3'}",
            "secret_key": self.secret_key or _kept_secret(instance / "secret_key"),
            "public_url": self.public_url or f"http://{self.host}:{self.port}",
        }
        for name, value in fill.items():
            object.__setattr__(self, name, value)
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether everything is in one file on this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """Whether visitors come over https: cookies are then ``Secure``."""
        return self.public_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether the public address is one that no phone can reach."""
        return urlsplit(self.public_url).hostname in {"127.0.0.1", "localhost", "::1", "0.0.0.0"}  # noqa: S104

    @property
    def sends_mail(self) -> bool:
        """Whether mail leaves this machine, or only goes to ``instance/mail``."""
        return bool(self.mail_server)


def load() -> Settings:
    """The settings of this process. Raises ``WrongSettings``."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings("\n".join(_faults(error))) from None
    except OSError as error:
        raise WrongSettings(f"TUANHOC_INSTANCE: {error.filename}: {error.strerror}") from None


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and mean nothing: most likely misspelt."""
    known = {f"TUANHOC_{name.upper()}" for name in Settings.model_fields}
    return sorted(n for n in environment if n.startswith("TUANHOC_") and n not in known)


def _faults(error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors():
        place = str(fault["loc"][0]) if fault["loc"] else "settings"
        name = place if place.isupper() else f"TUANHOC_{place.upper()}"
        lines.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}")
    return lines


def _kept_secret(path: Path) -> str:
    """The key kept beside the database, made by the first command of any kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
