"""A peer: checks workload v1 in the working directory with Polars, and prints what bench/v1.sql prints."""

import polars as pl

PERIODS = ["R5", "R5補正", "R6"]
KEY = ["ministry", "program"]


def read(name, texts):
    """Reads a file, its figures as whole tenths, — as null. A text that is no number stops it."""
    table = pl.scan_csv(name, infer_schema=False)
    figures = [column for column in table.collect_schema().names() if column not in texts]
    table = pl.scan_csv(name, infer_schema=False, null_values={column: "—" for column in figures})
    number = pl.col(figures).str.replace_all(",", "", literal=True).cast(pl.Float64)
    return table.with_columns((number * 10).round().cast(pl.Int64)).collect()


def say(kind, table):
    for row in table.iter_rows():
        print(kind, *(str(cell).lower() if isinstance(cell, bool) else cell for cell in row), sep=",")


items = read("items.csv", [*KEY, "item"])
subtotals = read("subtotals.csv", KEY)
totals = read("totals.csv", ["period"])
delta = read("delta.csv", [])

say("bad", items.filter(pl.any_horizontal(pl.col(PERIODS) < 0)).select(*KEY, "item"))
# Keys that stand twice are sought by their hash, then looked at.
row = pl.struct(*KEY, "item")
suspects = items.filter(items.select(row.hash()).to_series().is_duplicated())
twice = suspects.select(*KEY, "item").filter(row.is_duplicated()).unique()
say("twice", twice)

sums = items.group_by(KEY).agg(pl.col(PERIODS).sum().name.suffix(" x"), pl.col(PERIODS).count().name.suffix(" n"))
say("orphan", sums.join(subtotals, on=KEY, how="anti").select(KEY))
# Twice the difference, in tenths: half a tenth for each figure is what rounding can do.
wrong = [2 * (pl.col(p) - pl.col(p + " x")).abs() > pl.col(p + " n").cast(pl.Int64) + 1 for p in PERIODS]
compared = subtotals.join(sums, on=KEY).select(*KEY, *(w.alias(p) for w, p in zip(wrong, PERIODS)))
say("subtotal", compared.filter(pl.any_horizontal(PERIODS)).join(twice, on=KEY, how="anti"))

total = dict(totals.iter_rows())
for period in PERIODS:
    x = subtotals[period].sum()
    if 2 * abs(total[period] - x) > subtotals.height + 1:
        print("total", period, total[period] / 10, x / 10, sep=",")
for (amount,) in delta.iter_rows():
    if 2 * abs(total["R6"] - total["R5"] - amount) > 3:
        print("delta", amount / 10, sep=",")
