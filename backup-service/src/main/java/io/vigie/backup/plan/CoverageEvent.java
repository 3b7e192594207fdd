package io.vigie.backup.plan;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Every fact about the coverage of assets; each is about an asset, whose id it has. */
public sealed interface CoverageEvent extends DomainEvent {

  /** An asset that has to be backed up has no active plan, and no exception. */
  record Uncovered(UUID aggregateId, Instant at) implements CoverageEvent {
    @Override
    public String type() {
      return "asset-coverage.uncovered.v1";
    }
  }

  /** It has less than the rules ask for, in these aspects, and no exception. */
  record FellShort(UUID aggregateId, List<Aspect> shortfalls, Instant at) implements CoverageEvent {
    @Override
    public String type() {
      return "asset-coverage.fell-short.v1";
    }
  }

  /** It has all that the rules ask for; or not, and somebody approved that: {@code excepted}. */
  record Covered(UUID aggregateId, boolean excepted, Instant at) implements CoverageEvent {
    @Override
    public String type() {
      return "asset-coverage.covered.v1";
    }
  }

  /** It has to be backed up no more, because it left service, or by other rules. */
  record Lifted(UUID aggregateId, Instant at) implements CoverageEvent {
    @Override
    public String type() {
      return "asset-coverage.lifted.v1";
    }
  }
}
