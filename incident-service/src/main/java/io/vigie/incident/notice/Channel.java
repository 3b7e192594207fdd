package io.vigie.incident.notice;

import java.util.Locale;

/** By which way a notice leaves. */
public enum Channel {
  MAIL,
  /** A program that is told in JSON. */
  WEBHOOK,
  /** A room of a chat, by an incoming webhook as Slack, Mattermost and Rocket.Chat have them. */
  CHAT;

  /** The key of what is told by this channel, of what is told by mail under {@code key}. */
  String key(String key) {
    return this == MAIL ? key : key + "/" + name().toLowerCase(Locale.ROOT);
  }
}
