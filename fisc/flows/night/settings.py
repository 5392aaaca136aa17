"""What an operator sets once: ``fisc.toml`` in FISC_HOME, or variables of the environment, which go before it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from fisc.errors import FiscError
from fisc.flows.source.cron import is_cron
from fisc.warehouse.home import Home

FILE = "fisc.toml"
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


class SettingsError(FiscError):
    """Settings that cannot be used; names the file and the key."""

    reason = "settings_broken"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}; see docs/operator.md for all settings.")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tell(_Section):
    """When somebody is told. ``failures``: so many of one run; ``silent_share``: a list shorter than this share of
    the longest of the last runs."""

    failures: int = Field(default=10, ge=1)
    silent_share: float = Field(default=0.5, ge=0.0, le=1.0)
    changes: bool = True


class Webhook(_Section):
    """Where a JSON message is posted."""

    url: str | None = Field(default=None, pattern=r"^https?://")
    headers: dict[str, str] = {}
    timeout_s: float = Field(default=10.0, gt=0)


class Mail(_Section):
    """The mail server, and from whom to whom. ``to`` is a list, or addresses apart by commas; ``authority`` a file with
    the certificate of whoever signs the server's, where the system does not know him."""

    server: str | None = None
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    sender: str = "fisc@localhost"
    to: tuple[str, ...] = ()
    authority: Path | None = None
    timeout_s: float = Field(default=20.0, gt=0)

    @field_validator("to", mode="before")
    @classmethod
    def _apart(cls, value: Any) -> Any:
        return (
            [each.strip() for each in value.split(",") if each.strip()] if isinstance(value, str) else value
        )


class Night(_Section):
    """When ``fisc serve`` starts what is not one source's: five fields of cron in Chinese time."""

    retry: str = "23 * * * *"
    recheck: str = "0 5 * * 0"

    @field_validator("retry", "recheck")
    @classmethod
    def _cron(cls, value: str) -> str:
        if not is_cron(value):
            raise ValueError(f'it must be five fields of cron such as "23 * * * *", and {value!r} is not')
        return value


class Settings(_Section):
    """All settings."""

    night: Night = Night()
    tell: Tell = Tell()
    webhook: Webhook = Webhook()
    mail: Mail = Mail()


def read_settings(home: Home, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a home. ``FISC_MAIL_SERVER`` stands for ``server`` in ``[mail]``, and so on for every key.

    Raises :class:`SettingsError`.
    """
    file = home.root / FILE
    told = _from_environment(environment)
    written = _from_file(file, environment)
    for section, values in told.items():
        written[section] = {**written.get(section, {}), **values}
    try:
        return Settings.model_validate(written)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(file, f"{key} cannot be used ({first['msg']})") from error


def _from_file(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        return {name: _expanded(value, file, environment) for name, value in tomllib.loads(text).items()}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(file, f"it cannot be read ({error})") from error


def _expanded(value: Any, file: Path, environment: Mapping[str, str]) -> Any:
    """Secrets need not stand in the file: ``${VARIABLE}`` is taken from the environment."""

    def put_in(match: re.Match[str]) -> str:
        if match[1] not in environment:
            raise SettingsError(file, f"it needs the environment variable {match[1]}")
        return environment[match[1]]

    if isinstance(value, dict):
        return {name: _expanded(each, file, environment) for name, each in value.items()}
    if isinstance(value, list):
        return [_expanded(each, file, environment) for each in value]
    return _VARIABLE.sub(put_in, value) if isinstance(value, str) else value


def _from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for section, model in (("night", Night), ("tell", Tell), ("webhook", Webhook), ("mail", Mail)):
        for key in model.model_fields:
            name = f"FISC_{section}_{key}".upper()
            if key != "headers" and environment.get(name):
                found.setdefault(section, {})[key] = environment[name]
    return found
