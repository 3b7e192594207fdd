package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** A look at how a supplier keeps what it promised: planned, done by one, accepted by another. */
@Entity
@Table(name = "supplier_assessment")
public class Assessment extends PanacheEntityBase {

  /** How it is done. */
  @Schema(name = "AssessmentMethod")
  public enum Method {
    QUESTIONNAIRE,
    AUDIT,
    CERTIFICATE
  }

  /** What it found. */
  @Schema(name = "AssessmentResult")
  public enum Result {
    SATISFACTORY,
    WITH_RESERVATIONS,
    UNSATISFACTORY
  }

  /** How far it is. */
  @Schema(name = "AssessmentStage")
  public enum Stage {
    PLANNED,
    DONE,
    ACCEPTED
  }

  /**
   * What was found.
   *
   * @param reservations some where the result is WITH_RESERVATIONS, else none
   */
  @Schema(name = "AssessmentFindings")
  record Findings(
      @NotNull @PastOrPresent Instant doneAt,
      @NotNull Method method,
      @NotNull Result result,
      @NotBlank @Size(max = 10_000) String summary,
      @NotNull @Size(max = 100) List<@NotNull @Valid ToMend> reservations) {}

  @Schema(name = "AssessmentReservationToMend")
  record ToMend(@NotBlank @Size(max = 2_000) String text, @NotNull Instant due) {}

  /**
   * @param version the supplier's, for If-Match
   */
  @Schema(name = "SupplierAssessment")
  record View(
      UUID id,
      UUID supplier,
      Stage stage,
      LocalDate plannedFor,
      String plannedBy,
      Instant doneAt,
      String assessedBy,
      Method method,
      Result result,
      String summary,
      String acceptedBy,
      Instant acceptedAt,
      long version) {}

  @Id private UUID id;
  private UUID supplier;

  @Enumerated(EnumType.STRING)
  private Stage stage;

  @Column(name = "planned_for")
  private LocalDate plannedFor;

  @Column(name = "planned_by")
  private String plannedBy;

  @Column(name = "done_at")
  private Instant doneAt;

  @Column(name = "assessed_by")
  private String assessedBy;

  /** When the result was recorded: since then it waits to be accepted. */
  @Column(name = "recorded_at")
  private Instant recordedAt;

  @Enumerated(EnumType.STRING)
  private Method method;

  @Enumerated(EnumType.STRING)
  private Result result;

  private String summary;

  @Column(name = "accepted_by")
  private String acceptedBy;

  @Column(name = "accepted_at")
  private Instant acceptedAt;

  protected Assessment() {}

  Assessment(UUID supplier, LocalDate plannedFor, String by) {
    this.id = Ids.next();
    this.supplier = supplier;
    this.stage = Stage.PLANNED;
    this.plannedFor = plannedFor;
    this.plannedBy = by;
  }

  /** The supplier's assessment, or 404. */
  static Uni<Assessment> require(UUID supplier, UUID id) {
    return Assessment.<Assessment>find("supplier = ?1 and id = ?2", supplier, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The supplier has no assessment with this id."));
  }

  SupplierEvent planned(Instant at) {
    return new SupplierEvent.AssessmentPlanned(supplier, id, plannedFor, at);
  }

  /**
   * @throws Problem 400 when the result and the reservations contradict each other
   */
  SupplierEvent done(Findings findings, String by, Instant at) {
    if (stage != Stage.PLANNED) {
      throw conflict("assessment-done", "This assessment is done already. Plan another one.");
    }
    if ((findings.result() == Result.WITH_RESERVATIONS) == findings.reservations().isEmpty()) {
      throw Problem.invalid(
          List.of(
              new FieldError(
                  "reservations", "must be there where the result is WITH_RESERVATIONS, only")));
    }
    stage = Stage.DONE;
    doneAt = findings.doneAt();
    assessedBy = by;
    recordedAt = at;
    method = findings.method();
    result = findings.result();
    summary = findings.summary();
    return new SupplierEvent.AssessmentDone(
        supplier, id, doneAt, method, result, findings.reservations().size(), at);
  }

  /** R4.6: by somebody else than who assessed. */
  void accept(String by, Instant at) {
    if (stage != Stage.DONE) {
      throw conflict(
          "assessment-not-done", "Only an assessment that waits for it can be accepted.");
    }
    if (by.equals(assessedBy)) {
      throw unprocessable(
          "self-approval", "You made this assessment. Somebody else must accept it (R4.6).");
    }
    stage = Stage.ACCEPTED;
    acceptedBy = by;
    acceptedAt = at;
  }

  UUID id() {
    return id;
  }

  UUID supplier() {
    return supplier;
  }

  Instant doneAt() {
    return doneAt;
  }

  Instant recordedAt() {
    return recordedAt;
  }

  Result result() {
    return result;
  }

  View view(long version) {
    return new View(
        id,
        supplier,
        stage,
        plannedFor,
        plannedBy,
        doneAt,
        assessedBy,
        method,
        result,
        summary,
        acceptedBy,
        acceptedAt,
        version);
  }
}
