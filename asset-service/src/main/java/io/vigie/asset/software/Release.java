package io.vigie.asset.software;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.vigie.asset.software.version.VersionRange.Verdict;

/**
 * A release of a distribution, which publishers and tools spell in their own ways: {@code Red
 * Hat:enterprise_linux:9::baseos}, {@code rhel-9.4} and {@code el9} are of one distribution.
 *
 * @param version its dotted parts; none where it has no number, as a code name has none
 */
record Release(String distribution, List<String> version) {

  /** Of the first that is found, what stands in its place. */
  private static final Map<Pattern, String> SPELLINGS = new LinkedHashMap<>();

  static {
    spelled("red-hat-.*-el(?=\\d+(-|$))", "redhat-");
    spelled("red-hat-(enterprise-linux|rhel-[a-z0-9]+)-(?=\\d)", "redhat-");
    spelled("(red-hat|rhel|el)(?=-|\\d|$)", "redhat");
    spelled("suse-linux-enterprise-([a-z-]+-)?(?=\\d)", "suse-");
    spelled("sle[sd]?(?=-?\\d|$)", "suse");
    spelled("opensuse-tumbleweed.*", "opensuse-tumbleweed");
    spelled("opensuse-leap(?=-|$)", "opensuse");
    spelled("rocky-?linux(?=-|\\d|$)", "rocky");
    spelled("alma(?=-|\\d|$)", "almalinux");
    spelled("centos-stream(?=-|\\d|$)", "centos");
    spelled("fc(?=\\d)", "fedora");
    spelled("ubuntu-pro-(?=\\d)", "ubuntu-");
  }

  private static void spelled(String usual, String here) {
    SPELLINGS.put(Pattern.compile(usual), here);
  }

  /** A name and a number; a service pack is the second part of one. */
  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z-]*?)-?v?(\\d+(?:\\.\\d+)*)(?:-?sp(\\d+))?(?:[^0-9.].*)?");

  /** Distributions without releases. */
  private static final String ROLLING = "opensuse-tumbleweed";

  static Release of(String text) {
    String name = text.toLowerCase(Locale.ROOT).replaceAll("[ _:]+", "-");
    for (Map.Entry<Pattern, String> spelling : SPELLINGS.entrySet()) {
      Matcher usual = spelling.getKey().matcher(name);
      if (usual.lookingAt()) {
        name = spelling.getValue() + name.substring(usual.end());
        break;
      }
    }
    Matcher parts = FORM.matcher(name);
    if (!parts.matches()) {
      return new Release(name, List.of());
    }
    List<String> version = new ArrayList<>(List.of(parts.group(2).split("\\.")));
    if (parts.group(3) != null) {
      version.add(parts.group(3));
    }
    return new Release(parts.group(1), List.copyOf(version));
  }

  /**
   * Whether what is said of this release is said of {@code other}: undecided where nothing tells,
   * as between a number and a code name, or where this is the more exact of the two.
   */
  Verdict holds(Release other) {
    if (equals(other)) {
      return Verdict.IN;
    }
    if (!distribution.equals(other.distribution)) {
      return isDistribution() && other.isDistribution() ? Verdict.OUT : Verdict.UNDECIDED;
    }
    int common = Math.min(version.size(), other.version.size());
    if (!version.subList(0, common).equals(other.version.subList(0, common))) {
      return Verdict.OUT;
    }
    return version.isEmpty() || common < version.size() ? Verdict.UNDECIDED : Verdict.IN;
  }

  /** Whether it names one; a code name may be anybody's. */
  private boolean isDistribution() {
    return !version.isEmpty() || distribution.equals(ROLLING);
  }

  /** As the database keeps it: {@code debian-12}. */
  String text() {
    return version.isEmpty() ? distribution : distribution + "-" + String.join(".", version);
  }
}
