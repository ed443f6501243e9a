-- An event says by itself whether its note is what a search of the history said.
ALTER TABLE performance_alert_events ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;
UPDATE performance_alert_events SET searched = 1 WHERE id IN (
    SELECT e.id FROM performance_alert_events e JOIN performance_alerts a ON a.id = e.alert_id
    WHERE e.action IN ('opened', 'repeated', 'escalated', 'reopened') AND e.measurement_id <> 0
    AND (a.kind = 'trend' OR (a.kind = 'step' AND e.note LIKE 'stepped from %')));
