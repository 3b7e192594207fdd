package io.vigie.access.person;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

/**
 * The account of a program, for which exactly one person answers (R4.4). When that person leaves it
 * goes on working, and waits for somebody to take it over.
 */
@Entity
@Table(name = "service_account")
public class ServiceAccount extends PanacheEntityBase implements Aggregate {

  private static final Duration LONGEST = Duration.ofDays(3_653);

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String subject;
  private String name;
  private String purpose;

  @Column(name = "responsible_id")
  private UUID responsible;

  @Column(name = "valid_until")
  private Instant validUntil;

  @Enumerated(EnumType.STRING)
  private ServiceAccountState state;

  @Column(name = "registered_at")
  private Instant registeredAt;

  /** When a review kept it the last time, or null. */
  @Column(name = "certified_at")
  private Instant certifiedAt;

  @Column(name = "orphaned_at")
  private Instant orphanedAt;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "end_reason")
  private String endReason;

  protected ServiceAccount() {}

  /**
   * @param responsible who answers for it, and works here
   * @param validUntil when it ends by itself, ten years ahead at most, or null
   */
  ServiceAccount(
      String subject,
      String name,
      String purpose,
      UUID responsible,
      Instant validUntil,
      Instant at) {
    this.id = Ids.next();
    this.subject = subject;
    this.name = name;
    this.purpose = purpose;
    this.responsible = responsible;
    this.validUntil = requirePlausible(validUntil, at);
    this.state = ServiceAccountState.ACTIVE;
    this.registeredAt = at;
  }

  /** The account in the version that the caller has read, locked; 404, 412 or 428 otherwise. */
  static Uni<ServiceAccount> require(UUID id, String ifMatch) {
    return take(id).invoke(account -> ETag.require(ifMatch, account.version));
  }

  /** The account, locked until the transaction ends; 404 where there is none. */
  public static Uni<ServiceAccount> take(UUID id) {
    return orNotFound(findById(id, LockModeType.PESSIMISTIC_WRITE));
  }

  /** These, by id, each locked until the transaction ends. */
  public static Uni<List<ServiceAccount>> takeAll(Collection<UUID> ids) {
    return ServiceAccount.<ServiceAccount>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  static Uni<ServiceAccount> require(UUID id) {
    return orNotFound(findById(id));
  }

  /** Whether these tokens were a program's whose account has ended, or is suspended. */
  public static Uni<Boolean> hasEnded(String subject) {
    return count("subject = ?1 and state <> ?2", subject, ServiceAccountState.ACTIVE)
        .map(found -> found > 0);
  }

  /**
   * Notes, in a transaction, what came at {@code at} of closing its account in the directory.
   *
   * @param isClosed false where the directory has no such account
   */
  public static Uni<Void> noteClosing(String subject, boolean isClosed, Instant at) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        update service_account
                        set closed_at = case when cast(?2 as boolean) then cast(?3 as timestamptz) end
                        where subject = ?1""")
                    .setParameter(1, subject)
                    .setParameter(2, isClosed)
                    .setParameter(3, at.atOffset(ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** What became of those of these subjects that were registered as programs', by subject. */
  public static Uni<Map<String, ServiceAccountState>> states(Collection<String> subjects) {
    return ServiceAccount.<ServiceAccount>list("subject in ?1", subjects)
        .map(
            accounts ->
                accounts.stream()
                    .collect(
                        Collectors.toMap(account -> account.subject, account -> account.state)));
  }

  private static Uni<ServiceAccount> orNotFound(Uni<ServiceAccount> found) {
    return found
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No service account has this id."));
  }

  private static Instant requirePlausible(Instant validUntil, Instant at) {
    if (validUntil != null && (!validUntil.isAfter(at) || validUntil.isAfter(at.plus(LONGEST)))) {
      throw Problem.invalid(
          List.of(new FieldError("validUntil", "must be in the future, ten years at most")));
    }
    return validUntil;
  }

  ServiceAccountEvent registered(Instant at) {
    return new ServiceAccountEvent.Registered(id, name, subject, responsible, validUntil, at);
  }

  /** No event when nothing differs. */
  List<ServiceAccountEvent> change(String name, String purpose, Instant validUntil, Instant at) {
    requireActive();
    List<String> fields = new ArrayList<>();
    if (!this.name.equals(name)) {
      fields.add("name");
    }
    if (!this.purpose.equals(purpose)) {
      fields.add("purpose");
    }
    if (!Objects.equals(this.validUntil, validUntil)) {
      fields.add("validUntil");
      this.validUntil = requirePlausible(validUntil, at);
    }
    this.name = name;
    this.purpose = purpose;
    return fields.isEmpty() ? List.of() : List.of(changed(fields, at));
  }

  /** Whoever answered for it left. */
  ServiceAccountEvent orphan(Instant at) {
    requireActive();
    orphanedAt = at;
    return new ServiceAccountEvent.Orphaned(id, subject, responsible, at);
  }

  /** No event when {@code person} answers for it already. */
  List<ServiceAccountEvent> takeOver(UUID person, Instant at) {
    requireActive();
    if (person.equals(responsible)) {
      return List.of();
    }
    UUID previous = responsible;
    responsible = person;
    orphanedAt = null;
    return List.of(new ServiceAccountEvent.TakenOver(id, subject, person, previous, at));
  }

  /** {@code reason} may be null. */
  public ServiceAccountEvent end(String reason, Instant at) {
    requireActive();
    state = ServiceAccountState.ENDED;
    orphanedAt = null;
    endedAt = at;
    endReason = reason;
    return new ServiceAccountEvent.Ended(id, subject, reason, at);
  }

  /**
   * A review keeps it, until {@code until} where that is not null; one that was suspended goes on.
   */
  public List<ServiceAccountEvent> certify(Instant until, Instant at) {
    requireActive();
    List<String> fields = new ArrayList<>();
    if (state == ServiceAccountState.SUSPENDED) {
      fields.add("state");
      state = ServiceAccountState.ACTIVE;
    }
    if (until != null) {
      fields.add("validUntil");
      validUntil = requirePlausible(until, at);
    }
    certifiedAt = at;
    return fields.isEmpty() ? List.of() : List.of(changed(fields, at));
  }

  /** Nobody certified it; no event where it does not work anyway. */
  public List<ServiceAccountEvent> suspend(Instant at) {
    if (state != ServiceAccountState.ACTIVE) {
      return List.of();
    }
    state = ServiceAccountState.SUSPENDED;
    return List.of(changed(List.of("state"), at));
  }

  private ServiceAccountEvent changed(List<String> fields, Instant at) {
    return new ServiceAccountEvent.Changed(id, subject, fields, at);
  }

  /** Whether it has not ended, nor is over at {@code at}. */
  public boolean isLive(Instant at) {
    return state != ServiceAccountState.ENDED && (validUntil == null || validUntil.isAfter(at));
  }

  /** No event where its time is not over. */
  List<ServiceAccountEvent> endIfOver(Instant at) {
    return state == ServiceAccountState.ENDED || validUntil == null || validUntil.isAfter(at)
        ? List.of()
        : List.of(end(null, at));
  }

  private void requireActive() {
    if (state == ServiceAccountState.ENDED) {
      throw Problem.conflict("account-ended", "This account has ended. Register another.");
    }
  }

  @Override
  public String kind() {
    return "service-account";
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public State state() {
    return new State(subject, name, responsible, validUntil, state, registeredAt, orphanedAt);
  }

  String purpose() {
    return purpose;
  }

  Instant endedAt() {
    return endedAt;
  }

  String endReason() {
    return endReason;
  }

  long version() {
    return version;
  }

  /** What others may know of it. */
  public record State(
      String subject,
      String name,
      UUID responsible,
      Instant validUntil,
      ServiceAccountState state,
      Instant registeredAt,
      Instant orphanedAt) {}
}
