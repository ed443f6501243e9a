-- A day also remembers what failed, and what the measurements' own values were (the other columns
-- are about the observations in them). value_buckets is NULL where it would repeat buckets.
ALTER TABLE performance_rollups ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE performance_rollups ADD COLUMN value_sum REAL NOT NULL DEFAULT 0;
ALTER TABLE performance_rollups ADD COLUMN value_min REAL;
ALTER TABLE performance_rollups ADD COLUMN value_max REAL;
ALTER TABLE performance_rollups ADD COLUMN value_buckets BLOB;
