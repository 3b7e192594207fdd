package io.vigie.access.notice;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;

/** The one way to have somebody told something by mail. */
@ApplicationScoped
public class Notices {

  /**
   * What is to be told, and to whom: a person, the mailbox of a role, or both.
   *
   * @param template a file of {@code contracts/notices}
   * @param parameters those that the template has room for: ids, and times as {@link
   *     Instant#toString} writes them
   * @param dedupeKey names what is told: of all requests with the same key one is sent
   * @param notBefore not sent earlier; null for at once
   * @param until not sent later, since it would have no sense; null where it always has
   */
  public record Notice(
      UUID person,
      String role,
      String template,
      Map<String, String> parameters,
      String dedupeKey,
      Instant notBefore,
      Instant until) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  Notices(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks for it in the present transaction. It is sent at least once, in the language of the
   * person, and noted as sent or abandoned by {@code notification.sent.v1} and {@code
   * notification.abandoned.v1}.
   *
   * @throws IllegalStateException (as a failure of the Uni) when the contract knows no such
   *     template, or the parameters are not its own: nothing is committed
   */
  public Uni<Void> request(Notice notice) {
    UUID id = Ids.next();
    return outbox.appendFact(
        "notification",
        id.toString(),
        actor.id(),
        new NotificationEvent.Requested(
            id,
            notice.person(),
            notice.role(),
            notice.template(),
            notice.parameters(),
            notice.dedupeKey(),
            notice.notBefore(),
            notice.until(),
            clock.instant()));
  }
}
