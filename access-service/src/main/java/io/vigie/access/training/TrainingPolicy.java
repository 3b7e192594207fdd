package io.vigie.access.training;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** What the policy says of courses, from {@code training.json}: those it asks for, and defaults. */
@ApplicationScoped
class TrainingPolicy {

  /**
   * A course that the policy asks for.
   *
   * @param firstWithinDays as in {@link CourseSheet}; so are the others
   */
  record Requirement(
      String titleFr,
      String titleEn,
      List<String> rules,
      Audience audience,
      Integer firstWithinDays,
      Integer validityMonths,
      Integer remindDays,
      Boolean selfStudy) {}

  private record Defaults(
      int firstWithinDays, int validityMonths, int remindDays, boolean selfStudy) {}

  private record Table(Defaults defaults, TreeMap<String, Requirement> courses) {}

  private record Rules(Set<String> rules) {}

  private final Table table = PolicyTable.read("training", Table.class);
  private final Set<String> rules = PolicyTable.read("rules", Rules.class).rules();

  /** The courses that the policy asks for, whole, by code. */
  Map<String, Requirement> courses() {
    Map<String, Requirement> courses = new TreeMap<>();
    table.courses().keySet().forEach(code -> courses.put(code, requirement(code)));
    return courses;
  }

  private Requirement requirement(String code) {
    Requirement own = table.courses().get(code);
    Defaults any = table.defaults();
    return new Requirement(
        own == null ? null : own.titleFr(),
        own == null ? null : own.titleEn(),
        own == null ? List.of() : own.rules(),
        own == null ? null : own.audience(),
        or(own == null ? null : own.firstWithinDays(), any.firstWithinDays()),
        or(own == null ? null : own.validityMonths(), any.validityMonths()),
        or(own == null ? null : own.remindDays(), any.remindDays()),
        or(own == null ? null : own.selfStudy(), any.selfStudy()));
  }

  /**
   * The sheet with what it leaves out filled in.
   *
   * @throws Problem 400 when something is missing that the policy does not give, a rule is none of
   *     the policy's, or the audience is neither everyone nor some profiles
   */
  CourseSheet complete(CourseSheet sheet, LocalDate today) {
    Requirement policy = requirement(sheet.code());
    CourseSheet whole =
        new CourseSheet(
            sheet.code(),
            or(sheet.titleFr(), policy.titleFr()),
            or(sheet.titleEn(), policy.titleEn()),
            or(sheet.rules(), policy.rules()),
            or(sheet.audience(), policy.audience()),
            sheet.content(),
            or(sheet.firstWithinDays(), policy.firstWithinDays()),
            or(sheet.validityMonths(), policy.validityMonths()),
            or(sheet.remindDays(), policy.remindDays()),
            or(sheet.selfStudy(), policy.selfStudy()),
            or(sheet.requiredFrom(), today));
    List<FieldError> errors = errors(whole, today);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    return whole;
  }

  private List<FieldError> errors(CourseSheet sheet, LocalDate today) {
    List<FieldError> errors = new ArrayList<>();
    if (sheet.titleFr() == null) {
      errors.add(new FieldError("titleFr", "must be there: the policy has no such course"));
    }
    if (sheet.titleEn() == null) {
      errors.add(new FieldError("titleEn", "must be there: the policy has no such course"));
    }
    if (sheet.audience() == null) {
      errors.add(new FieldError("audience", "must be there: the policy has no such course"));
    } else if (!sheet.audience().eitherEveryoneOrSome()) {
      errors.add(
          new FieldError("audience.profiles", "must be there unless everyone is concerned, only"));
    }
    List<String> unknown = sheet.rules().stream().filter(rule -> !rules.contains(rule)).toList();
    if (!unknown.isEmpty()) {
      errors.add(new FieldError("rules", "are no rules of the policy: " + unknown));
    }
    if (sheet.requiredFrom().isBefore(today.minusYears(10))
        || sheet.requiredFrom().isAfter(today.plusYears(1))) {
      errors.add(
          new FieldError("requiredFrom", "must be between ten years ago and a year from now"));
    }
    return errors;
  }

  private static <T> T or(T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
