package io.vigie.asset.software;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a bill of materials says that the one before it did not.
 *
 * @param sample the first package URLs that are new
 */
record BomChange(int added, int removed, int changed, List<String> sample) {

  static final int SAMPLE = 50;

  /** From one set of components to another, both by package URL. */
  static BomChange between(Map<String, Component> before, Map<String, Component> after) {
    Map<String, Long> gone = products(before, after.keySet());
    Map<String, Long> come = products(after, before.keySet());
    int changed = 0;
    for (Map.Entry<String, Long> product : come.entrySet()) {
      changed += (int) Math.min(product.getValue(), gone.getOrDefault(product.getKey(), 0L));
    }
    TreeSet<String> sample = new TreeSet<>(after.keySet());
    sample.removeAll(before.keySet());
    return new BomChange(
        sum(come) - changed, sum(gone) - changed, changed, sample.stream().limit(SAMPLE).toList());
  }

  /** How many versions of each package are in one set alone. */
  private static Map<String, Long> products(Map<String, Component> in, Set<String> without) {
    return in.values().stream()
        .filter(component -> !without.contains(component.purl()))
        .collect(Collectors.groupingBy(Component::product, Collectors.counting()));
  }

  private static int sum(Map<String, Long> counts) {
    Collection<Long> values = counts.values();
    return (int) values.stream().mapToLong(Long::longValue).sum();
  }
}
