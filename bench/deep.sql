-- In a sum, published figures count with the other sign: it is then how far the two are apart, and half a tenth for each figure in it is
-- what rounding can do. The items of a group are kept to see whether one stands twice.
SET preserve_insertion_order = false;
CREATE TEMP TABLE l5 AS FROM read_csv('level5.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  buffer_size = 4000000, columns = {c1: 'VARCHAR', c2: 'VARCHAR', c3: 'VARCHAR', c4: 'VARCHAR', c5: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE l4 AS FROM read_csv('level4.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  buffer_size = 4000000, columns = {c1: 'VARCHAR', c2: 'VARCHAR', c3: 'VARCHAR', c4: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE l3 AS FROM read_csv('level3.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  buffer_size = 4000000, columns = {c1: 'VARCHAR', c2: 'VARCHAR', c3: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE l2 AS FROM read_csv('level2.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  buffer_size = 4000000, columns = {c1: 'VARCHAR', c2: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE l1 AS FROM read_csv('level1.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  buffer_size = 4000000, columns = {c1: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE t AS FROM read_csv('total.csv', header = false, skip = 1, auto_detect = false, columns = {amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE g5 AS SELECT c1, c2, c3, c4, c5, sum(amount) AS x, count(amount) AS figures, count(*) - count(item) AS published,
  count(item) AS parts, list(item) FILTER (item IS NOT NULL) AS items, min(amount) FILTER (item IS NOT NULL) AS low
  FROM (FROM read_csv('items.csv', header = false, skip = 1, delim = ',', quote = '"', auto_detect = false, nullstr = '—',
    thousands = ',', buffer_size = 4000000, columns = {c1: 'VARCHAR', c2: 'VARCHAR', c3: 'VARCHAR', c4: 'VARCHAR', c5: 'VARCHAR',
    item: 'VARCHAR', amount: 'DECIMAL(15, 1)'}) UNION ALL SELECT c1, c2, c3, c4, c5, NULL, -amount FROM l5)
  GROUP BY ALL HAVING abs(x) > 0.05 * figures OR published = 0 OR low < 0 OR list_unique(items) < parts;
SELECT 'bad', c1, c2, c3, c4, c5 FROM g5 WHERE low < 0;
CREATE TEMP TABLE twice AS SELECT c1, c2, c3, c4, c5, item FROM (SELECT c1, c2, c3, c4, c5, unnest(items) AS item FROM g5)
  GROUP BY ALL HAVING count(*) > 1;
SELECT 'twice', * FROM twice;
SELECT 'orphan', c1, c2, c3, c4, c5 FROM g5 WHERE published = 0;
SELECT 'level5', c1, c2, c3, c4, c5 FROM g5 WHERE published = 1 AND parts > 0 AND abs(x) > 0.05 * figures
  AND (c1, c2, c3, c4, c5) NOT IN (SELECT (c1, c2, c3, c4, c5) FROM twice);
CREATE TEMP TABLE g4 AS SELECT c1, c2, c3, c4, sum(amount) AS x, count(amount) AS figures, count(published) AS published, count(*) AS n
  FROM (SELECT c1, c2, c3, c4, amount, NULL::BOOLEAN AS published FROM l5 UNION ALL SELECT c1, c2, c3, c4, -amount, true FROM l4)
  GROUP BY ALL HAVING abs(x) > 0.05 * figures OR published = 0;
SELECT 'orphan', c1, c2, c3, c4 FROM g4 WHERE published = 0;
SELECT 'level4', c1, c2, c3, c4 FROM g4 WHERE published = 1 AND n > 1;
CREATE TEMP TABLE g3 AS SELECT c1, c2, c3, sum(amount) AS x, count(amount) AS figures, count(published) AS published, count(*) AS n
  FROM (SELECT c1, c2, c3, amount, NULL::BOOLEAN AS published FROM l4 UNION ALL SELECT c1, c2, c3, -amount, true FROM l3)
  GROUP BY ALL HAVING abs(x) > 0.05 * figures OR published = 0;
SELECT 'orphan', c1, c2, c3 FROM g3 WHERE published = 0;
SELECT 'level3', c1, c2, c3 FROM g3 WHERE published = 1 AND n > 1;
CREATE TEMP TABLE g2 AS SELECT c1, c2, sum(amount) AS x, count(amount) AS figures, count(published) AS published, count(*) AS n
  FROM (SELECT c1, c2, amount, NULL::BOOLEAN AS published FROM l3 UNION ALL SELECT c1, c2, -amount, true FROM l2)
  GROUP BY ALL HAVING abs(x) > 0.05 * figures OR published = 0;
SELECT 'orphan', c1, c2 FROM g2 WHERE published = 0;
SELECT 'level2', c1, c2 FROM g2 WHERE published = 1 AND n > 1;
CREATE TEMP TABLE g1 AS SELECT c1, sum(amount) AS x, count(amount) AS figures, count(published) AS published, count(*) AS n
  FROM (SELECT c1, amount, NULL::BOOLEAN AS published FROM l2 UNION ALL SELECT c1, -amount, true FROM l1)
  GROUP BY ALL HAVING abs(x) > 0.05 * figures OR published = 0;
SELECT 'orphan', c1 FROM g1 WHERE published = 0;
SELECT 'level1', c1 FROM g1 WHERE published = 1 AND n > 1;
SELECT 'total' FROM t WHERE abs(amount - (SELECT sum(amount) FROM l1)) > 0.05 * ((SELECT count(*) FROM l1) + 1);
