package io.vigie.incident.notice;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/** What this service itself has told; other services ask for theirs by an event. */
@ApplicationScoped
public class Notices {

  /**
   * Whom or what a message is for.
   *
   * @param person null unless it is mail to somebody
   * @param role null unless it is mail to a role's mailbox
   */
  public record Recipient(Channel channel, UUID person, String role) {

    public static Recipient person(UUID person) {
      return new Recipient(Channel.MAIL, person, null);
    }

    /** Its mailbox. */
    public static Recipient role(String role) {
      return new Recipient(Channel.MAIL, null, role);
    }

    /** What a channel leads to that is no mail. */
    public static Recipient channel(Channel channel) {
      return new Recipient(channel, null, null);
    }
  }

  /**
   * What somebody is told.
   *
   * @param template a file of {@code contracts/notices}
   * @param parameters those that the template has room for
   * @param dedupeKey names what is told: no two by one channel have the same
   * @param until not sent later, since it would have no sense; null where it always has
   * @param alerts the ids of those of which it tells one by one, which its events name
   */
  public record Message(
      Recipient to,
      String template,
      Map<String, String> parameters,
      String dedupeKey,
      Instant until,
      List<UUID> alerts) {

    private Notice at(Instant now) {
      NoticeTemplate.read(template).requireFits(parameters);
      return new Notice(
          to.channel(),
          new NoticeRequest(
              Ids.next(),
              to.person(),
              to.role(),
              template,
              parameters,
              to.channel().key(dedupeKey),
              null,
              until,
              now),
          alerts);
    }
  }

  private final Outbox outbox;
  private final Addressees addressees;
  private final Clock clock;
  private final Set<Channel> channels = new HashSet<>(Set.of(Channel.MAIL));

  Notices(Outbox outbox, Addressees addressees, NoticeSettings settings, Clock clock) {
    this.outbox = outbox;
    this.addressees = addressees;
    this.clock = clock;
    settings.webhook().ifPresent(is -> channels.add(Channel.WEBHOOK));
    settings.chat().ifPresent(is -> channels.add(Channel.CHAT));
  }

  /** Those that lead somewhere, as this service is configured. */
  public Set<Channel> channels() {
    return channels;
  }

  /**
   * The id of the person who has this account, a subject, as access-service tells; null where
   * nobody who is here has. Fails while access-service or Keycloak is away.
   */
  public Uni<UUID> personWith(String account) {
    Context context = Vertx.currentContext();
    return addressees.withAccount(account).emitOn(task -> context.runOnContext(none -> task.run()));
  }

  /**
   * Asks for them in the present transaction. Each is sent at least once, and what became of it is
   * noted, as of every notice.
   *
   * @param at when that was decided, which the next ones are counted from
   * @throws IllegalArgumentException when there is no such template, or the parameters are not its
   *     own
   */
  public Uni<Void> request(Collection<Message> messages, Instant at) {
    return messages.isEmpty()
        ? Uni.createFrom().voidItem()
        : Notice.persist(messages.stream().map(message -> message.at(at)).toList());
  }

  /** The same for one, unless one with its key was asked for before. */
  public Uni<Void> requestOnce(Message message) {
    return once(message.at(clock.instant()));
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
    return once(new Notice(Channel.MAIL, request, List.of()));
  }

  private static Uni<Void> once(Notice notice) {
    return Notice.count("dedupeKey", notice.dedupeKey())
        .chain(
            known -> known > 0 ? Uni.createFrom().voidItem() : notice.persist().replaceWithVoid());
  }

  /** What of these waits still, by any channel, is not tried any more: it has no sense now. */
  public Uni<Void> withdraw(Collection<String> messages) {
    Instant now = clock.instant();
    List<String> dedupeKeys =
        messages.stream()
            .flatMap(key -> Stream.of(Channel.values()).map(channel -> channel.key(key)))
            .toList();
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
