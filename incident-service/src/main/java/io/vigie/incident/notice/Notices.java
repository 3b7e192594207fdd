package io.vigie.incident.notice;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;

/** How this service's own features have somebody told something by mail. */
@ApplicationScoped
public class Notices {

  private final Clock clock;

  Notices(Clock clock) {
    this.clock = clock;
  }

  /**
   * Asks for it in the present transaction.
   *
   * @param role whose mailbox is told
   * @param template a file of {@code contracts/notices}
   * @param parameters those that the template has room for
   * @param dedupeKey names what is told: of all requests with the same key one is sent
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
}
