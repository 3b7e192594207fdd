package io.vigie.audit.siem;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.intake.ReadPosition;
import io.vigie.audit.siem.SiemEvent.PositionMoved;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.SYSADMIN;

/** How far each SIEM is, and how to have it get entries again. */
@Path("/v1/operator/siem")
@RolesAllowed(SYSADMIN)
public class SiemResource {

  /**
   * @param nextIndex the entry that it gets next
   * @param behind how many published entries it does not have yet
   * @param movedAt when it last got any, or was moved; null before the first
   * @param lastError why the replica that answers could not send; null while it can
   */
  @Schema(name = "SiemFeed")
  record View(String target, long nextIndex, long behind, Instant movedAt, String lastError) {}

  /**
   * @param nextIndex from 0, the first entry, to the number of entries that are published
   */
  record Move(@NotNull @Min(0) Long nextIndex) {}

  private static final String POSITIONS =
      """
      select t.target, coalesce(s.next_index, 0) as next_index, s.resume_at, s.moved_at, %s as published
      from unnest($1::text[]) with ordinality t (target, n) left join siem_position s on s.target = t.target
      order by n"""
          .formatted(Feed.PUBLISHED);

  private final Feeds feeds;
  private final Pool database;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  SiemResource(Feeds feeds, Pool database, Outbox outbox, Actor actor, Clock clock) {
    this.feeds = feeds;
    this.database = database;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @GET
  @Read(inSession = false)
  public Uni<Answer.Page<View>> list() {
    String[] targets = feeds.all().stream().map(Feed::name).toArray(String[]::new);
    return database
        .preparedQuery(POSITIONS)
        .execute(Tuple.of(targets))
        .map(this::views)
        .map(Answer.Page::new);
  }

  private List<View> views(RowSet<Row> rows) {
    List<View> views = new ArrayList<>();
    for (Row row : rows) {
      ReadPosition position = new ReadPosition(row.getLong("next_index"), row.getLong("resume_at"));
      OffsetDateTime moved = row.getOffsetDateTime("moved_at");
      views.add(
          new View(
              row.getString("target"),
              position.next(),
              position.behind(row.getLong("published")),
              moved == null ? null : moved.toInstant(),
              feed(row.getString("target")).failure()));
    }
    return views;
  }

  /**
   * Has a SIEM get the entries from {@code nextIndex} on, whichever it got before: earlier ones
   * again, or later ones at once, and those in between never. It waits for the batch that is being
   * sent. The move is an event.
   */
  @POST
  @Path("{target}/position")
  @Command
  public Uni<RestResponse<View>> move(String target, @NotNull @Valid Move body) {
    Feed feed = feed(target);
    return Panache.getSession()
        .chain(
            session ->
                published(session)
                    .invoke(published -> requireWithin(body.nextIndex(), published))
                    .chain(
                        published ->
                            move(session, target, body.nextIndex())
                                .map(
                                    moved ->
                                        new View(
                                            target,
                                            moved.to(),
                                            published - moved.to(),
                                            moved.at(),
                                            feed.failure()))))
        .map(RestResponse::ok);
  }

  private Feed feed(String target) {
    return feeds.all().stream()
        .filter(feed -> feed.name().equals(target))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("No SIEM of this name is configured."));
  }

  private static Uni<Long> published(Mutiny.Session session) {
    return session.createNativeQuery("select " + Feed.PUBLISHED, Long.class).getSingleResult();
  }

  private static void requireWithin(long index, long published) {
    if (index > published) {
      throw Problem.unprocessable(
          "beyond-the-log", "Only " + published + " entries are published.");
    }
  }

  private Uni<PositionMoved> move(Mutiny.Session session, String target, long to) {
    Instant now = clock.instant();
    OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
    return session
        .createNativeQuery("insert into siem_position values (?1, 0, ?2) on conflict do nothing")
        .setParameter(1, target)
        .setParameter(2, at)
        .executeUpdate()
        .chain(
            () ->
                session
                    .createNativeQuery(
                        "select next_index from siem_position where target = ?1 for update",
                        Long.class)
                    .setParameter(1, target)
                    .getSingleResult())
        .map(from -> new PositionMoved(Ids.next(), target, from, to, now))
        .call(
            () ->
                session
                    .createNativeQuery(
                        "update siem_position set next_index = ?2, resume_at = null, moved_at = ?3 where target = ?1")
                    .setParameter(1, target)
                    .setParameter(2, to)
                    .setParameter(3, at)
                    .executeUpdate())
        .call(moved -> outbox.appendFact("siem-feed", target, actor.id(), moved));
  }
}
