package io.vigie.asset.software;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.security.Roles;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Takes advisories in, and matches what they say with what is in use. */
@ApplicationScoped
public class AdvisoryIntake {

  /** What became of a document. */
  @Schema(name = "AdvisoryOutcome")
  enum Outcome {
    /** It is known from now on. */
    RECEIVED,
    /** It replaced an older version, or what was withdrawn is in force again. */
    REVISED,
    /** The same version, or a newer one, is known: nothing changed. */
    IGNORED
  }

  /**
   * What became of a document, and of its advisory.
   *
   * @param advisory as it is known now
   */
  record Result(Outcome outcome, Advisory advisory) {}

  private static final String FORGET_PACKAGES =
      "delete from affected_package where flaw_id in (select id from flaw where advisory_id = ?1)";

  private static final String FORGET_FLAWS = "delete from flaw where advisory_id = ?1";

  private static final String FLAWS =
      """
      insert into flaw (id, advisory_id, name, title, severity, score, vector)
      select cast(n.id as uuid), ?2, n.name, n.title, n.severity, n.score, n.vector
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as n(
        id text, name text, title text, severity text, score numeric, vector text)""";

  private static final String PACKAGES =
      """
      insert into affected_package (id, flaw_id, type, namespace, name, distro, affected, unaffected)
      select cast(n.id as uuid), cast(n.flaw as uuid), n.type, n.namespace, n.name, n.distro, n.affected, n.unaffected
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as n(
        id text, flaw text, type text, namespace text, name text, distro text, affected text,
        unaffected text)""";

  private final Matching matching;
  private final Outbox outbox;
  private final ObjectMapper json;
  private final Actor actor;
  private final Clock clock;

  AdvisoryIntake(Matching matching, Outbox outbox, ObjectMapper json, Actor actor, Clock clock) {
    this.matching = matching;
    this.outbox = outbox;
    this.json = json;
    this.actor = actor;
    this.clock = clock;
  }

  /** What {@link #take} would do now. */
  Uni<Outcome> foresee(Publication publication) {
    return known(publication)
        .map(
            known ->
                known == null
                    ? Outcome.RECEIVED
                    : known.isOlderThan(publication) || revives(publication, known)
                        ? Outcome.REVISED
                        : Outcome.IGNORED);
  }

  /** A tool that brings all its advisories each night takes back nobody's decision. */
  private boolean revives(Publication publication, Advisory known) {
    return actor.hasRole(Roles.ASSET_MANAGER) && known.isRevivedBy(publication);
  }

  private static Uni<Advisory> known(Publication publication) {
    return Advisory.<Advisory>find(
            "publisher = ?1 and identifier = ?2", publication.publisher(), publication.identifier())
        .firstResult();
  }

  /**
   * A document that was fetched, in a transaction of its own: all that follows from it and {@code
   * with}, or nothing. Fails with 400 where it is no advisory.
   */
  public Uni<Void> take(byte[] document, Supplier<Uni<Void>> with) {
    return Aside.read(() -> read(document))
        .chain(
            publication ->
                Panache.withTransaction(() -> take(publication).chain(done -> with.get())));
  }

  private Publication read(byte[] document) {
    try {
      return DocumentReader.read(json.readTree(document));
    } catch (IOException e) {
      throw Problem.badRequest("The document is no JSON.");
    }
  }

  /** In the caller's transaction: all that follows from the document, or nothing. */
  Uni<Result> take(Publication publication) {
    return take(List.of(publication)).map(results -> results.get(0));
  }

  /** The same for many, one after the other; what they say is matched once they are all known. */
  Uni<List<Result>> take(List<Publication> publications) {
    return matching
        .begin()
        .chain(
            () ->
                Multi.createFrom()
                    .iterable(publications)
                    .onItem()
                    .transformToUniAndConcatenate(
                        publication -> known(publication).chain(known -> keep(publication, known)))
                    .collect()
                    .asList())
        .call(
            results ->
                matching.rematch(
                    results.stream()
                        .filter(result -> result.outcome() != Outcome.IGNORED)
                        .map(Result::advisory)
                        .distinct()
                        .toList()));
  }

  private Uni<Result> keep(Publication publication, Advisory known) {
    if (known == null) {
      Advisory advisory = new Advisory(publication, clock.instant());
      return outbox
          .append(advisory, advisory.received())
          .chain(() -> keepFlaws(publication, advisory))
          .replaceWith(new Result(Outcome.RECEIVED, advisory));
    }
    boolean revives = revives(publication, known);
    if (!revives && !known.isOlderThan(publication)) {
      return Uni.createFrom().item(new Result(Outcome.IGNORED, known));
    }
    Instant now = clock.instant();
    return outbox
        .append(known, revives ? known.revive(publication, now) : known.revise(publication, now))
        .chain(() -> keepFlaws(publication, known))
        .replaceWith(new Result(Outcome.REVISED, known));
  }

  private Uni<Void> keepFlaws(Publication publication, Advisory advisory) {
    List<Map<String, Object>> flaws = new ArrayList<>();
    List<Map<String, Object>> packages = new ArrayList<>();
    for (Publication.Flaw flaw : publication.flaws()) {
      String id = Ids.next().toString();
      flaws.add(row(id, flaw));
      flaw.packages().forEach(affected -> packages.add(row(id, affected)));
    }
    return update(FORGET_PACKAGES, advisory.id())
        .chain(() -> update(FORGET_FLAWS, advisory.id()))
        .chain(() -> update(FLAWS, write(flaws), advisory.id()))
        .chain(() -> update(PACKAGES, write(packages)));
  }

  private static Map<String, Object> row(String id, Publication.Flaw flaw) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", id);
    row.put("name", flaw.name());
    row.put("title", flaw.title());
    row.put("severity", flaw.severity().name());
    row.put("score", flaw.score());
    row.put("vector", flaw.vector());
    return row;
  }

  private static Map<String, Object> row(String flaw, Publication.AffectedPackage affected) {
    return Map.of(
        "id", Ids.next().toString(),
        "flaw", flaw,
        "type", affected.type(),
        "namespace", affected.namespace(),
        "name", affected.name(),
        "distro", affected.distro(),
        "affected", String.join("\n", affected.affected()),
        "unaffected", String.join("\n", affected.unaffected()));
  }

  private static Uni<Void> update(String statement, Object... parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              var query = session.createNativeQuery(statement);
              for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
              }
              return query.executeUpdate();
            })
        .replaceWithVoid();
  }

  private String write(Object rows) {
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
