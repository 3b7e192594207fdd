package io.vigie.asset.software;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
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
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.ETag;

import static io.vigie.kernel.Problem.conflict;

/**
 * What somebody published about flaws in packages, in the newest version that came here (R11.9).
 */
@Entity
public class Advisory extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Enumerated(EnumType.STRING)
  private Publication.Format format;

  private String publisher;
  private String identifier;
  private String title;

  @Column(name = "published_at")
  private Instant publishedAt;

  @Column(name = "modified_at")
  private Instant modifiedAt;

  @Enumerated(EnumType.STRING)
  private Severity severity;

  private BigDecimal score;

  /** One a line, as the links are. */
  private String aliases;

  private String links;
  private int packages;

  @Column(name = "products_without_purl")
  private int productsWithoutPurl;

  @Column(name = "exploited_since")
  private Instant exploitedSince;

  @Column(name = "withdrawn_at")
  private Instant withdrawnAt;

  @Column(name = "withdrawal_reason")
  private String withdrawalReason;

  @Column(name = "received_at")
  private Instant receivedAt;

  protected Advisory() {}

  /** One that was not known before. */
  Advisory(Publication publication, Instant at) {
    this.id = Ids.next();
    this.format = publication.format();
    this.publisher = publication.publisher();
    this.identifier = publication.identifier();
    this.receivedAt = at;
    read(publication);
  }

  private void read(Publication publication) {
    title = publication.title();
    publishedAt = publication.published();
    modifiedAt = publication.modified();
    severity = publication.severity();
    score = publication.score();
    aliases = String.join("\n", publication.aliases());
    links = String.join("\n", publication.links());
    packages = publication.packages();
    productsWithoutPurl = publication.productsWithoutPurl();
    if (publication.withdrawn() != null && withdrawnAt == null) {
      withdrawnAt = publication.withdrawn();
      withdrawalReason = "Its publisher took it back.";
    }
  }

  /** The advisory, or 404. */
  public static Uni<Advisory> require(UUID id) {
    return Advisory.<Advisory>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No advisory has this id."));
  }

  /** The advisory in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Advisory> require(UUID id, String ifMatch) {
    return require(id).invoke(advisory -> ETag.require(ifMatch, advisory.version));
  }

  boolean isOlderThan(Publication publication) {
    return modifiedAt.isBefore(publication.modified());
  }

  AdvisoryEvent received() {
    return new AdvisoryEvent.Received(
        id,
        publisher,
        identifier,
        severity,
        score,
        packages,
        productsWithoutPurl,
        modifiedAt,
        receivedAt);
  }

  /** Takes over what a newer version says; what was found out here stays. */
  AdvisoryEvent revise(Publication publication, Instant at) {
    read(publication);
    return new AdvisoryEvent.Revised(
        id, severity, score, packages, productsWithoutPurl, modifiedAt, at);
  }

  /** Whether it was withdrawn, and {@code publication}, which is no older, was not. */
  boolean isRevivedBy(Publication publication) {
    return withdrawnAt != null
        && publication.withdrawn() == null
        && !publication.modified().isBefore(modifiedAt);
  }

  /** It is in force again, as {@code publication} has it. */
  AdvisoryEvent revive(Publication publication, Instant at) {
    withdrawnAt = null;
    withdrawalReason = null;
    return revise(publication, at);
  }

  AdvisoryEvent withdraw(String reason, Instant at) {
    requireInForce();
    withdrawnAt = at;
    withdrawalReason = reason;
    return new AdvisoryEvent.Withdrawn(id, reason, at);
  }

  /**
   * Says whether it is known to be exploited.
   *
   * @param since null: it is not, or not any more
   * @param source who says so
   */
  AdvisoryEvent markExploited(Instant since, String source, Instant at) {
    requireInForce();
    exploitedSince = since;
    return new AdvisoryEvent.ExploitationSet(id, since, source, at);
  }

  private void requireInForce() {
    if (withdrawnAt != null) {
      throw conflict("advisory-withdrawn", "This advisory was withdrawn.");
    }
  }

  boolean isWithdrawn() {
    return withdrawnAt != null;
  }

  @Override
  public String kind() {
    return "advisory";
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
        format.name(),
        publisher,
        identifier,
        title,
        publishedAt,
        modifiedAt,
        severity,
        score,
        lines(aliases),
        lines(links),
        packages,
        productsWithoutPurl,
        exploitedSince,
        withdrawnAt,
        withdrawalReason,
        receivedAt);
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  long version() {
    return version;
  }

  /** What others may know of an advisory. */
  public record State(
      String format,
      String publisher,
      String identifier,
      String title,
      Instant publishedAt,
      Instant modifiedAt,
      Severity severity,
      BigDecimal score,
      List<String> aliases,
      List<String> links,
      int packages,
      int productsWithoutPurl,
      Instant exploitedSince,
      Instant withdrawnAt,
      String withdrawalReason,
      Instant receivedAt) {}
}
