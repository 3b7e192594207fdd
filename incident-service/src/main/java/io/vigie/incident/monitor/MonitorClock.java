package io.vigie.incident.monitor;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * Has monitors try what they watch when they are due, a number at once. What a probe found is
 * written when it ends, and its place is taken by the one that is due the longest: one waits for
 * others only while these have all the places. Grades of TLS, which take long, have places of their
 * own. Monitors are claimed in a transaction of its own, so that of two replicas one tries; where
 * the process dies before the result is written, another tries after a few times as long as a probe
 * may take.
 */
@ApplicationScoped
class MonitorClock {

  private static final Logger LOG = Logger.getLogger(MonitorClock.class);

  private record Claim(
      UUID id, long version, MonitorType type, Target target, Instant at, Places place) {}

  /** How many probes of some types run at once. */
  private static final class Places {

    private final String monitors;
    private final Semaphore free;

    Places(String monitors, int atOnce) {
      this.monitors = monitors;
      this.free = new Semaphore(atOnce);
    }
  }

  private final Places quick = new Places("type <> TLS", Probes.AT_ONCE);
  private final Places graded = new Places("type = TLS", Probes.GRADES_AT_ONCE);
  private final Vertx vertx;
  private final Probes probes;
  private final MonitorPolicy policy;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  MonitorClock(
      Vertx vertx, Probes probes, MonitorPolicy policy, Outbox outbox, Relay relay, Clock clock) {
    this.vertx = vertx;
    this.probes = probes;
    this.policy = policy;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /** Begins what is due, as far as there are places, and does not wait for it. */
  @Scheduled(
      every = "${vigie.monitors.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> probeDue() {
    return begin(quick).chain(() -> begin(graded));
  }

  private Uni<Void> begin(Places places) {
    int free = places.free.drainPermits();
    if (free == 0) {
      return Uni.createFrom().voidItem();
    }
    return Panache.withTransaction(() -> claim(places, free))
        .onFailure()
        .invoke(() -> places.free.release(free))
        .invoke(
            claims -> {
              places.free.release(free - claims.size());
              claims.forEach(this::probe);
            })
        .replaceWithVoid();
  }

  private Uni<List<Claim>> claim(Places places, int most) {
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Monitor where nextProbeAt <= ?1 and %s order by nextProbeAt"
                            .formatted(places.monitors),
                        Monitor.class)
                    .setParameter(1, now)
                    .setMaxResults(most)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList())
        .map(
            monitors ->
                monitors.stream()
                    .map(
                        monitor -> {
                          Monitor.State state = monitor.state();
                          monitor.beginProbe(
                              now.plus(probes.longest(state.type()).multipliedBy(2)));
                          return new Claim(
                              monitor.id(),
                              monitor.version(),
                              state.type(),
                              state.target(),
                              now,
                              places);
                        })
                    .toList());
  }

  /** On a context of its own: a session is of one context, and one that waits holds none up. */
  private void probe(Claim claim) {
    Context own = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    VertxContextSafetyToggle.setContextSafe(own, true);
    probes
        .run(claim.type(), claim.target())
        .emitOn(task -> own.runOnContext(none -> task.run()))
        .chain(outcome -> record(claim, outcome, clock.instant()))
        .onTermination()
        .invoke(() -> claim.place().free.release())
        .invoke(relay::wake)
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "what monitor %s found is not known", claim.id()))
        .onFailure()
        .recoverWithNull()
        .chain(() -> begin(claim.place()))
        .subscribe()
        .with(
            done -> {},
            failure -> LOG.errorf(failure, "what is due is not tried before the next look"));
  }

  /**
   * Nothing where the monitor is another by now: it is tried again as it is. Nor where a job called
   * after all.
   */
  private Uni<Void> record(Claim claim, Outcome outcome, Instant at) {
    return Panache.withTransaction(
        () ->
            Monitor.lock(claim.id())
                .chain(
                    monitor -> {
                      if (monitor.version() != claim.version()
                          || monitor.wasCalledSince(claim.at())) {
                        return Uni.createFrom().voidItem();
                      }
                      List<MonitorEvent> events =
                          monitor.found(
                              outcome,
                              policy.of(claim.type()).failures(),
                              policy.confirmAfter(),
                              at);
                      return new MonitorResult(monitor.id(), outcome, at)
                          .persist()
                          .chain(() -> tell(monitor, events, at));
                    }));
  }

  /** What changed, or now and then that it was tried. */
  private Uni<Void> tell(Monitor monitor, List<MonitorEvent> events, Instant at) {
    return events.isEmpty() && monitor.tellIfDue()
        ? outbox.appendSnapshot(monitor, at)
        : outbox.append(monitor, events);
  }
}
