-- The first schema. Times are nanoseconds since the epoch, UTC; enumerations are their words.

CREATE TABLE performance_schema (
    version INTEGER NOT NULL,
    applied_at INTEGER NOT NULL
);

CREATE TABLE performance_settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE performance_metrics (
    id TEXT PRIMARY KEY,
    name TEXT,
    unit TEXT NOT NULL,
    better TEXT NOT NULL,
    aggregate TEXT NOT NULL,
    category TEXT NOT NULL,
    weight REAL NOT NULL,
    warmup INTEGER NOT NULL,
    min_change REAL NOT NULL,
    resolution REAL NOT NULL,
    persist_needed INTEGER NOT NULL,
    persist_of INTEGER NOT NULL
);

CREATE TABLE performance_targets (
    metric_id TEXT PRIMARY KEY REFERENCES performance_metrics (id),
    target_value REAL,
    warning_threshold REAL NOT NULL,
    error_threshold REAL NOT NULL,
    unit TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE performance_environments (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    cpu TEXT,
    os TEXT,
    architecture TEXT,
    cores INTEGER NOT NULL,
    memory_mb INTEGER NOT NULL
);

CREATE TABLE performance_sessions (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    app TEXT NOT NULL,
    version TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL,
    temperature TEXT NOT NULL,
    git_commit TEXT,
    git_branch TEXT,
    dirty INTEGER NOT NULL,
    labels TEXT NOT NULL,
    environment_id INTEGER NOT NULL REFERENCES performance_environments (id),
    dropped INTEGER NOT NULL,
    condensed INTEGER NOT NULL,
    source TEXT
);
CREATE INDEX performance_sessions_started ON performance_sessions (started_at);
CREATE INDEX performance_sessions_app ON performance_sessions (app, started_at);
CREATE INDEX performance_sessions_commit ON performance_sessions (git_commit);

CREATE TABLE performance_series (
    id INTEGER PRIMARY KEY,
    metric_id TEXT NOT NULL REFERENCES performance_metrics (id),
    app TEXT NOT NULL,
    environment_id INTEGER NOT NULL REFERENCES performance_environments (id),
    temperature TEXT NOT NULL,
    labels TEXT NOT NULL,
    UNIQUE (metric_id, app, environment_id, temperature, labels)
);

-- session_id is the number of a row of performance_sessions.
CREATE TABLE performance_measurements (
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
    excluded INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX performance_measurements_window
    ON performance_measurements (session_id, series_id, window_start);
CREATE INDEX performance_measurements_series ON performance_measurements (series_id, time, id);

-- The verdict passed on a measurement, with what it was held against.
CREATE TABLE performance_verdicts (
    measurement_id INTEGER PRIMARY KEY REFERENCES performance_measurements (id),
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

-- Samples, packed (store/packing.h): `data` holds times and values, `buckets` what was only counted.
CREATE TABLE performance_samples (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    window_start INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    n INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    sum REAL NOT NULL,
    min REAL,
    max REAL,
    exact INTEGER NOT NULL,
    data BLOB,
    buckets BLOB
);
CREATE INDEX performance_samples_window
    ON performance_samples
    (series_id, session_id, window_start, first_time, last_time, n, sum, min, max);

-- A day of a series, of which the raw measurements were taken away.
CREATE TABLE performance_rollups (
    series_id INTEGER NOT NULL REFERENCES performance_series (id),
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    measurements INTEGER NOT NULL,
    sum REAL NOT NULL,
    min REAL,
    max REAL,
    mean REAL,
    median REAL,
    p95 REAL,
    p99 REAL,
    buckets BLOB,
    PRIMARY KEY (series_id, day)
) WITHOUT ROWID;

CREATE TABLE performance_baseline_states (
    series_id INTEGER PRIMARY KEY REFERENCES performance_series (id),
    state INTEGER NOT NULL,
    centre REAL,
    spread REAL,
    low REAL,
    high REAL,
    confidence REAL NOT NULL,
    n INTEGER NOT NULL,
    spread_at_floor INTEGER NOT NULL,
    computed_at INTEGER NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    since_update INTEGER NOT NULL,
    frozen_for INTEGER NOT NULL,
    start_after_id INTEGER NOT NULL,
    judged_id INTEGER NOT NULL,
    judged_at INTEGER NOT NULL,
    pin TEXT NOT NULL
);

CREATE TABLE performance_alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    series_id INTEGER NOT NULL REFERENCES performance_series (id),
    metric_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    current_value REAL,
    expected_value REAL,
    deviation_percent REAL,
    occurrences INTEGER NOT NULL,
    triggered_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    resolved_at INTEGER,
    muted_until INTEGER,
    good_streak INTEGER NOT NULL,
    since_resolved INTEGER NOT NULL,
    good_measurement_id INTEGER NOT NULL,
    bad_measurement_id INTEGER NOT NULL,
    good_commit TEXT,
    bad_commit TEXT,
    reason TEXT NOT NULL,
    notes TEXT
);
CREATE INDEX performance_alerts_series ON performance_alerts (series_id, kind);
CREATE INDEX performance_alerts_state ON performance_alerts (state);

CREATE TABLE performance_alert_events (
    id INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL REFERENCES performance_alerts (id),
    time INTEGER NOT NULL,
    action TEXT NOT NULL,
    severity TEXT NOT NULL,
    value REAL,
    measurement_id INTEGER NOT NULL,
    notify INTEGER NOT NULL,
    who TEXT NOT NULL,
    note TEXT
);
CREATE INDEX performance_alert_events_alert ON performance_alert_events (alert_id, id);

CREATE TABLE performance_batches (
    id TEXT PRIMARY KEY,
    taken_at INTEGER NOT NULL
) WITHOUT ROWID;

-- One row a session, one column a metric of the catalogue, as the original design queries it.
CREATE VIEW performance_baselines AS
SELECT
    s.id AS id,
    strftime('%Y-%m-%dT%H:%M:%SZ', s.started_at / 1000000000, 'unixepoch') AS timestamp,
    s.session_id AS session_id,
    s.git_commit AS git_commit,
    max(CASE r.metric_id WHEN 'APP-001' THEN m.value END) AS startup_time_ms,
    max(CASE r.metric_id WHEN 'SVC-001' THEN m.value END) AS container_init_count,
    max(CASE r.metric_id WHEN 'SVC-002' THEN m.value END) AS service_init_time_ms,
    max(CASE r.metric_id WHEN 'VAL-001' THEN m.value END) AS validation_time_ms,
    max(CASE r.metric_id WHEN 'VAL-002' THEN m.value END) AS rule_loading_time_ms,
    max(CASE r.metric_id WHEN 'VAL-003' THEN m.value END) AS rule_cache_hit_rate,
    max(CASE r.metric_id WHEN 'GEN-001' THEN m.value END) AS generation_time_ms,
    max(CASE r.metric_id WHEN 'API-001' THEN m.value END) AS api_call_duration_ms,
    max(CASE r.metric_id WHEN 'API-002' THEN m.value END) AS prompt_token_count,
    max(CASE r.metric_id WHEN 'API-003' THEN m.value END) AS api_cost_usd,
    max(CASE r.metric_id WHEN 'EXP-001' THEN m.value END) AS export_time_ms,
    max(CASE r.metric_id WHEN 'MEM-001' THEN m.value END) AS peak_memory_mb,
    max(CASE r.metric_id WHEN 'MEM-002' THEN m.value END) AS memory_growth_mb_per_hour,
    max(CASE r.metric_id WHEN 'CPU-001' THEN m.value END) AS startup_cpu_time_ms,
    max(CASE r.metric_id WHEN 'FLT-001' THEN m.value END) AS major_page_faults,
    max(CASE r.metric_id WHEN 'CTX-001' THEN m.value END) AS involuntary_context_switches,
    max(CASE r.metric_id WHEN 'FDS-001' THEN m.value END) AS open_files_peak,
    max(CASE r.metric_id WHEN 'THR-001' THEN m.value END) AS threads_peak,
    max(CASE r.metric_id WHEN 'IOB-001' THEN m.value END) AS io_mb,
    max(CASE r.metric_id WHEN 'DBQ-001' THEN m.value END) AS database_query_time_ms,
    max(CASE r.metric_id WHEN 'ERR-001' THEN m.value END) AS failed_operations_percent
FROM performance_sessions s
LEFT JOIN performance_measurements m ON m.session_id = s.id
LEFT JOIN performance_series r ON r.id = m.series_id
GROUP BY s.id;
