"""Settings: read in order, and refused whole with every reason before anything starts."""

import stat
from dataclasses import fields, replace

import pytest

from app.birth import write_settings
from app.config import BadSettings, Settings, check_settings, load_settings, read_env_file
from app.factory import create_app

GOOD = Settings(
    mode="production",
    secret_key="k3" * 20,
    base_url="https://body.example",
    hosts="body.example",
    mail_url="smtps://user:pw@mail.example:465",
    mail_from="office@body.example",
    workers="1",
)


def faults(**changes):
    try:
        check_settings(replace(GOOD, **changes))
    except BadSettings as error:
        return error.faults
    return []


def test_good_settings_of_production_are_accepted():
    assert faults() == []
    assert faults(database_url="postgres://u@h/d", workers="4", storage_url="s3://bucket/laurel", proxy_hops="2") == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"mode": "live"}, "LAUREL_MODE"),
        ({"secret_key": ""}, "LAUREL_SECRET_KEY"),
        ({"secret_key": "x" * 31}, "LAUREL_SECRET_KEY"),
        ({"secret_key": "demo-" + "x" * 40}, "LAUREL_SECRET_KEY"),
        ({"base_url": "http://body.example"}, "LAUREL_BASE_URL"),
        ({"base_url": "https://body.example/"}, "LAUREL_BASE_URL"),
        ({"base_url": "https://body.example/sub"}, "LAUREL_BASE_URL"),
        ({"base_url": "https://user@body.example"}, "LAUREL_BASE_URL"),
        ({"base_url": "https://body.example:port"}, "LAUREL_BASE_URL"),
        ({"base_url": "https://[broken"}, "LAUREL_BASE_URL"),
        ({"base_url": "body.example"}, "LAUREL_BASE_URL"),
        ({"hosts": ""}, "LAUREL_HOSTS"),
        ({"mail_url": "files:"}, "LAUREL_MAIL_URL"),
        ({"mail_url": "sendmail"}, "LAUREL_MAIL_URL"),
        ({"mail_from": "office"}, "LAUREL_MAIL_FROM"),
        ({"debug": "1"}, "LAUREL_DEBUG"),
        ({"debug": "false"}, "LAUREL_DEBUG"),
        ({"proxy_hops": "one"}, "LAUREL_PROXY_HOPS"),
        ({"proxy_hops": "²"}, "LAUREL_PROXY_HOPS"),
        ({"proxy_hops": "-1"}, "LAUREL_PROXY_HOPS"),
        ({"workers": "0"}, "LAUREL_WORKERS"),
        ({"workers": "many"}, "LAUREL_WORKERS"),
        ({"workers": "3"}, "LAUREL_WORKERS"),
        ({"job_threads": "two"}, "LAUREL_JOB_THREADS"),
        ({"font_folder": "/nowhere/fonts"}, "LAUREL_FONT_FOLDER"),
        ({"database_url": "mysql://u@h/d"}, "DATABASE_URL"),
        ({"storage_url": "/srv/files"}, "LAUREL_STORAGE_URL"),
        ({"timestamp_url": "tsa.example"}, "LAUREL_TIMESTAMP_URL"),
    ],
)
def test_each_bad_setting_of_production_is_refused_by_its_name(changes, named):
    assert [fault for fault in faults(**changes) if fault.startswith(named)]


def test_every_fault_is_told_at_once_and_nothing_starts(tmp_path):
    bad = replace(GOOD, instance=str(tmp_path / "made"), secret_key="short", hosts="", debug="1", proxy_hops="x")
    with pytest.raises(BadSettings) as refused:
        create_app(bad)
    assert len(refused.value.faults) == 4
    assert not (tmp_path / "made").exists()
    assert "short" not in str(refused.value)


def test_the_environment_goes_before_the_file_and_the_file_before_the_defaults(tmp_path):
    write_settings(tmp_path / "settings.env", {"LAUREL_MODE": "production", "LAUREL_MAIL_FROM": "file@body.example"})
    found = load_settings({"LAUREL_INSTANCE": str(tmp_path), "LAUREL_MAIL_FROM": "env@body.example", "PATH": "/bin"})
    assert (found.mode, found.mail_from, found.base_url) == ("production", "env@body.example", "http://127.0.0.1:8000")


def test_a_settings_file_is_for_its_owner_only_and_keeps_what_it_is_not_told_to_change(tmp_path):
    path = tmp_path / "instance" / "settings.env"
    write_settings(path, {"A": "1=2", "B": "x"})
    write_settings(path, {"B": "y"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").splitlines()[1:] == ["A=1=2", "B=y"]


def test_hosts_of_production_are_the_named_ones_only():
    assert GOOD.host_list == ["body.example"]
    assert replace(GOOD, mode="demo").host_list == ["body.example", "127.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_postgresql_uses_the_one_driver(url):
    assert replace(GOOD, database_url=url).sqlalchemy_url == "postgresql+psycopg://u@h/d"


def test_every_setting_says_what_it_is():
    assert all(len(found.metadata["about"]) > 15 for found in fields(Settings))


def test_a_link_in_the_place_of_the_draft_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / "settings.new").symlink_to(elsewhere)

    write_settings(tmp_path / "settings.env", {"A": "1"})

    assert elsewhere.read_text() == "mine"
    assert read_env_file(tmp_path / "settings.env") == {"A": "1"}
