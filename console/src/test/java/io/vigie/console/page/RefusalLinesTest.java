package io.vigie.console.page;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.vigie.console.Logged;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RefusalLinesTest {

  private Instant now = Instant.parse("2026-01-31T12:00:07Z");

  private final RefusalLines lines =
      new RefusalLines(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          },
          2);

  @Test
  void pastTheNumberOfAMinuteOneLineSaysThatThereAreMoreAndOthersHaveTheirs() {
    // Given somebody who had as many lines as a minute has
    assertTrue(lines.hasOne("busy"));
    assertTrue(lines.hasOne("busy"));

    // Then they have no further one, which is said once, and others have
    try (Logged log = new Logged(RefusalLines.class.getName())) {
      assertFalse(lines.hasOne("busy"));
      assertFalse(lines.hasOne("busy"));
      assertEquals(
          List.of("refused: more of busy, without a line until the minute is over"),
          log.messages());
    }
    assertTrue(lines.hasOne("another"));

    // And in the next minute they have again
    now = now.plusSeconds(53);
    assertTrue(lines.hasOne("busy"));
  }
}
