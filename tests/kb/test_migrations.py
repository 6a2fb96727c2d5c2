from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect

from kb import migrations
from kb.catalogue import Catalogue
from kb.errors import HomeUnusable
from kb.tables import METADATA


def test_migrations_give_the_form_that_the_tables_say(catalogue: Catalogue) -> None:
    with catalogue.read() as connection:
        inspector = inspect(connection)
        found = {
            table: {column["name"]: str(column["type"]) for column in inspector.get_columns(table)}
            for table in inspector.get_table_names()
            if table not in ("migrations", "sqlite_sequence")
        }
    same = {"VARCHAR": "TEXT"}
    wanted = {
        name: {column.name: same.get(str(column.type), str(column.type)) for column in table.columns}
        for name, table in METADATA.tables.items()
    }
    assert found == wanted


def test_migrations_are_recorded_and_applied_once(catalogue: Catalogue) -> None:
    with catalogue.write() as connection:
        migrations.migrate(connection)
        names = list(connection.exec_driver_sql("SELECT name FROM migrations ORDER BY name").scalars())
    assert names == [function.__name__ for function in migrations.MIGRATIONS]


def test_migrations_bring_an_older_catalogue_forward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        Catalogue(path).close()
    newer = Catalogue(path)
    assert newer.documents() == ()
    newer.close()


def test_drafts_of_before_know_what_they_were_edited_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite3"
    with monkeypatch.context() as patch:
        before = [one for one in migrations.MIGRATIONS if one.__name__ < "m013"]
        patch.setattr(migrations, "MIGRATIONS", before)
        older = Catalogue(path)
        with older.write() as connection:
            for key, asked in (("a", "{}"), ("b", '{"of": "a"}')):
                values = (key, "plan", "甲", "{}", asked, "王芳", "2026-11-01T08:00:00+00:00")
                columns = "id, kind, title, made, asked, made_by, made_at"
                connection.exec_driver_sql(f"INSERT INTO drafts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        older.close()
    newer = Catalogue(path)
    with newer.read() as connection:
        roots = dict(connection.exec_driver_sql("SELECT id, root FROM drafts").all())
    assert roots == {"a": "a", "b": "a"}
    newer.close()


def test_migrations_that_fail_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def m999_broken(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (x)")
        raise RuntimeError("broken")

    path = tmp_path / "catalogue.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, m999_broken])
        with pytest.raises(RuntimeError, match="broken"):
            Catalogue(path)
    engine = create_engine(f"sqlite:///{path}")
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_migrations_refuse_a_catalogue_of_a_later_version(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    catalogue = Catalogue(path)
    with catalogue.write() as connection:
        connection.exec_driver_sql("INSERT INTO migrations VALUES ('m900_later', '2030-01-01')")
    catalogue.close()
    with pytest.raises(HomeUnusable, match=r"m900_later.*升级"):
        Catalogue(path)


def test_migrations_of_several_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: Catalogue(path), range(6)))
    assert len({catalogue.state() for catalogue in opened}) == 1
    for catalogue in opened:
        catalogue.close()
