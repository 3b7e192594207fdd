package io.vigie.access.training;

/** How somebody took a course: taught by others, or by themself. */
public enum AttendanceWay {
  SESSION,
  SELF_STUDY
}
