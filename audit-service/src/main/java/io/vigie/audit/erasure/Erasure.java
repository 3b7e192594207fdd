package io.vigie.audit.erasure;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.hibernate.annotations.DynamicUpdate;

/** An order to make unreadable what the log holds of a person, and how far it is. */
@Entity
@DynamicUpdate
public class Erasure extends PanacheEntityBase {

  @Id private UUID id;
  private String[] ids;
  private String reason;

  @Column(name = "legal_basis")
  private String legalBasis;

  private String reference;

  @Column(name = "ordered_by")
  private String orderedBy;

  @Column(name = "ordered_at")
  private Instant orderedAt;

  private UUID event;

  private String[] people;

  @Column(name = "key_numbers")
  private Integer[] keyNumbers;

  private Long payloads;

  @Column(name = "done_at")
  private Instant doneAt;

  protected Erasure() {}

  /**
   * @param ids all ids of the person that are known
   * @param keys what is to be destroyed
   */
  Erasure(
      List<String> ids,
      List<KeyId> keys,
      String reason,
      String legalBasis,
      String reference,
      String orderedBy,
      Instant orderedAt) {
    this.id = Ids.next();
    this.ids = ids.toArray(String[]::new);
    this.people = keys.stream().map(KeyId::person).toArray(String[]::new);
    this.keyNumbers = keys.stream().map(KeyId::number).toArray(Integer[]::new);
    this.reason = reason;
    this.legalBasis = legalBasis;
    this.reference = reference;
    this.orderedBy = orderedBy;
    this.orderedAt = orderedAt;
  }

  /** The same, which {@code event} asks for: it is ordered once. */
  Erasure answering(UUID event) {
    this.event = event;
    return this;
  }

  /** The erasure, or 404. */
  static Uni<Erasure> require(UUID id) {
    return Erasure.<Erasure>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No erasure has this id."));
  }

  ErasureEvent ordered() {
    return new ErasureEvent.Ordered(id, ids(), reason, legalBasis, reference, orderedAt);
  }

  /**
   * The keys are destroyed.
   *
   * @param payloads how many payloads they had sealed
   */
  ErasureEvent done(long payloads, Instant at) {
    this.payloads = payloads;
    this.doneAt = at;
    return new ErasureEvent.Erased(id, ids(), reason, orderedBy, people.length, payloads, at);
  }

  boolean isDone() {
    return doneAt != null;
  }

  UUID id() {
    return id;
  }

  List<String> ids() {
    return List.of(ids);
  }

  List<KeyId> keys() {
    return IntStream.range(0, people.length)
        .mapToObj(i -> new KeyId(people[i], keyNumbers[i]))
        .toList();
  }

  String reason() {
    return reason;
  }

  String legalBasis() {
    return legalBasis;
  }

  String reference() {
    return reference;
  }

  String orderedBy() {
    return orderedBy;
  }

  /** The event of access-service that asked for it; null where somebody ordered it here. */
  UUID event() {
    return event;
  }

  Instant orderedAt() {
    return orderedAt;
  }

  Long payloads() {
    return payloads;
  }

  Instant doneAt() {
    return doneAt;
  }
}
