-- A peer: checks workload v1 in the working directory with SQLite, and prints what bench/v1.sql prints:
--   sqlite3 :memory: '.read bench/v1_sqlite.sql'
.mode list
.separator ,
CREATE TABLE items (ministry TEXT, program TEXT, item TEXT, a TEXT, b TEXT, c TEXT);
CREATE TABLE subtotals (ministry TEXT, program TEXT, a REAL, b REAL, c REAL);
CREATE TABLE totals (period TEXT, amount REAL);
CREATE TABLE delta (amount REAL);
.import --csv --skip 1 items.csv items
.import --csv --skip 1 subtotals.csv subtotals
.import --csv --skip 1 totals.csv totals
.import --csv --skip 1 delta.csv delta
SELECT 'bad', ministry, program, item FROM items
  WHERE a GLOB '*[^0-9,.]*' AND a <> '—' OR b GLOB '*[^0-9,.]*' AND b <> '—' OR c GLOB '*[^0-9,.]*' AND c <> '—';
-- One index serves the keys and the groups.
CREATE INDEX keys ON items (ministry, program, item);
CREATE TABLE twice AS SELECT ministry, program, item FROM items GROUP BY 1, 2, 3 HAVING count(*) > 1;
SELECT 'twice', * FROM twice;
-- Amounts as whole tenths: a figure has one decimal, and — has no digit.
CREATE TABLE g AS SELECT ministry, program, sum(CAST(replace(replace(a, ',', ''), '.', '') AS INTEGER)) AS a,
  sum(CAST(replace(replace(b, ',', ''), '.', '') AS INTEGER)) AS b, sum(CAST(replace(replace(c, ',', ''), '.', '') AS INTEGER)) AS c,
  sum(a <> '—') AS na, sum(b <> '—') AS nb, sum(c <> '—') AS nc FROM items GROUP BY 1, 2;
CREATE INDEX published ON subtotals (ministry, program);
SELECT 'orphan', ministry, program FROM g
  WHERE NOT EXISTS (SELECT 1 FROM subtotals AS s WHERE s.ministry = g.ministry AND s.program = g.program);
SELECT 'subtotal', ministry, program, iif(a, 'true', 'false'), iif(b, 'true', 'false'), iif(c, 'true', 'false') FROM (
    SELECT ministry, program, 2 * abs(round(10 * s.a) - g.a) > na + 1 AS a, 2 * abs(round(10 * s.b) - g.b) > nb + 1 AS b,
           2 * abs(round(10 * s.c) - g.c) > nc + 1 AS c FROM g JOIN subtotals AS s USING (ministry, program))
  WHERE (a OR b OR c) AND (ministry, program) NOT IN (SELECT ministry, program FROM twice);
SELECT 'total', period, amount, x FROM totals JOIN (
    SELECT 'R5' AS period, sum(a) AS x, count(*) AS n FROM subtotals UNION ALL
    SELECT 'R5補正', sum(b), count(*) FROM subtotals UNION ALL SELECT 'R6', sum(c), count(*) FROM subtotals) USING (period)
  WHERE abs(amount - x) > 0.05 * (n + 1) + 0.001;
SELECT 'delta', amount FROM delta
  WHERE abs((SELECT amount FROM totals WHERE period = 'R6') - (SELECT amount FROM totals WHERE period = 'R5') - amount) > 0.151;
