package io.vigie.asset.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.vigie.asset.discovery.Inventory.SoftwarePackage;

/**
 * How the software of a machine differs from before. A program that is there in several versions is
 * updated when these are others.
 *
 * @param added how many programs came
 * @param removed how many went
 * @param updated how many have other versions
 * @param examples the first of each, twenty at most, as {@code + name version}, {@code - name
 *     version} and {@code ~ name before -> after}
 */
public record SoftwareDifference(int added, int removed, int updated, List<String> examples) {

  private static final int EXAMPLES = 20;

  static SoftwareDifference between(List<SoftwarePackage> before, List<SoftwarePackage> after) {
    Map<String, String> old = versions(before);
    Map<String, String> now = versions(after);
    List<String> added = new ArrayList<>();
    List<String> updated = new ArrayList<>();
    now.forEach(
        (name, version) -> {
          String known = old.get(name);
          if (known == null) {
            added.add("+ " + name + " " + version);
          } else if (!known.equals(version)) {
            updated.add("~ " + name + " " + known + " -> " + version);
          }
        });
    List<String> removed = new ArrayList<>();
    old.forEach(
        (name, version) -> {
          if (!now.containsKey(name)) {
            removed.add("- " + name + " " + version);
          }
        });
    List<String> examples = new ArrayList<>();
    List.of(added, removed, updated)
        .forEach(each -> examples.addAll(each.subList(0, Math.min(EXAMPLES, each.size()))));
    return new SoftwareDifference(added.size(), removed.size(), updated.size(), examples);
  }

  boolean nothing() {
    return added + removed + updated == 0;
  }

  private static Map<String, String> versions(List<SoftwarePackage> packages) {
    return packages.stream()
        .collect(
            Collectors.groupingBy(
                SoftwarePackage::name,
                TreeMap::new,
                Collectors.mapping(
                    SoftwarePackage::version,
                    Collectors.collectingAndThen(
                        Collectors.toCollection(TreeSet::new),
                        versions -> String.join(", ", versions)))));
  }
}
