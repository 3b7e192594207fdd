package io.vigie.incident.finding;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Holds what a scan saw against the findings that are known. A document is one transaction, all of
 * it or nothing; two scans of one tool and asset come one after the other.
 */
@ApplicationScoped
class ScanIntake {

  private static final int BATCH = 500;

  /**
   * What became of one tool's scan.
   *
   * @param unchanged it is the last one again
   */
  record Result(boolean unchanged, Scan scan) {}

  /** As much of a finding as there is room for fifty thousand of. */
  private record Known(UUID id, FindingState state, Severity severity, String rule, String place) {

    static Known of(Object[] row) {
      return new Known(
          (UUID) row[1],
          (FindingState) row[2],
          (Severity) row[3],
          (String) row[4],
          (String) row[5]);
    }

    boolean differsFrom(Sighting seen) {
      return state == FindingState.GONE
          || severity != seen.severity()
          || !place.equals(seen.place());
    }

    boolean isThere() {
      return state == FindingState.OPEN || state == FindingState.ACCEPTED;
    }
  }

  /** What there is to do about a scan, and what of it was done. */
  private static final class Work {
    private final UUID asset;
    private final ScanRun run;
    private final Instant at;
    private final List<Sighting> news = new ArrayList<>();
    private final Map<UUID, Sighting> again = new HashMap<>();
    private final List<UUID> missed = new ArrayList<>();
    private int reopened;
    private int gone;

    private Work(UUID asset, ScanRun run, Map<String, Known> known, Instant at) {
      this.asset = asset;
      this.run = run;
      this.at = at;
      run.sightings()
          .forEach(
              (fingerprint, seen) -> {
                Known before = known.get(fingerprint);
                if (before == null) {
                  news.add(seen);
                } else if (before.differsFrom(seen)) {
                  again.put(before.id(), seen);
                }
              });
      known.forEach(
          (fingerprint, before) -> {
            if (before.isThere()
                && !run.sightings().containsKey(fingerprint)
                && run.covers(before.rule(), before.place())) {
              missed.add(before.id());
            }
          });
    }

    private Scan.Outcome outcome() {
      return new Scan.Outcome(news.size(), reopened, gone);
    }
  }

  private final ScanPolicy policy;
  private final Outbox outbox;
  private final Clock clock;

  ScanIntake(ScanPolicy policy, Outbox outbox, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Takes in what each tool said of the asset, in the order of the tools' names: two documents then
   * never wait for each other.
   *
   * @throws Problem 409 (as a failure of the Uni) when a later scan was taken in already
   */
  Uni<List<Result>> take(UUID asset, ScanDocument document) {
    List<ScanRun> runs =
        document.runs().stream().sorted(Comparator.comparing(ScanRun::tool)).toList();
    return Panache.withTransaction(
        () ->
            Multi.createFrom()
                .iterable(runs)
                .onItem()
                .transformToUniAndConcatenate(run -> take(asset, document.digest(), run))
                .collect()
                .asList());
  }

  private Uni<Result> take(UUID asset, String digest, ScanRun run) {
    Instant now = clock.instant();
    return alone(asset, run.tool())
        .chain(() -> Scan.last(asset, run.tool()))
        .chain(
            last -> {
              if (last != null && last.isOf(digest, run)) {
                return Uni.createFrom().item(new Result(true, last));
              }
              if (last != null && last.state().performedAt().isAfter(run.performedAt(now))) {
                throw Problem.conflict(
                    "scan-older",
                    "A scan of %s at %s was taken in already; this one is older."
                        .formatted(run.tool(), last.state().performedAt()));
              }
              return settle(asset, digest, run, now);
            });
  }

  private static Uni<Void> alone(UUID asset, String tool) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "scan " + asset + " " + tool)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private Uni<Result> settle(UUID asset, String digest, ScanRun run, Instant now) {
    UUID taken = Ids.next();
    outbox.note(taken); // the receipt is the scan's, though its outcome is known last
    return known(asset, run)
        .map(known -> new Work(asset, run, known, now))
        .call(work -> inBatches(work.news, batch -> begin(work, batch)))
        .call(
            work ->
                inBatches(
                    List.copyOf(work.again.keySet()),
                    batch -> decide(batch, finding -> again(work, finding))))
        .call(
            work ->
                inBatches(work.missed, batch -> decide(batch, finding -> missed(work, finding))))
        .map(work -> new Scan(asset, digest, run, work.outcome(), now))
        .call(scan -> outbox.append(List.of(new Decided(scan, List.of(scan.taken()), taken))))
        .map(scan -> new Result(false, scan));
  }

  /**
   * What is there, and what was there or set aside of what the scan saw. Of all that was ever found
   * there may be any number.
   */
  private static Uni<Map<String, Known>> known(UUID asset, ScanRun run) {
    Map<String, Known> known = new HashMap<>();
    return select(known, asset, run.tool(), "(state = OPEN or state = ACCEPTED)", null)
        .chain(
            () ->
                inBatches(
                    run.sightings().keySet().stream()
                        .filter(fingerprint -> !known.containsKey(fingerprint))
                        .toList(),
                    some -> select(known, asset, run.tool(), "fingerprint in ?3", some)))
        .replaceWith(known);
  }

  /** Adds those of which {@code condition} holds, with {@code value} as its parameter or null. */
  private static Uni<Void> select(
      Map<String, Known> into, UUID asset, String tool, String condition, List<String> value) {
    return Panache.getSession()
        .chain(
            session -> {
              Mutiny.SelectionQuery<Object[]> query =
                  session
                      .createSelectionQuery(
                          """
                          select fingerprint, id, state, severity, rule, place from ScanFinding
                          where asset = ?1 and tool = ?2 and\s"""
                              + condition,
                          Object[].class)
                      .setParameter(1, asset)
                      .setParameter(2, tool);
              return (value == null ? query : query.setParameter(3, value)).getResultList();
            })
        .invoke(rows -> rows.forEach(row -> into.put((String) row[0], Known.of(row))))
        .replaceWithVoid();
  }

  private Uni<Void> begin(Work work, List<Sighting> news) {
    return outbox.append(
        news.stream()
            .map(seen -> new ScanFinding(work.asset, work.run.tool(), seen, policy, work.at))
            .map(finding -> new Decided(finding, List.of(finding.found())))
            .toList());
  }

  /** Locked, so that what somebody decides meanwhile waits, and does not fail the whole scan. */
  private Uni<Void> decide(List<UUID> ids, Function<ScanFinding, List<FindingEvent>> decision) {
    return ScanFinding.<ScanFinding>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(
            findings ->
                outbox.append(
                    findings.stream()
                        .map(finding -> new Decided(finding, decision.apply(finding)))
                        .toList()));
  }

  private List<FindingEvent> again(Work work, ScanFinding finding) {
    List<FindingEvent> events = finding.seen(work.again.get(finding.id()), policy, work.at);
    work.reopened += (int) events.stream().filter(FindingEvent.Reopened.class::isInstance).count();
    return events;
  }

  private static List<FindingEvent> missed(Work work, ScanFinding finding) {
    List<FindingEvent> events = finding.missed(work.at);
    work.gone += events.size();
    return events;
  }

  /** What is stored needs no watching: each flush would look at all before. */
  private static <T> Uni<Void> inBatches(List<T> all, Function<List<T>, Uni<Void>> work) {
    return Multi.createFrom()
        .iterable(all)
        .group()
        .intoLists()
        .of(BATCH)
        .onItem()
        .transformToUniAndConcatenate(
            batch ->
                work.apply(batch)
                    .chain(Panache::getSession)
                    .invoke(Mutiny.Session::clear)
                    .replaceWithVoid())
        .collect()
        .last()
        .replaceWithVoid();
  }
}
