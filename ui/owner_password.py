"""The owner's password, and the trainers': a salted scrypt hash in the home, checked in constant time, slowly after wrong tries.

Knows one password. Knows nothing of cookies. Wrong tries are counted in this process, for each client and in all, so
that changing one's address does not help much either.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.errors import EntryInvalid, NotAllowed
from kb.home import unusable
from ui import private_files

if TYPE_CHECKING:
    from pathlib import Path

FILE, TRAINER_FILE = "owner.json", "trainer.json"
SHORTEST, LONGEST = 8, 200
# 16 MB and about 50 ms a check: RFC 7914's parameters for interactive logins.
_COST = {"n": 2**14, "r": 8, "p": 1}
FREE_TRIES = 5  # of one client, before it has to wait
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0  # seconds
ALL_TRIES, ALL_SECONDS = 100, 600.0  # of all clients together
_CLIENTS = 1000  # remembered


class Password:
    """A password of one home; safe from several threads. ``who`` is whose it is, as the messages say it."""

    def __init__(
        self, home: Path, *, file: str = FILE, who: str = "负责人", clock: Callable[[], float] = time.time
    ) -> None:
        self._path = home / file
        self._who = who
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._all: list[float] = []
        self.setup_code = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))

    @property
    def is_set(self) -> bool:
        """Whether there is a password."""
        return self._path.exists()

    @property
    def mark(self) -> str:
        """What changes with every new password, and tells nothing of it; ``""`` where there is none that can be read."""
        try:
            stored = self._stored()
        except NotAllowed:
            return ""
        return hashlib.sha256(stored["hash"].encode()).hexdigest()[:16] if stored else ""

    def check(self, password: str, *, client: str) -> None:
        """Return if this is the password.

        Raises:
            NotAllowed: it is not, there is none, or there were too many tries.
        """
        with self._lock:  # one hash at a time: each takes 16 MB
            self._refuse_if_waiting(client)
            stored = self._stored()
            if stored is None:
                raise NotAllowed(f"还没有设置{self._who}密码，请先设置")
            if not hmac.compare_digest(_hash(password, stored["salt"]), stored["hash"]):
                self._count_wrong(client)
                raise NotAllowed(f"{self._who}密码不对，请重新输入")
            self._wrong.pop(client, None)

    def change(self, new: str, *, old: str, code: str, client: str) -> None:
        """Set the password: the first with the code, another with the old one.

        Raises:
            EntryInvalid: the new one is too short or too long.
            NotAllowed: old password or code are wrong, or were tried too often.
            HomeUnusable: it cannot be written.
        """
        _check_length(new)
        if self.is_set:
            self.check(old, client=client)
        else:
            self._check_code(code, client)
        self.put(new)

    def put(self, new: str) -> None:
        """Set the password unasked: for the command line, whose user owns the files anyway.

        Raises:
            EntryInvalid: it is too short or too long.
            HomeUnusable: it cannot be written.
        """
        _check_length(new)
        salt = secrets.token_hex(16)
        text = json.dumps({"salt": salt, "hash": _hash(new, salt), **_COST})
        try:
            private_files.replace(self._path, text)
        except OSError as error:
            raise unusable(self._path.parent, error) from error

    def forget(self) -> None:
        """Let there be no password any more, so that nobody gets in by it.

        Raises:
            HomeUnusable: its file cannot be removed.
        """
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise unusable(self._path.parent, error) from error

    def _check_code(self, code: str, client: str) -> None:
        with self._lock:
            self._refuse_if_waiting(client)
            typed = "".join(code.split()).upper().encode("utf-8", "replace")
            if not hmac.compare_digest(typed, self.setup_code.encode()):
                self._count_wrong(client)
                raise NotAllowed("验证码不对：它写在运行 shouce serve 的窗口里")

    def _stored(self) -> dict[str, str] | None:
        try:
            values = json.loads(private_files.read(self._path))
            return {"salt": str(values["salt"]), "hash": str(values["hash"])}
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotAllowed(f"密码文件 {self._path} 无法读取，请删掉它，再重新设置密码") from error

    def _refuse_if_waiting(self, client: str) -> None:
        now = self._clock()
        tries, last = self._wrong.get(client, (0, 0.0))
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - FREE_TRIES)) if tries >= FREE_TRIES else 0.0
        self._all = [at for at in self._all if now - at < ALL_SECONDS]
        if len(self._all) >= ALL_TRIES:
            wait, last = ALL_SECONDS, self._all[0]
        if (left := last + wait - now) > 0:
            raise NotAllowed(f"试错次数太多，请过 {left:.0f} 秒再试")

    def _count_wrong(self, client: str) -> None:
        tries, _ = self._wrong.pop(client, (0, 0.0))
        self._wrong[client] = (min(tries + 1, 64), self._clock())
        self._all.append(self._clock())
        while len(self._wrong) > _CLIENTS:
            self._wrong.popitem(last=False)


def _check_length(password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise EntryInvalid(f"密码要 {SHORTEST} 到 {LONGEST} 个字符，请换一个")


def _hash(password: str, salt: str) -> str:
    words = password.encode("utf-8", "replace")[: 8 * LONGEST]
    return hashlib.scrypt(words, salt=bytes.fromhex(salt), maxmem=64 << 20, **_COST).hex()
