package io.vigie.asset.software.version;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of versions written as vers, for example {@code vers:maven/>=1.0|<1.4.2}.
 *
 * @see <a href="https://github.com/package-url/vers-spec">vers</a>
 */
public final class VersionRange {

  /** Whether a version is in a range; undecided where no order of the two is known. */
  public enum Verdict {
    IN,
    OUT,
    UNDECIDED;

    /** In one of several ranges. */
    public Verdict or(Verdict other) {
      return this == IN || other == IN ? IN : this == UNDECIDED ? UNDECIDED : other;
    }
  }

  /** How much text a range may be. */
  public static final int MAX_LENGTH = 100_000;

  private static final Pattern FORM = Pattern.compile("vers:([a-z][a-z0-9.+-]*)/(.+)");
  private static final Pattern CONSTRAINT = Pattern.compile("(>=|<=|!=|>|<|=)?([^<>=!*|]+)");
  private static final Pattern EPOCH = Pattern.compile("^[0-9]+:");

  private record Constraint(String comparator, String text, Ordering.Version version) {
    private static Constraint of(String comparator, String text, Ordering ordering) {
      return new Constraint(
          comparator, text, Optional.ofNullable(ordering).flatMap(o -> o.parse(text)).orElse(null));
    }

    Constraint withoutEpoch(Ordering ordering) {
      return of(comparator, EPOCH.matcher(text).replaceFirst(""), ordering);
    }

    boolean hasEpoch() {
      return EPOCH.matcher(text).find();
    }

    boolean isBound() {
      return comparator.startsWith("<") || comparator.startsWith(">");
    }

    boolean isLower() {
      return comparator.startsWith(">");
    }
  }

  private final boolean any;
  private final Ordering ordering;
  private final List<Constraint> constraints;

  /** Bounds in their order; null where they cannot be ordered. */
  private final List<Constraint> bounds;

  /**
   * For versions that do not say their epoch: advisories about RPM packages have it before the
   * version, package URLs and inventories beside it or nowhere.
   */
  private final VersionRange withoutEpochs;

  private VersionRange(boolean any, Ordering ordering, List<Constraint> constraints) {
    this.any = any;
    this.ordering = ordering;
    this.constraints = constraints;
    this.bounds = ordered(constraints);
    this.withoutEpochs =
        ordering == Ordering.RPM && constraints.stream().anyMatch(Constraint::hasEpoch)
            ? new VersionRange(
                any, ordering, constraints.stream().map(c -> c.withoutEpoch(ordering)).toList())
            : this;
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException with what is wrong, in words, where it is none
   */
  public static VersionRange parse(String vers) {
    if (vers.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("is longer than " + MAX_LENGTH + " characters");
    }
    Matcher range = FORM.matcher(vers);
    if (!range.matches()) {
      throw new IllegalArgumentException("is no version range, vers:<scheme>/<constraints>");
    }
    Ordering ordering = Ordering.of(range.group(1)).orElse(null);
    if (range.group(2).equals("*")) {
      return new VersionRange(true, ordering, List.of());
    }
    List<Constraint> constraints = new ArrayList<>();
    for (String part : range.group(2).replace(" ", "").split("\\|")) {
      Matcher constraint = CONSTRAINT.matcher(part);
      if (!constraint.matches()) {
        throw new IllegalArgumentException("has a version constraint that is none: " + part);
      }
      String text =
          URLDecoder.decode(constraint.group(2).replace("+", "%2B"), StandardCharsets.UTF_8);
      String comparator = constraint.group(1) == null ? "=" : constraint.group(1);
      constraints.add(Constraint.of(comparator, text, ordering));
    }
    return new VersionRange(false, ordering, constraints);
  }

  private static List<Constraint> ordered(List<Constraint> constraints) {
    List<Constraint> bounds =
        new ArrayList<>(constraints.stream().filter(Constraint::isBound).toList());
    if (bounds.stream().anyMatch(bound -> bound.version() == null)) {
      return null;
    }
    // Where one range ends and the next begins at the same version, the end comes first.
    bounds.sort(Comparator.comparing(Constraint::version).thenComparing(Constraint::isLower));
    return bounds;
  }

  /**
   * Whether {@code version} is in it; {@code null} is a version that nobody knows. One of an RPM
   * package that does not say its epoch is compared as if none had one.
   */
  public Verdict contains(String version) {
    if (any) {
      return Verdict.IN;
    }
    if (version == null) {
      return Verdict.UNDECIDED;
    }
    return EPOCH.matcher(version).find() ? verdict(version) : withoutEpochs.verdict(version);
  }

  private Verdict verdict(String version) {
    if (constraints.stream().anyMatch(c -> isListed(c, version))) {
      return Verdict.IN;
    }
    Optional<Ordering.Version> tested =
        Optional.ofNullable(ordering).flatMap(o -> o.parse(version));
    boolean onlyLists = constraints.stream().allMatch(c -> c.comparator().equals("="));
    if (tested.isEmpty() || bounds == null) {
      // Of a list of versions one that is none of them is out, whatever their order.
      return onlyLists && ordering == null ? Verdict.OUT : Verdict.UNDECIDED;
    }
    return isIn(tested.get()) ? Verdict.IN : Verdict.OUT;
  }

  private static boolean isListed(Constraint constraint, String version) {
    return constraint.comparator().equals("=") && constraint.text().equals(version);
  }

  private boolean isIn(Ordering.Version tested) {
    for (Constraint constraint : constraints) {
      if (constraint.version() != null && tested.compareTo(constraint.version()) == 0) {
        if (constraint.comparator().equals("!=")) {
          return false;
        }
        if (constraint.comparator().endsWith("=")) {
          return true;
        }
      }
    }
    if (bounds.isEmpty()) {
      // All but the ones that are excluded, or none but the ones that are listed.
      return constraints.stream().allMatch(c -> c.comparator().equals("!="));
    }
    Constraint below = null;
    for (Constraint bound : bounds) {
      int order = bound.version().compareTo(tested);
      if (order < 0 || order == 0 && !bound.isLower()) {
        below = bound;
      }
    }
    if (below != null) {
      return below.isLower();
    }
    Constraint first = bounds.get(0);
    return !first.isLower() && first.version().compareTo(tested) > 0;
  }
}
