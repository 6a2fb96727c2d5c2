"""Backup and restore of a whole data directory: one zip file, one call each.

Knows the catalogue file, and that everything else in a home but the index is small files worth keeping. Knows nothing
of what they hold. A backup is one consistent state even while others read and write (SQLite's backup interface);
indexes are left out, because they are rebuilt from it. An archive is checked before anything of the home is touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from kb.catalogue import Catalogue
from kb.database import Database
from kb.errors import HomeUnusable, SourceTooLarge, SourceUnreadable
from kb.home import CATALOGUE, INDEX, LOCK, reason_of, translated
from kb.locking import Notice, WriterLock

FORMAT = 1
MANIFEST = "shouce-backup.json"
MAX_MEMBERS = 10_000
MAX_RATIO = 300  # of unpacked to packed size, above MAX_RATIO_FREE bytes; a catalogue packs to about a third
MAX_RATIO_FREE = 64 << 20
_BLOCK = 1 << 20
_TEMPORARY = ".shouce-restore-"
_WRITING = (
    "_WRITE",
    "_FSYNC",
    "_TRUNCATE",
    "_DIR_FSYNC",
    "_SHMSIZE",
    "_CLOSE",
)  # endings of SQLite's errors of the copy
_DERIVED = (CATALOGUE, f"{CATALOGUE}-wal", f"{CATALOGUE}-shm", f"{CATALOGUE}-journal")


@dataclass(frozen=True, slots=True)
class Archive:
    """A written or restored backup: its file, what it holds, and its unpacked size in bytes."""

    path: Path
    files: tuple[str, ...]
    size: int


def backup(home: Path, target: Path, *, replace: bool = False) -> Archive:
    """Write ``home`` into the zip file ``target``; other processes may read and write meanwhile.

    Raises:
        HomeUnusable: there is no catalogue, it is damaged, or ``target`` cannot be written, or exists without
            ``replace``.
    """
    if not (home / CATALOGUE).is_file():
        raise HomeUnusable(f"{home} 里没有知识库，没有可备份的内容")
    if target.is_dir():
        raise HomeUnusable(f"{target} 是文件夹，请写上备份文件的名字，如 {target / '手册备份.zip'}")
    if target.exists() and not replace:
        raise HomeUnusable(f"备份文件 {target} 已存在，请换一个文件名")
    if not target.absolute().parent.is_dir():
        raise HomeUnusable(f"要放备份的文件夹 {target.parent} 不存在，请检查路径，或先建好这个文件夹")
    try:
        with TemporaryDirectory(prefix=".shouce-backup-", dir=target.absolute().parent) as folder:
            copy = Path(folder) / CATALOGUE
            _copy_catalogue(home / CATALOGUE, copy, target)
            members = {CATALOGUE: copy, **_kept_files(home, target)}
            draft = Path(folder) / "backup.zip"
            size = _pack(draft, members)
            draft.chmod(0o600)  # the settings file may hold an API key
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(target)
    except OSError as error:
        raise _target_refused(target, reason_of(error)) from error
    return Archive(target, tuple(members), size)


def restore(archive: Path, home: Path, *, replace: bool = False, notice: Notice | None = None) -> Archive:
    """Bring back what ``backup`` wrote, into an empty or new ``home``.

    With ``replace`` a home that is in use is overwritten: its catalogue in one transaction, so that a reader, or a
    restore that is killed, sees the old state or the new one.

    Raises:
        SourceUnreadable: the archive is no backup, is damaged, or holds names it must not.
        SourceTooLarge: it would unpack to more than it may, or than there is room for.
        HomeUnusable: ``home`` is not empty, or cannot be written.
        HomeBusy: another process is writing to it.
    """
    if not archive.is_file():
        raise SourceUnreadable(f"找不到备份文件 {archive}，请检查路径")
    if not replace and not _is_vacant(home):
        raise HomeUnusable(f"{home} 不是空目录：请用 --home 恢复到一个新目录，或加 --force 替换其中的知识库")
    with translated(home):
        home.mkdir(parents=True, exist_ok=True)
    with translated(home), TemporaryDirectory(prefix=_TEMPORARY, dir=home) as folder:
        unpacked = Path(folder)
        with _reading(archive) as packed:
            sizes = _unpack(packed, unpacked, archive)
        _check_catalogue(unpacked / CATALOGUE, archive)
        with WriterLock(home, wait_seconds=30, notice=notice).held():
            shutil.rmtree(home / INDEX, ignore_errors=True)
            for name in sizes:
                if name != CATALOGUE:
                    (home / name).parent.mkdir(parents=True, exist_ok=True)
                    (unpacked / name).replace(home / name)
            _put_catalogue(unpacked / CATALOGUE, home / CATALOGUE)
    return Archive(archive, tuple(sizes), sum(sizes.values()))


def _kept_files(home: Path, target: Path) -> dict[str, Path]:
    """Return the files of ``home`` beside catalogue, index, locks, hidden ones and backups, by their name in it."""
    kept: dict[str, Path] = {}
    for path in sorted(home.rglob("*")):
        parts = path.relative_to(home).parts
        left_out = (
            parts[0] in (INDEX, *_DERIVED)
            or parts[0].startswith(LOCK)
            or any(part.startswith(".") for part in parts)
            or path.suffix == ".zip"
            or path.absolute() == target.absolute()
        )
        if not left_out and path.is_file():
            kept["/".join(parts)] = path
    return kept


def _copy_catalogue(source: Path, copy: Path, target: Path) -> None:
    database = Database(source, lambda connection: connection.exec_driver_sql("SELECT 1 FROM sqlite_master"))
    try:
        with database.driver() as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            problem = new.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        if name == "SQLITE_FULL":
            raise _target_refused(target, "磁盘已满") from error
        if name.endswith(_WRITING):
            raise _target_refused(target, "磁盘写入出错") from error
        raise HomeUnusable(f"知识库文件 {source} 无法备份：{error}") from error
    finally:
        database.close()
    if problem != "ok":
        raise HomeUnusable(f"知识库文件 {source} 已损坏（{problem}），请先从较早的备份恢复")


def _target_refused(target: Path, reason: str) -> HomeUnusable:
    return HomeUnusable(f"备份文件 {target} 无法写入：{reason}。知识库没有改变，请清理空间、检查权限或换一个位置再备份")


def _pack(draft: Path, members: Mapping[str, Path]) -> int:
    about: list[dict[str, object]] = []
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, allowZip64=True, strict_timestamps=False) as packed:
        for name, path in members.items():
            digest, size = hashlib.sha256(), 0
            with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as member:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    member.write(block)
            about.append({"name": name, "size": size, "sha256": digest.hexdigest()})
        created = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "created": created, "files": about}
        packed.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False))
    return sum(int(str(entry["size"])) for entry in about)


@contextmanager
def _reading(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as packed:
            yield packed
    except FileNotFoundError as error:
        if archive.exists():
            raise
        raise SourceUnreadable(f"找不到备份文件 {archive}") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceUnreadable(f"{archive} 不是 shouce 的备份，或已损坏（{error}）") from error


def _unpack(packed: zipfile.ZipFile, folder: Path, archive: Path) -> dict[str, int]:
    """Unpack what the manifest names into ``folder``; every name, size and hash must be as it says."""
    entries = _manifest(packed, archive)
    members = {info.filename: info for info in packed.infolist()}
    total = sum(size for size, _ in entries.values())
    if total > shutil.disk_usage(folder).free:
        raise SourceTooLarge(f"{archive} 解开后有 {total >> 20} MB，磁盘空间不够")
    if total > MAX_RATIO_FREE and total > MAX_RATIO * archive.stat().st_size:
        raise SourceTooLarge(f"{archive} 解开后有 {total >> 20} MB，压缩比异常，已拒绝")
    for name, (size, digest) in entries.items():
        if name not in members or not _is_safe(name):
            raise SourceUnreadable(f"{archive} 里的文件名 {name!r} 不允许或不存在")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        found, left = hashlib.sha256(), size
        with packed.open(members[name]) as member, target.open("wb") as file:
            while block := member.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    break
                found.update(block)
                file.write(block)
        if left or found.hexdigest() != digest:
            raise SourceUnreadable(f"{archive} 里的 {name} 已损坏（校验不符）")
    return {name: size for name, (size, _) in entries.items()}


def _manifest(packed: zipfile.ZipFile, archive: Path) -> dict[str, tuple[int, str]]:
    """Return size in bytes and SHA-256 of every file of the archive, by name."""
    try:
        info = packed.getinfo(MANIFEST)
        if info.file_size > _BLOCK * 4 or len(packed.infolist()) > MAX_MEMBERS:
            raise SourceTooLarge(f"{archive} 里的文件太多，已拒绝")
        about = json.loads(packed.read(info))
        if about["format"] != FORMAT:
            raise SourceUnreadable(f"{archive} 由其他版本的 shouce 写成，请升级后再恢复")
        entries = {str(entry["name"]): (int(entry["size"]), str(entry["sha256"])) for entry in about["files"]}
    except (KeyError, TypeError, ValueError) as error:
        raise SourceUnreadable(f"{archive} 不是 shouce 的备份：缺少清单") from error
    if CATALOGUE not in entries or any(size < 0 for size, _ in entries.values()):
        raise SourceUnreadable(f"{archive} 不是 shouce 的备份：清单不完整")
    return entries


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and all(part not in ("", ".", "..") for part in name.split("/"))
    reserved = path.parts[:1] == (INDEX,) or name.startswith(LOCK) or (name in _DERIVED and name != CATALOGUE)
    return inside and not reserved and not any(character in name for character in "\\:\0")


def _check_catalogue(path: Path, archive: Path) -> None:
    """Make sure that ``path`` opens as a catalogue of today's form, and give it an identity of its own."""
    try:
        with closing(sqlite3.connect(path)) as database:
            problem = database.execute("PRAGMA quick_check(1)").fetchone()[0]
            hidden = database.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
        if problem != "ok" or hidden:
            raise SourceUnreadable(f"{archive} 里的知识库已损坏（{problem if problem != 'ok' else hidden[0]}）")
        Catalogue(path).close()
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE meta SET value = ? WHERE key = 'identity'", (secrets.token_hex(4),))
            database.commit()
            database.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, HomeUnusable) as error:
        raise SourceUnreadable(f"{archive} 里的知识库无法打开：{error}") from error


def _put_catalogue(new: Path, place: Path) -> None:
    """Make the catalogue at ``place`` say what ``new`` says: in one transaction, or anew where it is damaged."""
    try:
        Catalogue(place).close()
    except HomeUnusable:
        for name in _DERIVED:
            (place.parent / name).unlink(missing_ok=True)
        new.replace(place)
        return
    try:
        with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(place, timeout=30)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise HomeUnusable(f"知识库文件 {place} 无法写入（{error}），原来的内容没有改变") from error


def _is_vacant(home: Path) -> bool:
    """Say whether nothing is there but what a killed restore has left."""
    if not home.exists():
        return True
    return home.is_dir() and all(path.name.startswith(_TEMPORARY) for path in home.iterdir())
