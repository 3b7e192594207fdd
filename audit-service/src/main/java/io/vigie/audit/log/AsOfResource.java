package io.vigie.audit.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.log.Search.Span;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * How things stood at a time, as the events that had happened by then tell it. Each answer names
 * the entries that it is made of, so that each can be proven. Open to whom the history of that kind
 * of object is.
 */
@Path("/v1/log/as-of")
@RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO, AUDITOR})
public class AsOfResource {

  private static final int CHUNK = 200;
  private static final int MOST_RIGHTS = 1_000;

  /**
   * @param state the public state of the object
   * @param entries the indexes of the entries that it is made of
   * @param leftOut the indexes of entries of the object that were left out: what they said was
   *     erased, or the log raised an alert on them
   */
  record StateView(
      String subject,
      Instant at,
      @Schema(type = SchemaType.OBJECT, implementation = Object.class) JsonNode state,
      List<Long> entries,
      List<Long> leftOut) {}

  /**
   * @param rights those in force at that time
   */
  record RightsView(UUID person, Instant at, List<StateView> rights) {}

  /**
   * @param lastVerified the last run whose copy a restore test had shown by then to be restorable;
   *     null when there was none
   * @param lastReported the last run that had made a copy, whether tested or not
   */
  record RestorePointView(UUID asset, Instant at, StateView lastVerified, StateView lastReported) {}

  private final LogReader reader;
  private final HistoryReaders readers;
  private final ObjectMapper json;

  AsOfResource(LogReader reader, HistoryReaders readers, ObjectMapper json) {
    this.reader = reader;
    this.readers = readers;
    this.json = json;
  }

  /**
   * The state of an object.
   *
   * @param subject the object, as {@code <kind>/<id>}
   */
  @GET
  @Read(inSession = false)
  public Uni<StateView> state(
      @QueryParam("subject")
          @NotNull
          @Pattern(
              regexp = "[a-z][a-z-]{0,49}/[0-9a-f-]{36}",
              message = "is an object, as <kind>/<id>")
          String subject,
      @QueryParam("at") @NotNull Instant at) {
    readers.require(subject.substring(0, subject.indexOf('/')));
    return readers
        .record(subject)
        .chain(() -> fold(subject, at))
        .map(
            fold -> {
              if (fold.state() == null) {
                throw Problem.notFound("The log knows no state of this object at this time.");
              }
              return view(subject, at, fold);
            });
  }

  /**
   * The rights of a person that were in force: approved or given by a profile, and neither revoked,
   * suspended nor past their end. The state of each says its ground. 409 beyond {@value
   * #MOST_RIGHTS} rights.
   */
  @GET
  @Path("rights")
  @Read(inSession = false)
  public Uni<RightsView> rights(
      @QueryParam("person") @NotNull UUID person, @QueryParam("at") @NotNull Instant at) {
    readers.require("right");
    return readers
        .record("person/" + person)
        .chain(() -> rightsOf(person, at))
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(right -> fold(right, at).map(fold -> new Told(right, fold)))
        .filter(told -> isInForce(told.fold, at))
        .map(told -> view(told, at))
        .collect()
        .asList()
        .map(rights -> new RightsView(person, at, rights));
  }

  /**
   * The backups that an asset could be restored from: the last one that is known to be restorable,
   * and the last one that had been reported to have succeeded, so that a newer one that nobody has
   * tested hides none that was. 404 when no backup had succeeded.
   */
  @GET
  @Path("restore-point")
  @Read(inSession = false)
  public Uni<RestorePointView> restorePoint(
      @QueryParam("asset") @NotNull UUID asset, @QueryParam("at") @NotNull Instant at) {
    readers.require("backup-run");
    return reader
        .during(null, after(at))
        .chain(span -> lastSuccess(asset, at, span))
        .invoke(
            reported -> {
              if (reported == null) {
                throw Problem.notFound("The log knows no successful backup by this time.");
              }
            })
        .chain(
            reported ->
                lastVerified(asset, at)
                    .map(
                        verified ->
                            new RestorePointView(
                                asset,
                                at,
                                verified == null ? null : view(verified, at),
                                view(reported, at))));
  }

  /** An object, and what its events tell of it. */
  private record Told(String subject, Fold fold) {}

  private Uni<Told> lastSuccess(UUID asset, Instant at, Span span) {
    Search runs =
        new Search()
            .about("asset/" + asset)
            .with("type", "backup-run.reported.v1")
            .during(null, after(at));
    return reader
        .find(runs, span, false, CHUNK)
        .chain(
            page ->
                Multi.createFrom()
                    .iterable(page.entries())
                    .onItem()
                    .transformToUniAndConcatenate(
                        row -> fold(subject(row), at).map(fold -> new Told(subject(row), fold)))
                    .filter(told -> told.fold.text("outcome").equals("SUCCEEDED"))
                    .toUni()
                    .chain(
                        told ->
                            told != null || page.goesOnFrom() == null
                                ? Uni.createFrom().item(told)
                                : lastSuccess(
                                    asset, at, new Span(span.first(), page.goesOnFrom()))));
  }

  /** A run is reported untested: only a later event of it can say more. */
  private Uni<Told> lastVerified(UUID asset, Instant at) {
    return reader
        .rows(
            """
            select e.subject from reference r join entry e using (index)
            where r.object = $1 and e.type = 'backup-run.reported.v1' and e.event_time <= $2
              and exists (
                select from entry l where l.subject = e.subject and l.event_time <= $2
                  and l.type not in ('backup-run.reported.v1', 'backup-run.snapshot.v1'))
            order by e.index desc""",
            List.of("asset/" + asset, at.atOffset(ZoneOffset.UTC)),
            row -> row.getString(0))
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(run -> fold(run, at).map(fold -> new Told(run, fold)))
        .filter(told -> told.fold.text("recoveryPoint").equals("VERIFIED"))
        .toUni();
  }

  private Uni<List<String>> rightsOf(UUID person, Instant at) {
    return reader
        .rows(
            """
            select distinct e.subject from reference r join entry e using (index)
            where r.object = $1 and e.subject >= 'right/' and e.subject < 'right0' and e.event_time <= $2
            order by 1 limit $3""",
            List.of("person/" + person, at.atOffset(ZoneOffset.UTC), MOST_RIGHTS + 1),
            row -> row.getString(0))
        .invoke(
            rights -> {
              if (rights.size() > MOST_RIGHTS) {
                throw Problem.conflict(
                    "too-many-rights", "This person had more than " + MOST_RIGHTS + " rights.");
              }
            });
  }

  private static boolean isInForce(Fold right, Instant at) {
    String until = right.text("validUntil");
    return right.text("state").equals("APPROVED")
        && (until.isEmpty() || Instant.parse(until).isAfter(at));
  }

  /** Folds what had happened to an object by then. */
  private Uni<Fold> fold(String subject, Instant at) {
    return reader.during(null, after(at)).chain(span -> add(new Fold(json), subject, at, span));
  }

  private Uni<Fold> add(Fold fold, String subject, Instant at, Span span) {
    Search events = new Search().with("subject", subject).during(null, after(at));
    return reader
        .findWithBody(events, span, true, CHUNK)
        .invoke(page -> page.entries().forEach(fold::add))
        .chain(
            page ->
                page.goesOnFrom() == null
                    ? Uni.createFrom().item(fold)
                    : add(fold, subject, at, new Span(page.goesOnFrom() + 1, span.end())));
  }

  /** What happened at that very time had happened. */
  private static Instant after(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS);
  }

  private String subject(Stored row) {
    try {
      return json.readTree(row.canonical()).path("subject").asText();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static StateView view(Told told, Instant at) {
    return view(told.subject, at, told.fold);
  }

  private static StateView view(String subject, Instant at, Fold fold) {
    return new StateView(
        subject,
        at,
        fold.state(),
        new ArrayList<>(fold.entries()),
        new ArrayList<>(fold.leftOut()));
  }
}
