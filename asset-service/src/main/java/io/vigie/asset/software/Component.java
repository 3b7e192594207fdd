package io.vigie.asset.software;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;

/**
 * A package in one version, by its canonical package URL (ECMA-427), which says its name as it was
 * written; {@code namespace} and {@code name} are as its ecosystem compares them, so that who holds
 * it and who writes about it mean the same.
 *
 * @param namespace empty where it has none; of a distribution the one that all its spellings come
 *     to
 * @param version null where the package URL has none
 * @param distro of packages of a distribution: which release of it, for example {@code debian-12};
 *     empty where it does not say
 */
record Component(
    String purl, String type, String namespace, String name, String version, String distro) {

  static final int MAX_LENGTH = 1_000;

  /**
   * What tools and publishers call the distributions of RPM packages, and what one name for each
   * is.
   */
  private static final Map<String, String> NAMESPACES =
      Map.of(
          "rhel", "redhat",
          "rocky-linux", "rocky",
          "rockylinux", "rocky",
          "alma", "almalinux",
          "sles", "suse",
          "sled", "suse",
          "opensuse-leap", "opensuse",
          "opensuse-tumbleweed", "opensuse");

  /**
   * Where capitals make no other name, by the types' definitions and by NuGet's own; package URLs
   * are parsed accordingly for some types, but not for these.
   */
  private static final Set<String> WITHOUT_CASE =
      Set.of("alpm", "apk", "composer", "hex", "luarocks", "nuget", "oci", "pub");

  /** The component, or empty for what is no package URL, or too long for one. */
  static Optional<Component> of(String text) {
    if (text == null || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      PackageURL purl = new PackageURL(text);
      Component component =
          new Component(
              purl.canonicalize(),
              purl.getType(),
              namespace(purl),
              name(purl),
              purl.getVersion(),
              distro(purl));
      return component.canBeKept() ? Optional.of(component) : Optional.empty();
    } catch (MalformedPackageURLException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The package, whatever its version. */
  String product() {
    return type + "/" + namespace + "/" + name;
  }

  private static String namespace(PackageURL purl) {
    String namespace = purl.getNamespace() == null ? "" : purl.getNamespace();
    return purl.getType().equals("rpm")
        ? NAMESPACES.getOrDefault(namespace, namespace)
        : withoutCase(purl, namespace);
  }

  /** Of Python packages as PEP 503 has it. */
  private static String name(PackageURL purl) {
    return purl.getType().equals("pypi")
        ? purl.getName().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-")
        : withoutCase(purl, purl.getName());
  }

  private static String withoutCase(PackageURL purl, String text) {
    return WITHOUT_CASE.contains(purl.getType()) ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static String distro(PackageURL purl) {
    String distro = purl.getQualifiers() == null ? null : purl.getQualifiers().get("distro");
    return distro == null ? "" : distro.toLowerCase(Locale.ROOT);
  }

  /**
   * Percent-encoding can hide half of a surrogate pair, which no database keeps, and control
   * characters, which no version or name has.
   */
  private boolean canBeKept() {
    String text = purl + namespace + name + version + distro;
    return purl.length() <= MAX_LENGTH
        && text.chars().noneMatch(Character::isISOControl)
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
