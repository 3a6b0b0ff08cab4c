"""Settings: read from the environment and `instance/settings.env`, checked whole before anything starts."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demo", "production", "test")


class BadSettings(ValueError):
    """The settings cannot be run with; `faults` lists every reason, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def setting(env: str, default: str, about: str) -> str:
    """A field read from the environment variable `env`; `about` is what the settings page says of it."""
    return field(default=default, metadata={"env": env, "about": about})  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator may set. Texts as they stand in the environment; typed readers are properties."""

    mode: str = setting("LAUREL_MODE", "demo", "demo, production or test. A database belongs to one mode for ever.")
    secret_key: str = setting("LAUREL_SECRET_KEY", "", "At least 32 bytes; signs the cookie and tokens.")
    old_secret_keys: str = setting("LAUREL_OLD_SECRET_KEYS", "", "Earlier secrets, comma separated, still accepted.")
    database_url: str = setting(
        "DATABASE_URL", "", "PostgreSQL as postgresql+psycopg://…; empty: SQLite in the instance folder."
    )
    base_url: str = setting(
        "LAUREL_BASE_URL", "http://127.0.0.1:8000", "Address of the site as people type it, without a final slash."
    )
    hosts: str = setting("LAUREL_HOSTS", "", "Host names answered, comma separated. Demo: 127.0.0.1 and localhost.")
    mail_url: str = setting(
        "LAUREL_MAIL_URL",
        "files:",
        "smtp://user:password@host:port, smtps://… (TLS from the start) or files: (a folder, demo only).",
    )
    mail_from: str = setting("LAUREL_MAIL_FROM", "", "Sender address of every message.")
    proxy_hops: str = setting("LAUREL_PROXY_HOPS", "0", "How many trusted proxies stand before the server.")
    storage_url: str = setting(
        "LAUREL_STORAGE_URL", "", "s3://bucket/prefix of an object store; empty: files in the instance folder."
    )
    key_passphrase: str = setting("LAUREL_KEY_PASSPHRASE", "", "Opens the signing keys in the key folder.")
    keys_folder: str = setting("LAUREL_KEYS", "", "Folder of the signing keys; empty: `keys` in the instance folder.")
    signer: str = setting(
        "LAUREL_SIGNER", "", "unix:/path of the socket of `laurel signer serve`; empty: this process opens the keys."
    )
    timestamp_url: str = setting(
        "LAUREL_TIMESTAMP_URL",
        "",
        "Address of a timestamp authority (RFC 3161) for certificates; empty: they carry our own time alone.",
    )
    font_folder: str = setting(
        "LAUREL_FONT_FOLDER",
        "",
        "Folder with further Noto fonts for certificates, such as /usr/share/fonts; needed for Chinese, Japanese, Korean.",
    )
    workers: str = setting("LAUREL_WORKERS", "", "Server processes; empty: one on SQLite, two on PostgreSQL.")
    job_threads: str = setting(
        "LAUREL_JOB_THREADS", "2", "Threads for jobs in each server process; 0 leaves jobs to `laurel jobs work`."
    )
    debug: str = setting("LAUREL_DEBUG", "", "1 shows stack traces in the browser; refused in production.")
    instance: str = setting("LAUREL_INSTANCE", str(ROOT / "instance"), "Folder for the database, uploads and keys.")

    @property
    def instance_path(self) -> Path:
        """The folder that holds everything of this installation."""
        return Path(self.instance)

    @property
    def keys_path(self) -> Path:
        """The folder that holds the signing keys."""
        return Path(self.keys_folder) if self.keys_folder else self.instance_path / "keys"

    @property
    def font_path(self) -> Path | None:
        """The folder of further fonts, or None where only those of the product are used."""
        return Path(self.font_folder) if self.font_folder else None

    @property
    def signer_path(self) -> Path | None:
        """The socket of the signer process, or None where this process opens the keys."""
        return Path(self.signer.removeprefix("unix:")) if self.signer else None

    @property
    def sqlalchemy_url(self) -> str:
        """The database address, with the driver spelt out."""
        if not self.database_url:
            return f"sqlite:///{self.instance_path / 'laurel.sqlite3'}"
        for plain in ("postgres://", "postgresql://"):
            if self.database_url.startswith(plain):
                return "postgresql+psycopg://" + self.database_url.removeprefix(plain)
        return self.database_url

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite, which allows one worker process."""
        return self.sqlalchemy_url.startswith("sqlite")

    @property
    def is_demo(self) -> bool:
        """Whether this is a demonstration: banner, specimen certificates, mail to files."""
        return self.mode == "demo"

    @property
    def host_list(self) -> list[str]:
        """The host names this site answers to."""
        named = [host.strip() for host in self.hosts.split(",") if host.strip()]
        own = urlsplit(self.base_url).hostname or ""
        local = [] if self.mode == "production" else ["127.0.0.1", "localhost", "[::1]"]
        return list(dict.fromkeys([*named, own, *local]))

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over TLS (decides the cookie's name and flags)."""
        return self.base_url.startswith("https://")

    @property
    def worker_count(self) -> int:
        """How many server processes to run."""
        return int(self.workers) if self.workers else (1 if self.is_sqlite else 2)

    def as_environment(self) -> dict[str, str]:
        """These settings as environment variables, for a program that this one starts."""
        return {f.metadata["env"]: getattr(self, f.name) for f in fields(self)}


def read_env_file(path: Path) -> dict[str, str]:
    """The `KEY=value` lines of a settings file; comments and blank lines are passed over. Absent: empty."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, value in pairs}


def load_settings(environ: dict[str, str] | None = None) -> Settings:
    """Settings from the environment over `settings.env` of the instance folder over the defaults, unchecked."""
    environ = dict(os.environ) if environ is None else environ
    instance = environ.get("LAUREL_INSTANCE", str(ROOT / "instance"))
    known = read_env_file(Path(instance) / "settings.env") | environ
    values = {f.name: known[f.metadata["env"]] for f in fields(Settings) if f.metadata["env"] in known}
    return Settings(**values)


def check_settings(settings: Settings) -> None:
    """Refuse settings that are unsafe or cannot work. Raises BadSettings with every fault at once."""
    faults = _common_faults(settings)
    if settings.mode == "production":
        faults += _production_faults(settings)
    if faults:
        raise BadSettings(faults)


def _common_faults(settings: Settings) -> list[str]:
    checks = [
        (settings.mode not in MODES, f"LAUREL_MODE is {settings.mode!r}; it must be demo, production or test."),
        (len(settings.secret_key.encode()) < 32, "LAUREL_SECRET_KEY must have at least 32 bytes."),
        (
            not _is_address(settings.base_url),
            "LAUREL_BASE_URL must be like https://body.example, without a final slash.",
        ),
        (
            not settings.mail_url.startswith(("files:", "smtp://", "smtps://")),
            "LAUREL_MAIL_URL must begin with smtp://, smtps:// or files:.",
        ),
        (
            not settings.sqlalchemy_url.startswith(("sqlite:///", "postgresql+psycopg://")),
            "DATABASE_URL must begin with postgresql://, or be empty for SQLite in the instance folder.",
        ),
        (
            not settings.storage_url.startswith("s3://") and settings.storage_url != "",
            "LAUREL_STORAGE_URL must begin with s3://, or be empty for the instance folder.",
        ),
        (
            settings.signer != "" and not settings.signer.startswith("unix:/"),
            "LAUREL_SIGNER must be like unix:/run/laurel-signer/socket, or be empty.",
        ),
        (
            settings.timestamp_url != "" and not settings.timestamp_url.startswith(("http://", "https://")),
            "LAUREL_TIMESTAMP_URL must begin with https:// or http://, or be empty.",
        ),
        (
            settings.font_path is not None and not settings.font_path.is_dir(),
            "LAUREL_FONT_FOLDER must be a folder that is there, or be empty.",
        ),
        (not settings.proxy_hops.isdecimal(), "LAUREL_PROXY_HOPS must be a whole number."),
        (
            settings.workers != "" and not _is_positive(settings.workers),
            "LAUREL_WORKERS must be a whole number from 1.",
        ),
        (not settings.job_threads.isdecimal(), "LAUREL_JOB_THREADS must be a whole number."),
        (
            settings.is_sqlite and _is_positive(settings.workers) and int(settings.workers) > 1,
            "LAUREL_WORKERS must be 1 on SQLite; use PostgreSQL for more.",
        ),
    ]
    return [message for wrong, message in checks if wrong]


def _is_address(base_url: str) -> bool:
    """Whether it is a scheme and a host, perhaps a port, and nothing after them."""
    try:
        url = urlsplit(base_url)
        named = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        return False
    return named and base_url == f"{url.scheme}://{url.netloc}" and "@" not in url.netloc


def _is_positive(text: str) -> bool:
    return text.isdecimal() and int(text) > 0


def _production_faults(settings: Settings) -> list[str]:
    checks = [
        (not settings.hosts, "LAUREL_HOSTS must list the host names this site answers to."),
        (not settings.is_https, "LAUREL_BASE_URL must begin with https:// in production."),
        (settings.mail_url.startswith("files:"), "LAUREL_MAIL_URL must be a real mail server in production."),
        ("@" not in settings.mail_from, "LAUREL_MAIL_FROM must be the sender's address in production."),
        (settings.debug not in ("", "0"), "LAUREL_DEBUG must be off in production."),
        (settings.secret_key.startswith("demo"), "LAUREL_SECRET_KEY is the one of a demonstration; make a new one."),
    ]
    return [message for wrong, message in checks if wrong]
