package io.vigie.audit.intake;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.intake.IntakeEvent.GapAcknowledged;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** The word of somebody in charge that numbers of a source, or of an object, will not come. */
@Path("/v1/log/gap-acknowledgement")
@RolesAllowed({SYSADMIN, CISO})
public class GapAcknowledgementResource {

  /** How many runs of numbers a refusal names. */
  private static final int RUNS_NAMED = 10;

  private static final String OPEN_OF_SOURCE =
      """
      select cast(open_numbers(name, ?2, numbers, announced) as text) from source
      where name = ?1""";

  private static final String OPEN_OF_OBJECT =
      """
      select cast(open_numbers(source, subject, numbers, 0) as text) from object_gap
      where source = ?1 and subject = ?2""";

  /** What is still missing is so since when the source began to miss something. */
  private static final String SETTLE_SOURCE =
      """
      update source set first_missing = lower(open_numbers(name, ?2, numbers, announced)),
        missing_since = case when isempty(open_numbers(name, ?2, numbers, announced)) then null
          else missing_since end
      where name = ?1""";

  /** Of an object that misses nothing any more, nothing is kept. */
  private static final String SETTLE_OBJECT =
      """
      delete from object_gap
      where source = ?1 and subject = ?2 and isempty(open_numbers(source, subject, numbers, 0))""";

  /**
   * @param source as the alert names it, such as {@code /vigie/asset}
   * @param subject the object whose events have these numbers, as the alert names it, such as
   *     {@code asset/<id>}; without it they are the numbers that the source gave
   * @param first first number that will not come
   * @param last the last one
   * @param reason for whoever reads the log later
   */
  record GapAcknowledgement(
      @NotNull @Size(min = 1, max = 1000) String source,
      @Size(min = 1, max = 1000) String subject,
      @NotNull @Min(1) Long first,
      @NotNull @Min(1) Long last,
      @NotNull @Size(min = 1, max = 2000) String reason) {}

  /**
   * @param id of the acknowledgement, which its event has too
   * @param reason as it was given the first time
   */
  @Schema(name = "AcknowledgedGap")
  record View(UUID id, String source, String subject, long first, long last, String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  GapAcknowledgementResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Has numbers of a source, or of the events of one object, count as missing no more: somebody
   * looked for their events, and they will not come. Each must be missing now, else nothing is done
   * (409); said twice, the same range is acknowledged once. Should the events come all the same,
   * they are logged as any other. The acknowledgement is an event.
   */
  @POST
  @Command
  public Uni<RestResponse<View>> acknowledge(@NotNull @Valid GapAcknowledgement body) {
    if (body.last() < body.first()) {
      throw Problem.invalid(List.of(new FieldError("last", "must not be less than first")));
    }
    String by = actor.id();
    return Panache.getSession()
        .chain(
            session ->
                lock(session, body)
                    .chain(() -> known(session, body))
                    .chain(
                        known ->
                            known == null
                                ? acknowledge(session, body, by)
                                : Uni.createFrom().item(known)))
        .map(RestResponse::ok);
  }

  /** Behind it no number is logged, or no gap of an object is looked for; one at a time gets it. */
  private static Uni<Long> lock(Mutiny.Session session, GapAcknowledgement body) {
    return isOfSource(body)
        ? OffsetResetResource.lockHead(session)
        : session
            .createNativeQuery("select position from detection for update", Long.class)
            .getSingleResult();
  }

  private static boolean isOfSource(GapAcknowledgement body) {
    return body.subject() == null;
  }

  /** As tables have it. */
  private static String subject(GapAcknowledgement body) {
    return isOfSource(body) ? "" : body.subject();
  }

  private static Uni<View> known(Mutiny.Session session, GapAcknowledgement body) {
    return session
        .createNativeQuery(
            """
            select id, reason from gap_acknowledgement
            where source = ?1 and subject = ?2 and first = ?3 and last = ?4""",
            Object[].class)
        .setParameter(1, body.source())
        .setParameter(2, subject(body))
        .setParameter(3, body.first())
        .setParameter(4, body.last())
        .getSingleResultOrNull()
        .map(row -> row == null ? null : view((UUID) row[0], body, (String) row[1]));
  }

  private Uni<View> acknowledge(Mutiny.Session session, GapAcknowledgement body, String by) {
    GapAcknowledged event =
        new GapAcknowledged(
            Ids.next(),
            body.source(),
            body.subject(),
            body.first(),
            body.last(),
            body.reason(),
            clock.instant());
    return session
        .createNativeQuery(isOfSource(body) ? OPEN_OF_SOURCE : OPEN_OF_OBJECT, String.class)
        .setParameter(1, body.source())
        .setParameter(2, subject(body))
        .getSingleResultOrNull()
        .invoke(open -> requireOpen(body, open))
        .chain(() -> store(session, body, event, by))
        .chain(() -> outbox.appendFact("log-gap", "log-gap", by, event))
        .map(done -> view(event.aggregateId(), body, body.reason()));
  }

  private static void requireOpen(GapAcknowledgement body, String multirange) {
    if (multirange == null && isOfSource(body)) {
      throw Problem.notFound(
          "The log has heard of no source of this name. Name it as the alert does,"
              + " such as /vigie/asset.");
    }
    NumberRanges open = NumberRanges.parse(multirange == null ? "{}" : multirange);
    if (!open.has(body.first(), body.last())) {
      throw Problem.conflict(
          "no-gap",
          "Not all of these numbers are missing, so nothing was acknowledged. " + missing(open));
    }
  }

  private static String missing(NumberRanges open) {
    if (open.runs().isEmpty()) {
      return "No number is missing there that nobody has acknowledged.";
    }
    return open.runs().entrySet().stream()
        .limit(RUNS_NAMED)
        .map(run -> run.getKey() + " to " + run.getValue())
        .collect(
            Collectors.joining(
                ", ",
                "Acknowledge these by themselves: ",
                open.runs().size() > RUNS_NAMED ? ", and further ones." : "."));
  }

  private static Uni<Integer> store(
      Mutiny.Session session, GapAcknowledgement body, GapAcknowledged event, String by) {
    return session
        .createNativeQuery(
            """
            insert into gap_acknowledgement
              (id, source, subject, first, last, reason, acknowledged_by, acknowledged_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)""")
        .setParameter(1, event.aggregateId())
        .setParameter(2, event.source())
        .setParameter(3, subject(body))
        .setParameter(4, event.first())
        .setParameter(5, event.last())
        .setParameter(6, event.reason())
        .setParameter(7, by)
        .setParameter(8, event.at().atOffset(ZoneOffset.UTC))
        .executeUpdate()
        .chain(
            () ->
                session
                    .createNativeQuery(isOfSource(body) ? SETTLE_SOURCE : SETTLE_OBJECT)
                    .setParameter(1, event.source())
                    .setParameter(2, subject(body))
                    .executeUpdate());
  }

  private static View view(UUID id, GapAcknowledgement body, String reason) {
    return new View(id, body.source(), body.subject(), body.first(), body.last(), reason);
  }
}
