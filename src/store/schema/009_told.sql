-- How far from what was expected an alert was when somebody was told of it last.
ALTER TABLE performance_alerts ADD COLUMN told_percent REAL;
