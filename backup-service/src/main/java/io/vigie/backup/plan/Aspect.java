package io.vigie.backup.plan;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What the policy asks of backups; its rules set how much of each. */
@Schema(name = "BackupAspect")
public enum Aspect {
  INTERVAL,
  RETENTION,
  COPIES,
  MEDIA,
  OFF_SITE,
  OFFLINE_OR_IMMUTABLE,
  TAPE_OFF_SITE,
  DEDICATED,
  AGE
}
