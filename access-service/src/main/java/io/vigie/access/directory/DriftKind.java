package io.vigie.access.directory;

/** In which way an account, or the directory itself, is not what it must be. */
public enum DriftKind {
  ACCOUNT_WITHOUT_PERSON,
  MISSING_ACCOUNT,
  UNAPPROVED_ROLE,
  MISSING_ROLE,
  UNAPPROVED_GROUP,
  MISSING_GROUP,
  LEAVER_ENABLED,
  LEAVER_WITH_SESSION,
  DISABLED_BY_HAND,
  CHANGED_EMAIL,
  PRIVILEGED_WITHOUT_SECOND_FACTOR,
  GUESSERS_NOT_LOCKED_OUT
}
