-- In a sum, published figures count with the other sign: it is then how far the two are apart, and half a tenth for each figure in it is
-- what rounding can do. The series of a region are kept to see whether one stands twice.
SET preserve_insertion_order = false;
CREATE TEMP TABLE r AS FROM read_csv('regions.csv', header = false, skip = 1, delim = ',', quote = '"', auto_detect = false, nullstr = '—', thousands = ',',
  buffer_size = 4000000,
  columns = {region: 'VARCHAR', y1961: 'DECIMAL(15, 1)', y1962: 'DECIMAL(15, 1)', y1963: 'DECIMAL(15, 1)', y1964: 'DECIMAL(15,
    1)', y1965: 'DECIMAL(15, 1)', y1966: 'DECIMAL(15, 1)', y1967: 'DECIMAL(15, 1)', y1968: 'DECIMAL(15, 1)', y1969: 'DECIMAL(15,
    1)', y1970: 'DECIMAL(15, 1)', y1971: 'DECIMAL(15, 1)', y1972: 'DECIMAL(15, 1)', y1973: 'DECIMAL(15, 1)', y1974: 'DECIMAL(15,
    1)', y1975: 'DECIMAL(15, 1)', y1976: 'DECIMAL(15, 1)', y1977: 'DECIMAL(15, 1)', y1978: 'DECIMAL(15, 1)', y1979: 'DECIMAL(15,
    1)', y1980: 'DECIMAL(15, 1)', y1981: 'DECIMAL(15, 1)', y1982: 'DECIMAL(15, 1)', y1983: 'DECIMAL(15, 1)', y1984: 'DECIMAL(15,
    1)', y1985: 'DECIMAL(15, 1)', y1986: 'DECIMAL(15, 1)', y1987: 'DECIMAL(15, 1)', y1988: 'DECIMAL(15, 1)', y1989: 'DECIMAL(15,
    1)', y1990: 'DECIMAL(15, 1)', y1991: 'DECIMAL(15, 1)', y1992: 'DECIMAL(15, 1)', y1993: 'DECIMAL(15, 1)', y1994: 'DECIMAL(15,
    1)', y1995: 'DECIMAL(15, 1)', y1996: 'DECIMAL(15, 1)', y1997: 'DECIMAL(15, 1)', y1998: 'DECIMAL(15, 1)', y1999: 'DECIMAL(15,
    1)', y2000: 'DECIMAL(15, 1)', y2001: 'DECIMAL(15, 1)', y2002: 'DECIMAL(15, 1)', y2003: 'DECIMAL(15, 1)', y2004: 'DECIMAL(15,
    1)', y2005: 'DECIMAL(15, 1)', y2006: 'DECIMAL(15, 1)', y2007: 'DECIMAL(15, 1)', y2008: 'DECIMAL(15, 1)', y2009: 'DECIMAL(15,
    1)', y2010: 'DECIMAL(15, 1)', y2011: 'DECIMAL(15, 1)', y2012: 'DECIMAL(15, 1)', y2013: 'DECIMAL(15, 1)', y2014: 'DECIMAL(15,
    1)', y2015: 'DECIMAL(15, 1)', y2016: 'DECIMAL(15, 1)', y2017: 'DECIMAL(15, 1)', y2018: 'DECIMAL(15, 1)', y2019: 'DECIMAL(15,
    1)', y2020: 'DECIMAL(15, 1)'});
CREATE TEMP TABLE w AS FROM read_csv('world.csv', header = false, skip = 1, delim = ',', auto_detect = false,
  columns = {year: 'VARCHAR', amount: 'DECIMAL(18, 1)'});
CREATE TEMP TABLE g AS SELECT region, count(*) - count(series) AS published, count(series) AS n,
  list(series) FILTER (series IS NOT NULL) AS series, min(low) AS low,
  coalesce(abs(sum(COLUMNS('^y'))) > 0.05 * count(COLUMNS('^y')), false)
  FROM (SELECT *, least(*COLUMNS('^y')) AS low FROM read_csv('items.csv', header = false, skip = 1, delim = ',', quote = '"', auto_detect = false, nullstr = '—', thousands = ',',
  buffer_size = 4000000,
  columns = {region: 'VARCHAR', series: 'VARCHAR', y1961: 'DECIMAL(15, 1)', y1962: 'DECIMAL(15, 1)', y1963: 'DECIMAL(15, 1)',
    y1964: 'DECIMAL(15, 1)', y1965: 'DECIMAL(15, 1)', y1966: 'DECIMAL(15, 1)', y1967: 'DECIMAL(15, 1)', y1968: 'DECIMAL(15, 1)',
    y1969: 'DECIMAL(15, 1)', y1970: 'DECIMAL(15, 1)', y1971: 'DECIMAL(15, 1)', y1972: 'DECIMAL(15, 1)', y1973: 'DECIMAL(15, 1)',
    y1974: 'DECIMAL(15, 1)', y1975: 'DECIMAL(15, 1)', y1976: 'DECIMAL(15, 1)', y1977: 'DECIMAL(15, 1)', y1978: 'DECIMAL(15, 1)',
    y1979: 'DECIMAL(15, 1)', y1980: 'DECIMAL(15, 1)', y1981: 'DECIMAL(15, 1)', y1982: 'DECIMAL(15, 1)', y1983: 'DECIMAL(15, 1)',
    y1984: 'DECIMAL(15, 1)', y1985: 'DECIMAL(15, 1)', y1986: 'DECIMAL(15, 1)', y1987: 'DECIMAL(15, 1)', y1988: 'DECIMAL(15, 1)',
    y1989: 'DECIMAL(15, 1)', y1990: 'DECIMAL(15, 1)', y1991: 'DECIMAL(15, 1)', y1992: 'DECIMAL(15, 1)', y1993: 'DECIMAL(15, 1)',
    y1994: 'DECIMAL(15, 1)', y1995: 'DECIMAL(15, 1)', y1996: 'DECIMAL(15, 1)', y1997: 'DECIMAL(15, 1)', y1998: 'DECIMAL(15, 1)',
    y1999: 'DECIMAL(15, 1)', y2000: 'DECIMAL(15, 1)', y2001: 'DECIMAL(15, 1)', y2002: 'DECIMAL(15, 1)', y2003: 'DECIMAL(15, 1)',
    y2004: 'DECIMAL(15, 1)', y2005: 'DECIMAL(15, 1)', y2006: 'DECIMAL(15, 1)', y2007: 'DECIMAL(15, 1)', y2008: 'DECIMAL(15, 1)',
    y2009: 'DECIMAL(15, 1)', y2010: 'DECIMAL(15, 1)', y2011: 'DECIMAL(15, 1)', y2012: 'DECIMAL(15, 1)', y2013: 'DECIMAL(15, 1)',
    y2014: 'DECIMAL(15, 1)', y2015: 'DECIMAL(15, 1)', y2016: 'DECIMAL(15, 1)', y2017: 'DECIMAL(15, 1)', y2018: 'DECIMAL(15, 1)',
    y2019: 'DECIMAL(15, 1)', y2020: 'DECIMAL(15, 1)'})
  UNION ALL SELECT region, NULL, -COLUMNS('^y'), NULL FROM r) GROUP BY region;
SELECT 'bad', region FROM g WHERE low < 0;
CREATE TEMP TABLE twice AS SELECT region, s FROM (SELECT region, unnest(series) AS s FROM g WHERE list_unique(series) < n)
  GROUP BY ALL HAVING count(*) > 1;
SELECT 'twice', * FROM twice;
SELECT 'orphan', region FROM g WHERE published = 0;
SELECT 'region', region, year[2:] FROM (UNPIVOT g ON COLUMNS('^y') INTO NAME year VALUE wrong)
  WHERE wrong AND published = 1 AND n > 0 AND region NOT IN (SELECT region FROM twice);
SELECT 'world', year FROM w JOIN (UNPIVOT (SELECT sum(COLUMNS('^y')) AS '\0' FROM r) ON COLUMNS('^y') INTO NAME label VALUE x)
  ON label = 'y' || year WHERE abs(amount - x) > 0.05 * ((SELECT count(*) FROM r) + 1);
