package io.vigie.asset.document;

import java.time.Instant;
import java.util.List;
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

  private static final String OUTSTANDING =
      """
      select a.subject from document d join person_account a on d.everyone or exists (
        select from held_profile h join business_profile b on b.profile_id = h.profile_id
        where h.person_id = a.person_id and h.is_current
          and lower(b.name) = any (string_to_array(lower(d.profiles), chr(10))))
      where d.id = ?1 and d.state = 'IN_FORCE' and a.subject > ?2
        and not exists (select from departed_person p where p.person_id = a.person_id)
        and not exists (select from acknowledgement k
          where k.document = d.id and k.account = a.subject and k.number >= d.acknowledge_from)
      order by a.subject limit ?3""";

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

  /**
   * The accounts, in their order, of those who work here, whom the document concerns and who have
   * not acknowledged it; none while it is not in force.
   *
   * @param after the last one already seen, or null
   */
  static Uni<List<String>> outstanding(UUID document, UUID after, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(OUTSTANDING, String.class)
                    .setParameter(1, document)
                    .setParameter(2, after == null ? "" : after.toString())
                    .setParameter(3, limit)
                    .getResultList());
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
