"""Who is who: the one place where the person behind a request is decided, and whether they are the owner or a trainer.

Knows signed values for cookies, the secret they are signed with, and the two passwords; nothing of HTTP or pages.
A person is an id drawn at the first visit and the name they gave; the signature keeps anybody from being another. The
secret and the password's hash are files of the home that only its user can read, so both survive a restart and a
restored backup. Real accounts would replace this module and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import EntryInvalid
from ui.owner_password import TRAINER_FILE, Password
from ui.private_files import create_once

if TYPE_CHECKING:
    from pathlib import Path

COOKIE = "shouce_person"
COOKIE_SECONDS = 365 * 86400
OWNER_COOKIE = "shouce_owner"
TRAINER_COOKIE = "shouce_trainer"
OWNER_SECONDS = 12 * 3600  # of a trainer's cookie too
LONGEST_NAME = 40
SECRET_FILE = "identity.key"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the page: ``id`` is theirs for good, ``name`` what they call themselves."""

    id: str
    name: str


class Identity:
    """The people of one home; safe from several threads."""

    def __init__(self, home: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._secret = _secret(home)
        self._password = Password(home, clock=clock)
        self._trainers = Password(home, file=TRAINER_FILE, who="培训师", clock=clock)

    # people

    def new_person(self, name: str) -> tuple[Person, str]:
        """Return a new person of that name, and the value of their cookie.

        Raises:
            EntryInvalid: the name is empty.
        """
        person = Person(secrets.token_hex(8), _name(name))
        return person, self._person_cookie(person)

    def renamed(self, person: Person, name: str) -> tuple[Person, str]:
        """Return the same person under another name, and their new cookie.

        Raises:
            EntryInvalid: the name is empty.
        """
        changed = Person(person.id, _name(name))
        return changed, self._person_cookie(changed)

    def person(self, cookie: str | None) -> Person | None:
        """Return whose cookie this is; None for none, a forged or an expired one."""
        values = self._opened("person", cookie, COOKIE_SECONDS)
        if values is None or not isinstance(values.get("id"), str) or not isinstance(values.get("name"), str):
            return None
        return Person(values["id"], values["name"])

    def _person_cookie(self, person: Person) -> str:
        return self._signed("person", {"id": person.id, "name": person.name})

    # the owner

    @property
    def has_owner_password(self) -> bool:
        """Whether the owner has set a password; until then nobody is the owner."""
        return self._password.is_set

    @property
    def setup_code(self) -> str:
        """What the first password has to be set with: shown in the terminal, so that no visitor is faster than the owner."""
        return self._password.setup_code

    def set_owner_password(self, new: str, *, old: str = "", code: str = "", client: str = "") -> str:
        """Set the first password with the terminal's ``code``, or a new one with the ``old``; return the owner's cookie.

        Every cookie of an owner from before is void then.

        Raises:
            EntryInvalid: the new password is too short or too long.
            NotAllowed: old password or code are wrong, or were tried too often.
            HomeUnusable: the home cannot be written.
        """
        self._password.change(new, old=old, code=code, client=client)
        return self._owner_cookie()

    def owner_login(self, password: str, *, client: str) -> str:
        """Return the owner's cookie for their password.

        Args:
            password: as typed.
            client: who tries (an address), to slow them down after several wrong ones.

        Raises:
            NotAllowed: the password is wrong, none is set, or there were too many tries; the message says which.
        """
        self._password.check(password, client=client)
        return self._owner_cookie()

    def is_owner(self, cookie: str | None) -> bool:
        """Say whether this is the cookie of an owner who logged in within the last ``OWNER_SECONDS``."""
        values = self._opened("owner", cookie, OWNER_SECONDS)
        return values is not None and values.get("of") == (self._password.mark or None)

    def _owner_cookie(self) -> str:
        return self._signed("owner", {"of": self._password.mark})

    # trainers: they keep the item bank, hand papers out and see results; documents, answers and settings are the owner's

    @property
    def has_trainer_password(self) -> bool:
        """Whether the owner has set a password for trainers; until then the owner is the only one."""
        return self._trainers.is_set

    def set_trainer_password(self, new: str) -> None:
        """Set the trainers' password, or none for ``""``; who may is the caller's business. Older cookies are void then.

        Raises:
            EntryInvalid: it is too short or too long.
            HomeUnusable: the home cannot be written.
        """
        if new:
            self._trainers.put(new)
        else:
            self._trainers.forget()

    def trainer_login(self, password: str, *, client: str) -> str:
        """Return a trainer's cookie for their password.

        Raises:
            NotAllowed: the password is wrong, none is set, or there were too many tries; the message says which.
        """
        self._trainers.check(password, client=client)
        return self._signed("trainer", {"of": self._trainers.mark})

    def is_trainer(self, cookie: str | None) -> bool:
        """Say whether this is the cookie of a trainer who logged in within the last ``OWNER_SECONDS``."""
        values = self._opened("trainer", cookie, OWNER_SECONDS)
        return values is not None and values.get("of") == (self._trainers.mark or None)

    # signed values

    def _signed(self, purpose: str, values: dict[str, Any]) -> str:
        text = json.dumps({**values, "at": int(self._clock())}, ensure_ascii=False, separators=(",", ":"))
        body = base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode().rstrip("=")
        return f"{body}.{self._signature(purpose, body)}"

    def _opened(self, purpose: str, cookie: str | None, seconds: float) -> dict[str, Any] | None:
        body, _, signature = (cookie or "").partition(".")
        if not signature.isascii() or not hmac.compare_digest(signature, self._signature(purpose, body)):
            return None
        try:
            values = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValueError, binascii.Error):
            return None
        fresh = isinstance(values, dict) and 0 <= self._clock() - values.get("at", 0) + 60 <= seconds
        return values if fresh else None

    def _signature(self, purpose: str, body: str) -> str:
        message = f"{purpose}\n{body}".encode("utf-8", "replace")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()


def _name(text: str) -> str:
    """Return a name on one line, of visible characters."""
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_NAME]
    if not name:
        raise EntryInvalid("请写上您的名字，例如：王芳")
    return name


def _secret(home: Path) -> bytes:
    """Return the home's secret, a new one at the first start; one for this process where nothing can be written."""
    fresh = secrets.token_hex(32)
    try:
        return bytes.fromhex(create_once(home / SECRET_FILE, fresh).strip())
    except (OSError, ValueError):
        return bytes.fromhex(fresh)
