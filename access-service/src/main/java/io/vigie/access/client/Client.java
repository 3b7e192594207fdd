package io.vigie.access.client;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** Somebody who entrusts data to us under a contract. */
@Entity
public class Client extends PanacheEntityBase implements Aggregate {

  /** That data is on an asset, as {@link #datumOn} has it: {@code :value}. */
  static final String KEPT_ON =
      "cast(sql('cast(? as jsonb) @> cast(cast(? as text) as jsonb)', data, :value) as Boolean) = true";

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private String name;

  @Embedded private ClientContract contract;

  /** From when on the contract binds no more, or null. */
  @Column(name = "contract_over")
  private Instant contractOver;

  @Convert(converter = DataText.class)
  private List<DataEntrusted> data;

  @Column(name = "notification_delay_hours")
  private int notificationDelayHours;

  /** Null once nothing of the client's data is here: then nobody needs it any more. */
  @Embedded private SecurityContact contact;

  @Enumerated(EnumType.STRING)
  private ClientState state;

  @Enumerated(EnumType.STRING)
  private DataFate fate;

  @Column(name = "due_on")
  private LocalDate dueOn;

  @Column(name = "ended_at")
  private Instant endedAt;

  @Column(name = "settled_at")
  private Instant settledAt;

  private String evidence;

  protected Client() {}

  /**
   * @throws Problem 400 when the profile contradicts itself
   */
  public Client(ClientProfile profile) {
    this.id = Ids.next();
    this.state = ClientState.ACTIVE;
    take(profile);
  }

  /** The client, or 404. */
  static Uni<Client> require(UUID id) {
    return orNotFound(findById(id));
  }

  /** The client in the version that the caller has read, with the row locked; 404, 412 or 428. */
  static Uni<Client> requireAlone(UUID id, String ifMatch) {
    return orNotFound(findById(id, LockModeType.PESSIMISTIC_WRITE))
        .invoke(client -> ETag.require(ifMatch, client.version));
  }

  /**
   * The client, which stays as it is until the transaction ends. Many transactions can hold one.
   * Fails with 422 when there is no such client.
   */
  static Uni<Client> hold(UUID id) {
    return Client.<Client>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(() -> unprocessable("unknown-client", "No client has this id."));
  }

  /** Those whose data is on this asset, and not settled. */
  static Uni<List<Client>> keptOn(UUID asset) {
    return list(KEPT_ON + " and settledAt is null", Parameters.with("value", datumOn(asset)));
  }

  static String datumOn(UUID asset) {
    return "[{\"assets\":[\"%s\"]}]".formatted(asset);
  }

  private static Uni<Client> orNotFound(Uni<Client> found) {
    return found.onItem().ifNull().failWith(() -> Problem.notFound("No client has this id."));
  }

  ClientEvent registered(Instant at) {
    return new ClientEvent.Registered(id, notificationDelayHours, profile().assets(), at);
  }

  /** No event when nothing differs. 409 once the data is settled. */
  List<ClientEvent> change(ClientProfile to, Instant at) {
    requireUnsettled();
    List<String> fields = profile().differences(to);
    take(to);
    return fields.isEmpty()
        ? List.of()
        : List.of(new ClientEvent.Changed(id, fields, notificationDelayHours, to.assets(), at));
  }

  /**
   * The contract is over.
   *
   * @param dueOn by when the data has its fate: today or within a year; 400 otherwise
   */
  ClientEvent end(DataFate fate, LocalDate dueOn, Instant at) {
    if (state == ClientState.ENDED) {
      throw conflict("client-ended", "This client has ended already.");
    }
    LocalDate today = LocalDate.ofInstant(at, ZoneOffset.UTC);
    if (dueOn.isBefore(today) || dueOn.isAfter(today.plusYears(1))) {
      throw Problem.invalid(
          List.of(new FieldError("dueOn", "must be between today and a year from now")));
    }
    this.state = ClientState.ENDED;
    this.fate = fate;
    this.dueOn = dueOn;
    this.endedAt = at;
    return new ClientEvent.Ended(id, fate, dueOn, at);
  }

  /** Nothing of the data is here any more, and nobody keeps the contact. */
  ClientEvent settle(String evidence, Instant at) {
    requireUnsettled();
    if (state != ClientState.ENDED) {
      throw conflict("client-active", "This client's contract is in force. End the client first.");
    }
    this.settledAt = at;
    this.evidence = evidence;
    this.contact = null;
    return new ClientEvent.DataSettled(id, fate, evidence, at);
  }

  /**
   * Fails with 409 or 422 unless data may be touched for this purpose up to {@code until}. After
   * the end of the client it is touched on its instruction alone, for as long as it is here.
   */
  void requireAllows(Purpose purpose, Instant until) {
    requireUnsettled();
    boolean isClause = purpose.ground() == Purpose.Ground.CLAUSE;
    if (state == ClientState.ENDED && isClause) {
      throw conflict(
          "client-ended",
          "The contract has ended. Its data is touched on a documented instruction alone.");
    }
    if (state == ClientState.ENDED && until.isAfter(endOf(dueOn))) {
      throw unprocessable(
          "beyond-client", "The client's data must be settled by " + dueOn + ". End it by then.");
    }
    if (isClause && !contract.file().equals(purpose.file())) {
      throw conflict(
          "contract-replaced", "This is a clause of a contract that another replaced. Ask anew.");
    }
    if (isClause && contractOver != null && until.isAfter(contractOver)) {
      throw unprocessable(
          "beyond-contract", "The contract ends on " + contract.endsOn() + ". End it by then.");
    }
  }

  /** Whether an access for this purpose still has its ground. */
  boolean isGround(Purpose purpose, Instant at) {
    return settledAt == null
        && (purpose.ground() != Purpose.Ground.CLAUSE
            || contract.file().equals(purpose.file())
                && (contractOver == null || at.isBefore(contractOver)));
  }

  private void take(ClientProfile profile) {
    profile.requireConsistent();
    name = profile.name();
    contract = profile.contract();
    contractOver = profile.contract().over();
    data = profile.data();
    notificationDelayHours = profile.notificationDelayHours();
    contact = profile.contact();
  }

  private void requireUnsettled() {
    if (settledAt != null) {
      throw conflict("client-settled", "Nothing of this client's data is here any more.");
    }
  }

  private static Instant endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** The contact in it is null once the data is settled. */
  ClientProfile profile() {
    return new ClientProfile(name, contract, data, notificationDelayHours, contact);
  }

  @Override
  public String kind() {
    return "client";
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
    return new State(state, contract, data, notificationDelayHours, fate, dueOn, settledAt);
  }

  Instant contractOver() {
    return contractOver;
  }

  Instant endedAt() {
    return endedAt;
  }

  String evidence() {
    return evidence;
  }

  long version() {
    return version;
  }

  /** What others may know of a client: neither its name nor its contact. */
  public record State(
      ClientState state,
      ClientContract contract,
      List<DataEntrusted> data,
      int notificationDelayHours,
      DataFate fate,
      LocalDate dueOn,
      Instant settledAt) {}
}
