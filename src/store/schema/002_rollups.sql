-- A day also remembers how many observations failed.
ALTER TABLE performance_rollups ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
