package io.vigie.incident.notice;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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

  /** The program that is told in JSON. */
  Optional<Webhook> webhook();

  /** The room of a chat. */
  Optional<Chat> chat();

  /** Where a program listens, and what it knows this service by. */
  interface Webhook {

    URI url();

    /** {@code whsec_} and 24 bytes at least in Base64, as Standard Webhooks has it. */
    String secret();
  }

  /** An incoming webhook; whoever knows its address may write there. */
  interface Chat {

    URI url();
  }
}
