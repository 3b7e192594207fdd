package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.policy.TextList;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.OptimisticLock;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/** Somebody outside whom we rely on. Who acts is named by subject. */
@Entity
public class Supplier extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Embedded private SupplierWork profile;

  /** Null once the supplier has ended: then nobody needs it any more. */
  @Embedded private SupplierContact contact;

  @Enumerated(EnumType.STRING)
  private SupplierState state;

  @Column(name = "proposed_by")
  private String proposedBy;

  @Column(name = "approved_by")
  private String approvedBy;

  /** When the newest accepted assessment was done, or null. */
  @Column(name = "assessed_at")
  private Instant assessedAt;

  @Enumerated(EnumType.STRING)
  @Column(name = "assessed_as")
  private Assessment.Result assessedAs;

  @Column(name = "assessment_due")
  private Instant assessmentDue;

  @Column(name = "registered_at")
  private Instant registeredAt;

  /** The day of which the next two are; null where it was not looked at yet. */
  @Column(name = "stood_on")
  @OptimisticLock(excluded = true)
  private LocalDate stoodOn;

  @Column(name = "under_contract")
  private Boolean underContract;

  @Convert(converter = TextList.class)
  @Column(name = "lacking_clauses")
  private List<String> lackingClauses;

  protected Supplier() {}

  /** A candidate, proposed by {@code by}. */
  public Supplier(SupplierProfile profile, String by, Instant at) {
    this.id = Ids.next();
    take(profile.requireConsistent());
    this.state = SupplierState.CANDIDATE;
    this.proposedBy = by;
    this.registeredAt = at;
    this.assessmentDue = profile.criticality().assessmentDue(at, null);
    stand(Standing.of(profile.activities(), List.of(), List.of(), Days.of(at)));
  }

  private void take(SupplierProfile to) {
    profile = to.work();
    contact = to.contact();
  }

  /** The supplier, or 404. */
  static Uni<Supplier> require(UUID id) {
    return Supplier.<Supplier>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No supplier has this id."));
  }

  /** The supplier in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Supplier> require(UUID id, String ifMatch) {
    return require(id).invoke(supplier -> ETag.require(ifMatch, supplier.version));
  }

  /** {@link #require(UUID, String)} for what adds to a supplier: 409 when it has ended. */
  static Uni<Supplier> requireNotEnded(UUID id, String ifMatch) {
    return require(id, ifMatch).invoke(Supplier::requireNotEnded);
  }

  SupplierEvent registered() {
    return new SupplierEvent.Registered(
        id,
        profile.activities(),
        profile.criticality(),
        profile.handlesClientData(),
        profile.countries(),
        registeredAt);
  }

  /**
   * One that is to do more than before is a candidate again, or still, and proposed by who changed
   * it: somebody else approves it, and its clauses are looked at (R4.6, R8.2).
   *
   * @param standing with what applies to what it is to do
   */
  SupplierEvent change(SupplierProfile to, Standing standing, String by, Instant at) {
    requireNotEnded();
    if (to.asksMoreThan(profile())) {
      state = SupplierState.CANDIDATE;
      proposedBy = by;
      approvedBy = null;
    }
    take(to.requireConsistent());
    stand(standing);
    assessmentDue = to.criticality().assessmentDue(registeredAt, assessedAt);
    return new SupplierEvent.Changed(id, at);
  }

  /** Takes over how it stands. Returns whether that is other than it was. */
  boolean stand(Standing standing) {
    stoodOn = standing.on();
    if (Objects.equals(underContract, standing.bound())
        && standing.lacking().equals(lackingClauses)) {
      return false;
    }
    underContract = standing.bound();
    lackingClauses = standing.lacking();
    return true;
  }

  /** A day began on which it stands otherwise. */
  SupplierEvent standingChanged(Instant at) {
    return new SupplierEvent.StandingChanged(id, underContract, lackingClauses, at);
  }

  /** R4.6: not by who proposed it. R8.1, R8.2: not without what {@code standing} must have. */
  SupplierEvent approve(Standing standing, String by, Instant at) {
    if (state != SupplierState.CANDIDATE) {
      throw conflict("supplier-not-candidate", "Only a candidate is approved.");
    }
    if (by.equals(proposedBy)) {
      throw unprocessable(
          "self-approval", "You proposed this supplier. Somebody else must approve it (R4.6).");
    }
    requireReliable(standing);
    state = SupplierState.APPROVED;
    approvedBy = by;
    return new SupplierEvent.Approved(id, at);
  }

  SupplierEvent suspend(String reason, Instant at) {
    if (state != SupplierState.APPROVED) {
      throw conflict("supplier-not-approved", "Only an approved supplier can be suspended.");
    }
    state = SupplierState.SUSPENDED;
    return new SupplierEvent.Suspended(id, reason, at);
  }

  /** On the same terms as its approval. */
  SupplierEvent resume(Standing standing, Instant at) {
    if (state != SupplierState.SUSPENDED) {
      throw conflict("supplier-not-suspended", "Only a suspended supplier can be resumed.");
    }
    requireReliable(standing);
    state = SupplierState.APPROVED;
    return new SupplierEvent.Resumed(id, at);
  }

  /** Nobody calls the contact any more, who is forgotten. */
  SupplierEvent end(String reason, Instant at) {
    requireNotEnded();
    state = SupplierState.ENDED;
    contact = null;
    return new SupplierEvent.Ended(id, reason, at);
  }

  /** Takes the result over, unless a newer assessment was accepted before. */
  SupplierEvent accept(Assessment assessment, String by, Instant at) {
    requireNotEnded();
    assessment.accept(by, at);
    if (assessedAt == null || !assessment.doneAt().isBefore(assessedAt)) {
      assessedAt = assessment.doneAt();
      assessedAs = assessment.result();
      assessmentDue = profile.criticality().assessmentDue(registeredAt, assessedAt);
    }
    return new SupplierEvent.AssessmentAccepted(
        id, assessment.id(), assessment.result(), assessment.doneAt(), assessmentDue, at);
  }

  private void requireReliable(Standing standing) {
    standing.requireSufficient();
    if (assessedAs == Assessment.Result.UNSATISFACTORY) {
      throw conflict(
          "supplier-unsatisfactory",
          "The last assessment was unsatisfactory. Assess the supplier again (R8.1).");
    }
  }

  private void requireNotEnded() {
    if (state == SupplierState.ENDED) {
      throw conflict("supplier-ended", "A supplier that has ended changes no more.");
    }
  }

  @Override
  public String kind() {
    return "supplier";
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
        profile.name(),
        profile.activities(),
        profile.criticality(),
        profile.handlesClientData(),
        profile.countries(),
        state,
        proposedBy,
        approvedBy,
        assessedAt,
        assessedAs,
        assessmentDue,
        registeredAt,
        underContract,
        underContract == null ? null : lackingClauses);
  }

  /** The contact in it is null once the supplier has ended. */
  SupplierProfile profile() {
    return SupplierProfile.of(profile, contact);
  }

  long version() {
    return version;
  }

  /**
   * What others may know of a supplier: not its contact.
   *
   * @param underContract whether a contract is live, or an exception allows that none is; null
   *     where that was not looked at yet
   * @param lackingClauses those of what they do that no live contract has and no exception allows
   *     to be missing; null as before
   */
  public record State(
      String name,
      List<Activity> activities,
      Criticality criticality,
      boolean handlesClientData,
      List<String> countries,
      SupplierState state,
      String proposedBy,
      String approvedBy,
      Instant assessedAt,
      Assessment.Result assessedAs,
      Instant assessmentDue,
      Instant registeredAt,
      Boolean underContract,
      List<String> lackingClauses) {}
}
