package io.vigie.asset.document;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That somebody read a version of a document and knows what it asks of them. It never changes. */
@Entity
public class Acknowledgement extends PanacheEntityBase implements Aggregate {

  /**
   * @param account the subject of who acknowledged
   */
  @Schema(name = "Acknowledgement")
  record View(
      UUID id, UUID document, UUID documentVersion, int number, String account, Instant at) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  private UUID document;

  @Column(name = "document_version")
  private UUID documentVersion;

  private int number;
  private String account;

  @Column(name = "acknowledged_at")
  private Instant at;

  protected Acknowledgement() {}

  /** Of the document's current version. */
  Acknowledgement(Document document, String account, Instant at) {
    document.requireInForce();
    this.id = Ids.next();
    this.document = document.id();
    this.documentVersion = document.state().current();
    this.number = document.state().currentNumber();
    this.account = account;
    this.at = at;
  }

  /**
   * What {@code account} acknowledged of the document's current version, or null. Until the
   * transaction ends nobody else looks for the same: there is one at most.
   */
  static Uni<Acknowledgement> take(Document document, String account) {
    UUID current = document.state().current();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, current + " " + account)
                    .getSingleResult())
        .chain(
            () ->
                Acknowledgement.<Acknowledgement>find(
                        "documentVersion = ?1 and account = ?2", current, account)
                    .firstResult());
  }

  AcknowledgementEvent given() {
    return new AcknowledgementEvent.Given(id, document, documentVersion, number, account, at);
  }

  @Override
  public String kind() {
    return "acknowledgement";
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
    return new State(document, documentVersion, number, account, at);
  }

  View view() {
    return new View(id, document, documentVersion, number, account, at);
  }

  /** What others may know of an acknowledgement: all of it. */
  public record State(
      UUID document, UUID documentVersion, int number, String account, Instant acknowledgedAt) {}
}
