package io.vigie.incident.alert;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.notice.Notices;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.toList;

/**
 * Mail while an alert fires, and when it is over (R11.6, R11.7): until it is resolved, so also of
 * what flaps while its source says that it is over. That a mail is asked for, and when the next one
 * is due, is one transaction: after a crash neither is lost, and of two replicas one asks. An alert
 * that somebody has locked is passed over until the next run.
 */
@ApplicationScoped
class AlertMail {

  static final int BATCH = 200;

  /** Of mails that told of up to {@value #BATCH} each. */
  private static final int AT_ONCE = 10;

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
        .invoke(relay::wake)
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

  /**
   * What a silence holds back is due at its end, and what quiet hours do at theirs: that is told,
   * so that nobody misses the mail.
   */
  private Uni<Void> mail(List<Alert> alerts, List<Silence> silences, Instant now) {
    List<Alert> firing = new ArrayList<>();
    List<Alert> held = new ArrayList<>();
    for (Alert alert : alerts) {
      Optional<Silence> silence =
          silences.stream().filter(each -> each.silences(alert.labels(), now)).findFirst();
      Instant loud = policy.firstMail(alert.state().severity(), now);
      if (silence.isPresent()) {
        alert.hold(silence.get().id(), silence.get().state().endsAt());
        held.add(alert);
      } else if (loud.isAfter(now)) {
        alert.hold(null, loud);
        held.add(alert);
      } else {
        firing.add(alert);
      }
    }
    return outbox.appendSnapshots(held, now).chain(() -> mail(firing, now));
  }

  private Uni<Void> mail(List<Alert> firing, Instant now) {
    Set<String> keys = firing.stream().map(Alert::groupKey).collect(Collectors.toSet());
    return keys.isEmpty()
        ? Uni.createFrom().voidItem()
        : AlertGroup.of(keys)
            .call(groups -> beginStorms(groups, now))
            .chain(
                groups ->
                    AlertStorm.locked(keys)
                        .chain(storms -> notices.request(fire(firing, groups, storms, now), now)));
  }

  /** In the order of their keys, so that no two replicas wait for each other. */
  private Uni<Void> beginStorms(List<AlertGroup> groups, Instant now) {
    return Multi.createFrom()
        .iterable(groups)
        .filter(group -> group.count() > policy.mail().atOnce())
        .onItem()
        .transformToUniAndConcatenate(group -> AlertStorm.begin(group, now))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private List<Notices.Message> fire(
      List<Alert> firing, List<AlertGroup> groups, List<AlertStorm> storms, Instant now) {
    Set<String> together = storms.stream().map(AlertStorm::groupKey).collect(Collectors.toSet());
    List<Alert> alone = new ArrayList<>();
    for (Alert alert : firing) {
      if (together.contains(alert.groupKey())) {
        alert.mailWithGroup(policy, now);
      } else {
        alert.mail(policy, now);
        alone.add(alert);
      }
    }
    Map<String, AlertGroup> byKey =
        groups.stream().collect(Collectors.toMap(AlertGroup::key, Function.identity()));
    List<Notices.Message> messages = new ArrayList<>();
    for (AlertStorm storm : storms) {
      AlertGroup group = byKey.get(storm.groupKey());
      if (group != null && storm.isDue(now)) {
        storm.mail(group, policy, now);
        messages.addAll(fires(storm, group));
      }
    }
    messages.addAll(
        areMany(alone)
            ? fire(alone)
            : alone.stream().flatMap(each -> fires(each).stream()).toList());
    return messages;
  }

  private Uni<Void> calmDown(List<Alert> alerts, Instant now) {
    List<Decided> decided =
        alerts.stream().map(alert -> new Decided(alert, List.of(alert.calmDown(now)))).toList();
    return over(alerts).chain(() -> outbox.append(decided));
  }

  /** Tells of groups that mail told of together that all of it is over, once. */
  @Scheduled(
      every = "${vigie.alerts.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endStorms() {
    Instant now = clock.instant();
    return Panache.withTransaction(
            () ->
                AlertStorm.over(BATCH)
                    .call(
                        storms ->
                            storms.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : endStorms(storms, now)))
        .invoke(relay::wake)
        .replaceWithVoid();
  }

  private Uni<Void> endStorms(List<AlertStorm> storms, Instant now) {
    return notices
        .withdraw(storms.stream().map(AlertStorm::mailKey).toList())
        .chain(
            () ->
                notices.request(
                    storms.stream().flatMap(storm -> over(storm, now).stream()).toList(), now))
        .chain(
            () ->
                AlertStorm.delete("id in ?1", storms.stream().map(AlertStorm::id).toList())
                    .replaceWithVoid());
  }

  /**
   * Tells of alerts that one mail told of at once that all of them are over, once: however many
   * there are, and however they end, there are no more mails than said that they fire.
   */
  @Scheduled(
      every = "${vigie.alerts.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> endTogether() {
    return Panache.withTransaction(
            () ->
                Alert.together(AT_ONCE)
                    .call(
                        mails ->
                            mails.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : Alert.<Alert>find("toldWith in ?1 order by fingerprint", mails)
                                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                                    .list()
                                    .chain(alerts -> endTogether(alerts))))
        .invoke(relay::wake)
        .replaceWithVoid();
  }

  /** One that has fired again before it was locked keeps the others of its mail waiting. */
  private Uni<Void> endTogether(List<Alert> alerts) {
    Map<String, List<Alert>> over =
        alerts.stream().collect(Collectors.groupingBy(Alert::toldWith, TreeMap::new, toList()));
    over.values().removeIf(each -> each.stream().anyMatch(AlertMail::isOpen));
    over.values().forEach(each -> each.forEach(Alert::othersAreOver));
    return notices
        .withdraw(over.keySet())
        .chain(
            () ->
                notices.request(
                    over.entrySet().stream()
                        .flatMap(
                            each -> areResolved(each.getValue(), each.getKey() + "/over").stream())
                        .toList(),
                    clock.instant()));
  }

  private static boolean isOpen(Alert alert) {
    return alert.state().state() != AlertState.RESOLVED;
  }

  /**
   * Asks, in the present transaction, for the one mail that says of each of these that it is over,
   * where mail of its own said that it fires; what of that is still waiting goes out no more.
   * Nothing for those that fire, or that mail told of with others.
   */
  Uni<Void> over(List<Alert> alerts) {
    List<Alert> told = alerts.stream().filter(alert -> !isOpen(alert) && alert.isTold()).toList();
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
                        ? areResolved(told, ofMany(told))
                        : told.stream().flatMap(each -> resolved(each).stream()).toList(),
                    clock.instant()));
  }

  /** When a network fails, everything does: a mailbox that is full tells nobody. */
  private boolean areMany(List<Alert> alerts) {
    return alerts.size() > policy.mail().atOnce();
  }

  private List<Notices.Message> fire(List<Alert> alerts) {
    Severity worst = worst(alerts);
    Instant until = alerts.stream().map(Alert::nextMailAt).min(naturalOrder()).orElseThrow();
    String key = ofMany(alerts);
    alerts.forEach(alert -> alert.tellWith(key));
    return tell(
        worst,
        "alerts-fire",
        Map.of(
            "count", String.valueOf(alerts.size()),
            "severity", worst.name(),
            "since", firstOf(alerts).toString()),
        key,
        until,
        alerts);
  }

  private List<Notices.Message> areResolved(List<Alert> alerts, String key) {
    Instant until =
        alerts.stream().map(alert -> alert.state().resolvedAt()).max(naturalOrder()).orElseThrow();
    return tell(
        worst(alerts),
        "alerts-resolved",
        Map.of("count", String.valueOf(alerts.size()), "until", until.toString()),
        key,
        null,
        alerts);
  }

  /** As unique as the key of the one that it begins with. */
  private static String ofMany(List<Alert> alerts) {
    return "many-" + alerts.get(0).mailKey();
  }

  /** It has no sense any more once the next one is due. */
  private List<Notices.Message> fires(Alert alert) {
    return tell(
        alert.state().severity(),
        "alert-fires",
        parameters(alert),
        alert.mailKey(),
        alert.nextMailAt(),
        List.of(alert));
  }

  private List<Notices.Message> resolved(Alert alert) {
    Map<String, String> parameters = parameters(alert);
    parameters.put("until", alert.state().resolvedAt().toString());
    return tell(
        alert.state().severity(),
        "alert-resolved",
        parameters,
        alert.mailKey(),
        null,
        List.of(alert));
  }

  private List<Notices.Message> fires(AlertStorm storm, AlertGroup group) {
    return tell(
        group.severity(),
        "alert-group-fires",
        parameters(group),
        storm.mailKey(),
        storm.nextMailAt(),
        List.of());
  }

  private List<Notices.Message> over(AlertStorm storm, Instant now) {
    return tell(
        storm.severity(),
        "alert-group-resolved",
        Map.of(
            "group", storm.groupKey(),
            "since", storm.since().toString(),
            "until", now.toString()),
        storm.overKey(),
        null,
        List.of());
  }

  /**
   * By mail, and by the other channels that lead somewhere and tell of this severity.
   *
   * @param alerts of which it tells one by one; none where it tells of a group
   */
  private List<Notices.Message> tell(
      Severity severity,
      String template,
      Map<String, String> parameters,
      String key,
      Instant until,
      List<Alert> alerts) {
    List<UUID> ids = alerts.stream().map(Alert::id).toList();
    return Stream.concat(
            Stream.of(Notices.Recipient.role(policy.mail().role())),
            policy.channels(severity).stream()
                .filter(notices.channels()::contains)
                .map(Notices.Recipient::channel))
        .map(to -> new Notices.Message(to, template, parameters, key, until, ids))
        .toList();
  }

  static Severity worst(List<Alert> alerts) {
    return alerts.stream().map(alert -> alert.state().severity()).min(naturalOrder()).orElseThrow();
  }

  /** Since when the first of them fires. */
  static Instant firstOf(List<Alert> alerts) {
    return alerts.stream().map(alert -> alert.state().firedAt()).min(naturalOrder()).orElseThrow();
  }

  static Map<String, String> parameters(AlertGroup group) {
    return Map.of(
        "group", group.key(),
        "count", String.valueOf(group.count()),
        "severity", group.severity().name(),
        "since", group.since().toString());
  }

  static Map<String, String> parameters(Alert alert) {
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
