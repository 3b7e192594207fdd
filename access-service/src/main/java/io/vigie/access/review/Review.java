package io.vigie.access.review;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Journal;

/**
 * One right, the account of one program, or one access to a client's data in a campaign: an item.
 * It is a row that the opening inserts ({@link Opening}), and becomes public with its first answer.
 */
@Entity
public class Review extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "campaign_id")
  private UUID campaign;

  /** Null where it is about one of the others; as is the entitlement. */
  @Column(name = "right_id")
  private UUID rightId;

  @Column(name = "service_account_id")
  private UUID serviceAccount;

  @Column(name = "client_access_id")
  private UUID clientAccess;

  /** Who has the right, or answered for the account when the campaign opened. */
  @Column(name = "person_id")
  private UUID person;

  @Column(name = "entitlement_id")
  private UUID entitlement;

  private int stage;
  private int stages;

  /** Null for the access managers. */
  @Column(name = "reviewer_id")
  private UUID reviewer;

  /** Who reviews in the second stage; null for the access managers. */
  @Column(name = "second_id")
  private UUID second;

  @Enumerated(EnumType.STRING)
  private ReviewState state;

  /** When it was certified or reduced in this campaign, or null. */
  @Column(name = "certified_at")
  private Instant certifiedAt;

  /** When the directory, or somebody who answers for it, had said that what was revoked is gone. */
  @Column(name = "confirmed_at")
  private Instant confirmedAt;

  protected Review() {}

  /** These items of the campaign, by id, locked until the transaction ends. */
  static Uni<List<Review>> takeAll(UUID campaign, Collection<UUID> ids) {
    return Review.<Review>find("campaign = ?1 and id in ?2 order by id", campaign, ids)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list();
  }

  /**
   * Takes an answer that {@link Decisions} found nothing wrong with. A revocation counts at once,
   * whatever another stage says; what keeps the right goes on to the next stage, if there is one,
   * and to the access managers where the same person would answer in both.
   *
   * @param by who says it, whose subject is {@code subject}
   */
  ReviewEvent.Decided decide(DecisionSheet.Line line, List<UUID> by, String subject, Instant at) {
    int answered = stage;
    switch (line.decision()) {
      case DELEGATE -> reviewer = line.delegate();
      case REVOKE -> state = ReviewState.REVOKED;
      case CERTIFY, REDUCE -> {
        if (stage < stages) {
          stage++;
          reviewer = by.contains(second) ? null : second;
        } else {
          state = line.decision() == Verdict.CERTIFY ? ReviewState.CERTIFIED : ReviewState.REDUCED;
          certifiedAt = at;
        }
      }
    }
    return new ReviewEvent.Decided(
        id,
        campaign,
        rightId,
        serviceAccount,
        clientAccess,
        person,
        entitlement,
        answered,
        line.decision(),
        subject,
        line.reason(),
        line.until(),
        line.delegate(),
        state,
        at);
  }

  /** {@code subject} says that what was revoked is gone from the system where it was given. */
  ReviewEvent.Confirmed confirm(String subject, Instant at) {
    if (!awaitsConfirmation()) {
      throw new IllegalStateException("no revocation of item " + id + " waits");
    }
    confirmedAt = at;
    return new ReviewEvent.Confirmed(
        id, campaign, rightId, serviceAccount, person, entitlement, subject, at);
  }

  /** Whether it was revoked, and nobody confirmed yet that it is gone. */
  boolean awaitsConfirmation() {
    return state == ReviewState.REVOKED && confirmedAt == null;
  }

  /** Whether it is decided, and the right kept. */
  boolean isCertified() {
    return state == ReviewState.CERTIFIED || state == ReviewState.REDUCED;
  }

  @Override
  public String kind() {
    return "review";
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
        campaign,
        rightId,
        serviceAccount,
        clientAccess,
        person,
        entitlement,
        stage,
        state,
        certifiedAt);
  }

  UUID rightId() {
    return rightId;
  }

  UUID serviceAccount() {
    return serviceAccount;
  }

  UUID clientAccess() {
    return clientAccess;
  }

  UUID person() {
    return person;
  }

  UUID entitlement() {
    return entitlement;
  }

  UUID reviewer() {
    return reviewer;
  }

  int stage() {
    return stage;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of an item.
   *
   * @param certifiedAt when it was certified or reduced in this campaign, or null
   */
  public record State(
      UUID campaign,
      UUID right,
      UUID serviceAccount,
      UUID clientAccess,
      UUID person,
      UUID entitlement,
      int stage,
      ReviewState state,
      Instant certifiedAt) {}
}
