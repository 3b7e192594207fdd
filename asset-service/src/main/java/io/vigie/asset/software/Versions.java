package io.vigie.asset.software;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.vigie.asset.software.version.VersionRange;
import io.vigie.asset.software.version.VersionRange.Verdict;
import io.vigie.kernel.Problem;

/**
 * The versions of a package that a flaw is in, and those that it is not in, as the database keeps
 * them; read once for many components.
 */
public final class Versions {

  /** A range of which nothing is certain: a person has to look. */
  static final String UNDECIDABLE = "vers:generic/>=0";

  private final String distro;
  private final List<VersionRange> affected;
  private final List<VersionRange> unaffected;

  /** Those that were asked about: many components are of one. */
  private final Map<String, Verdict> releases = new HashMap<>();

  /**
   * As kept.
   *
   * @param distro the release of a distribution that they are true of; empty for any
   * @param affected ranges as vers, one a line
   * @param unaffected the same, or empty
   */
  public Versions(String distro, String affected, String unaffected) {
    this.distro = distro;
    this.affected = ranges(affected);
    this.unaffected = ranges(unaffected);
  }

  private static List<VersionRange> ranges(String lines) {
    return Arrays.stream(lines.split("\n"))
        .filter(line -> !line.isEmpty())
        .map(VersionRange::parse)
        .toList();
  }

  /**
   * Whether the flaw is in {@code version}.
   *
   * @param version null where nobody knows it
   * @param release the release of the distribution that it is for; empty where nobody knows that
   */
  public Verdict verdict(String version, String release) {
    Verdict here = holdsFor(release);
    if (here == Verdict.OUT || is(unaffected, version) == Verdict.IN) {
      return Verdict.OUT;
    }
    Verdict verdict = is(affected, version);
    // The same version can be mended in one release and not in another.
    return verdict == Verdict.IN ? here : verdict;
  }

  private Verdict holdsFor(String release) {
    if (distro.isEmpty() || distro.equals(release)) {
      return Verdict.IN;
    }
    return release.isEmpty()
        ? Verdict.UNDECIDED
        : releases.computeIfAbsent(release, other -> Release.of(distro).holds(Release.of(other)));
  }

  private static Verdict is(List<VersionRange> ranges, String version) {
    return ranges.stream().map(range -> range.contains(version)).reduce(Verdict.OUT, Verdict::or);
  }

  /** The one version alone. */
  static String only(String scheme, String version) {
    return list(scheme, List.of(version));
  }

  /** These versions and no others. */
  static String list(String scheme, Collection<String> versions) {
    return versions.stream()
        .map(version -> "=" + encode(version))
        .collect(Collectors.joining("|", "vers:" + scheme + "/", ""));
  }

  /** As a constraint of vers has it, where an asterisk alone is all versions. */
  static String encode(String version) {
    return URLEncoder.encode(version, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A");
  }

  /**
   * The range as it is, which can be read again when it is compared.
   *
   * @param field where in its document it stands
   * @throws Problem 400 where it is no range, or too long for one
   */
  static String checked(String vers, String field) {
    try {
      VersionRange.parse(vers);
      return vers;
    } catch (IllegalArgumentException e) {
      throw DocumentReader.invalid(field, "says a version range that " + e.getMessage());
    }
  }
}
