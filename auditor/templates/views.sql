-- In every view only annual reports count, and of their obligations only those that bind the unit.

-- The obligations that most reports lack: of the reports that an obligation binds, how many have no evidence of it.
CREATE VIEW gaps_by_obligation AS
SELECT id, any_value(obligation) AS obligation, any_value(clause) AS clause, any_value(importance) AS importance,
       count(*) AS reports, count(*) FILTER (gap) AS gaps, round(count(*) FILTER (gap) / count(*), 3) AS share
FROM findings WHERE genre = 'annual_report' AND status <> 'not_applicable'
GROUP BY id ORDER BY share DESC, id;

-- The same by level of the unit, for all obligations together: a level is bound by more of them than another, so
-- levels are compared by the share of what binds them.
CREATE VIEW gaps_by_level AS
SELECT level, count(DISTINCT report) AS reports, count(*) AS obligations, count(*) FILTER (gap) AS gaps,
       count(*) FILTER (gap AND importance = 'core') AS core_gaps,
       round(count(*) FILTER (gap) / count(DISTINCT report), 1) AS gaps_per_report,
       round(count(*) FILTER (gap) / count(*), 3) AS share
FROM findings WHERE genre = 'annual_report' AND status <> 'not_applicable'
GROUP BY level ORDER BY level NULLS LAST;

-- The same by year.
CREATE VIEW gaps_by_year AS
SELECT year, count(DISTINCT report) AS reports, count(*) AS obligations, count(*) FILTER (gap) AS gaps,
       count(*) FILTER (gap AND importance = 'core') AS core_gaps,
       round(count(*) FILTER (gap) / count(DISTINCT report), 1) AS gaps_per_report,
       round(count(*) FILTER (gap) / count(*), 3) AS share
FROM findings WHERE genre = 'annual_report' AND status <> 'not_applicable'
GROUP BY year ORDER BY year NULLS LAST;

-- Reports by score within their year and level, places being comparable only there; without those whose year or
-- level was not read.
CREATE VIEW ranking AS
SELECT year, level, rank() OVER (PARTITION BY year, level ORDER BY score DESC NULLS LAST) AS place,
       unit, score, gaps, core_gaps, file
FROM reports WHERE genre = 'annual_report' AND year IS NOT NULL AND level IS NOT NULL
ORDER BY year, level, place, file;

-- Every indicator over the reports of a level that give it.
CREATE VIEW indicator_summary AS
SELECT id, level, any_value(measure) AS measure, count(DISTINCT report) AS reports,
       min(value) AS least, median(value) AS middle, max(value) AS most
FROM indicators WHERE genre = 'annual_report'
GROUP BY id, level ORDER BY id, level NULLS LAST;
