package io.vigie.incident.notice;

/** Whether somebody was told. */
public enum NoticeState {
  WAITING,
  SENT,
  ABANDONED
}
