package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
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
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.web.ETag;

/** That one person took one course on one day; what its certificate says. */
@Entity
public class Attendance extends PanacheEntityBase implements Aggregate {

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();

  @Column(name = "person_id")
  private UUID person;

  @Column(name = "course_id")
  private UUID course;

  @Column(name = "content_version")
  private String contentVersion;

  @Column(name = "attended_on")
  private LocalDate attendedOn;

  @Column(name = "valid_until")
  private LocalDate validUntil;

  @Enumerated(EnumType.STRING)
  private AttendanceWay way;

  private String certificate;

  @Column(name = "recorded_by")
  private String recordedBy;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  private UUID receipt;

  @Column(name = "annulled_by")
  private String annulledBy;

  @Column(name = "annulled_at")
  private Instant annulledAt;

  @Column(name = "annulled_reason")
  private String annulledReason;

  protected Attendance() {}

  Attendance(
      Course course,
      UUID person,
      LocalDate on,
      LocalDate validUntil,
      AttendanceWay way,
      String by,
      Instant at) {
    this.id = Ids.next();
    this.receipt = Ids.next();
    this.person = person;
    this.course = course.id();
    this.contentVersion = course.state().content().version();
    this.attendedOn = on;
    this.validUntil = validUntil;
    this.way = way;
    this.certificate = number(course.state().code(), on, id);
    this.recordedBy = by;
    this.recordedAt = at;
  }

  /** As in OWASP-TOP-TEN-2026-7C1FA5B40D9E: the last digits are those of the id, and random. */
  private static String number(String code, LocalDate on, UUID id) {
    String digits = id.toString().substring(24);
    return (code + "-" + on.getYear() + "-" + digits).toUpperCase(Locale.ROOT);
  }

  /** The attendance, or 404. */
  static Uni<Attendance> require(UUID id) {
    return Attendance.<Attendance>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No attendance has this id."));
  }

  /** The attendance in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Attendance> require(UUID id, String ifMatch) {
    return require(id).invoke(attendance -> ETag.require(ifMatch, attendance.version));
  }

  /** With its first event, under the id that the receipt has. */
  Decided recorded() {
    return new Decided(this, List.of(attended()), receipt);
  }

  private AttendanceEvent attended() {
    return new AttendanceEvent.Attended(
        id, person, course, contentVersion, attendedOn, validUntil, way, recordedAt);
  }

  AttendanceEvent annul(String reason, String by, Instant at) {
    requireNotAnnulled();
    annulledBy = by;
    annulledAt = at;
    annulledReason = reason;
    return new AttendanceEvent.Annulled(id, person, course, reason, at);
  }

  /** Fails with 409 when it was recorded in error. */
  void requireNotAnnulled() {
    if (annulledAt != null) {
      throw Problem.conflict("attendance-annulled", "This attendance was annulled.");
    }
  }

  /** Whether its certificate counts on that day. */
  boolean isValidOn(LocalDate day) {
    return annulledAt == null
        && !day.isBefore(attendedOn)
        && (validUntil == null || !day.isAfter(validUntil));
  }

  @Override
  public String kind() {
    return "attendance";
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
        person,
        course,
        contentVersion,
        attendedOn,
        validUntil,
        way,
        certificate,
        recordedBy,
        recordedAt,
        annulledBy,
        annulledAt);
  }

  String annulledReason() {
    return annulledReason;
  }

  /** The id of the event that it is known by. */
  UUID receipt() {
    return receipt;
  }

  long version() {
    return version;
  }

  /**
   * What others may know of an attendance; people are subjects and ids.
   *
   * @param certificate the number of its certificate
   */
  public record State(
      UUID person,
      UUID course,
      String contentVersion,
      LocalDate attendedOn,
      LocalDate validUntil,
      AttendanceWay way,
      String certificate,
      String recordedBy,
      Instant recordedAt,
      String annulledBy,
      Instant annulledAt) {}
}
