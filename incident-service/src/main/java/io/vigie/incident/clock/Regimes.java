package io.vigie.incident.clock;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

import static io.vigie.kernel.Problem.unprocessable;

/** The regimes of {@code contracts/policy/notification-regimes.json}. */
@ApplicationScoped
class Regimes {

  private record Table(List<Regime> regimes) {}

  private final List<Regime> all = PolicyTable.read("notification-regimes", Table.class).regimes();

  List<Regime> all() {
    return all;
  }

  /** The regime, or 422. */
  Regime require(String id) {
    return find(id)
        .orElseThrow(
            () ->
                unprocessable(
                    "notification-regime-unknown",
                    "There is no regime " + id + ". See GET /v1/notification-regimes."));
  }

  /** Empty where a later version of the table has it no more. */
  Optional<Regime> find(String id) {
    return all.stream().filter(regime -> regime.id().equals(id)).findFirst();
  }

  /** How long before its due time a clock is reminded of, the longest first. */
  List<Duration> reminders(NotificationClock clock) {
    return find(clock.regime())
        .flatMap(regime -> regime.find(clock.step()))
        .map(step -> step.remindBefore().stream().sorted(Comparator.reverseOrder()).toList())
        .orElse(List.of());
  }

  Duration longestReminder() {
    return all.stream()
        .flatMap(regime -> regime.steps().stream())
        .flatMap(step -> step.remindBefore().stream())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }
}
