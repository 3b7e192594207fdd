package io.vigie.asset.document;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;
import io.vigie.kernel.web.TaskQuery;

/**
 * What waits: for every member of staff, documents for everyone, and for a business profile that
 * they hold now, that they have not acknowledged; for asset managers and the CISO, versions to
 * approve that somebody else wrote, documents past their review date whose current version somebody
 * else wrote, and those whose owner left.
 */
@ApplicationScoped
class DocumentTasks implements Task.Source {

  /**
   * That a document {@code d} waits for an account's acknowledgement; {@code %1$s} stands for the
   * account.
   */
  static final String WAITS =
      """
      d.state = 'IN_FORCE'
        and (d.everyone
          or string_to_array(lower(d.profiles), chr(10)) && array(
            select lower(b.name) from person_account a
            join held_profile h on h.person_id = a.person_id and h.is_current
            join business_profile b on b.profile_id = h.profile_id where a.subject = %1$s))
        and not exists (select from acknowledgement a
          where a.document = d.id and a.account = %1$s and a.number >= d.acknowledge_from)""";

  private static final String TO_ACKNOWLEDGE =
      """
      select d.id, d.acknowledge_since from document d
      where %s and (d.acknowledge_since, d.id) > (?1, ?2)
      order by d.acknowledge_since, d.id limit ?3"""
          .formatted(WAITS.formatted("?4"));

  private final Actor actor;
  private final Clock clock;

  DocumentTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    Uni<Stream<Task>> everybodys = toAcknowledge(after, limit);
    boolean decides = Stream.of(Roles.ASSET_MANAGER, Roles.CISO).anyMatch(actor::hasRole);
    return (decides
            ? everybodys
                .chain(own -> toApprove(after, limit).map(more -> Stream.concat(own, more)))
                .chain(some -> toReview(after, limit).map(more -> Stream.concat(some, more)))
                .chain(some -> toReassign(after, limit).map(more -> Stream.concat(some, more)))
            : everybodys)
        .map(Stream::toList);
  }

  private Uni<Stream<Task>> toAcknowledge(Task.Place after, int limit) {
    return TaskQuery.waiting(TO_ACKNOWLEDGE, after, limit, DocumentTasks::acknowledge, actor.id())
        .map(List::stream);
  }

  private Uni<Stream<Task>> toApprove(Task.Place after, int limit) {
    return DocumentVersion.<DocumentVersion>find(
            """
            decision = SUBMITTED and author <> ?3
            and (submittedAt > ?1 or submittedAt = ?1 and id > ?2) order by submittedAt, id\
            """,
            after.since(),
            after.id(),
            actor.id())
        .range(0, limit - 1)
        .list()
        .map(all -> all.stream().map(DocumentTasks::approve));
  }

  private Uni<Stream<Task>> toReview(Task.Place after, int limit) {
    return Document.<Document>find(
            """
            reviewDue < ?3 and currentAuthor <> ?4
            and (reviewDue > ?1 or reviewDue = ?1 and id > ?2) order by reviewDue, id\
            """,
            after.since(),
            after.id(),
            clock.instant(),
            actor.id())
        .range(0, limit - 1)
        .list()
        .map(all -> all.stream().map(DocumentTasks::review));
  }

  private static Uni<Stream<Task>> toReassign(Task.Place after, int limit) {
    return Document.<Document>find(
            """
            reassignment.since > ?1 or reassignment.since = ?1 and id > ?2
            order by reassignment.since, id\
            """,
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list()
        .map(
            all ->
                all.stream()
                    // One that this session read before it was asked for is told the next time.
                    .filter(document -> document.reassignment() != null)
                    .map(DocumentTasks::reassign));
  }

  private static Task acknowledge(Object[] row) {
    return new Task(
        (UUID) row[0],
        "document.acknowledge",
        "document/" + row[0],
        "/v1/documents/" + row[0] + "/acknowledgements",
        TaskQuery.time(row[1]),
        null);
  }

  private static Task approve(DocumentVersion version) {
    UUID document = version.document();
    return new Task(
        version.id(),
        "document.approve",
        "document/" + document,
        "/v1/documents/" + document + "/versions/" + version.id(),
        version.submittedAt(),
        null);
  }

  private static Task review(Document document) {
    return new Task(
        document.id(),
        "document.review",
        "document/" + document.id(),
        "/v1/documents/" + document.id() + "/review",
        document.state().reviewDue(),
        document.state().reviewDue());
  }

  private static Task reassign(Document document) {
    return new Task(
        document.id(),
        "document.reassign",
        "document/" + document.id(),
        "/v1/documents/" + document.id(),
        document.reassignment().since(),
        document.reassignment().until());
  }
}
