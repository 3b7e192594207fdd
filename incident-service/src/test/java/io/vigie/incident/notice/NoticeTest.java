package io.vigie.incident.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;

import io.vigie.incident.notice.NoticeEvent.Abandoned;
import io.vigie.incident.notice.NoticeEvent.Sent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NoticeTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final UUID PERSON = UUID.randomUUID();

  private static Notice notice(Instant until) {
    return new Notice(
        Channel.MAIL,
        new NoticeRequest(
            UUID.randomUUID(), PERSON, null, "right-ends", Map.of(), "key", null, until, NOW),
        List.of());
  }

  private static Instant next(Notice notice) {
    return notice.view().nextAttemptAt();
  }

  @Test
  void whatTheMailServerTookIsSentOnce() {
    Notice notice = notice(null);
    notice.attempt(NOW);

    assertEquals(
        List.of(new Sent(notice.id(), PERSON, null, Channel.MAIL, "right-ends", NOW)),
        notice.sent(NOW));
    assertEquals(List.of(), notice.sent(NOW.plusSeconds(1)));
    assertEquals(List.of(), notice.fail("late", WEEK, NOW.plusSeconds(1)));
    assertThrows(IllegalStateException.class, () -> notice.attempt(NOW.plusSeconds(1)));
  }

  @Test
  void itNamesTheAlertsOfWhichItTellsOrTheirGroup() {
    UUID alert = UUID.randomUUID();
    NoticeRequest request =
        new NoticeRequest(
            UUID.randomUUID(),
            null,
            "sysadmin",
            "alert-group-fires",
            Map.of("group", "test DiskFull"),
            "key",
            null,
            NOW,
            NOW);

    Notice.State one = new Notice(Channel.MAIL, request, List.of(alert)).state();
    Notice.State group = new Notice(Channel.MAIL, request, List.of()).state();

    assertEquals(List.of(alert), one.alerts());
    assertNull(group.alerts());
    assertEquals("test DiskFull", group.alertGroup());
    assertEquals(NOW, group.until());
    assertNull(notice(null).state().alertGroup());
  }

  @Test
  void thePausesBetweenAttemptsDoubleUpToAnHour() {
    Notice notice = notice(null);
    List<Long> minutes = new ArrayList<>();
    for (Instant at = NOW; minutes.size() < 8; at = next(notice)) {
      notice.attempt(at);
      minutes.add(Duration.between(at, next(notice)).toMinutes());
    }
    assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L), minutes);
  }

  @Test
  void nobodyBeginsAnAttemptBeforeItIsDue() {
    Notice notice = notice(null);
    notice.attempt(NOW);

    assertThrows(IllegalStateException.class, () -> notice.attempt(next(notice).minusSeconds(1)));
  }

  @Test
  void theFailureThatComesAWeekAfterTheFirstAttemptIsTheLast() {
    Notice notice = notice(null);
    notice.attempt(NOW);

    assertEquals(List.of(), notice.fail("550", WEEK, NOW.plus(WEEK).minusSeconds(1)));
    assertEquals(
        List.of(
            new Abandoned(
                notice.id(),
                PERSON,
                null,
                Channel.MAIL,
                "right-ends",
                AbandonReason.UNDELIVERABLE,
                1,
                NOW.plus(WEEK))),
        notice.fail("550", WEEK, NOW.plus(WEEK)));
    assertEquals("550", notice.view().lastError());
  }

  @Test
  void whatHasNoSenseAnyMoreIsNotSent() {
    Notice notice = notice(NOW.plusSeconds(60));

    Abandoned abandoned = (Abandoned) notice.attempt(NOW.plusSeconds(60)).get(0);

    assertEquals(AbandonReason.TIME_OVER, abandoned.reason());
    assertEquals(0, abandoned.attempts());
  }

  @Test
  void whatIsWithdrawnBeforeItIsTriedIsNotSent() {
    Abandoned abandoned = (Abandoned) notice(null).withdraw(NOW).get(0);

    assertEquals(AbandonReason.TIME_OVER, abandoned.reason());
    assertEquals(0, abandoned.attempts());
  }

  @Test
  void whatIsOnItsWayWhenItIsWithdrawnIsSentOrNotTriedAgain() {
    Notice taken = notice(null);
    taken.attempt(NOW);
    assertEquals(List.of(), taken.withdraw(NOW.plusSeconds(1)));
    assertEquals(1, taken.sent(NOW.plusSeconds(2)).size());
    assertEquals(NoticeState.SENT, taken.state().state());

    Notice refused = notice(null);
    refused.attempt(NOW);
    refused.withdraw(NOW.plusSeconds(1));
    assertEquals(List.of(), refused.fail("no", WEEK, NOW.plusSeconds(2)));
    Abandoned abandoned = (Abandoned) refused.attempt(next(refused)).get(0);
    assertEquals(AbandonReason.TIME_OVER, abandoned.reason());
    assertEquals(1, abandoned.attempts());
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /** Against a model that knows whether it has ended, and how often it was tried. */
  @ParameterizedTest
  @MethodSource("seeds")
  void whateverHappensANoticeEndsOnceAndIsNotTriedAfterItsTime(long seed) {
    Random random = new Random(seed * 7_919 + 13);
    Instant until = random.nextBoolean() ? NOW.plus(Duration.ofHours(random.nextInt(300))) : null;
    Notice notice = notice(until);
    List<NoticeEvent> published = new ArrayList<>();
    Instant at = NOW;
    Instant first = null;
    int attempts = 0;
    for (int step = 0; step < 60; step++) {
      at = at.plus(Duration.ofMinutes(random.nextInt(240)));
      boolean ended = !published.isEmpty();
      List<NoticeEvent> events = List.of();
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          Instant now = at;
          if (ended || at.isBefore(next(notice))) {
            assertThrows(IllegalStateException.class, () -> notice.attempt(now));
            continue;
          }
          events = notice.attempt(at);
          boolean over = until != null && !at.isBefore(until);
          assertEquals(over ? 1 : 0, events.size());
          if (!over) {
            attempts++;
            first = first == null ? at : first;
            assertTrue(next(notice).isAfter(at));
          }
        }
        case 3, 4 -> {
          if (first == null) {
            continue;
          }
          events = notice.fail("no", WEEK, at);
          assertEquals(!ended && !at.isBefore(first.plus(WEEK)) ? 1 : 0, events.size());
        }
        default -> {
          if (first == null || random.nextInt(4) > 0) {
            continue;
          }
          events = random.nextBoolean() ? notice.sent(at) : notice.recipientGone(at);
          assertEquals(ended ? 0 : 1, events.size());
        }
      }
      published.addAll(events);
      assertTrue(published.size() <= 1, published.toString());
      assertEquals(published.isEmpty(), notice.state().state() == NoticeState.WAITING);
      assertEquals(published.isEmpty(), next(notice) != null);
      assertEquals(attempts, notice.view().attempts());
    }
    if (!published.isEmpty()) {
      assertEquals(
          published.get(0) instanceof Sent ? NoticeState.SENT : NoticeState.ABANDONED,
          notice.state().state());
      assertEquals(published.get(0).at(), notice.state().endedAt());
    }
  }

  @Test
  void whatAFailureSaysIsKeptWithoutTheAddress() {
    String text =
        FailureText.of(
            new IllegalStateException(
                "550 <ada.l@example.org>: no mailbox\r\n'ada.l@example.org'"));

    assertEquals("550 <(address)>: no mailbox '(address)'", text);
    assertEquals(
        FailureText.LONGEST, FailureText.of(new IllegalStateException("x".repeat(9_999))).length());
    assertEquals("IllegalStateException", FailureText.of(new IllegalStateException()));
    assertFalse(text.contains("@"));
  }
}
