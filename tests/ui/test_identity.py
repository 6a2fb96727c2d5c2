"""Who is who: cookies that cannot be forged, and the owner's password."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import EntryInvalid, NotAllowed
from ui.identity import COOKIE_SECONDS, OWNER_SECONDS, SECRET_FILE, Identity
from ui.owner_password import FILE

PASSWORD = "手册负责人2026"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def identity(tmp_path: Path, clock: Clock) -> Identity:
    return Identity(tmp_path, clock=clock)


def test_person_is_known_by_their_cookie_after_a_restart(tmp_path: Path, identity: Identity) -> None:
    person, cookie = identity.new_person("  王\n芳 ")
    assert person.name == "王 芳"
    assert cookie.isascii()
    assert Identity(tmp_path, clock=identity._clock).person(cookie) == person
    assert identity.new_person("王芳")[0].id != person.id


def test_person_keeps_their_id_under_another_name(identity: Identity) -> None:
    person, _ = identity.new_person("小王")
    changed, cookie = identity.renamed(person, "王芳")
    assert (changed.id, identity.person(cookie)) == (person.id, changed)


@given(junk=st.text(max_size=80))
def test_forged_cookies_are_nobody(tmp_path_factory: pytest.TempPathFactory, junk: str) -> None:
    identity = Identity(tmp_path_factory.getbasetemp())
    _, cookie = identity.new_person("王芳")
    body, _, signature = cookie.partition(".")
    for forged in (junk, f"{junk}.{signature}", f"{body}.{junk}", f"{body}A.{signature}", None):
        assert identity.person(forged) is None
        assert not identity.is_owner(forged)


def test_cookie_of_another_home_or_kind_is_nobody(tmp_path: Path, identity: Identity) -> None:
    other = Identity(tmp_path / "other", clock=identity._clock)
    _, cookie = other.new_person("王芳")
    assert identity.person(cookie) is None
    owner = identity.set_owner_password(PASSWORD, code=identity.setup_code)
    assert identity.person(owner) is None
    assert not identity.is_owner(identity.new_person("王芳")[1])


def test_cookies_expire(identity: Identity, clock: Clock) -> None:
    _, cookie = identity.new_person("王芳")
    owner = identity.set_owner_password(PASSWORD, code=identity.setup_code)
    clock.now += OWNER_SECONDS + 1
    assert identity.person(cookie)
    assert not identity.is_owner(owner)
    clock.now += COOKIE_SECONDS
    assert identity.person(cookie) is None


def test_name_has_to_say_something(identity: Identity) -> None:
    for name in ("", "  ", "\x00\n"):
        with pytest.raises(EntryInvalid, match="名字"):
            identity.new_person(name)


def test_files_are_private(tmp_path: Path, identity: Identity) -> None:
    identity.set_owner_password(PASSWORD, code=identity.setup_code)
    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (SECRET_FILE, FILE)}
    assert set(modes.values()) == {0o600}
    assert PASSWORD not in (tmp_path / FILE).read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([SECRET_FILE, FILE])


def test_files_of_a_restored_backup_become_private_again(tmp_path: Path, identity: Identity) -> None:
    cookie = identity.set_owner_password(PASSWORD, code=identity.setup_code)
    for name in (SECRET_FILE, FILE):
        (tmp_path / name).chmod(0o644)
    again = Identity(tmp_path, clock=identity._clock)
    assert again.is_owner(cookie)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (SECRET_FILE, FILE)} == {0o600}


def test_several_starts_at_once_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: Identity(tmp_path), range(8)))
    _, cookie = started[0].new_person("王芳")
    assert all(one.person(cookie) for one in started)


def test_home_that_cannot_be_written_still_knows_people(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    identity = Identity(blocked / "home")
    person, cookie = identity.new_person("王芳")
    assert identity.person(cookie) == person
    assert not identity.has_owner_password


def test_first_password_needs_the_code_of_the_terminal(identity: Identity) -> None:
    assert not identity.has_owner_password
    assert not identity.is_owner(identity.new_person("x")[1])
    with pytest.raises(NotAllowed, match="验证码不对"):
        identity.set_owner_password(PASSWORD, code="guess")
    with pytest.raises(NotAllowed, match="还没有设置"):
        identity.owner_login(PASSWORD, client="a")
    with pytest.raises(EntryInvalid, match="8 到 200"):
        identity.set_owner_password("short", code=identity.setup_code)
    assert identity.is_owner(identity.set_owner_password(PASSWORD, code=identity.setup_code.lower()))
    with pytest.raises(NotAllowed, match="密码不对"):
        identity.set_owner_password("另一个密码1234", code=identity.setup_code)


def test_new_password_voids_old_cookies(identity: Identity) -> None:
    before = identity.set_owner_password(PASSWORD, code=identity.setup_code)
    after = identity.set_owner_password("另一个密码1234", old=PASSWORD)
    assert not identity.is_owner(before)
    assert identity.is_owner(after)
    assert identity.is_owner(identity.owner_login("另一个密码1234", client="a"))


def test_wrong_passwords_are_slowed_down(identity: Identity, clock: Clock) -> None:
    identity.set_owner_password(PASSWORD, code=identity.setup_code)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="密码不对"):
            identity.owner_login("wrong", client="a")
    with pytest.raises(NotAllowed, match="请过 30 秒再试"):
        identity.owner_login(PASSWORD, client="a")
    assert identity.owner_login(PASSWORD, client="b")
    clock.now += 31
    with pytest.raises(NotAllowed, match="密码不对"):
        identity.owner_login("wrong", client="a")
    with pytest.raises(NotAllowed, match="请过 60 秒再试"):
        identity.owner_login(PASSWORD, client="a")
    clock.now += 61
    assert identity.owner_login(PASSWORD, client="a")


def test_wrong_passwords_from_many_addresses_are_slowed_down(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity.set_owner_password(PASSWORD, code=identity.setup_code)
    monkeypatch.setattr("ui.owner_password.ALL_TRIES", 8)
    for at in range(8):
        with pytest.raises(NotAllowed, match="密码不对"):
            identity.owner_login("wrong", client=f"10.0.0.{at}")
    with pytest.raises(NotAllowed, match="试错次数太多"):
        identity.owner_login(PASSWORD, client="10.0.1.1")


def test_damaged_password_file_lets_nobody_in(tmp_path: Path, identity: Identity) -> None:
    (tmp_path / FILE).write_text("{}")
    with pytest.raises(NotAllowed, match="删掉它"):
        identity.owner_login("", client="a")
    assert not identity.is_owner(identity.new_person("x")[1])


def test_owner_command_sets_the_password_that_was_forgotten(tmp_path: Path, identity: Identity) -> None:
    before = identity.set_owner_password(PASSWORD, code=identity.setup_code)

    def run(words: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path), "owner", *options]
        return subprocess.run(command, input=words, capture_output=True, text=True, check=False)

    assert "8 到 200" in run("short\n").stderr
    assert "培训师密码已设置" in run("培训师的密码2026\n", "--trainer").stderr
    assert identity.is_trainer(identity.trainer_login("培训师的密码2026", client="a"))
    result = run("全新的密码2026\n")
    assert (result.returncode, result.stdout) == (0, "")
    assert "重新登录" in result.stderr
    assert not identity.is_owner(before)
    assert identity.is_owner(identity.owner_login("全新的密码2026", client="a"))
