"""The WSGI entry point for any server: `wsgi:app`."""

from app.factory import create_app

app = create_app()
