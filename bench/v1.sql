-- Figures are read as such, — as NULL, and one that is no number stops the query. Keys that stand twice are sought by their hash, then
-- looked at.
SET preserve_insertion_order = false;
CREATE TEMP TABLE i AS SELECT *, hash(ministry, program, item) AS h FROM read_csv('items.csv', header = false, skip = 1, delim = ',',
  quote = '"', auto_detect = false, nullstr = '—', thousands = ',', buffer_size = 4000000,
  columns = {ministry: 'VARCHAR', program: 'VARCHAR', item: 'VARCHAR', a: 'DECIMAL(15, 1)', b: 'DECIMAL(15, 1)', c: 'DECIMAL(15, 1)'});
CREATE TEMP TABLE s AS SELECT * FROM read_csv('subtotals.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {ministry: 'VARCHAR', program: 'VARCHAR', a: 'DECIMAL(15, 1)', b: 'DECIMAL(15, 1)', c: 'DECIMAL(15, 1)'});
CREATE TEMP TABLE t AS SELECT * FROM read_csv('totals.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {period: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE d AS SELECT * FROM read_csv('delta.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {amount: 'DECIMAL(18, 1)'});
SELECT 'bad', ministry, program, item FROM i WHERE a < 0 OR b < 0 OR c < 0;
CREATE TEMP TABLE suspects AS SELECT h FROM i GROUP BY h HAVING count(*) > 1;
CREATE TEMP TABLE twice AS SELECT ministry, program, item FROM i WHERE h IN (FROM suspects) GROUP BY ALL HAVING count(*) > 1;
SELECT 'twice', * FROM twice;
CREATE TEMP TABLE g AS SELECT ministry, program, coalesce(sum(a), 0) AS a, coalesce(sum(b), 0) AS b, coalesce(sum(c), 0) AS c,
  count(a) AS na, count(b) AS nb, count(c) AS nc FROM i GROUP BY ALL;
SELECT 'orphan', g.ministry, g.program FROM g ANTI JOIN s USING (ministry, program);
SELECT 'subtotal', ministry, program, abs(s.a - g.a) > 0.05 * (na + 1), abs(s.b - g.b) > 0.05 * (nb + 1),
       abs(s.c - g.c) > 0.05 * (nc + 1)
  FROM s JOIN g USING (ministry, program)
  WHERE (abs(s.a - g.a) > 0.05 * (na + 1) OR abs(s.b - g.b) > 0.05 * (nb + 1) OR abs(s.c - g.c) > 0.05 * (nc + 1))
    AND NOT EXISTS (FROM twice WHERE twice.ministry = s.ministry AND twice.program = s.program);
SELECT 'total', period, amount, x FROM t JOIN (
  SELECT 'R5' AS period, sum(a) AS x, count(*) AS n FROM s UNION ALL
  SELECT 'R5補正', sum(b), count(*) FROM s UNION ALL SELECT 'R6', sum(c), count(*) FROM s) USING (period)
  WHERE abs(amount - x) > 0.05 * (n + 1);
SELECT 'delta', amount FROM d WHERE abs((SELECT amount FROM t WHERE period = 'R6') - (SELECT amount FROM t WHERE period = 'R5') - amount) > 0.15;
