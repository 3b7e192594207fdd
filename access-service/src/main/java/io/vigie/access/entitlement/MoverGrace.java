package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/**
 * How long people keep what their profiles give no more: {@code contracts/policy/mover-grace.json}.
 */
@ApplicationScoped
class MoverGrace {

  private record Table(Map<Sensitivity, Duration> grace) {}

  private final Map<Sensitivity, Duration> grace =
      PolicyTable.read("mover-grace", Table.class).grace();

  /** Whether rights of this sensitivity end at once. */
  private boolean isNone(Sensitivity sensitivity) {
    return grace.getOrDefault(sensitivity, Duration.ZERO).isZero();
  }

  /** The sensitivities whose rights end at once. */
  String[] none() {
    return Stream.of(Sensitivity.values())
        .filter(this::isNone)
        .map(Sensitivity::name)
        .toArray(String[]::new);
  }

  /** When rights of the other sensitivities end that are lost at {@code now}. */
  Map<String, Instant> ends(Instant now) {
    return Stream.of(Sensitivity.values())
        .filter(sensitivity -> !isNone(sensitivity))
        .collect(Collectors.toMap(Sensitivity::name, each -> now.plus(grace.get(each))));
  }
}
