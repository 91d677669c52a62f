"""A peer: checks workload v1 in the working directory with pandas, and prints what bench/v1.sql prints."""

import pandas as pd

PERIODS = ["R5", "R5補正", "R6"]
KEY = ["ministry", "program"]


def read(name, texts):
    """Reads a file, its figures as whole tenths, — as NaN. A text that is no number stops it."""
    types = {column: "str" for column in texts}
    table = pd.read_csv(name, dtype=types, thousands=",", na_values=["—"], keep_default_na=False)
    figures = [column for column in table.columns if column not in texts]
    table[figures] = (table[figures] * 10).round()  # exact in binary, as sums below 2^53 are
    return table


def say(kind, table):
    for row in table.itertuples(index=False):
        print(kind, *(str(cell).lower() if isinstance(cell, bool) else cell for cell in row), sep=",")


items = read("items.csv", [*KEY, "item"])
subtotals = read("subtotals.csv", KEY)
totals = read("totals.csv", ["period"])
delta = read("delta.csv", [])

say("bad", items.loc[(items[PERIODS] < 0).any(axis=1), [*KEY, "item"]])
twice = items.loc[items.duplicated([*KEY, "item"]), [*KEY, "item"]].drop_duplicates()
say("twice", twice)

groups = items.groupby(KEY, sort=False)[PERIODS]
sums = groups.sum().join(groups.count().add_suffix(" n"))
compared = sums.join(subtotals.set_index(KEY).add_suffix(" published"))
say("orphan", compared.index[compared["R6 published"].isna()].to_frame(index=False))
# Twice the difference, in tenths: half a tenth for each figure is what rounding can do.
wrong = pd.DataFrame({p: 2 * (compared[p + " published"] - compared[p]).abs() > compared[p + " n"] + 1 for p in PERIODS})
wrong = wrong[wrong.any(axis=1)]
say("subtotal", wrong[~wrong.index.isin(pd.MultiIndex.from_frame(twice[KEY]))].reset_index())

total = dict(zip(totals["period"], totals["amount"]))
for period in PERIODS:
    x = subtotals[period].sum()
    if 2 * abs(total[period] - x) > len(subtotals) + 1:
        print("total", period, total[period] / 10, x / 10, sep=",")
for amount in delta["amount"]:
    if 2 * abs(total["R6"] - total["R5"] - amount) > 3:
        print("delta", amount / 10, sep=",")
