-- Age counts from when something was measured or from when it was taken in, whichever is later: a
-- history of years that is imported today is not old today. What is there already counts from now.
ALTER TABLE performance_sessions ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;
UPDATE performance_sessions SET taken_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000000;
ALTER TABLE performance_rollups ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;

-- Commits that somebody will compare with long after (the repository's tags): of them the newest
-- measurements stay.
CREATE TABLE performance_kept_commits (
    git_commit TEXT PRIMARY KEY,
    noted_at INTEGER NOT NULL
) WITHOUT ROWID;
