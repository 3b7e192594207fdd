package io.vigie.asset.software;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;

import static io.vigie.asset.software.DocumentReader.invalid;
import static io.vigie.asset.software.DocumentReader.text;

/**
 * A package as OSV names it, ecosystem and name, as a package URL names it.
 *
 * @param distro the release that the ecosystem names, {@code Debian:12} as {@code debian-12}; empty
 *     where it names none
 */
record OsvPackage(Component component, String distro) {

  /** What stands between namespace and name in an ecosystem's names; empty where none does. */
  private record Form(String type, String namespace, String separator) {}

  private static final Map<String, Form> ECOSYSTEMS =
      Map.ofEntries(
          Map.entry("Maven", new Form("maven", "", ":")),
          Map.entry("npm", new Form("npm", "", "/")),
          Map.entry("PyPI", new Form("pypi", "", "")),
          Map.entry("Go", new Form("golang", "", "/")),
          Map.entry("crates.io", new Form("cargo", "", "")),
          Map.entry("Packagist", new Form("composer", "", "/")),
          Map.entry("RubyGems", new Form("gem", "", "")),
          Map.entry("NuGet", new Form("nuget", "", "")),
          Map.entry("Hex", new Form("hex", "", "")),
          Map.entry("Pub", new Form("pub", "", "")),
          Map.entry("Debian", new Form("deb", "debian", "")),
          Map.entry("Ubuntu", new Form("deb", "ubuntu", "")),
          Map.entry("Alpine", new Form("apk", "alpine", "")),
          Map.entry("Red Hat", new Form("rpm", "redhat", "")),
          Map.entry("AlmaLinux", new Form("rpm", "almalinux", "")),
          Map.entry("Rocky Linux", new Form("rpm", "rocky", "")),
          Map.entry("SUSE", new Form("rpm", "suse", "")),
          Map.entry("openSUSE", new Form("rpm", "opensuse", "")));

  /** The package, or null where its ecosystem has no package URLs that are known here. */
  static OsvPackage of(JsonNode named) {
    String ecosystem = named.path("ecosystem").asText();
    Form form = ECOSYSTEMS.get(ecosystem.split(":", 2)[0]);
    String purl = text(named.path("purl"));
    if (purl != null) {
      Component component =
          Component.of(purl)
              .orElseThrow(() -> invalid("affected.package.purl", "is not a package URL"));
      return new OsvPackage(component, distro(ecosystem, component.type()));
    }
    if (form == null) {
      return null;
    }
    return new OsvPackage(
        component(form, named.path("name").asText()), distro(ecosystem, form.type()));
  }

  private static Component component(Form form, String name) {
    int cut = form.separator().isEmpty() ? -1 : name.lastIndexOf(form.separator());
    String namespace = cut < 0 ? form.namespace() : name.substring(0, cut);
    try {
      PackageURL purl =
          new PackageURL(
              form.type(),
              namespace.isEmpty() ? null : namespace,
              name.substring(cut + 1),
              null,
              null,
              null);
      return Component.of(purl.canonicalize())
          .orElseThrow(() -> invalid("affected.package.name", "is too long"));
    } catch (MalformedPackageURLException e) {
      throw invalid("affected.package.name", "names no package of its ecosystem: " + name);
    }
  }

  private static String distro(String ecosystem, String type) {
    boolean isDistribution = type.equals("deb") || type.equals("rpm") || type.equals("apk");
    return isDistribution && ecosystem.contains(":") ? Release.of(ecosystem).text() : "";
  }
}
