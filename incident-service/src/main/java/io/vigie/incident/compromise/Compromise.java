package io.vigie.incident.compromise;

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
import io.vigie.incident.Incident;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.DynamicUpdate;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * That malicious code is on an asset since a time. The time never changes: where it was earlier,
 * that is declared beside it, so that at no moment nothing is.
 */
@Entity
@DynamicUpdate
public class Compromise extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(updatable = false)
  private UUID incident;

  @Column(updatable = false)
  private UUID asset;

  @Column(name = "compromised_since", updatable = false)
  private Instant compromisedSince;

  @Enumerated(EnumType.STRING)
  private CompromiseState state;

  @Column(name = "declared_at", updatable = false)
  private Instant declaredAt;

  /** The entry of the incident's timeline that says why. */
  @Column(updatable = false)
  private UUID declaration;

  @Column(name = "lifted_at")
  private Instant liftedAt;

  private UUID lifting;

  protected Compromise() {}

  /**
   * @param declaration the entry of the incident's timeline that says why
   * @throws Problem 409 where the incident is about no malicious code; 422 where it does not
   *     concern the asset
   */
  Compromise(
      Incident incident, UUID asset, Instant compromisedSince, UUID declaration, Instant at) {
    if (incident.state().category() != Category.MALICIOUS_CODE) {
      throw conflict(
          "incident-not-malicious-code",
          "The incident is "
              + incident.state().category()
              + ". Assess it as MALICIOUS_CODE before an asset is declared compromised.");
    }
    if (!incident.concerns(asset)) {
      throw unprocessable(
          "compromise-asset-not-affected",
          "The incident does not affect this asset. Name it among those that it affects first.");
    }
    this.id = Ids.next();
    this.incident = incident.id();
    this.asset = asset;
    this.compromisedSince = compromisedSince;
    this.state = CompromiseState.DECLARED;
    this.declaredAt = at;
    this.declaration = declaration;
  }

  /** The compromise of this incident, or 404. */
  static Uni<Compromise> require(UUID incident, UUID id) {
    return Compromise.<Compromise>find("incident = ?1 and id = ?2", incident, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The incident has no compromise with this id."));
  }

  /** The same in the version that the caller has read; 412 or 428 otherwise. */
  static Uni<Compromise> require(UUID incident, UUID id, String ifMatch) {
    return require(incident, id).invoke(found -> ETag.require(ifMatch, found.version));
  }

  /**
   * Fails with 409 where the incident has declared as much of the asset already. The incident's
   * version keeps two from passing at once.
   */
  Uni<Void> requireNews() {
    return Compromise.count(
            "incident = ?1 and asset = ?2 and state = ?3 and compromisedSince <= ?4",
            incident,
            asset,
            CompromiseState.DECLARED,
            compromisedSince)
        .invoke(
            known -> {
              if (known > 0) {
                throw conflict(
                    "compromise-declared",
                    "The asset is declared compromised since then, or before. Declare an earlier"
                        + " time, or have the CISO lift that one.");
              }
            })
        .replaceWithVoid();
  }

  CompromiseEvent declared() {
    return new CompromiseEvent.Declared(
        id, incident, asset, compromisedSince, declaration, declaredAt);
  }

  /**
   * @param entry of the incident's timeline that says why
   */
  CompromiseEvent lift(UUID entry, Instant at) {
    if (state != CompromiseState.DECLARED) {
      throw conflict("compromise-lifted", "It is lifted already, which is final.");
    }
    state = CompromiseState.LIFTED;
    liftedAt = at;
    lifting = entry;
    return new CompromiseEvent.Lifted(id, incident, asset, entry, at);
  }

  @Override
  public String kind() {
    return "compromise";
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
    return new State(state, incident, asset, compromisedSince, declaredAt, liftedAt);
  }

  long version() {
    return version;
  }

  CompromiseResource.View view() {
    return new CompromiseResource.View(
        id,
        incident,
        asset,
        compromisedSince,
        state,
        declaredAt,
        declaration,
        liftedAt,
        lifting,
        version);
  }

  /** What others may know of a compromise. */
  public record State(
      CompromiseState state,
      UUID incident,
      UUID asset,
      Instant compromisedSince,
      Instant declaredAt,
      Instant liftedAt) {}
}
