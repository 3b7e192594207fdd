package io.vigie.backup.vault;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import static io.vigie.kernel.security.Roles.CISO;

/**
 * Which incidents are open, and which are restricted, as incident-service tells. One that closes,
 * or is merged into another, ends every access that it opened.
 */
@ApplicationScoped
class OpenIncidents implements EventListener {

  private static final String RESTRICTED = "incident.restricted.v1";
  private static final String LIFTED = "incident.restriction-lifted.v1";

  private static final List<String> KNOWN =
      List.of(
          "incident.opened.v1",
          "incident.advanced.v1",
          "incident.merged.v1",
          "incident.snapshot.v1",
          RESTRICTED,
          LIFTED);

  private static final String CLOSED = "CLOSED";

  /** Of an opening it has the id alone, of a step also where that leads. */
  private record News(UUID aggregateId, String to, State state) {
    private record State(String state, Boolean restricted) {
      boolean isRestricted() {
        return Boolean.TRUE.equals(restricted);
      }
    }

    boolean isClosed() {
      return CLOSED.equals(to) || state != null && CLOSED.equals(state.state());
    }
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Clock clock;

  OpenIncidents(Instance<Inbox> inbox, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "open-incidents";
  }

  @Override
  public boolean knows(String type) {
    return KNOWN.contains(type);
  }

  @Incoming("incident-events")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    News news = event.data(News.class);
    return switch (event.type()) {
      case RESTRICTED -> restrict(news.aggregateId(), true);
      case LIFTED -> restrict(news.aggregateId(), false);
      default -> follow(news);
    };
  }

  private Uni<Void> follow(News news) {
    return remember(news.aggregateId(), !news.isClosed())
        .chain(
            () ->
                news.state() == null
                    ? Uni.createFrom().voidItem()
                    : restrict(news.aggregateId(), news.state().isRestricted()))
        .chain(
            () ->
                news.isClosed()
                    ? endAccesses(news.aggregateId(), clock.instant())
                    : Uni.createFrom().voidItem());
  }

  private static Uni<Void> restrict(UUID incident, boolean restricted) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "update known_incident set restricted = ?2 where incident_id = ?1")
                    .setParameter(1, incident)
                    .setParameter(2, restricted)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /**
   * Those that {@code actor} is not told of: all restricted ones, since nothing tells whom they are
   * restricted to; for the CISO none.
   */
  Uni<Set<UUID>> hidden(Actor actor) {
    return actor.hasRole(CISO) ? Uni.createFrom().item(new HashSet<>()) : restricted();
  }

  private static Uni<Set<UUID>> restricted() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select incident_id from known_incident where restricted", UUID.class)
                    .getResultList())
        .map(HashSet::new);
  }

  /** What was closed stays closed. */
  private static Uni<Void> remember(UUID incident, boolean open) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into known_incident (incident_id, open) values (?1, ?2)
                        on conflict (incident_id)
                        do update set open = known_incident.open and excluded.open""")
                    .setParameter(1, incident)
                    .setParameter(2, open)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /**
   * Fails with 422 when the incident is unknown or closed. Holds it until the transaction ends, so
   * that the access it opens is seen when it closes at this moment.
   */
  Uni<Void> requireOpen(UUID incident) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select open from known_incident where incident_id = ?1 for share",
                        Boolean.class)
                    .setParameter(1, incident)
                    .getSingleResultOrNull())
        .invoke(
            open -> {
              if (!Boolean.TRUE.equals(open)) {
                throw Problem.unprocessable(
                    "incident-not-open",
                    "No open incident has this id. Name one, or ask without for an approval.");
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> endAccesses(UUID incident, Instant now) {
    return BackupAccess.<BackupAccess>find(
            "incident = ?1 and state = ?2 order by id", incident, AccessState.OPEN)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .onItem()
        .transformToMulti(accesses -> Multi.createFrom().iterable(accesses))
        .onItem()
        .transformToUniAndConcatenate(
            access -> outbox.append(access, access.closeWithIncident(now)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
