package io.vigie.asset.discovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.vigie.asset.discovery.Inventory.SoftwarePackage;

/**
 * How the software of a machine differs from before. What two package managers installed under one
 * name is two programs. One that is there in several versions is updated when these are others.
 *
 * @param added how many programs came
 * @param removed how many went
 * @param updated how many have other versions
 * @param examples the first of each, twenty at most, as {@code + name version}, {@code - name
 *     version} and {@code ~ name before -> after}
 */
public record SoftwareDifference(int added, int removed, int updated, List<String> examples) {

  private static final int EXAMPLES = 20;

  /**
   * @param source null where unknown
   */
  private record Program(String name, String source) {
    static Program of(SoftwarePackage installed) {
      return new Program(installed.name(), installed.source());
    }
  }

  private static final Comparator<Program> BY_NAME =
      Comparator.comparing(Program::name)
          .thenComparing(Program::source, Comparator.nullsFirst(Comparator.naturalOrder()));

  static SoftwareDifference between(List<SoftwarePackage> before, List<SoftwarePackage> after) {
    Map<Program, String> old = versions(before);
    Map<Program, String> now = versions(after);
    List<String> added = new ArrayList<>();
    List<String> updated = new ArrayList<>();
    now.forEach(
        (program, version) -> {
          String known = old.get(program);
          if (known == null) {
            added.add("+ " + program.name() + " " + version);
          } else if (!known.equals(version)) {
            updated.add("~ " + program.name() + " " + known + " -> " + version);
          }
        });
    List<String> removed = new ArrayList<>();
    old.forEach(
        (program, version) -> {
          if (!now.containsKey(program)) {
            removed.add("- " + program.name() + " " + version);
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

  private static Map<Program, String> versions(List<SoftwarePackage> packages) {
    return packages.stream()
        .collect(
            Collectors.groupingBy(
                Program::of,
                () -> new TreeMap<>(BY_NAME),
                Collectors.mapping(
                    SoftwarePackage::version,
                    Collectors.collectingAndThen(
                        Collectors.toCollection(TreeSet::new),
                        versions -> String.join(", ", versions)))));
  }
}
