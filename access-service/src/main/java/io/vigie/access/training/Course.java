package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

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
import io.vigie.kernel.Ids;
import io.vigie.kernel.Journal;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.ETag;
import org.hibernate.annotations.EmbeddedColumnNaming;

/** Something that people must be taught, again and again unless once is enough (R2). */
@Entity
public class Course extends PanacheEntityBase implements Aggregate {

  private static final int OLDEST_ATTENDANCE_YEARS = 10;

  @Id private UUID id;
  @Version private long version;
  @Embedded private Journal journal = new Journal();
  private String code;

  @Column(name = "title_fr")
  private String titleFr;

  @Column(name = "title_en")
  private String titleEn;

  private String[] rules;
  private boolean everyone;
  private String[] profiles;

  @Embedded
  @EmbeddedColumnNaming("content_%s")
  private Content content;

  @Column(name = "first_within_days")
  private int firstWithinDays;

  @Column(name = "validity_months")
  private int validityMonths;

  @Column(name = "remind_days")
  private int remindDays;

  @Column(name = "self_study")
  private boolean selfStudy;

  @Column(name = "required_from")
  private LocalDate requiredFrom;

  @Enumerated(EnumType.STRING)
  private CourseState state;

  @Column(name = "created_at")
  private Instant createdAt;

  protected Course() {}

  /**
   * @param sheet complete, as {@link TrainingPolicy#complete} gives it
   */
  Course(CourseSheet sheet, Instant at) {
    this.id = Ids.next();
    this.code = sheet.code();
    this.state = CourseState.ACTIVE;
    this.createdAt = at;
    describe(sheet);
  }

  private void describe(CourseSheet sheet) {
    titleFr = sheet.titleFr();
    titleEn = sheet.titleEn();
    rules = sheet.rules().stream().distinct().sorted().toArray(String[]::new);
    everyone = sheet.audience().everyone();
    profiles = sheet.audience().profiles().stream().distinct().sorted().toArray(String[]::new);
    content = sheet.content();
    firstWithinDays = sheet.firstWithinDays();
    validityMonths = sheet.validityMonths();
    remindDays = sheet.remindDays();
    selfStudy = sheet.selfStudy();
    requiredFrom = sheet.requiredFrom();
  }

  /** The course, or 404. */
  static Uni<Course> require(UUID id) {
    return Course.<Course>findById(id)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("No course has this id."));
  }

  /** The course in the version that the caller has read; 404, 412 or 428 otherwise. */
  static Uni<Course> require(UUID id, String ifMatch) {
    return require(id).invoke(course -> ETag.require(ifMatch, course.version));
  }

  /** The course, unchanged until the transaction ends; 422 when there is none. */
  static Uni<Course> hold(UUID id) {
    return Course.<Course>findById(id, LockModeType.PESSIMISTIC_READ)
        .onItem()
        .ifNull()
        .failWith(() -> Problem.unprocessable("unknown-course", "No course has this id."));
  }

  /** Those that somebody may have to take. */
  static Uni<List<Course>> active() {
    return list("state = ?1 order by id", CourseState.ACTIVE);
  }

  CourseEvent created() {
    return new CourseEvent.Created(id, code, List.of(rules), createdAt);
  }

  /** No event when nothing differs. Certificates that were given keep their term. */
  List<CourseEvent> change(CourseSheet sheet, Instant at) {
    requireActive();
    if (!code.equals(sheet.code())) {
      throw Problem.unprocessable(
          "course-of-another-code", "A course keeps its code. Create another one.");
    }
    State before = state();
    describe(sheet);
    return state().equals(before) ? List.of() : List.of(new CourseEvent.Changed(id, code, at));
  }

  /** It goes on asking the same people. No event when it is not for that profile. */
  List<CourseEvent> renameProfile(String before, String name, Instant at) {
    String[] renamed =
        Stream.of(profiles)
            .map(profile -> profile.equalsIgnoreCase(before) ? name : profile)
            .distinct()
            .sorted()
            .toArray(String[]::new);
    if (Arrays.equals(profiles, renamed)) {
      return List.of();
    }
    profiles = renamed;
    return List.of(new CourseEvent.Changed(id, code, at));
  }

  CourseEvent retire(String reason, Instant at) {
    requireActive();
    state = CourseState.RETIRED;
    return new CourseEvent.Retired(id, code, reason, at);
  }

  /**
   * That {@code person} was taught this course by somebody.
   *
   * @throws Problem 400 unless the day is today or within ten years before
   */
  Attendance attended(UUID person, LocalDate on, String by, Instant at) {
    List<FieldError> errors = errors(on, at);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    return attended(person, on, AttendanceWay.SESSION, by, at);
  }

  /** What is wrong with an attendance on that day. */
  static List<FieldError> errors(LocalDate on, Instant at) {
    LocalDate today = day(at);
    return on.isAfter(today) || on.isBefore(today.minusYears(OLDEST_ATTENDANCE_YEARS))
        ? List.of(new FieldError("attendedOn", "must be within the last ten years, until today"))
        : List.of();
  }

  /** That {@code person} did it today by themself; 422 where that is not enough. */
  Attendance selfStudied(UUID person, String by, Instant at) {
    if (!selfStudy) {
      throw Problem.unprocessable(
          "no-self-study", "This course is taught. Whoever teaches it records your attendance.");
    }
    return attended(person, day(at), AttendanceWay.SELF_STUDY, by, at);
  }

  private Attendance attended(UUID person, LocalDate on, AttendanceWay way, String by, Instant at) {
    requireActive();
    LocalDate until = validityMonths == 0 ? null : on.plusMonths(validityMonths);
    return new Attendance(this, person, on, until, way, by, at);
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  private void requireActive() {
    if (state == CourseState.RETIRED) {
      throw Problem.conflict("course-retired", "This course is retired; nobody takes it any more.");
    }
  }

  @Override
  public String kind() {
    return "course";
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
        code,
        titleFr,
        titleEn,
        List.of(rules),
        new Audience(everyone, List.of(profiles)),
        content,
        firstWithinDays,
        validityMonths,
        remindDays,
        selfStudy,
        requiredFrom,
        state,
        createdAt);
  }

  long version() {
    return version;
  }

  /** What others may know of a course: all of it. */
  public record State(
      String code,
      String titleFr,
      String titleEn,
      List<String> rules,
      Audience audience,
      Content content,
      int firstWithinDays,
      int validityMonths,
      int remindDays,
      boolean selfStudy,
      LocalDate requiredFrom,
      CourseState state,
      Instant createdAt) {}
}
