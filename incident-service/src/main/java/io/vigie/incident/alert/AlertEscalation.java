package io.vigie.incident.alert;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.notice.Notices;
import io.vigie.incident.playbook.Shift;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * Tells more and more people of what nobody acknowledges, in the order of the policy's chain. A
 * step that leads to nobody, because nobody is on call or access-service does not say who they are,
 * is passed over at once: somebody is told. Of many alerts at once, and of a group that mail tells
 * of together, one mail tells at each step.
 */
@ApplicationScoped
class AlertEscalation {

  private static final Logger LOG = Logger.getLogger(AlertEscalation.class);

  /** What its source says is over waits for nobody: it is resolved soon, or fires again. */
  private static final String DUE = "calmSince is null and escalateAt <= ?1";

  private final Notices notices;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;
  private final AlertPolicy policy = AlertPolicy.read();
  private final List<AlertPolicy.Step> chain = policy.escalation().chain();

  AlertEscalation(Notices notices, Outbox outbox, Relay relay, Clock clock) {
    this.notices = notices;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.alerts.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> escalate() {
    Instant now = clock.instant();
    return Panache.withSession(() -> Alert.count(DUE, now))
        .chain(
            due ->
                due == 0
                    ? Uni.createFrom().voidItem()
                    : onCall(now).chain(people -> escalate(people, now)));
  }

  /** Whoever is on call now, and who follow; asked before anything is locked. */
  private Uni<List<UUID>> onCall(Instant now) {
    int most =
        chain.stream()
            .filter(step -> step.onCall() != null)
            .mapToInt(AlertPolicy.Step::onCall)
            .max()
            .orElse(0);
    return Panache.withSession(() -> Shift.onCall(now, most))
        .chain(
            accounts ->
                Multi.createFrom()
                    .iterable(accounts)
                    .onItem()
                    .transformToUniAndConcatenate(this::person)
                    .collect()
                    .asList());
  }

  private Uni<UUID> person(String account) {
    return notices
        .personWith(account)
        .onFailure()
        .invoke(failure -> LOG.warnf(failure, "who is on call is not told of alerts"))
        .onFailure()
        .recoverWithNull();
  }

  /** {@value AlertMail#BATCH} in a transaction. */
  private Uni<Void> escalate(List<UUID> people, Instant now) {
    return Panache.withTransaction(
            () ->
                due(now)
                    .call(
                        alerts ->
                            alerts.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : Silences.holding(now)
                                    .chain(silences -> escalate(alerts, silences, people, now))))
        .invoke(relay::wake)
        .chain(
            alerts ->
                alerts.size() < AlertMail.BATCH
                    ? Uni.createFrom().voidItem()
                    : escalate(people, now));
  }

  private static Uni<List<Alert>> due(Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Alert where " + DUE + " order by escalateAt, id", Alert.class)
                    .setParameter(1, now)
                    .setMaxResults(AlertMail.BATCH)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getResultList());
  }

  private Uni<Void> escalate(
      List<Alert> alerts, List<Silence> silences, List<UUID> people, Instant now) {
    Map<Integer, List<Alert>> bySteps = new TreeMap<>();
    List<Decided> decided = new ArrayList<>();
    for (Alert alert : alerts) {
      Instant next = policy.nextEscalation(alert.state().severity(), now);
      Optional<Instant> quiet =
          silences.stream()
              .filter(silence -> silence.silences(alert.labels(), now))
              .map(silence -> silence.state().endsAt())
              .findFirst();
      if (quiet.isPresent()) {
        alert.escalateLater(next == null || next.isBefore(quiet.get()) ? next : quiet.get());
      } else {
        int step = alert.escalations();
        while (step < chain.size() && recipient(step, people) == null) {
          step++;
        }
        if (step < chain.size()) {
          Instant then = step + 1 < chain.size() ? next : null;
          AlertEvent event = alert.escalate(step, chain.get(step).role(), then, now);
          decided.add(new Decided(alert, List.of(event)));
          bySteps.computeIfAbsent(step, none -> new ArrayList<>()).add(alert);
        } else {
          alert.escalateLater(null);
        }
      }
    }
    return outbox.append(decided).chain(() -> tell(bySteps, people));
  }

  private Uni<Void> tell(Map<Integer, List<Alert>> bySteps, List<UUID> people) {
    List<String> keys =
        bySteps.values().stream().flatMap(List::stream).map(Alert::groupKey).distinct().toList();
    return keys.isEmpty()
        ? Uni.createFrom().voidItem()
        : AlertStorm.of(keys)
            .chain(
                storms ->
                    AlertGroup.of(storms.stream().map(AlertStorm::groupKey).toList())
                        .chain(groups -> request(messages(bySteps, people, storms, groups))));
  }

  private Uni<Void> request(List<Notices.Message> messages) {
    return Multi.createFrom()
        .iterable(messages)
        .onItem()
        .transformToUniAndConcatenate(notices::requestOnce)
        .collect()
        .last();
  }

  /** Null where a step leads to nobody. */
  private Notices.Recipient recipient(int step, List<UUID> people) {
    AlertPolicy.Step at = chain.get(step);
    if (at.role() != null) {
      return Notices.Recipient.role(at.role());
    }
    return at.onCall() > people.size()
        ? null
        : Notices.Recipient.person(people.get(at.onCall() - 1));
  }

  private List<Notices.Message> messages(
      Map<Integer, List<Alert>> bySteps,
      List<UUID> people,
      List<AlertStorm> storms,
      List<AlertGroup> groups) {
    Map<String, AlertStorm> together =
        storms.stream().collect(Collectors.toMap(AlertStorm::groupKey, Function.identity()));
    List<Notices.Message> messages = new ArrayList<>();
    bySteps.forEach(
        (step, alerts) -> {
          Notices.Recipient to = recipient(step, people);
          groups.stream()
              .filter(group -> alerts.stream().anyMatch(alert -> isOf(alert, group)))
              .map(group -> ofGroup(to, step, together.get(group.key()), group))
              .forEach(messages::add);
          List<Alert> alone =
              alerts.stream().filter(alert -> !together.containsKey(alert.groupKey())).toList();
          if (alone.size() > policy.mail().atOnce()) {
            messages.add(ofMany(to, step, alone));
          } else {
            alone.forEach(alert -> messages.add(ofOne(to, step, alert)));
          }
        });
    return messages;
  }

  private static boolean isOf(Alert alert, AlertGroup group) {
    return alert.groupKey().equals(group.key());
  }

  private static Notices.Message ofGroup(
      Notices.Recipient to, int step, AlertStorm storm, AlertGroup group) {
    return new Notices.Message(
        to,
        "alert-group-escalated",
        AlertMail.parameters(group),
        storm.escalationKey(step),
        null,
        List.of());
  }

  private static Notices.Message ofMany(Notices.Recipient to, int step, List<Alert> alerts) {
    return new Notices.Message(
        to,
        "alerts-escalated",
        Map.of(
            "count", String.valueOf(alerts.size()),
            "severity", AlertMail.worst(alerts).name(),
            "since", AlertMail.firstOf(alerts).toString()),
        "many-" + alerts.get(0).escalationKey(step),
        null,
        alerts.stream().map(Alert::id).toList());
  }

  private static Notices.Message ofOne(Notices.Recipient to, int step, Alert alert) {
    return new Notices.Message(
        to,
        "alert-escalated",
        AlertMail.parameters(alert),
        alert.escalationKey(step),
        null,
        List.of(alert.id()));
  }
}
