package io.vigie.asset.discovery;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import io.vigie.asset.discovery.Inventory.SoftwarePackage;
import io.vigie.kernel.PolicyTable;

/** How reports of tools are read: {@code contracts/policy/asset-discovery.json}. */
@ApplicationScoped
class ReportRules {

  private record Rules(
      Map<String, String> itemtypes,
      String computer,
      Map<String, String> chassis,
      Set<String> hardware,
      List<String> placeholders,
      WithoutData withoutData,
      List<Distribution> distributions) {}

  private record Distribution(String source, Pattern system, String type, String namespace) {}

  private record WithoutData(Set<String> mounts, Set<String> filesystems) {}

  private final Rules rules = PolicyTable.read("asset-discovery", Rules.class);
  private final Pattern placeholder;

  ReportRules() {
    placeholder = Pattern.compile(String.join("|", rules.placeholders()), Pattern.CASE_INSENSITIVE);
  }

  /** The kind of asset that a report is about; null parts were not told. */
  String kind(String itemtype, String vmsystem, String chassis) {
    String known = itemtype == null ? null : rules.itemtypes().get(itemtype);
    if (known != null) {
      return known;
    }
    if (vmsystem != null && !rules.hardware().contains(vmsystem)) {
      return "VIRTUAL_MACHINE";
    }
    return chassis == null
        ? rules.computer()
        : rules.chassis().getOrDefault(chassis, rules.computer());
  }

  /** Whether what a machine keeps may be on such a drive; null parts were not told. */
  boolean mayHoldData(String mount, String filesystem) {
    return !(mount != null && rules.withoutData().mounts().contains(mount))
        && !(filesystem != null
            && rules.withoutData().filesystems().contains(filesystem.toLowerCase(Locale.ROOT)));
  }

  /** The first that tells one machine from another, trimmed; null where none does. */
  String identity(int longest, String... values) {
    for (String value : values) {
      String text = value == null ? "" : value.trim();
      if (!text.isEmpty() && text.length() <= longest && !placeholder.matcher(text).matches()) {
        return text;
      }
    }
    return null;
  }

  /**
   * The package URL (ECMA-427) of what a package manager installed on such a system; empty where
   * nothing says what it is called elsewhere.
   */
  Optional<String> packageUrl(SoftwarePackage installed, String system) {
    if (installed.source() == null || system == null) {
      return Optional.empty();
    }
    for (Distribution distribution : rules.distributions()) {
      Matcher name = distribution.system().matcher(system);
      if (distribution.source().equals(installed.source()) && name.find()) {
        return packageUrl(installed, distribution, name.group("release"));
      }
    }
    return Optional.empty();
  }

  /**
   * Package managers add the architecture to the name of some; advisories do not. A service pack is
   * the second part of a release.
   */
  private static Optional<String> packageUrl(
      SoftwarePackage installed, Distribution distribution, String release) {
    TreeMap<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("distro", distribution.namespace() + "-" + release.replaceFirst("[ -]SP", "."));
    try {
      return Optional.of(
          new PackageURL(
                  distribution.type(),
                  distribution.namespace(),
                  installed.name().replaceFirst(":[a-z0-9]+$", ""),
                  installed.version(),
                  qualifiers,
                  null)
              .canonicalize());
    } catch (MalformedPackageURLException e) {
      return Optional.empty();
    }
  }
}
