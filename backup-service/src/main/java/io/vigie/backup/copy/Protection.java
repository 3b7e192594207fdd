package io.vigie.backup.copy;

/** What keeps whoever took over the backup server from destroying a copy. */
public enum Protection {
  NONE,
  /** No machine reaches it: a tape on a shelf, a disk that is unplugged. */
  OFFLINE,
  /** What keeps it changes and deletes nothing before the retention is over. */
  IMMUTABLE
}
