-- The obligations that most reports lack: of the reports that an obligation binds, how many have no evidence of it.
CREATE VIEW gaps_by_obligation AS
SELECT id, any_value(obligation) AS obligation, any_value(clause) AS clause, any_value(importance) AS importance,
       count(*) FILTER (status <> 'not_applicable') AS reports, count(*) FILTER (gap) AS gaps,
       round(gaps / nullif(count(*) FILTER (status <> 'not_applicable'), 0), 3) AS share
FROM findings GROUP BY id ORDER BY share DESC NULLS LAST, id;

-- The same by level of the unit, for all obligations together.
CREATE VIEW gaps_by_level AS
SELECT level, count(DISTINCT report) AS reports, count(*) FILTER (gap) AS gaps,
       count(*) FILTER (gap AND importance = 'core') AS core_gaps,
       round(count(*) FILTER (gap) / count(DISTINCT report), 1) AS gaps_per_report
FROM findings GROUP BY level ORDER BY level NULLS LAST;

-- The same by year.
CREATE VIEW gaps_by_year AS
SELECT year, count(DISTINCT report) AS reports, count(*) FILTER (gap) AS gaps,
       count(*) FILTER (gap AND importance = 'core') AS core_gaps,
       round(count(*) FILTER (gap) / count(DISTINCT report), 1) AS gaps_per_report
FROM findings GROUP BY year ORDER BY year NULLS LAST;

-- Annual reports by score within their year and level: places are comparable only there.
CREATE VIEW ranking AS
SELECT year, level, rank() OVER (PARTITION BY year, level ORDER BY score DESC NULLS LAST) AS place,
       unit, score, gaps, core_gaps, file
FROM reports WHERE genre = 'annual_report' ORDER BY year, level, place, file;

-- Every indicator over all reports that give it.
CREATE VIEW indicator_summary AS
SELECT id, any_value(measure) AS measure, count(DISTINCT report) AS reports,
       min(value) AS least, median(value) AS middle, max(value) AS most
FROM indicators GROUP BY id ORDER BY id;
