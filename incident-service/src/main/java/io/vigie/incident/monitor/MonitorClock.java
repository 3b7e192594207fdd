package io.vigie.incident.monitor;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * Has monitors try what they watch when they are due, {@value Probes#AT_ONCE} at once. They are
 * claimed in a transaction of their own, so that of two replicas one tries; what a probe found is
 * written in another. Where the process dies in between, it is tried again after a few times as
 * long as a probe may take.
 */
@ApplicationScoped
class MonitorClock {

  private static final Logger LOG = Logger.getLogger(MonitorClock.class);

  private record Claim(UUID id, long version, MonitorType type, Target target, Instant at) {}

  private record Found(Claim claim, Outcome outcome, Instant at) {}

  private final Probes probes;
  private final MonitorPolicy policy;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  MonitorClock(Probes probes, MonitorPolicy policy, Outbox outbox, Relay relay, Clock clock) {
    this.probes = probes;
    this.policy = policy;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.monitors.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> probeDue() {
    return probeSome(Vertx.currentContext());
  }

  private Uni<Void> probeSome(Context context) {
    return Panache.withTransaction(this::claim)
        .call(claims -> probe(claims, context).chain(this::record))
        .invoke(relay::wake)
        .chain(
            claims ->
                claims.size() < Probes.AT_ONCE ? Uni.createFrom().voidItem() : probeSome(context));
  }

  private Uni<List<Claim>> claim() {
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Monitor where nextProbeAt <= ?1 order by nextProbeAt", Monitor.class)
                    .setParameter(1, now)
                    .setMaxResults(Probes.AT_ONCE)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList())
        .map(
            monitors ->
                monitors.stream()
                    .map(
                        monitor -> {
                          Monitor.State state = monitor.state();
                          monitor.beginProbe(
                              now.plus(probes.limit(MonitorType.TLS).multipliedBy(4)));
                          return new Claim(
                              monitor.id(), monitor.version(), state.type(), state.target(), now);
                        })
                    .toList());
  }

  /** Without a session: nothing waits for the database while others are waited for. */
  private Uni<List<Found>> probe(List<Claim> claims, Context context) {
    return Multi.createFrom()
        .iterable(claims)
        .onItem()
        .transformToUni(
            claim ->
                probes
                    .run(claim.type(), claim.target())
                    .map(outcome -> new Found(claim, outcome, clock.instant())))
        .merge(Probes.AT_ONCE)
        .collect()
        .asList()
        .emitOn(task -> context.runOnContext(none -> task.run()));
  }

  private Uni<Void> record(List<Found> all) {
    return Multi.createFrom()
        .iterable(all)
        .onItem()
        .transformToUniAndConcatenate(
            found ->
                Panache.withTransaction(() -> record(found))
                    .onFailure()
                    .invoke(
                        failure ->
                            LOG.errorf(
                                failure, "what monitor %s found is not known", found.claim().id()))
                    .onFailure()
                    .recoverWithNull())
        .collect()
        .last()
        .replaceWithVoid();
  }

  /**
   * Nothing where the monitor is another by now: it is tried again as it is. Nor where a job called
   * after all.
   */
  private Uni<Void> record(Found found) {
    return Monitor.lock(found.claim().id())
        .chain(
            monitor -> {
              if (monitor.version() != found.claim().version()
                  || monitor.wasCalledSince(found.claim().at())) {
                return Uni.createFrom().voidItem();
              }
              Instant at = found.at(); // others were waited for since
              List<MonitorEvent> events =
                  monitor.found(
                      found.outcome(),
                      policy.of(found.claim().type()).failures(),
                      policy.confirmAfter(),
                      at);
              return new MonitorResult(monitor.id(), found.outcome(), at)
                  .persist()
                  .chain(() -> outbox.append(monitor, events));
            });
  }
}
