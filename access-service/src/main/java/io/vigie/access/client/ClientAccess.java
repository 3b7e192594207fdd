package io.vigie.access.client;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Person;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/**
 * That one person may touch one client's data, for a purpose and a time, from the request on. Who
 * acts is named by subject.
 */
@Entity
@Table(name = "client_access")
public class ClientAccess extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "client_id")
  private UUID client;

  @Column(name = "person_id")
  private UUID person;

  @Embedded private Purpose purpose;

  @Embedded private Period period;

  @Enumerated(EnumType.STRING)
  private ClientAccessState state;

  @Column(name = "requested_by")
  private String requestedBy;

  @Column(name = "requested_at")
  private Instant requestedAt;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String refusal;

  @Column(name = "revoked_by")
  private String revokedBy;

  @Column(name = "revoked_at")
  private Instant revokedAt;

  private String revocation;

  /** When a review kept it the last time, or null. */
  @Column(name = "certified_at")
  private Instant certifiedAt;

  protected ClientAccess() {}

  /**
   * A request.
   *
   * @throws Problem 400 when an instruction is not documented, 409 or 422 when the client's data is
   *     not touched for this purpose that long
   */
  ClientAccess(Client client, UUID person, Purpose purpose, Period period, String by, Instant at) {
    this.purpose = purpose.in(client.state().contract());
    client.requireAllows(this.purpose, period.validUntil());
    this.id = Ids.next();
    this.client = client.id();
    this.person = person;
    this.period = period;
    this.state = ClientAccessState.REQUESTED;
    this.requestedBy = by;
    this.requestedAt = at;
  }

  /** The access, or 404. */
  static Uni<ClientAccess> require(UUID id) {
    return ClientAccess.<ClientAccess>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No access to a client's data has this id."));
  }

  /** These, by id, each locked until the transaction ends. */
  public static Uni<List<ClientAccess>> takeAll(Collection<UUID> ids) {
    return ClientAccess.<ClientAccess>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /** The access in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<ClientAccess> require(UUID id, String ifMatch) {
    return require(id).invoke(access -> ETag.require(ifMatch, access.version));
  }

  ClientAccessEvent requested() {
    return new ClientAccessEvent.Requested(
        id,
        client,
        person,
        purpose.ground(),
        purpose.reference(),
        purpose.file(),
        period.validFrom(),
        period.validUntil(),
        requestedAt);
  }

  /** R4.6: by neither who asked for it nor {@code recipient}, who is the person it is for. */
  ClientAccessEvent approve(Client of, Person recipient, String approver, Instant at) {
    requireState(ClientAccessState.REQUESTED);
    if (approver.equals(requestedBy) || recipient.isHolder(approver)) {
      throw Problem.unprocessable(
          "self-approval",
          "You asked for this access, or would receive it. Somebody else must approve it.");
    }
    if (!period.validUntil().isAfter(at)) {
      throw conflict("time-over", "The time that was asked for is over. Refuse the request.");
    }
    of.requireAllows(purpose, period.validUntil());
    decide(ClientAccessState.APPROVED, approver, at);
    return new ClientAccessEvent.Approved(
        id,
        client,
        person,
        purpose.ground(),
        purpose.reference(),
        purpose.file(),
        period.validFrom(),
        period.validUntil(),
        at);
  }

  ClientAccessEvent refuse(String reason, String by, Instant at) {
    requireState(ClientAccessState.REQUESTED);
    decide(ClientAccessState.REFUSED, by, at);
    refusal = reason;
    return new ClientAccessEvent.Refused(id, client, person, reason, at);
  }

  private void decide(ClientAccessState to, String by, Instant at) {
    state = to;
    decidedBy = by;
    decidedAt = at;
  }

  /** Fails with 403 for anybody but the requester. */
  ClientAccessEvent withdraw(String by, Instant at) {
    if (!by.equals(requestedBy)) {
      throw Problem.forbidden("Only who asked for an access can withdraw the request.");
    }
    requireState(ClientAccessState.REQUESTED);
    state = ClientAccessState.WITHDRAWN;
    return new ClientAccessEvent.Withdrawn(id, client, person, at);
  }

  public ClientAccessEvent revoke(String reason, String by, Instant at) {
    requireState(ClientAccessState.APPROVED);
    return end(reason, by, at);
  }

  /** A review keeps it; its end stays. */
  public void certify(Instant at) {
    requireState(ClientAccessState.APPROVED);
    certifiedAt = at;
  }

  /** Whether it was approved, and is neither taken away nor over at {@code at}. */
  public boolean isLive(Instant at) {
    return state == ClientAccessState.APPROVED && period.validUntil().isAfter(at);
  }

  /** Its ground is gone, with the person or with the client; a request ends with it too. */
  ClientAccessEvent cease(String reason, String by, Instant at) {
    if (!ClientAccessState.LIVE.contains(state)) {
      throw conflict("client-access-not-live", "This access has ended already.");
    }
    return end(reason, by, at);
  }

  private ClientAccessEvent end(String reason, String by, Instant at) {
    state = ClientAccessState.REVOKED;
    revokedBy = by;
    revokedAt = at;
    revocation = reason;
    return new ClientAccessEvent.Revoked(id, client, person, reason, at);
  }

  /** Its time is over, or its ground; a request ends with that too. */
  ClientAccessEvent expire(Instant at) {
    if (!ClientAccessState.LIVE.contains(state)) {
      requireState(ClientAccessState.APPROVED);
    }
    state = ClientAccessState.EXPIRED;
    return new ClientAccessEvent.Expired(id, client, person, at);
  }

  /** Whether the person may touch the data of {@code of} by this access. */
  boolean isEffective(Client of, Instant at) {
    return client.equals(of.id())
        && state == ClientAccessState.APPROVED
        && period.includes(at)
        && of.isGround(purpose, at);
  }

  private void requireState(ClientAccessState expected) {
    if (state != expected) {
      throw conflict(
          "client-access-not-" + expected.name().toLowerCase(Locale.ROOT),
          "This needs an access in state " + expected + "; it is " + state + ".");
    }
  }

  @Override
  public String kind() {
    return "client-access";
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
    return new State(
        client,
        person,
        purpose.ground(),
        purpose.reference(),
        purpose.file(),
        period.validFrom(),
        period.validUntil(),
        state,
        requestedBy,
        decidedBy,
        decidedAt,
        revokedBy);
  }

  Purpose purpose() {
    return purpose;
  }

  Instant requestedAt() {
    return requestedAt;
  }

  String refusal() {
    return refusal;
  }

  Instant revokedAt() {
    return revokedAt;
  }

  String revocation() {
    return revocation;
  }

  long version() {
    return version;
  }

  /** What others may know of an access; people are subjects and ids. */
  public record State(
      UUID client,
      UUID person,
      Purpose.Ground ground,
      String reference,
      String file,
      Instant validFrom,
      Instant validUntil,
      ClientAccessState state,
      String requestedBy,
      String decidedBy,
      Instant decidedAt,
      String revokedBy) {}
}
