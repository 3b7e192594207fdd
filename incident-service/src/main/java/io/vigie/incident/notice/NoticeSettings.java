package io.vigie.incident.notice;

import java.time.Duration;
import java.util.Map;

import io.smallrye.config.ConfigMapping;

/** How notices are sent. */
@ConfigMapping(prefix = "vigie.notices")
public interface NoticeSettings {

  /** How often the clock looks for notices that are due. */
  Duration sendEvery();

  /** How long after the first attempt a failure is the last one. */
  Duration giveUpAfter();

  /** The address of each role's mailbox. */
  Map<String, String> mailboxes();
}
