package io.vigie.testkit;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Deadline;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class VigieRulesTest {

  static class AnInstant {
    final Object now = Instant.now();
  }

  static class ADate {
    final Object now = LocalDate.now(ZoneOffset.UTC);
  }

  static class ALocalTime {
    final Object now = LocalDateTime.now();
  }

  static class ATimeWithOffset {
    final Object now = OffsetDateTime.now();
  }

  static class ATimeWithZone {
    final Object now = ZonedDateTime.now();
  }

  static class Milliseconds {
    final Object now = System.currentTimeMillis();
  }

  static class ASystemClock {
    final Object now = Clock.systemUTC().instant();
  }

  static class AGivenClock {
    final Object now;

    AGivenClock(Clock clock) {
      now = List.of(clock.instant(), LocalDate.now(clock), System.nanoTime());
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        AnInstant.class,
        ADate.class,
        ALocalTime.class,
        ATimeWithOffset.class,
        ATimeWithZone.class,
        Milliseconds.class,
        ASystemClock.class
      })
  void aTimeThatNoClockGaveBreaksARule(Class<?> type) {
    assertEquals(1, broken(type));
  }

  @Test
  void aTimeOfAGivenClockBreaksNone() {
    assertEquals(0, broken(AGivenClock.class));
  }

  static class ACommandWithADeadlineOfItsOwn {
    private final Deadline deadline;

    ACommandWithADeadlineOfItsOwn(Deadline deadline) {
      this.deadline = deadline;
    }

    @Command
    Uni<RestResponse<String>> take() {
      return deadline.bound(Uni.createFrom().item(RestResponse.ok()));
    }
  }

  @Test
  void aDeadlineWithinACommandBreaksARule() {
    assertEquals(1, broken(ACommandWithADeadlineOfItsOwn.class));
  }

  private static long broken(Class<?> type) {
    JavaClasses classes = new ClassFileImporter().importClasses(type);
    return VigieRules.rules("io.vigie.testkit").stream()
        .filter(rule -> rule.allowEmptyShould(true).evaluate(classes).hasViolation())
        .count();
  }
}
