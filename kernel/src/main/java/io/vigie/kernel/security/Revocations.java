package io.vigie.kernel.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Whoever lost access is refused within seconds, whatever their token says: subject → the time
 * before which their tokens no longer count, fed by access events and checked on every request. The
 * process that reads such an event refuses as soon as it is written down, other replicas of the
 * service within a second more. A token lives 5 minutes at most, so older rows have no effect and
 * are not held in memory.
 */
@ApplicationScoped
public class Revocations implements EventListener, SecurityIdentityAugmentor {

  private static final Duration LONGEST_TOKEN = Duration.ofMinutes(10);
  private static final String ACCOUNT_CHANGED = "account.changed.v1";
  private static final String PROGRAM_CHANGED = "service-account.changed.v1";
  private static final Set<String> TYPES =
      Set.of("person.left.v1", "service-account.ended.v1", PROGRAM_CHANGED, ACCOUNT_CHANGED);

  /**
   * The part of {@code person.left.v1} that matters here, and of {@code service-account.ended.v1};
   * no subject: the person had no account.
   */
  private record Left(String subject, Instant at) {}

  /** The part of {@code account.changed.v1}: what its holder lost may still stand in a token. */
  private record Changed(String aggregateId, boolean sessionsEnded, Instant at) {}

  /**
   * The part of {@code service-account.changed.v1}: a program that is suspended has no use for its
   * tokens, before the directory closes its account. Once that is open again it gets others.
   */
  private record Program(String subject, Changes changes, Instant at) {

    private record Changes(String state) {}

    boolean isSuspended() {
      return "SUSPENDED".equals(changes.state());
    }
  }

  private final Instance<Inbox> inbox;
  private final Pool database;
  private final Clock clock;
  private volatile Map<String, Instant> notBefore = Map.of();
  private volatile boolean isLoaded;
  private final AtomicLong looks = new AtomicLong();
  private long newest;

  /** What was written down and is not in memory yet. */
  private final AtomicBoolean isBehind = new AtomicBoolean();

  Revocations(Instance<Inbox> inbox, Pool database, Clock clock) {
    this.inbox = inbox;
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "revocations";
  }

  /** At once, since nobody is served before: the first look of the clock is up to a second away. */
  void start(@Observes StartupEvent event) {
    readAgain().subscribe().with(done -> {});
  }

  @Incoming("revocations")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox
        .get()
        .once(this, records)
        .chain(() -> isBehind.getAndSet(false) ? readAgain() : Uni.createFrom().voidItem());
  }

  /** A channel that sees a failure would stop for good; the next look is a second away. */
  private Uni<Void> readAgain() {
    return refresh().onFailure().recoverWithNull();
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    if (event.type().equals(ACCOUNT_CHANGED)) {
      Changed account = event.data(Changed.class);
      return revoke(account.sessionsEnded() ? account.aggregateId() : null, account.at());
    }
    if (event.type().equals(PROGRAM_CHANGED)) {
      Program program = event.data(Program.class);
      return revoke(program.isSuspended() ? program.subject() : null, program.at());
    }
    Left left = event.data(Left.class);
    return revoke(left.subject(), left.at());
  }

  private Uni<Void> revoke(String subject, Instant before) {
    if (subject == null) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into revocation (subject, not_before) values (?1, ?2)
                        on conflict (subject) do update
                          set not_before = greatest(revocation.not_before, excluded.not_before)""")
                    .setParameter(1, subject)
                    .setParameter(2, OffsetDateTime.ofInstant(before, ZoneOffset.UTC))
                    .executeUpdate())
        .invoke(() -> isBehind.set(true))
        .replaceWithVoid();
  }

  @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> refresh() {
    long look = looks.incrementAndGet();
    OffsetDateTime since =
        OffsetDateTime.ofInstant(clock.instant().minus(LONGEST_TOKEN), ZoneOffset.UTC);
    return database
        .preparedQuery("select subject, not_before from revocation where not_before > $1")
        .execute(Tuple.of(since))
        .invoke(
            rows -> {
              Map<String, Instant> read = new HashMap<>();
              rows.forEach(row -> read.put(row.getString(0), row.getOffsetDateTime(1).toInstant()));
              take(look, read);
            })
        .replaceWithVoid();
  }

  /** Unless a look that began later has brought more already. */
  private synchronized void take(long look, Map<String, Instant> read) {
    if (look > newest) {
      newest = look;
      notBefore = Map.copyOf(read);
      isLoaded = true;
    }
  }

  /** Whether it is known by now who is revoked. */
  boolean isLoaded() {
    return isLoaded;
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (identity.getPrincipal() instanceof JsonWebToken token && token.getSubject() == null) {
      return Uni.createFrom()
          .failure(new AuthenticationFailedException("a token must name its subject"));
    }
    if (identity.getPrincipal() instanceof JsonWebToken token
        && isRevoked(token.getSubject(), token.getIssuedAtTime())) {
      return Uni.createFrom()
          .failure(new AuthenticationFailedException("access was revoked, sign in again"));
    }
    return Uni.createFrom().item(identity);
  }

  /** A token of the very second of the revocation counts as older: {@code iat} has no fractions. */
  private boolean isRevoked(String subject, long issuedAt) {
    Instant limit = notBefore.get(subject);
    return limit != null && issuedAt <= limit.getEpochSecond();
  }
}
