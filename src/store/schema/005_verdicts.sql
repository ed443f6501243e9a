-- A verdict that was ok is of use while detection may still look back at it, or when an alert names
-- its measurement (an event that came from a person names none). The others took a quarter of the
-- store.
CREATE INDEX performance_alert_events_measurement
    ON performance_alert_events (measurement_id) WHERE measurement_id <> 0;
DELETE FROM performance_verdicts WHERE severity = 0 AND measurement_id IN (
    SELECT id FROM (
        SELECT m.id AS id,
            row_number() OVER (PARTITION BY m.series_id ORDER BY m.time DESC, m.id DESC) AS place
        FROM performance_verdicts v JOIN performance_measurements m ON m.id = v.measurement_id)
    WHERE place > 200)
AND measurement_id NOT IN (SELECT good_measurement_id FROM performance_alerts)
AND measurement_id NOT IN (SELECT bad_measurement_id FROM performance_alerts)
AND measurement_id NOT IN (SELECT measurement_id FROM performance_alert_events);
