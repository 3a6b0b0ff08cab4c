"""`laurel signer`: the process that holds the keys, run as a user of its own.

It needs the key folder and the passphrase, and neither the database nor the secret of the web server.
"""

import os
import pwd
import resource
import signal
import sys
import threading
from pathlib import Path

import click

from app import clock, logs
from app.config import load_settings
from certificates.keys.published import passphrase_of
from certificates.keys.records import KeyPurpose, KeyRecord, KeyStoreError
from certificates.keys.service import Allowance, SignerServer, SignerService, is_answering
from certificates.keys.signers import FolderKeys
from certificates.keys.store import KeyStore


@click.group("signer")
def signer() -> None:
    """A process of its own user that holds the keys, so that the web server need not."""


@signer.command("serve")
@click.option("--socket", "socket_path", type=click.Path(path_type=Path), required=True, help="Where to listen.")
@click.option(
    "--keys", "folder", type=click.Path(path_type=Path), help="The key folder; by default as in the settings."
)
@click.option("--allow-user", "users", multiple=True, help="Name or number of a user who may ask; repeat for more.")
@click.option("--rate", default=200.0, show_default=True, help="Signatures a second for each user.")
@click.option("--burst", default=1000.0, show_default=True, help="Signatures at once before the rate counts.")
def serve(socket_path: Path, folder: Path | None, users: tuple[str, ...], rate: float, burst: float) -> None:
    """Sign for the web server until stopped; SIGTERM lets requests in hand finish.

    Only the users named with --allow-user are heard; the kernel tells who they are. Without any it is the user who runs
    this. The web server finds it by LAUREL_SIGNER=unix:PATH. Each signature is one line in the log.
    """
    settings = load_settings()
    allowed = frozenset(_uid_of(user) for user in users) or frozenset({os.geteuid()})
    if rate <= 0 or burst < 1:
        _fail("--rate must be above 0, and --burst at least 1.")
    keys = FolderKeys(KeyStore(folder or settings.keys_path), passphrase_of(settings))
    ready = _open_all(keys)
    logs.configure(debug=False)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write keys to the disk
    _clear(socket_path)
    server = SignerServer(socket_path, SignerService(keys, Allowance(rate, burst)), allowed)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    click.echo(f"Signing for {', '.join(ready)} on {socket_path}")
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.1)
        socket_path.unlink(missing_ok=True)  # nobody new; those who were heard get their answer before the end


def _open_all(keys: FolderKeys) -> list[str]:
    """Open every key in use now, so that a wrong passphrase shows at the start; the purposes that are ready."""
    try:
        records = [record for record in keys.list_records() if record.may_sign_at(clock.now())]
        wanted = [record for record in records if record.purpose is not KeyPurpose.ROOT]
        for record in wanted:
            keys.signer(record)
        _warn_of_root(keys, records)
    except (KeyStoreError, OSError) as problem:
        _fail(str(problem))
    if not wanted:
        _fail(f"There is no key in use in {keys.store.folder}. Make them with `laurel keys init`.")
    return [purpose.value for purpose in KeyPurpose if purpose in {record.purpose for record in wanted}]


def _warn_of_root(keys: FolderKeys, records: list[KeyRecord]) -> None:
    for record in records:
        path = keys.store.folder / f"{record.key_id}.key.pem"
        if record.purpose is KeyPurpose.ROOT and path.exists():
            click.echo(f"Careful: the key of the root is here ({path}). Move it to a place off this machine.", err=True)


def _clear(path: Path) -> None:
    """Remove what a killed signer left; refuse to take the place of a living one."""
    if is_answering(path):
        _fail(f"Another signer listens on {path} already.")
    if path.is_socket():
        path.unlink()
    elif path.exists():
        _fail(f"{path} is there and is no socket.")


def _uid_of(user: str) -> int:
    if user.isdecimal():
        return int(user)
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        _fail(f"There is no user {user!r} on this machine.")
        raise


def _fail(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(2)
