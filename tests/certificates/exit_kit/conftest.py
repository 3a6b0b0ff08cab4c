"""A Python without our house, and an export, each made once."""

import shutil
from pathlib import Path

import pytest

from tests.certificates.exit_kit import kit

_kept: dict[str, kit.Scene] = {}


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python in which nothing of ours can be imported."""
    return kit.make_bare_python(tmp_path_factory.mktemp("bare") / "env")


@pytest.fixture
def scene(app, database, tmp_path, tmp_path_factory) -> kit.Scene:
    """An export of the test's own, copied from one that was made once on each database; the rows behind it are gone."""
    if database not in _kept:
        _kept[database] = kit.make_scene(tmp_path_factory.mktemp("scene"))
    kept = _kept[database]
    shutil.copytree(kept.folder.parent, tmp_path, dirs_exist_ok=True)
    files = [{form: tmp_path / path.name for form, path in forms.items()} for forms in kept.files]
    return kit.Scene(tmp_path / "kit", kept.numbers, files)
