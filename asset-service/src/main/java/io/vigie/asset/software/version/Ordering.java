package io.vigie.asset.software.version;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.apache.maven.artifact.versioning.ComparableVersion;
import org.semver4j.Semver;

/** How the versions of an ecosystem are ordered. */
enum Ordering {
  /** As Maven itself compares them. */
  MAVEN(ComparableVersion::new),
  /** Semantic Versioning 2.0.0, section 11; Go and some tools write a {@code v} in front. */
  SEMVER(Ordering::semver),
  /** PEP 440. */
  PYPI(PythonVersion::new),
  /** Debian Policy 5.6.12. */
  DEBIAN(DebianVersion::new),
  /** As rpmvercmp of RPM 4.15 and later compares epoch, version and release. */
  RPM(RpmVersion::new),
  /** As Composer orders releases and their stabilities. */
  COMPOSER(ComposerVersion::new),
  /** As Gem::Version of RubyGems compares segments. */
  GEM(GemVersion::new),
  /** Semantic Versioning with up to four numbers, whatever the case, as NuGet orders it. */
  NUGET(NugetVersion::new),
  /** As apk-tools 2.14 and 3 compare. */
  APK(ApkVersion::new);

  /** Package types, which are the names of version schemes too. */
  private static final Map<String, Ordering> BY_TYPE =
      Map.ofEntries(
          Map.entry("maven", MAVEN),
          Map.entry("npm", SEMVER),
          Map.entry("cargo", SEMVER),
          Map.entry("golang", SEMVER),
          Map.entry("hex", SEMVER),
          Map.entry("pub", SEMVER),
          Map.entry("pypi", PYPI),
          Map.entry("deb", DEBIAN),
          Map.entry("rpm", RPM),
          Map.entry("composer", COMPOSER),
          Map.entry("gem", GEM),
          Map.entry("nuget", NUGET),
          Map.entry("apk", APK));

  private final Function<String, Comparable<?>> parser;

  Ordering(Function<String, Comparable<?>> parser) {
    this.parser = parser;
  }

  /** That of a package type; empty where none is known, which leaves ranges undecided. */
  static Optional<Ordering> of(String type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /** The version; empty for a text that is none in this ecosystem. */
  Optional<Version> parse(String text) {
    try {
      return Optional.of(new Version(parser.apply(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Semver semver(String text) {
    Semver version = Semver.parse(text.startsWith("v") ? text.substring(1) : text);
    if (version == null) {
      throw new IllegalArgumentException(text);
    }
    return version;
  }

  /** One of an ecosystem, to be compared with others of it alone. */
  record Version(Comparable<?> place) implements Comparable<Version> {
    @Override
    @SuppressWarnings("unchecked")
    public int compareTo(Version other) {
      return ((Comparable<Object>) place).compareTo(other.place);
    }
  }
}
