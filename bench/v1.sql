CREATE TEMP TABLE i AS
  SELECT ministry, program, item,
         CASE WHEN a = '—' THEN 0 ELSE TRY_CAST(replace(a, ',', '') AS DECIMAL(15, 1)) END AS a, a <> '—' AS na,
         CASE WHEN b = '—' THEN 0 ELSE TRY_CAST(replace(b, ',', '') AS DECIMAL(15, 1)) END AS b, b <> '—' AS nb,
         CASE WHEN c = '—' THEN 0 ELSE TRY_CAST(replace(c, ',', '') AS DECIMAL(15, 1)) END AS c, c <> '—' AS nc
  FROM read_csv('items.csv', header = false, skip = 1, delim = ',', quote = '"', auto_detect = false,
                columns = {ministry: 'VARCHAR', program: 'VARCHAR', item: 'VARCHAR', a: 'VARCHAR', b: 'VARCHAR', c: 'VARCHAR'});
CREATE TEMP TABLE s AS SELECT * FROM read_csv('subtotals.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {ministry: 'VARCHAR', program: 'VARCHAR', a: 'DECIMAL(15, 1)', b: 'DECIMAL(15, 1)', c: 'DECIMAL(15, 1)'});
CREATE TEMP TABLE t AS SELECT * FROM read_csv('totals.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {period: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE d AS SELECT * FROM read_csv('delta.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {amount: 'DECIMAL(18, 1)'});
SELECT 'bad', ministry, program, item FROM i WHERE a IS NULL OR b IS NULL OR c IS NULL OR a < 0 OR b < 0 OR c < 0;
CREATE TEMP TABLE twice AS SELECT ministry, program, item FROM i GROUP BY ALL HAVING count(*) > 1;
SELECT 'twice', * FROM twice;
CREATE TEMP TABLE g AS SELECT ministry, program, sum(a) AS a, sum(b) AS b, sum(c) AS c, count(*) FILTER (na) AS na,
  count(*) FILTER (nb) AS nb, count(*) FILTER (nc) AS nc FROM i GROUP BY ALL;
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
