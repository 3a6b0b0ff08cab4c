"""Where bytes live: a folder, or an object store. Names are ours, never a visitor's."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from app.config import Settings


class Store(Protocol):
    """Bytes by name. A name once written is never overwritten with other bytes."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes durably under `name` before returning."""

    def get(self, name: str) -> bytes:
        """The bytes of `name`. Raises FileNotFoundError."""

    def delete(self, name: str) -> None:
        """Forget `name`; absent is fine."""

    def list_old(self, before: datetime) -> Iterator[str]:
        """The names written before a moment; what a crash left half-written is removed on the way."""


class FolderStore:
    """Files in a folder, two levels deep by the first letters of their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        if not name.isalnum():
            raise ValueError(f"not a stored name: {name!r}")
        return self.folder / name[:2] / name

    def put(self, name: str, data: bytes) -> None:
        """Write beside, flush to the disk, rename: a crash leaves the whole file or none."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    def get(self, name: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        """Remove the file; absent is fine."""
        self._path(name).unlink(missing_ok=True)

    def list_old(self, before: datetime) -> Iterator[str]:
        """The names of files last written before a moment; half-written ones of that age are removed."""
        for path in self.folder.glob("*/*"):
            if path.stat().st_mtime >= before.timestamp():
                continue
            if path.name.startswith(".new-"):
                path.unlink(missing_ok=True)
            else:
                yield path.name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class ObjectStore:
    """Files in an S3-compatible store, through obstore (the `scale` extra)."""

    def __init__(self, store: Any, prefix: str = "") -> None:
        self.store, self.prefix = store, prefix

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def put(self, name: str, data: bytes) -> None:
        """Upload; the store answers after it is durable."""
        import obstore

        obstore.put(self.store, self._key(name), data)

    def get(self, name: str) -> bytes:
        """Download. Raises FileNotFoundError."""
        import obstore

        return bytes(obstore.get(self.store, self._key(name)).bytes())

    def delete(self, name: str) -> None:
        """Remove; absent is fine."""
        import obstore

        obstore.delete(self.store, self._key(name))

    def list_old(self, before: datetime) -> Iterator[str]:
        """The names of objects last written before a moment."""
        import obstore

        for batch in obstore.list(self.store, self.prefix or None):
            yield from (item["path"].rpartition("/")[2] for item in batch if item["last_modified"] < before)


def make_store(settings: Settings) -> Store:
    """The store that the settings name; credentials of S3 come from its usual environment variables."""
    if not settings.storage_url:
        return FolderStore(settings.instance_path / "files")
    from obstore.store import S3Store

    bucket, _, prefix = settings.storage_url.removeprefix("s3://").partition("/")
    return ObjectStore(S3Store(bucket), prefix.strip("/"))
