package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A step of a checklist: settled once. */
@Entity
@Table(name = "playbook_run_step")
public class RunStep extends PanacheEntityBase {

  /**
   * A step.
   *
   * @param settledBy null while it is open
   * @param reason of what was skipped
   */
  @Schema(name = "PlaybookRunStep")
  record View(
      int number,
      String text,
      StepState state,
      String settledBy,
      Instant settledAt,
      String reason) {}

  @Id private UUID id;
  private UUID run;
  private int number;
  private String text;

  @Enumerated(EnumType.STRING)
  private StepState state;

  @Column(name = "settled_by")
  private String settledBy;

  @Column(name = "settled_at")
  private Instant settledAt;

  private String reason;

  protected RunStep() {}

  RunStep(UUID run, int number, String text) {
    this.id = Ids.next();
    this.run = run;
    this.number = number;
    this.text = text;
    this.state = StepState.OPEN;
  }

  /** The step of this number, or 404. */
  static Uni<RunStep> require(UUID run, int number) {
    return RunStep.<RunStep>find("run = ?1 and number = ?2", run, number)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The checklist has no step of this number."));
  }

  /** In their order. */
  static Uni<List<View>> of(UUID run) {
    return RunStep.<RunStep>list("run = ?1 order by number", run)
        .map(steps -> steps.stream().map(RunStep::view).toList());
  }

  void settle(StepState outcome, String by, String why, Instant at) {
    if (state != StepState.OPEN) {
      throw Problem.conflict("step-settled", "Step " + number + " is " + state + " already.");
    }
    state = outcome;
    settledBy = by;
    reason = why;
    settledAt = at;
  }

  UUID id() {
    return id;
  }

  int number() {
    return number;
  }

  View view() {
    return new View(number, text, state, settledBy, settledAt, reason);
  }
}
