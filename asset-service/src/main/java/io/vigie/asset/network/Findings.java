package io.vigie.asset.network;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.network.NetworkRules.Forbidden;
import io.vigie.asset.network.Traffic.Seen;
import io.vigie.kernel.outbox.Outbox;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What was seen, held against what is declared and what the rules forbid. What should not be on one
 * way for one reason is one finding, whatever the ports. Whatever judges does so alone, so that no
 * finding opens twice.
 */
@ApplicationScoped
class Findings {

  private static final long LOCK = 0x5647_4e45_54L; // "VGNET"

  /** What was found in a report. */
  record Found(List<UUID> opened, List<UUID> widened) {}

  /**
   * What one finding is about.
   *
   * @param rule the one that is broken; null where the flow is only undeclared
   */
  private record Matter(Way way, String rule) {}

  /** The ports at which it was seen, and when last. */
  private static final class Sightings {
    private final SortedSet<Integer> ports = new TreeSet<>();
    private Instant last = Instant.MIN;

    private void add(int port, Instant time) {
      ports.add(port);
      last = time.isAfter(last) ? time : last;
    }
  }

  private final NetworkRules rules;
  private final Outbox outbox;
  private final Clock clock;

  Findings(NetworkRules rules, Outbox outbox, Clock clock) {
    this.rules = rules;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Until the transaction ends nobody else judges. */
  static Uni<Void> alone() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select 1 from pg_advisory_xact_lock(?1)", Integer.class)
                    .setParameter(1, LOCK)
                    .getSingleResult())
        .replaceWithVoid();
  }

  /** Opens findings about what should not be, or adds to those that are open. */
  Uni<Found> judge(Map<Observed, Seen> seen) {
    return Flow.<Flow>list("stage", Flow.Stage.APPROVED)
        .map(declared -> wrong(seen, declared))
        .chain(
            wrong ->
                Finding.<Finding>list("closedAt is null order by id")
                    .chain(open -> report(wrong, open)));
  }

  private Map<Matter, Sightings> wrong(Map<Observed, Seen> seen, List<Flow> declared) {
    Instant now = clock.instant();
    Map<Matter, Sightings> wrong = new HashMap<>();
    seen.forEach(
        (flow, sighting) -> {
          Optional<Forbidden> forbidden =
              rules.forbidden(
                  sighting.from().purpose(),
                  sighting.to().purpose(),
                  Ports.of(flow.port()),
                  sighting.to().hasDatabaseAt(flow.port()));
          boolean allowed =
              declared.stream()
                  .filter(
                      each -> forbidden.map(f -> f.rule().equals(each.state().rule())).orElse(true))
                  .anyMatch(allows(flow.way(), flow.port(), now));
          if (!allowed) {
            wrong
                .computeIfAbsent(matter(flow.way(), forbidden), any -> new Sightings())
                .add(flow.port(), sighting.last());
          }
        });
    return wrong;
  }

  /** A network that nobody declared is one thing to put right, however many assets it reaches. */
  private static Matter matter(Way way, Optional<Forbidden> forbidden) {
    boolean together = forbidden.map(Forbidden::together).orElse(false);
    return new Matter(
        together ? way.toTheZone() : way, forbidden.map(Forbidden::rule).orElse(null));
  }

  private static Predicate<Flow> allows(Way way, int port, Instant now) {
    return declared ->
        declared.state().fromZone().equals(way.fromZone())
            && declared.state().toZone().equals(way.toZone())
            && declared.allows(way.protocol(), port, now);
  }

  private Uni<Found> report(Map<Matter, Sightings> wrong, List<Finding> open) {
    Map<Matter, Finding> known = new HashMap<>();
    open.forEach(
        finding -> known.putIfAbsent(new Matter(finding.way(), finding.state().rule()), finding));
    Instant now = clock.instant();
    List<UUID> opened = new ArrayList<>();
    List<UUID> widened = new ArrayList<>();
    Uni<Void> added = Uni.createFrom().voidItem();
    Uni<Void> begun = Uni.createFrom().voidItem();
    for (Map.Entry<Matter, Sightings> each : wrong.entrySet()) {
      Sightings sightings = each.getValue();
      Finding finding = known.get(each.getKey());
      if (finding == null) {
        Finding first =
            new Finding(each.getKey().rule(), each.getKey().way(), sightings.ports, now);
        opened.add(first.id());
        begun = begun.chain(() -> begin(first, sightings.last));
      } else {
        List<FindingEvent> news = finding.widen(sightings.ports, sightings.last, now);
        if (!news.isEmpty()) {
          widened.add(finding.id());
          added = added.chain(() -> outbox.append(finding, news));
        }
      }
    }
    Uni<Void> then = begun;
    return added.chain(() -> then).replaceWith(new Found(opened, widened));
  }

  /** What is kept needs no watching: each flush would look at all before. */
  private Uni<Void> begin(Finding finding, Instant seenAt) {
    return outbox
        .append(finding, finding.opened(seenAt))
        .chain(Panache::getSession)
        .invoke(Mutiny.Session::clear)
        .replaceWithVoid();
  }

  /** What was approved just now is over in the findings that it explains. */
  Uni<Void> explain(Flow approved) {
    Instant now = clock.instant();
    return alone()
        .chain(() -> Finding.<Finding>list("closedAt is null order by id"))
        .chain(
            findings ->
                each(
                    findings.stream()
                        .filter(
                            finding ->
                                finding.isUndeclared()
                                    || finding.state().rule().equals(approved.state().rule()))
                        .toList(),
                    finding ->
                        finding.explain(
                            finding.state().ports().stream()
                                .filter(port -> allows(finding.way(), port, now).test(approved))
                                .collect(Collectors.toCollection(TreeSet::new)),
                            now)));
  }

  /** What was not seen for long enough is over, and forgotten. */
  Uni<Void> forgetQuiet() {
    Instant now = clock.instant();
    OffsetDateTime quietSince = now.minus(rules.quiet()).atOffset(ZoneOffset.UTC);
    return alone()
        .chain(Panache::getSession)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select f.id from network_finding f
                        where f.closed_at is null and not exists (
                          select 1 from observed_flow o
                          where (o.from_zone, o.to_zone, o.protocol)
                              = (f.from_zone, f.to_zone, f.protocol)
                            and (f.to_asset is null or o.to_asset = f.to_asset)
                            and o.port = any (f.ports) and o.last_seen >= ?1)""",
                        UUID.class)
                    .setParameter(1, quietSince)
                    .getResultList())
        .chain(
            ids ->
                ids.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : Finding.<Finding>list("id in ?1 order by id", ids)
                        .chain(
                            findings ->
                                each(
                                    findings,
                                    finding ->
                                        List.of(finding.close(Finding.End.QUIET, null, now)))))
        .chain(Panache::getSession)
        .chain(
            session ->
                session
                    .createNativeQuery("delete from observed_flow where last_seen < ?1")
                    .setParameter(1, quietSince)
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> each(List<Finding> findings, Function<Finding, List<FindingEvent>> decision) {
    return Multi.createFrom()
        .iterable(findings)
        .onItem()
        .transformToUniAndConcatenate(
            finding -> {
              List<FindingEvent> events = decision.apply(finding);
              return events.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : outbox.append(finding, events);
            })
        .collect()
        .last()
        .replaceWithVoid();
  }
}
