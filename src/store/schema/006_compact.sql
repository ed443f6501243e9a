-- What most measurements and samples say twice is said once.
--
-- Of a measurement: NULL in min … p99 is the same as value, '' is none. window_start is 0 for the
-- start of the session; any other from 0 on is one more than it says. samples holds the few that it
-- was made of as performance_sample_rows.data would; one that is nothing but time and min is empty.
-- Whoever queries reads performance_measurements.
CREATE TABLE performance_measurement_rows (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES performance_series (id),
    session_id INTEGER NOT NULL REFERENCES performance_sessions (id),
    window_start INTEGER NOT NULL,
    time INTEGER NOT NULL,
    n INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    value REAL,
    min REAL,
    max REAL,
    mean REAL,
    p50 REAL,
    p95 REAL,
    p99 REAL,
    final INTEGER NOT NULL,
    excluded INTEGER NOT NULL DEFAULT 0,
    samples BLOB
);
INSERT INTO performance_measurement_rows
SELECT m.id, m.series_id, m.session_id,
    CASE WHEN m.window_start = s.started_at THEN 0
        WHEN m.window_start >= 0 THEN m.window_start + 1 ELSE m.window_start END,
    m.time, m.n, m.failed, m.value,
    CASE WHEN m.min IS m.value THEN NULL ELSE coalesce(m.min, '') END,
    CASE WHEN m.max IS m.value THEN NULL ELSE coalesce(m.max, '') END,
    CASE WHEN m.mean IS m.value THEN NULL ELSE coalesce(m.mean, '') END,
    CASE WHEN m.p50 IS m.value THEN NULL ELSE coalesce(m.p50, '') END,
    CASE WHEN m.p95 IS m.value THEN NULL ELSE coalesce(m.p95, '') END,
    CASE WHEN m.p99 IS m.value THEN NULL ELSE coalesce(m.p99, '') END,
    m.final, m.excluded,
    (SELECT p.data FROM performance_samples p WHERE p.series_id = m.series_id
        AND p.session_id = m.session_id AND p.window_start = m.window_start
        AND p.n = m.n AND p.exact = m.n AND p.n <= 32 AND p.failed = 0 AND p.buckets IS NULL
        AND p.last_time = m.time AND m.failed = 0 AND NOT EXISTS (
            SELECT 1 FROM performance_samples o WHERE o.series_id = p.series_id
            AND o.session_id = p.session_id AND o.window_start = p.window_start
            AND o.id <> p.id))
FROM performance_measurements m LEFT JOIN performance_sessions s ON s.id = m.session_id
ORDER BY m.id;
CREATE UNIQUE INDEX performance_measurement_rows_window
    ON performance_measurement_rows (session_id, series_id, window_start);
CREATE INDEX performance_measurement_rows_series ON performance_measurement_rows (series_id, time);

-- The old way of renaming looks at no view: those of an application may be broken.
PRAGMA legacy_alter_table = ON;
ALTER TABLE performance_verdicts RENAME TO performance_verdicts_5;
CREATE TABLE performance_verdicts (
    measurement_id INTEGER PRIMARY KEY REFERENCES performance_measurement_rows (id),
    severity INTEGER NOT NULL,
    tiers INTEGER NOT NULL,
    target_severity INTEGER NOT NULL,
    baseline_severity INTEGER NOT NULL,
    deviation_target REAL,
    deviation_baseline REAL,
    z REAL,
    z_target REAL,
    p REAL,
    ratio REAL,
    flags INTEGER NOT NULL,
    reason TEXT,
    centre REAL,
    spread REAL,
    baseline_n INTEGER NOT NULL,
    window_first INTEGER NOT NULL,
    window_last INTEGER NOT NULL
);
INSERT INTO performance_verdicts SELECT * FROM performance_verdicts_5 ORDER BY measurement_id;
DROP TABLE performance_verdicts_5;

DELETE FROM performance_samples WHERE id IN (
    SELECT p.id FROM performance_measurement_rows k JOIN performance_measurements m ON m.id = k.id
    JOIN performance_samples p ON p.series_id = m.series_id AND p.session_id = m.session_id
    AND p.window_start = m.window_start WHERE k.samples IS NOT NULL);
ALTER TABLE performance_samples RENAME TO performance_sample_rows;
PRAGMA legacy_alter_table = OFF;

DROP TABLE performance_measurements;
CREATE VIEW performance_measurements AS
SELECT m.id AS id, m.series_id AS series_id, m.session_id AS session_id,
    CASE WHEN m.window_start = 0 THEN
        (SELECT s.started_at FROM performance_sessions s WHERE s.id = m.session_id)
        WHEN m.window_start > 0 THEN m.window_start - 1 ELSE m.window_start END AS window_start,
    m.time AS time, m.n AS n, m.failed AS failed, m.value AS value,
    nullif(coalesce(m.min, m.value), '') AS min,
    nullif(coalesce(m.max, m.value), '') AS max,
    nullif(coalesce(m.mean, m.value), '') AS mean,
    nullif(coalesce(m.p50, m.value), '') AS p50,
    nullif(coalesce(m.p95, m.value), '') AS p95,
    nullif(coalesce(m.p99, m.value), '') AS p99,
    m.final AS final, m.excluded AS excluded
FROM performance_measurement_rows m;

-- All samples: those with rows of their own, and those within a measurement's.
CREATE VIEW performance_samples AS
SELECT id, series_id, session_id, window_start, first_time, last_time, n, failed, sum, min, max,
    exact, data, buckets
FROM performance_sample_rows
UNION ALL
SELECT NULL, v.series_id, v.session_id, v.window_start, CASE v.n WHEN 1 THEN v.time END, v.time,
    v.n, 0, v.mean * v.n, v.min, v.max, v.n, m.samples, NULL
FROM performance_measurement_rows m JOIN performance_measurements v ON v.id = m.id
WHERE m.samples IS NOT NULL;
