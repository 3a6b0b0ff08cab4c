"""The application, put together."""

from typing import Any

from flask import Flask, Response
from flask.json.provider import DefaultJSONProvider
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from app import assets, error_pages, headers, language, logs, policy, shell, transaction, wiring
from app.audit.services import write_pending
from app.bus import Bus
from app.config import Settings, check_settings, load_settings
from app.extensions import babel, csrf, db, login_manager
from app.jobs import runner
from app.mail.kinds import MailKinds
from app.mail.transports import make_transport
from app.storage.stores import make_store

MEGABYTE = 1024**2
# PostgreSQL: nobody waits for a lock for ever, and a forgotten transaction holds none for ever.
PATIENCE = "-c lock_timeout=8000 -c idle_in_transaction_session_timeout=60000"
MOST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """A whole number in an address that a database column can hold; larger ones lead nowhere (404)."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int = MOST_NUMBER) -> None:
        super().__init__(url_map, fixed_digits, min, max)


class BoundedJson(DefaultJSONProvider):
    """JSON as Flask reads it, where nesting too deep for the reader is bad input and no fault of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of a JSON text. Raises ValueError for anything else, endless nesting included."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class Laurel(Flask):
    """Flask, with the end of the transaction inside the handling of errors: a failed commit is one of them."""

    jinja_environment = language.Pages
    json_provider_class = BoundedJson

    def dispatch_request(self) -> Any:
        """Run the view, then commit or end its transaction before any answer is sent."""
        response: Response = self.make_response(super().dispatch_request())
        transaction.end_request(response)
        return response


def create_app(settings: Settings | None = None) -> Laurel:
    """The whole application. Raises BadSettings for unsafe settings, RuntimeError for an unguarded view."""
    settings = settings or load_settings()
    check_settings(settings)
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app = Laurel("app", instance_path=str(settings.instance_path.resolve()), static_folder="static")
    app.extensions["settings"] = settings
    app.url_map.converters["int"] = RowNumber
    app.config.update(_flask_config(settings))
    _templates(app)
    _ground_floor(app, settings)
    wiring.wire(app)
    _proxies(app, settings)
    policy.check_every_view(app)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "DEBUG": settings.debug not in ("", "0"),
        "TESTING": settings.mode == "test",
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": [key for key in settings.old_secret_keys.split(",") if key],
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "TRUSTED_HOSTS": settings.host_list,
        "MAX_CONTENT_LENGTH": 25 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 1 * MEGABYTE,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-laurel" if settings.is_https else "laurel",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # headers._refuse_other_sites looks at Origin and Sec-Fetch-Site
        "BABEL_DEFAULT_LOCALE": "en",
    }


def _engine_options(settings: Settings) -> dict[str, Any]:
    quiet = {"hide_parameters": True}  # values of a failed statement are no matter for the log
    if settings.is_sqlite:
        return quiet | {"pool_size": 20}  # more than a worker has threads: connecting anew costs more than a request
    return quiet | {"pool_size": 10, "connect_args": {"connect_timeout": 5, "options": PATIENCE}}


def _templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [
            app.jinja_loader,  # type: ignore[list-item]
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    WTFormsHelpers(app)
    app.jinja_env.add_extension("jinja2.ext.i18n")


def _ground_floor(app: Flask, settings: Settings) -> None:
    logs.init_app(app)
    db.init_app(app)
    babel.init_app(app)
    language.init_app(app)
    transaction.init_app(app)
    app.extensions["before_commit"].append(write_pending)
    app.extensions["bus"] = Bus()
    app.extensions["body"] = {}
    app.extensions["mail_kinds"] = MailKinds()
    app.extensions["mail_transport"] = make_transport(settings)
    app.extensions["store"] = make_store(settings)
    runner.init_app(app)
    headers.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.anonymous_user = lambda: policy.NOBODY
    login_manager.session_protection = None
    policy.init_app(app)
    error_pages.init_app(app)
    shell.init_app(app)
    assets.init_app(app)
    policy.requires(policy.Permission.PUBLIC)(app.view_functions["static"])


def _proxies(app: Flask, settings: Settings) -> None:
    hops = int(settings.proxy_hops)
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
