"""Full-text search over the conversation and the response of versions: all of its SQL.

The database itself keeps the index, whoever writes: a generated column on PostgreSQL, triggers
into an FTS5 table on SQLite. Words are kept as they are, without a language's stems: a corpus
holds many languages, and a clinician who looks for a wording means that wording. The keys of the
stored conversation are not part of it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, Func, Q
from django.db.models.sql.compiler import SQLCompiler

from corpus.words import Words
from gate.immutability import Step

# A tsvector holds a megabyte; so much of a text is surely less.
MAX_INDEXED = 150_000
# So much of each word of a pair is indexed.
PAIRED = 200
# Read as spaces, so that PostgreSQL sees words rather than addresses, hosts and hyphenations.
_MARKS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"

_TSQUERY = "to_tsquery('pg_catalog.simple', %s)"

_POSTGRES = (
    rf"""CREATE FUNCTION corpus_said(messages jsonb, response text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', regexp_replace(regexp_replace(
        lower(normalize(left(coalesce(
            (SELECT string_agg(turn ->> 'content', ' ')
             FROM jsonb_array_elements(CASE jsonb_typeof(messages) WHEN 'array' THEN messages
                                       ELSE '[]' END) AS turn), '') || ' ' ||
            response, {MAX_INDEXED}), NFKD)),
        '[\u0300-\u036f]', '', 'g'), '{_MARKS}', ' ', 'g')) $$""",
    """ALTER TABLE corpus_version ADD COLUMN said tsvector
    GENERATED ALWAYS AS (corpus_said(messages, response)) STORED""",
    "CREATE INDEX version_said ON corpus_version USING gin (said)",
    # The index of words does not know their order: a phrase of two frequent words would be looked
    # for in every text. So words that follow each other are found by an index of their own.
    f"""CREATE FUNCTION corpus_pairs(said tsvector) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH word AS MATERIALIZED
        (SELECT left(lexeme, {PAIRED}) AS lexeme, unnest(positions) AS at FROM unnest(said))
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT one.lexeme || ' ' || two.lexeme), '{{}}'))
    FROM word AS one JOIN word AS two ON two.at = one.at + 1 $$""",
    "CREATE INDEX version_pairs ON corpus_version USING gin (corpus_pairs(said))",
)
_POSTGRES_AWAY = (
    "DROP INDEX version_pairs",
    "DROP FUNCTION corpus_pairs(tsvector)",
    "ALTER TABLE corpus_version DROP COLUMN said",
    "DROP FUNCTION corpus_said(jsonb, text)",
)

# What `rows` says, where `rows` is NEW in a trigger and the table when it is filled.
_SAID = f"""substr(coalesce((SELECT group_concat(
    CASE turn.type WHEN 'object' THEN json_extract(turn.value, '$.content') END, char(10))
    FROM json_each({{row}}.messages) AS turn), '') || char(10) || {{row}}.response,
    1, {MAX_INDEXED})"""
_NEW = _SAID.format(row="NEW")
_SQLITE = (
    # FTS5 finds rows by number, and a version's own number may change when the file is packed.
    "CREATE TABLE corpus_said_place (id INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE)",
    """CREATE VIRTUAL TABLE corpus_said
    USING fts5(said, tokenize = 'unicode61 remove_diacritics 2')""",
    "INSERT INTO corpus_said_place (version) SELECT id FROM corpus_version",
    f"""INSERT INTO corpus_said (rowid, said) SELECT place.id, {_SAID.format(row="version")}
    FROM corpus_said_place AS place JOIN corpus_version AS version ON version.id = place.version""",
    f"""CREATE TRIGGER corpus_said_written AFTER INSERT ON corpus_version BEGIN
    INSERT INTO corpus_said_place (version) VALUES (NEW.id);
    INSERT INTO corpus_said (rowid, said)
    SELECT id, {_NEW} FROM corpus_said_place WHERE version = NEW.id; END""",
    f"""CREATE TRIGGER corpus_said_changed AFTER UPDATE OF messages, response ON corpus_version
    WHEN OLD.messages IS NOT NEW.messages OR OLD.response IS NOT NEW.response BEGIN
    UPDATE corpus_said SET said = {_NEW}
    WHERE rowid = (SELECT id FROM corpus_said_place WHERE version = NEW.id); END""",
    """CREATE TRIGGER corpus_said_gone AFTER DELETE ON corpus_version BEGIN
    DELETE FROM corpus_said
    WHERE rowid = (SELECT id FROM corpus_said_place WHERE version = OLD.id);
    DELETE FROM corpus_said_place WHERE version = OLD.id; END""",
)
_SQLITE_AWAY = (
    "DROP TRIGGER IF EXISTS corpus_said_gone",
    "DROP TRIGGER IF EXISTS corpus_said_changed",
    "DROP TRIGGER IF EXISTS corpus_said_written",
    "DROP TABLE IF EXISTS corpus_said",
    "DROP TABLE IF EXISTS corpus_said_place",
)


def index() -> Step:
    """A migration step that makes the index and fills it.

    A step that remakes `corpus_version` on SQLite drops the triggers: put `index()` after it.
    """
    return Step(_install, _remove)


def _install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        _run(editor, _POSTGRES)
    else:
        _run(editor, (*_SQLITE_AWAY, *_SQLITE))


def _remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    _run(editor, _POSTGRES_AWAY if editor.connection.vendor == "postgresql" else _SQLITE_AWAY)


def _run(editor: BaseDatabaseSchemaEditor, statements: Sequence[str]) -> None:
    for statement in statements:
        editor.execute(statement, None)


def missing() -> list[str]:
    """What keeps the search from finding everything; for the doctor. Two queries at most."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT lower('Å') = 'å'")
            return [] if cursor.fetchone()[0] else ["letters such as Å have no lower case here"]
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
            ["corpus_said_%"],
        )
        triggers = cursor.fetchone()[0]
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        has_fts5 = cursor.fetchone()[0]
    gaps = [] if has_fts5 else ["this SQLite is built without FTS5"]
    return gaps if triggers == 3 else [*gaps, "triggers that keep the index are missing"]


class Says(Func):
    """Whether a version's text matches; asked row by row, along an order."""

    output_field = BooleanField()

    def __init__(self, version: Any, asked: Words) -> None:
        super().__init__(version)
        self.asked = asked

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        version, _ = compiler.compile(self.source_expressions[0])
        if connection.vendor == "postgresql":
            said = f"{version.rpartition('.')[0]}.said"
            return f"{said} @@ {_TSQUERY}", (self.asked.for_postgres(),)
        # The matches are gathered once; the plus keeps SQLite from walking them for each row.
        return (
            f"EXISTS (SELECT 1 FROM corpus_said_place said_at WHERE said_at.version = {version} "
            "AND +said_at.id IN (SELECT rowid FROM corpus_said WHERE corpus_said MATCH %s))"
        ), (self.asked.for_fts5(),)


def saying(asked: Words) -> Q:
    """The versions that say this, to filter by."""
    if not asked:
        return Q()
    says = Q(Says("pk", asked))
    return ~says if asked.is_negative else says


def ids(asked: Words, limit: int) -> list[str]:
    """Of as many versions, in no order: how a rare word is found without walking the corpus."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(
                "SELECT place.version FROM corpus_said JOIN corpus_said_place place "
                "ON place.id = corpus_said.rowid WHERE corpus_said MATCH %s LIMIT %s",
                [asked.for_fts5(), limit],
            )
        elif pairs := _pairs(cursor, asked.phrases()):
            # OFFSET keeps PostgreSQL from reading texts that do not have the pairs.
            cursor.execute(
                f"WITH asked AS MATERIALIZED (SELECT {_TSQUERY} AS words, %s::tsquery AS pairs) "
                "SELECT id FROM (SELECT id, said, words FROM corpus_version, asked "
                "WHERE corpus_pairs(said) @@ asked.pairs OFFSET 0) AS near "
                "WHERE said @@ words LIMIT %s",
                [asked.for_postgres(), pairs, limit],
            )
        else:
            # A query that the planner does not know is looked up, never read row by row.
            cursor.execute(
                f"WITH asked AS MATERIALIZED (SELECT {_TSQUERY} AS words) "
                "SELECT id FROM corpus_version, asked WHERE said @@ asked.words LIMIT %s",
                [asked.for_postgres(), limit],
            )
        return [row[0] for row in cursor.fetchall()]


def _pairs(cursor: CursorWrapper, phrases: list[str]) -> str:
    """The words of phrases, each with the next, as PostgreSQL reads them; "" of no phrase."""
    if not phrases:
        return ""
    cursor.execute(
        "SELECT string_agg(quote_literal(pair.lexeme), ' & ') FROM unnest(%s::text[]) AS phrase, "
        "unnest(corpus_pairs(to_tsvector('pg_catalog.simple', phrase))) AS pair",
        [phrases],
    )
    return cursor.fetchone()[0] or ""
