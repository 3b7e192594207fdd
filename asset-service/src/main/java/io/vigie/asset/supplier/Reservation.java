package io.vigie.asset.supplier;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;

/** Something that an assessment wants mended by a date. */
@Entity
@Table(name = "supplier_reservation")
public class Reservation extends PanacheEntityBase {

  /**
   * @param evidence how it was shown to be mended, or null while it is not
   * @param version the supplier's, for If-Match
   */
  @Schema(name = "AssessmentReservation")
  record View(
      UUID id,
      UUID supplier,
      UUID assessment,
      String text,
      Instant due,
      String evidence,
      String liftedBy,
      Instant liftedAt,
      long version) {}

  @Id private UUID id;
  private UUID supplier;
  private UUID assessment;
  private String text;
  private Instant due;
  private String evidence;

  @Column(name = "lifted_by")
  private String liftedBy;

  @Column(name = "lifted_at")
  private Instant liftedAt;

  protected Reservation() {}

  Reservation(Assessment of, Assessment.ToMend toMend) {
    this.id = Ids.next();
    this.supplier = of.supplier();
    this.assessment = of.id();
    this.text = toMend.text();
    this.due = toMend.due();
  }

  /** The supplier's reservation, or 404. */
  static Uni<Reservation> require(UUID supplier, UUID id) {
    return Reservation.<Reservation>find("supplier = ?1 and id = ?2", supplier, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The supplier has no reservation with this id."));
  }

  SupplierEvent lift(String shownBy, String by, Instant at) {
    if (liftedAt != null) {
      throw conflict("reservation-lifted", "This reservation was lifted already.");
    }
    evidence = shownBy;
    liftedBy = by;
    liftedAt = at;
    return new SupplierEvent.ReservationLifted(supplier, id, assessment, at);
  }

  UUID id() {
    return id;
  }

  UUID supplier() {
    return supplier;
  }

  Instant due() {
    return due;
  }

  View view(long version) {
    return new View(id, supplier, assessment, text, due, evidence, liftedBy, liftedAt, version);
  }
}
