"""All settings, declared once. `.env.example` and docs/settings.md are held against this file by a test."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from election.errors import OperatorRefusal

TELEGRAM = "https://api.telegram.org"
_DATABASES = ("sqlite:///", "sqlite+aiosqlite:///", "postgresql://", "postgres://", "postgresql+asyncpg://")
_REHEARSAL_SID = "AC" + "0123456789abcdef" * 2
_REHEARSAL_TOKEN = "fedcba9876543210" * 2
_REHEARSAL_NUMBER = "+77750000000"
_REHEARSAL_BASE = "http://127.0.0.1:8900"
"""The carrier in the box: no secret, and the same in every rehearsal."""


class Settings(BaseSettings):
    """Environment variables, or lines of `.env` in the working folder."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    BOT_TOKEN: SecretStr = Field(
        SecretStr(""), description="The bot's token from @BotFather; several, with commas between, share one election."
    )
    TELEGRAM_API_BASE: str = Field(TELEGRAM, description="The Bot API server; your own, or the rehearsal's.")
    TELEGRAM_PER_SECOND: float = Field(
        30.0,
        gt=0,
        le=1000,
        description="Messages a second Telegram lets each bot send unasked: 30, more for who pays for broadcasts.",
    )
    WEBHOOK_BASE_URL: str = Field("", description="Public https address of this program; empty: long polling.")
    WEBHOOK_SECRET: SecretStr = Field(
        SecretStr(""),
        description="What Telegram must say with each webhook call: a long random word of A-Z a-z 0-9 _ -.",
    )
    SMS_PROVIDER: Literal["twilio", "rehearsal"] = Field("twilio", description="Who carries SMS: twilio or rehearsal.")
    TWILIO_ACCOUNT_SID: str = Field("", description="Twilio account, AC and 32 signs.")
    TWILIO_AUTH_TOKEN: SecretStr = Field(
        SecretStr(""), description="Twilio's auth token; it also signs what they send us."
    )
    TWILIO_FROM: str = Field("", description="Our number at Twilio, like +15005550006.")
    TWILIO_MESSAGING_SERVICE_SID: str = Field(
        "", description="A messaging service, MG and 32 signs, instead of one number."
    )
    TWILIO_API_BASE: str = Field("", description="Another address than Twilio's own, for tests and the rehearsal.")
    SMS_PER_SECOND: float = Field(
        20.0,
        gt=0,
        description="SMS segments a second the carrier takes from us: 1 for a long number, 100 for a short code.",
    )
    SMS_PRICE: float = Field(
        0.0,
        ge=0,
        description="What the carrier takes for a segment, in your money; 0: not known, and no price is told.",
    )
    DATABASE_URL: SecretStr = Field(
        SecretStr("sqlite:///var/dauys.sqlite3"), description="Where votes are kept: a SQLite file, or PostgreSQL."
    )
    REDIS_URL: SecretStr = Field(
        SecretStr(""), description="Redis or Valkey for short-lived things; empty: a file on this machine."
    )
    SECRET_KEY_FILE: Path = Field(
        Path("var/secret-keys.json"), description="The keys of this installation; made at first use with mode 0600."
    )
    METRICS_PORT: int = Field(0, ge=0, le=65_535, description="Port for /metrics on loopback; 0: none.")
    DEFAULT_REGION: str = Field(
        "KZ", pattern="^[A-Z]{2}$", description="Country of roll numbers without a country code."
    )
    TIMEZONE: str = Field("Asia/Almaty", description="Time zone of what the command line shows.")
    BOARD_DIR: Path = Field(Path("var/board"), description="The folder that observers see.")
    BOARD_URL: str = Field("", description="Public address of the board, told with each bulletin; empty: not told.")
    BULLETINS_BY_SMS: bool = Field(
        False, description="Whether each bulletin of the timetable also goes by SMS to who signed in by SMS alone."
    )
    HOST: str = Field("127.0.0.1", description="Address to listen on for webhooks and health.")
    PORT: int = Field(8080, ge=0, le=65_535, description="Port to listen on for webhooks and health.")
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR."
    )

    @property
    def tokens(self) -> tuple[str, ...]:
        """The bots' tokens."""
        return tuple(token.strip() for token in self.BOT_TOKEN.get_secret_value().split(",") if token.strip())

    @property
    def database_url(self) -> str:
        """Where votes are kept. It may hold a password."""
        return self.DATABASE_URL.get_secret_value()

    @property
    def redis_url(self) -> str:
        """Where short-lived things are kept, or empty. It may hold a password."""
        return self.REDIS_URL.get_secret_value()

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end."""
        return self.WEBHOOK_BASE_URL.rstrip("/")

    @property
    def account_sid(self) -> str:
        """Twilio's account; in a rehearsal its stand-in unless another is set."""
        return self.TWILIO_ACCOUNT_SID or (_REHEARSAL_SID if self.SMS_PROVIDER == "rehearsal" else "")

    @property
    def carrier_base(self) -> str:
        """The carrier's address if it is not Twilio's own."""
        return self.TWILIO_API_BASE.rstrip("/") or (_REHEARSAL_BASE if self.SMS_PROVIDER == "rehearsal" else "")

    @property
    def auth_token(self) -> str:
        """Twilio's auth token; in a rehearsal its stand-in unless another is set."""
        given = self.TWILIO_AUTH_TOKEN.get_secret_value()
        return given or (_REHEARSAL_TOKEN if self.SMS_PROVIDER == "rehearsal" else "")

    @property
    def sender(self) -> str:
        """Our number; in a rehearsal its stand-in unless another is set."""
        rehearsed = self.SMS_PROVIDER == "rehearsal" and not self.TWILIO_MESSAGING_SERVICE_SID
        return self.TWILIO_FROM or (_REHEARSAL_NUMBER if rehearsed else "")


def read() -> Settings:
    """The settings as they are. Raises OperatorRefusal with one sentence that names the setting and the mend."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        described = Settings.model_fields[name].description or ""
        raise OperatorRefusal("bad_setting", f"{name} cannot be used ({first['msg']}). {described}") from None
    except UnicodeDecodeError:
        raise OperatorRefusal("bad_setting", ".env is not UTF-8 text; save it as UTF-8.") from None
    for name, problem in _mistakes(settings):
        raise OperatorRefusal("bad_setting", f"{name} {problem}")
    return settings


def must_be_able_to_serve(settings: Settings, role: str = "all") -> None:
    """Raise OperatorRefusal when a setting that this role cannot do without is missing, or half of a pair is."""
    for name, problem in _half_set(settings, role):
        raise OperatorRefusal("half_set", f"{name} {problem}")


def _mistakes(settings: Settings) -> list[tuple[str, str]]:
    found = []
    if not _is_time_zone(settings.TIMEZONE):
        found.append(("TIMEZONE", f"names no time zone; write one like Asia/Almaty, not {settings.TIMEZONE!r}."))
    if not settings.database_url.startswith(_DATABASES):
        mend = "write sqlite:///var/dauys.sqlite3 or postgresql+asyncpg://user:password@host/name."
        found.append(("DATABASE_URL", f"names another database than SQLite and PostgreSQL; {mend}"))
    for name in ("TELEGRAM_API_BASE", "WEBHOOK_BASE_URL", "TWILIO_API_BASE", "BOARD_URL"):
        value = getattr(settings, name)
        if value and not _is_web_address(value):
            found.append((name, "is no web address; write one like https://vote.example.org."))
    return found


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no path of a file, a folder of zones
        return False
    return True


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not parts.query and not parts.fragment


def _half_set(settings: Settings, role: str) -> list[tuple[str, str]]:
    found = []
    if role in ("all", "bot"):
        found += _half_set_bot(settings) + _half_set_webhook(settings)
    if role in ("all", "sms", "sender"):
        found += _half_set_carrier(settings)
    if role == "sms" and not settings.WEBHOOK_BASE_URL:
        found.append(("WEBHOOK_BASE_URL", "is empty; the carrier signs the address it calls, so set it."))
    return found


def _half_set_bot(settings: Settings) -> list[tuple[str, str]]:
    found = []
    if not settings.tokens:
        found.append(("BOT_TOKEN", "is empty; get a token from @BotFather and set it."))
    if any(not token.partition(":")[0].isdigit() or not token.partition(":")[2] for token in settings.tokens):
        found.append(("BOT_TOKEN", "is no bot token; it looks like 123456:ABC-DEF."))
    return found


def _half_set_webhook(settings: Settings) -> list[tuple[str, str]]:
    if not settings.WEBHOOK_BASE_URL:
        return []
    found = []
    if urlsplit(settings.WEBHOOK_BASE_URL).scheme == "http" and settings.TELEGRAM_API_BASE.rstrip("/") == TELEGRAM:
        mend = "write https, or set a TELEGRAM_API_BASE of your own"
        found.append(("WEBHOOK_BASE_URL", f"is http, which Telegram does not accept; {mend}."))
    secret = settings.WEBHOOK_SECRET.get_secret_value()
    if not secret:
        found.append(("WEBHOOK_SECRET", "is empty while WEBHOOK_BASE_URL is set; set a long random word."))
    elif not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        found.append(("WEBHOOK_SECRET", "has to be up to 256 of A-Z a-z 0-9 _ - and nothing else; choose another."))
    return found


def _half_set_carrier(settings: Settings) -> list[tuple[str, str]]:
    if settings.SMS_PROVIDER == "rehearsal":
        return []
    found = []
    if not settings.TWILIO_ACCOUNT_SID:
        found.append(("TWILIO_ACCOUNT_SID", "is empty; copy it from the Twilio console."))
    elif not settings.TWILIO_API_BASE and not re.fullmatch(r"AC[0-9a-fA-F]{32}", settings.TWILIO_ACCOUNT_SID):
        found.append(("TWILIO_ACCOUNT_SID", "is no account; it is AC and 32 signs, copy it from the Twilio console."))
    if not settings.auth_token:
        found.append(("TWILIO_AUTH_TOKEN", "is empty; copy it from the Twilio console."))
    if not settings.TWILIO_FROM and not settings.TWILIO_MESSAGING_SERVICE_SID:
        found.append(("TWILIO_FROM", "is empty and so is TWILIO_MESSAGING_SERVICE_SID; set one of them."))
    return found


def timezone(settings: Settings) -> ZoneInfo:
    """The time zone of what the command line shows."""
    return ZoneInfo(settings.TIMEZONE)
