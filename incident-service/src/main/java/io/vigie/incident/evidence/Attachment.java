package io.vigie.incident.evidence;

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
import io.vigie.incident.evidence.FileTypes.FileType;
import io.vigie.kernel.Aggregate;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.conflict;

/** A file of a security event, or evidence of an incident. Its content never changes. */
@Entity
public class Attachment extends PanacheEntityBase implements Aggregate {

  /**
   * A content that was looked at and kept.
   *
   * @param scanned whether a program found it to be clean
   */
  record Kept(String sha256, long size, FileType type, boolean scanned) {}

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "security_event")
  private UUID securityEvent;

  private UUID incident;
  private String name;

  @Column(name = "media_type")
  private String mediaType;

  private String extension;
  private long size;
  private String sha256;
  private boolean scanned;

  @Column(name = "added_by")
  private String addedBy;

  @Column(name = "added_at")
  private Instant addedAt;

  /** The subject who keeps it; null where it is no evidence. */
  private String holder;

  @Column(name = "checked_at")
  private Instant checkedAt;

  private Boolean intact;

  protected Attachment() {}

  private Attachment(Kept file, String name, String by, Instant at) {
    this.id = Ids.next();
    this.name = name;
    this.mediaType = file.type().mediaType();
    this.extension = file.type().extension();
    this.size = file.size();
    this.sha256 = file.sha256();
    this.scanned = file.scanned();
    this.addedBy = by;
    this.addedAt = at;
  }

  static Attachment ofSecurityEvent(UUID event, Kept file, String name, String by, Instant at) {
    Attachment attachment = new Attachment(file, name, by, at);
    attachment.securityEvent = event;
    return attachment;
  }

  /** Evidence, which whoever brings it keeps. */
  static Attachment ofIncident(UUID incident, Kept file, String name, String by, Instant at) {
    Attachment attachment = new Attachment(file, name, by, at);
    attachment.incident = incident;
    attachment.holder = by;
    return attachment;
  }

  /** The attachment, or 404. */
  static Uni<Attachment> require(UUID id) {
    return Attachment.<Attachment>findById(id).onItem().ifNull().failWith(Attachment::unknown);
  }

  /** That there is none, at least not for the caller. */
  static Problem unknown() {
    return Problem.notFound("No attachment has this id.");
  }

  /**
   * The one that this is again, as a request brings it whose answer was lost: the same file of the
   * same, by the same; null where there is none. Of two that come at once the second one waits here
   * for the end of the first one's transaction.
   */
  Uni<Attachment> first() {
    UUID of = incident == null ? securityEvent : incident;
    return alone(of)
        .chain(
            () ->
                Attachment.<Attachment>find(
                        "(incident = ?1 or securityEvent = ?1) and sha256 = ?2 and name = ?3 and addedBy = ?4",
                        of,
                        sha256,
                        name,
                        addedBy)
                    .firstResult());
  }

  private Uni<Void> alone(UUID of) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "attachment " + of + " " + sha256)
                    .getSingleResult())
        .replaceWithVoid();
  }

  AttachmentEvent added() {
    return new AttachmentEvent.Added(
        id, securityEvent, incident, mediaType, size, sha256, scanned, holder, addedAt);
  }

  /**
   * @param by who says so: its holder, or whoever {@code mayTake} it from them
   */
  AttachmentEvent handOver(String to, Purpose purpose, String by, boolean mayTake, Instant at) {
    if (incident == null) {
      throw conflict("attachment-no-evidence", "It is of a security event, which has no evidence.");
    }
    if (!holder.equals(by) && !mayTake) {
      throw Problem.forbidden("Somebody else keeps this evidence; they hand it over.");
    }
    if (holder.equals(to)) {
      throw conflict("attachment-holder", "They keep it already.");
    }
    String from = holder;
    holder = to;
    return new AttachmentEvent.HandedOver(id, incident, from, to, purpose, sha256, at);
  }

  /**
   * @param found the digest of what is kept; null where nothing is
   */
  AttachmentEvent check(String found, Instant at) {
    intact = sha256.equals(found);
    checkedAt = at;
    return intact
        ? new AttachmentEvent.Verified(id, securityEvent, incident, sha256, at)
        : new AttachmentEvent.Damaged(id, securityEvent, incident, sha256, found, at);
  }

  @Override
  public String kind() {
    return "attachment";
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
        securityEvent,
        incident,
        mediaType,
        size,
        sha256,
        scanned,
        addedAt,
        holder,
        checkedAt,
        intact);
  }

  String name() {
    return name;
  }

  String extension() {
    return extension;
  }

  String addedBy() {
    return addedBy;
  }

  long version() {
    return version;
  }

  /** What others may know of it; the holder is a subject. */
  public record State(
      UUID securityEvent,
      UUID incident,
      String mediaType,
      long size,
      String sha256,
      boolean scanned,
      Instant addedAt,
      String holder,
      Instant checkedAt,
      Boolean intact) {}
}
