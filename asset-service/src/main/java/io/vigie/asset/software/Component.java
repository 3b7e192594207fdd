package io.vigie.asset.software;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;

/**
 * A package in one version, by its canonical package URL (ECMA-427).
 *
 * @param namespace empty where it has none
 * @param version null where the package URL has none
 * @param distro of packages of a distribution: which release of it, for example {@code debian-12};
 *     empty where it does not say
 */
record Component(
    String purl, String type, String namespace, String name, String version, String distro) {

  static final int MAX_LENGTH = 1_000;

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
              purl.getNamespace() == null ? "" : purl.getNamespace(),
              purl.getName(),
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

  private static String distro(PackageURL purl) {
    String distro = purl.getQualifiers() == null ? null : purl.getQualifiers().get("distro");
    return distro == null ? "" : distro.toLowerCase(Locale.ROOT);
  }

  /** No database keeps NUL or half of a surrogate pair, which percent-encoding can hide. */
  private boolean canBeKept() {
    String text = purl + namespace + name + version + distro;
    return purl.length() <= MAX_LENGTH
        && text.indexOf('\0') < 0
        && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
