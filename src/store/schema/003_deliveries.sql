-- Which event is told to which sink, and what became of it. A sink is what tare.yml calls it. The
-- key goes with every attempt; a claim keeps others off until claimed_until.
CREATE TABLE performance_deliveries (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES performance_alert_events (id),
    alert_id INTEGER NOT NULL REFERENCES performance_alerts (id),
    sink TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL,
    last_attempt_at INTEGER,
    settled_at INTEGER,
    last_error TEXT,
    claimed_by TEXT,
    claimed_until INTEGER,
    UNIQUE (event_id, sink)
);
CREATE INDEX performance_deliveries_waiting
    ON performance_deliveries (sink, next_attempt_at) WHERE state = 'pending';
CREATE INDEX performance_deliveries_alert ON performance_deliveries (alert_id, sink);
