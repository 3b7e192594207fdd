package io.vigie.asset.software;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What an advisory's document says, whatever its format.
 *
 * @param publisher who gives out {@code identifier}: together they name the advisory
 * @param modified when this version of it was made; what is later replaces what is earlier
 * @param withdrawn when its publisher took it back, or null
 * @param aliases what others call it
 * @param productsWithoutPurl how many products it concerns that no package URL names: nothing can
 *     be matched with them
 */
record Publication(
    Format format,
    String publisher,
    String identifier,
    String title,
    Instant published,
    Instant modified,
    Instant withdrawn,
    List<String> aliases,
    List<String> links,
    List<Flaw> flaws,
    int productsWithoutPurl) {

  /** The standards that are read. */
  enum Format {
    /** OASIS Common Security Advisory Framework 2.0. */
    CSAF,
    /** Open Source Vulnerability format, 1.x. */
    OSV
  }

  /**
   * One thing that is wrong, mostly a CVE.
   *
   * @param score its CVSS base score, or null
   * @param vector how that comes about, or null
   */
  record Flaw(
      String name,
      String title,
      Severity severity,
      BigDecimal score,
      String vector,
      List<AffectedPackage> packages) {}

  /**
   * A package and its versions, as vers.
   *
   * @param distro the release of a distribution that this is true of; empty for any
   */
  record AffectedPackage(
      String type,
      String namespace,
      String name,
      String distro,
      List<String> affected,
      List<String> unaffected) {}

  Severity severity() {
    return flaws.stream().map(Flaw::severity).reduce(Severity.UNKNOWN, Severity::or);
  }

  /** The highest of its flaws, or null. */
  BigDecimal score() {
    return flaws.stream()
        .map(Flaw::score)
        .filter(score -> score != null)
        .max(BigDecimal::compareTo)
        .orElse(null);
  }

  /** How many packages it names. */
  int packages() {
    return (int)
        flaws.stream()
            .flatMap(flaw -> flaw.packages().stream())
            .map(p -> p.type() + "/" + p.namespace() + "/" + p.name())
            .distinct()
            .count();
  }
}
