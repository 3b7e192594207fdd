package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.control.Reevaluation.Stage;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.outbox.Relay;

/** Plans the re-evaluation of each rule that has none to come: all at first, then new ones. */
@ApplicationScoped
class ReevaluationClock {

  /** Two replicas that look at once would plan them twice. */
  private static final String ALONE =
      "select 1 from pg_advisory_xact_lock(hashtextextended('re-evaluation', 0))";

  private final Catalogue catalogue;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  ReevaluationClock(Catalogue catalogue, Outbox outbox, Relay relay, Clock clock) {
    this.catalogue = catalogue;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "{vigie.re-evaluations.every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> plan() {
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .call(
                        session ->
                            session.createNativeQuery(ALONE, Integer.class).getSingleResult())
                    .chain(() -> Reevaluation.<Reevaluation>list("stage", Stage.OPEN))
                    .chain(this::planOthers))
        .invoke(relay::wake);
  }

  private Uni<Void> planOthers(Collection<Reevaluation> open) {
    Instant now = clock.instant();
    Set<String> planned =
        open.stream().map(each -> each.state().rule()).collect(Collectors.toSet());
    return outbox.append(
        catalogue.all().stream()
            .filter(rule -> !planned.contains(rule.id()))
            .map(rule -> new Reevaluation(rule, now))
            .map(next -> new Decided(next, List.of(next.planned())))
            .toList());
  }
}
