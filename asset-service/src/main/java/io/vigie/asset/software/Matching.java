package io.vigie.asset.software;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/**
 * Keeps vulnerabilities true of components and advisories. The database finds, by its index of
 * packages, which components have the name of one that an advisory concerns; only of those are
 * versions compared. So the work is that of what changed, however much is known already.
 */
@ApplicationScoped
public class Matching {

  private static final String OF_ASSET =
      """
      select v.* from vulnerability v where v.asset_id = ?1
        and v.purl in (select jsonb_array_elements_text(cast(cast(?2 as text) as jsonb)))""";

  private static final String OF_ADVISORIES =
      """
      select v.* from vulnerability v join asset s on s.id = v.asset_id
      where v.advisory_id in (select cast(e as uuid) from jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)) e)
        and s.state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED', 'LOST')""";

  /** None of an asset that is gone: what is open on it ends by itself. */
  private static final String HELD =
      """
      select distinct c.purl from holding h
      join component c on c.id = h.component_id join asset s on s.id = h.asset_id
      where s.id = ?1 and s.state not in ('RETIRED', 'SANITISED', 'DISPOSED', 'REJECTED', 'LOST')""";

  /**
   * An asset, and the applications that others may reach by way of it: those that run on it or on
   * what it depended on, and what any of these depends on, directly or not.
   */
  private static final String BY_WAY =
      """
      with recursive below(id) as (
        select cast(unnest(cast(?1 as text[])) as uuid)
        union
        select id from asset where kind = 'APPLICATION' and depends_on && cast(cast(?2 as text[]) as uuid[])
        union
        select unnest(a.depends_on) from below b join asset a on a.id = b.id)
      insert into to_match
      select a.id from below b join asset a on a.id = b.id
      where a.kind = 'APPLICATION' and a.id <> ?3
      on conflict do nothing""";

  /** What so many advisories match is in memory at a time. */
  private static final int BATCH = 100;

  /** So many vulnerabilities are written at a time. */
  private static final int WRITTEN = 100;

  private final Candidates candidates;
  private final RemediationDelays delays;
  private final Outbox outbox;
  private final ObjectMapper json;
  private final Clock clock;

  Matching(
      Candidates candidates,
      RemediationDelays delays,
      Outbox outbox,
      ObjectMapper json,
      Clock clock) {
    this.candidates = candidates;
    this.delays = delays;
    this.outbox = outbox;
    this.json = json;
    this.clock = clock;
  }

  /** Waits until no other transaction is between its change and its matches. */
  Uni<Void> begin() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended('matching', 0))",
                        Integer.class)
                    .getSingleResult())
        .replaceWithVoid();
  }

  /** After these components came to an asset or left it. */
  Uni<Void> rematch(UUID asset, List<String> purls) {
    return rematch(asset, purls, FixReason.COMPONENT_GONE);
  }

  /**
   * After others can reach an asset who could not, or no longer: it is matched in the caller's
   * transaction, and the applications that are reached by way of it, of which there may be many, by
   * {@link MatchingClock}.
   *
   * @param before what it depended on until now
   */
  Uni<Void> rematchReached(UUID asset, List<UUID> before) {
    String[] from =
        Stream.concat(Stream.of(asset), before.stream()).map(UUID::toString).toArray(String[]::new);
    return begin()
        .chain(() -> Panache.getSession())
        .chain(
            session ->
                session
                    .createNativeQuery(BY_WAY)
                    .setParameter(1, from)
                    .setParameter(2, from)
                    .setParameter(3, asset)
                    .executeUpdate())
        .chain(() -> rematch(asset));
  }

  /** After the asset itself came back, or is another than it was. In the caller's transaction. */
  Uni<Void> rematch(UUID asset) {
    return begin()
        .chain(() -> Panache.getSession())
        .chain(
            session ->
                session
                    .createNativeQuery(HELD, String.class)
                    .setParameter(1, asset)
                    .getResultList())
        .chain(purls -> rematch(asset, purls, FixReason.OUT_OF_RANGE));
  }

  private Uni<Void> rematch(UUID asset, List<String> purls, FixReason ending) {
    if (purls.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    String list = write(purls);
    return candidates
        .ofAsset(asset, list)
        .chain(
            found ->
                known(OF_ASSET, asset, list)
                    .chain(known -> reconcile(found, known, gone -> ending)));
  }

  /** After these advisories said something else. */
  Uni<Void> rematch(List<Advisory> advisories) {
    if (advisories.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<Advisory> batch = advisories.subList(0, Math.min(BATCH, advisories.size()));
    String ids = write(batch.stream().map(Advisory::id).toList());
    Set<UUID> withdrawn =
        batch.stream()
            .filter(Advisory::isWithdrawn)
            .map(Advisory::id)
            .collect(Collectors.toUnmodifiableSet());
    return candidates
        .ofAdvisories(ids)
        .chain(
            found ->
                known(OF_ADVISORIES, ids)
                    .chain(
                        known ->
                            reconcile(
                                found,
                                known,
                                gone ->
                                    withdrawn.contains(gone.key().advisory())
                                        ? null
                                        : FixReason.OUT_OF_RANGE)))
        .chain(() -> rematch(advisories.subList(batch.size(), advisories.size())));
  }

  private static Uni<List<Vulnerability>> known(String query, Object... parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              var select = session.createNativeQuery(query, Vulnerability.class);
              for (int i = 0; i < parameters.length; i++) {
                select.setParameter(i + 1, parameters[i]);
              }
              return select.getResultList();
            });
  }

  /**
   * Has the vulnerabilities say what was found.
   *
   * @param ending why those that were not found again end; null: their advisory was taken back
   */
  private Uni<Void> reconcile(
      List<Candidate> found, List<Vulnerability> known, Function<Vulnerability, FixReason> ending) {
    Instant now = clock.instant();
    Map<Candidate.Key, Candidate> open = new LinkedHashMap<>();
    found.forEach(candidate -> open.merge(candidate.key(), candidate, Candidate::or));
    List<Supplier<Decided>> decisions = new ArrayList<>();
    for (Vulnerability vulnerability : known) {
      Candidate candidate = open.remove(vulnerability.key());
      decisions.add(() -> decide(vulnerability, candidate, ending.apply(vulnerability), now));
    }
    open.values().forEach(candidate -> decisions.add(() -> find(candidate, now)));
    return Multi.createFrom()
        .iterable(decisions)
        .group()
        .intoLists()
        .of(WRITTEN)
        .onItem()
        .transformToUniAndConcatenate(this::keep)
        .collect()
        .last();
  }

  /**
   * Decides no more than is written with it, and has the session watch none of it any longer: each
   * flush looks at all that is watched, and writes all that is not as it was.
   */
  private Uni<Void> keep(List<Supplier<Decided>> decisions) {
    List<Decided> decided = decisions.stream().map(Supplier::get).toList();
    List<Decided> changed = decided.stream().filter(each -> !each.events().isEmpty()).toList();
    return (changed.isEmpty() ? Uni.createFrom().voidItem() : outbox.append(changed))
        .chain(Panache::getSession)
        .invoke(session -> decided.forEach(each -> session.detach(each.aggregate())))
        .replaceWithVoid();
  }

  private Decided find(Candidate candidate, Instant now) {
    Vulnerability vulnerability = new Vulnerability(candidate, now.plus(delays.of(candidate)), now);
    return new Decided(vulnerability, List.of(vulnerability.found()));
  }

  private Decided decide(Vulnerability known, Candidate candidate, FixReason ending, Instant now) {
    VulnerabilityEvent event = event(known, candidate, ending, now);
    return new Decided(known, event == null ? List.of() : List.of(event));
  }

  /** What becomes of a known one; null: nothing. */
  private VulnerabilityEvent event(
      Vulnerability known, Candidate candidate, FixReason ending, Instant now) {
    boolean open = known.state().state().isOpen();
    if (candidate == null) {
      return !open ? null : ending == null ? known.withdraw(now) : known.fix(ending, now);
    }
    if (known.canReopen()) {
      return known.reopen(candidate, now.plus(delays.of(candidate)), now);
    }
    return open && known.differsFrom(candidate, delays, now)
        ? known.reappraise(candidate, delays, now)
        : null;
  }

  private String write(Object list) {
    try {
      return json.writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
