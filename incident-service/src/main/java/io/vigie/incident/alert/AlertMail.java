package io.vigie.incident.alert;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.notice.Notices;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

/**
 * Mail while an alert fires, and when it is over (R11.6, R11.7). That a mail is asked for, and when
 * the next one is due, is one transaction: after a crash neither is lost, and of two replicas one
 * asks. An alert that somebody has locked is passed over until the next run.
 */
@ApplicationScoped
class AlertMail {

  static final int BATCH = 200;

  private final Notices notices;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;
  private final AlertPolicy policy = AlertPolicy.read();

  AlertMail(Notices notices, Outbox outbox, Relay relay, Clock clock) {
    this.notices = notices;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  /** Asks for what is due, {@value #BATCH} in a transaction. */
  @Scheduled(
      every = "${vigie.alerts.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> mailDue() {
    Instant now = clock.instant();
    return Panache.withTransaction(
            () ->
                due("state <> RESOLVED and nextMailAt <= ?1 order by nextMailAt, id", now)
                    .call(
                        alerts ->
                            alerts.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : Silences.holding(now)
                                    .chain(silences -> mail(alerts, silences, now))))
        .chain(alerts -> alerts.size() < BATCH ? Uni.createFrom().voidItem() : mailDue());
  }

  /** Resolves what flapped and has been calm for as long as the same alert may come back. */
  @Scheduled(
      every = "${vigie.alerts.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> calmDown() {
    Instant now = clock.instant();
    return Panache.withTransaction(
            () ->
                due("calmSince <= ?1 order by fingerprint", now.minus(policy.sameWithin()))
                    .call(alerts -> calmDown(alerts, now)))
        .invoke(relay::wake)
        .chain(alerts -> alerts.size() < BATCH ? Uni.createFrom().voidItem() : calmDown());
  }

  private static Uni<List<Alert>> due(String condition, Instant time) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery("from Alert where " + condition, Alert.class)
                    .setParameter(1, time)
                    .setMaxResults(BATCH)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList());
  }

  /** What a silence holds back is due at its end, and what quiet hours do at theirs. */
  private Uni<Void> mail(List<Alert> alerts, List<Silence> silences, Instant now) {
    List<Alert> firing = new ArrayList<>();
    for (Alert alert : alerts) {
      Optional<Silence> silence =
          silences.stream().filter(each -> each.silences(alert.labels(), now)).findFirst();
      Instant loud = policy.firstMail(alert.state().severity(), now);
      if (silence.isPresent()) {
        alert.hold(silence.get().id(), silence.get().state().endsAt());
      } else if (loud.isAfter(now)) {
        alert.hold(null, loud);
      } else {
        alert.mail(policy, now);
        firing.add(alert);
      }
    }
    return notices.request(
        areMany(firing) ? List.of(fire(firing)) : firing.stream().map(this::fires).toList());
  }

  private Uni<Void> calmDown(List<Alert> alerts, Instant now) {
    List<Decided> decided =
        alerts.stream().map(alert -> new Decided(alert, List.of(alert.calmDown(now)))).toList();
    return over(alerts).chain(() -> outbox.append(decided));
  }

  /**
   * Asks, in the present transaction, for the one mail that says of each of these that it is over,
   * where mail said that it fires; what of that is still waiting goes out no more. Nothing for
   * those that fire.
   */
  Uni<Void> over(List<Alert> alerts) {
    List<Alert> told =
        alerts.stream()
            .filter(alert -> alert.state().state() == AlertState.RESOLVED && alert.isTold())
            .toList();
    if (told.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<String> waiting = told.stream().map(Alert::mailKey).toList();
    told.forEach(Alert::mailResolved);
    return notices
        .withdraw(waiting)
        .chain(
            () ->
                notices.request(
                    areMany(told)
                        ? List.of(areResolved(told))
                        : told.stream().map(this::resolved).toList()));
  }

  /** When a network fails, everything does: a mailbox that is full tells nobody. */
  private boolean areMany(List<Alert> alerts) {
    return alerts.size() > policy.mail().atOnce();
  }

  private Notices.Mail fire(List<Alert> alerts) {
    Alert.State first = alerts.get(0).state();
    Instant since = first.firedAt();
    Severity worst = first.severity();
    Instant until = alerts.get(0).nextMailAt();
    for (Alert alert : alerts) {
      Alert.State state = alert.state();
      since = state.firedAt().isBefore(since) ? state.firedAt() : since;
      worst = state.severity().compareTo(worst) < 0 ? state.severity() : worst;
      until = alert.nextMailAt().isBefore(until) ? alert.nextMailAt() : until;
    }
    return new Notices.Mail(
        policy.mail().role(),
        "alerts-fire",
        Map.of(
            "count", String.valueOf(alerts.size()),
            "severity", worst.name(),
            "since", since.toString()),
        ofMany(alerts),
        until);
  }

  private Notices.Mail areResolved(List<Alert> alerts) {
    return new Notices.Mail(
        policy.mail().role(),
        "alerts-resolved",
        Map.of(
            "count", String.valueOf(alerts.size()),
            "until", alerts.get(0).state().resolvedAt().toString()),
        ofMany(alerts),
        null);
  }

  /** As unique as the key of the one that it begins with. */
  private static String ofMany(List<Alert> alerts) {
    return "many-" + alerts.get(0).mailKey();
  }

  /** It has no sense any more once the next one is due. */
  private Notices.Mail fires(Alert alert) {
    return new Notices.Mail(
        policy.mail().role(),
        "alert-fires",
        parameters(alert),
        alert.mailKey(),
        alert.nextMailAt());
  }

  private Notices.Mail resolved(Alert alert) {
    Map<String, String> parameters = parameters(alert);
    parameters.put("until", alert.state().resolvedAt().toString());
    return new Notices.Mail(
        policy.mail().role(), "alert-resolved", parameters, alert.mailKey(), null);
  }

  private static Map<String, String> parameters(Alert alert) {
    Alert.State state = alert.state();
    Map<String, String> parameters = new HashMap<>();
    parameters.put("alert", alert.id().toString());
    parameters.put("rule", state.rule());
    parameters.put("source", state.source());
    parameters.put("severity", state.severity().name());
    parameters.put("since", state.firedAt().toString());
    return parameters;
  }
}
