package io.vigie.incident.notice;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/** What this service itself has told by mail; other services ask for theirs by an event. */
@ApplicationScoped
public class Notices {

  /**
   * A mail to the mailbox of a role.
   *
   * @param template a file of {@code contracts/notices}
   * @param parameters those that the template has room for
   * @param dedupeKey names what is told: no two mails have the same
   * @param until not sent later, since it would have no sense; null where it always has
   */
  public record Mail(
      String role,
      String template,
      Map<String, String> parameters,
      String dedupeKey,
      Instant until) {

    private Notice at(Instant now) {
      NoticeTemplate.read(template).requireFits(parameters);
      return new Notice(
          new NoticeRequest(
              Ids.next(), null, role, template, parameters, dedupeKey, null, until, now));
    }
  }

  private final Outbox outbox;
  private final Clock clock;

  Notices(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Asks for them in the present transaction. Each is sent at least once, and what became of it is
   * noted, as of every notice.
   *
   * @throws IllegalArgumentException when there is no such template, or the parameters are not its
   *     own
   */
  public Uni<Void> request(Collection<Mail> mails) {
    Instant now = clock.instant();
    return mails.isEmpty()
        ? Uni.createFrom().voidItem()
        : Notice.persist(mails.stream().map(mail -> mail.at(now)).toList());
  }

  /**
   * Asks for one in the present transaction, unless one with this key was asked for before.
   *
   * @param role whose mailbox is told
   * @param template a file of {@code contracts/notices}
   * @param parameters those that the template has room for
   * @param until not sent later, since it would have no sense; null where it always has
   * @throws IllegalArgumentException when there is no such template, or the parameters are not its
   *     own
   */
  public Uni<Void> request(
      String role,
      String template,
      Map<String, String> parameters,
      String dedupeKey,
      Instant until) {
    return keep(
        new NoticeRequest(
            Ids.next(), null, role, template, parameters, dedupeKey, null, until, clock.instant()));
  }

  /** Keeps a request until it is sent; the first one of those with one key. */
  static Uni<Void> keep(NoticeRequest request) {
    NoticeTemplate.read(request.template()).requireFits(request.parameters());
    return Notice.count("dedupeKey", request.dedupeKey())
        .chain(
            known ->
                known > 0
                    ? Uni.createFrom().voidItem()
                    : new Notice(request).persist().replaceWithVoid());
  }

  /** What of these waits still is not sent any more: it has no sense now. */
  public Uni<Void> withdraw(Collection<String> dedupeKeys) {
    Instant now = clock.instant();
    return Notice.<Notice>find(
            "dedupeKey in ?1 and state = ?2 order by id", dedupeKeys, NoticeState.WAITING)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .chain(
            (List<Notice> notices) ->
                outbox.append(
                    notices.stream()
                        .map(notice -> new Decided(notice, notice.withdraw(now)))
                        .toList()));
  }
}
