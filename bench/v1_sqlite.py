"""A peer: checks workload v1 in the working directory with SQLite, and prints what bench/v1.sql prints."""

import csv
import sqlite3

database = sqlite3.connect(":memory:", isolation_level=None)


def tenths(text):
    return None if text == "—" else int(text.replace(",", "").replace(".", ""))


def read(name, columns, texts):
    """Reads a file into a table, its figures as whole tenths, — as NULL. A text that is no number stops it."""
    with open(name, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        table = name.removesuffix(".csv")
        database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        database.execute("BEGIN")
        database.executemany(
            f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})",
            ((*row[:texts], *map(tenths, row[texts:])) for row in rows),
        )
        database.execute("COMMIT")


def say(kind, query):
    for row in database.execute(query):
        print(kind, *row, sep=",")


read("items.csv", ["ministry", "program", "item", "a", "b", "c"], 3)
read("subtotals.csv", ["ministry", "program", "a", "b", "c"], 2)
read("totals.csv", ["period", "amount"], 1)
read("delta.csv", ["amount"], 0)

say("bad", "SELECT ministry, program, item FROM items WHERE a < 0 OR b < 0 OR c < 0")
# One index serves the keys and the groups.
database.executescript("""
CREATE INDEX keys ON items (ministry, program, item);
CREATE TABLE twice AS SELECT ministry, program, item FROM items GROUP BY 1, 2, 3 HAVING count(*) > 1;
CREATE TABLE g AS SELECT ministry, program, total(a) AS a, total(b) AS b, total(c) AS c,
  count(a) AS na, count(b) AS nb, count(c) AS nc FROM items GROUP BY 1, 2;
CREATE INDEX published ON subtotals (ministry, program);
""")
say("twice", "SELECT * FROM twice")
say("orphan", """SELECT ministry, program FROM g
  WHERE NOT EXISTS (SELECT 1 FROM subtotals s WHERE s.ministry = g.ministry AND s.program = g.program)""")
# Twice the difference, in tenths: half a tenth for each figure is what rounding can do.
say("subtotal", """SELECT ministry, program, iif(a, 'true', 'false'), iif(b, 'true', 'false'), iif(c, 'true', 'false') FROM (
    SELECT ministry, program, 2 * abs(s.a - g.a) > na + 1 AS a, 2 * abs(s.b - g.b) > nb + 1 AS b, 2 * abs(s.c - g.c) > nc + 1 AS c
    FROM g JOIN subtotals s USING (ministry, program))
  WHERE (a OR b OR c) AND (ministry, program) NOT IN (SELECT ministry, program FROM twice)""")
say("total", """SELECT period, amount / 10.0, x / 10.0 FROM totals JOIN (
    SELECT 'R5' AS period, sum(a) AS x, count(*) AS n FROM subtotals UNION ALL
    SELECT 'R5補正', sum(b), count(*) FROM subtotals UNION ALL SELECT 'R6', sum(c), count(*) FROM subtotals) USING (period)
  WHERE 2 * abs(amount - x) > n + 1""")
say("delta", """SELECT amount / 10.0 FROM delta WHERE 2 * abs((SELECT amount FROM totals WHERE period = 'R6') -
  (SELECT amount FROM totals WHERE period = 'R5') - amount) > 3""")
