-- Series that something came of on which no verdict was passed yet. Whoever takes something in next
-- passes it, whatever happened to the one that brought it.
CREATE TABLE performance_unjudged (
    series_id INTEGER PRIMARY KEY REFERENCES performance_series (id)
);
INSERT INTO performance_unjudged
SELECT r.id FROM performance_series r
LEFT JOIN performance_baseline_states b ON b.series_id = r.id
WHERE EXISTS (SELECT 1 FROM performance_measurement_rows m WHERE m.series_id = r.id
    AND m.final <> 0 AND m.time > coalesce(b.judged_at, 0));
