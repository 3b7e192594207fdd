package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.Category;
import io.vigie.incident.playbook.PlaybookVersion.Decision;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/** What is done about incidents of one category: the steps of the version in force (R13.1). */
@Entity
public class Playbook extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Enumerated(EnumType.STRING)
  private Category category;

  private String title;

  /** The number of the last version that was submitted. */
  private int submitted;

  /** Whether that one waits for a decision. */
  private boolean pending;

  /** The number of the version in force; null where none was approved. */
  @Column(name = "in_force")
  private Integer inForce;

  /** From which the steps of that one are taken; null where none is named. */
  private UUID document;

  /** Of that document's version; null where that is not known. */
  @Column(name = "document_number")
  private Integer documentNumber;

  @Column(name = "exercised_at")
  private Instant exercisedAt;

  @Column(name = "exercise_due_at")
  private Instant exerciseDueAt;

  protected Playbook() {}

  Playbook(Category category, String title) {
    this.id = Ids.next();
    this.category = category;
    this.title = title;
  }

  /** The playbook, or 404. */
  static Uni<Playbook> require(UUID id) {
    return Playbook.<Playbook>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No playbook has this id."));
  }

  /** The playbook in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Playbook> require(UUID id, String ifMatch) {
    return require(id).invoke(playbook -> ETag.require(ifMatch, playbook.version));
  }

  /** The number that the next version gets. */
  int next() {
    if (pending) {
      throw conflict("playbook-pending", "Version " + submitted + " waits for a decision.");
    }
    return submitted + 1;
  }

  PlaybookEvent submit(PlaybookVersion written, Instant at) {
    submitted = written.number();
    pending = true;
    return new PlaybookEvent.Submitted(
        id, category, submitted, written.steps().size(), written.digest(), written.document(), at);
  }

  /** The first version begins the time until the first exercise. */
  PlaybookEvent approve(PlaybookVersion written, PlaybookPolicy policy, String by, Instant at) {
    requirePending(written, by);
    written.decide(Decision.APPROVED, by, null, at);
    pending = false;
    inForce = submitted;
    document = written.document();
    documentNumber = written.documentNumber();
    if (exerciseDueAt == null) {
      exerciseDueAt = at.plus(policy.interval(category));
    }
    return new PlaybookEvent.Approved(id, category, submitted, written.digest(), exerciseDueAt, at);
  }

  PlaybookEvent sendBack(PlaybookVersion written, String by, String reason, Instant at) {
    requirePending(written, by);
    written.decide(Decision.RETURNED, by, reason, at);
    pending = false;
    return new PlaybookEvent.Returned(id, category, submitted, at);
  }

  private void requirePending(PlaybookVersion written, String by) {
    if (!pending) {
      throw conflict("playbook-not-pending", "No version waits for a decision.");
    }
    if (written.author().equals(by)) {
      throw Problem.unprocessable(
          "self-approval", "You wrote this version. Somebody else must decide on it.");
    }
  }

  /** The number of the version that is worked by. */
  int requireInForce() {
    if (inForce == null) {
      throw conflict("playbook-not-approved", "No version of it is approved yet.");
    }
    return inForce;
  }

  PlaybookEvent exercised(UUID run, PlaybookPolicy policy, Instant at) {
    exercisedAt = at;
    exerciseDueAt = at.plus(policy.interval(category));
    return new PlaybookEvent.Exercised(id, category, run, exerciseDueAt, at);
  }

  @Override
  public String kind() {
    return "playbook";
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
        category,
        submitted,
        pending,
        inForce,
        document,
        documentNumber,
        exercisedAt,
        exerciseDueAt);
  }

  String title() {
    return title;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a playbook.
   *
   * @param document of asset-service, from which the steps in force are taken; null where none is
   *     named
   * @param documentNumber of its version that was in force when they were submitted; null where
   *     that is not known
   */
  public record State(
      Category category,
      int submitted,
      boolean pending,
      Integer inForce,
      UUID document,
      Integer documentNumber,
      Instant exercisedAt,
      Instant exerciseDueAt) {}
}
