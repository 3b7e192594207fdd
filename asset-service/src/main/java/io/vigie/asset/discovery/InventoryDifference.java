package io.vigie.asset.discovery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How what a machine was found to be differs from before. What one of the two did not look at does
 * not differ.
 *
 * @param changes of all but its software, by field; of disks and ports those that went and those
 *     that came, twenty of each at most
 */
record InventoryDifference(SoftwareDifference software, List<Discovery.Change> changes) {

  static final InventoryDifference NONE =
      new InventoryDifference(SoftwareDifference.between(List.of(), List.of()), List.of());

  private static final int MOST = 20;

  static InventoryDifference between(Inventory before, Inventory now) {
    List<Discovery.Change> changes = new ArrayList<>();
    add(changes, "hostname", before.hostname(), now.hostname());
    add(changes, "operatingSystem", before.operatingSystem(), now.operatingSystem());
    add(changes, "kernel", before.kernel(), now.kernel());
    add(changes, "processors", before.processors(), now.processors());
    add(changes, "memoryBytes", before.memoryBytes(), now.memoryBytes());
    addEach(changes, "disks", before.disks(), now.disks());
    addEach(changes, "listeningPorts", before.listeningPorts(), now.listeningPorts());
    return new InventoryDifference(
        before.packages() == null || now.packages() == null
            ? NONE.software()
            : SoftwareDifference.between(before.packages(), now.packages()),
        changes);
  }

  private static void add(List<Discovery.Change> changes, String field, Object before, Object now) {
    if (before != null && now != null && !before.equals(now)) {
      changes.add(new Discovery.Change("inventory." + field, before, now));
    }
  }

  private static <T> void addEach(
      List<Discovery.Change> changes, String field, List<T> before, List<T> now) {
    if (before != null && now != null) {
      List<T> gone = without(now, before);
      List<T> come = without(before, now);
      if (!gone.isEmpty() || !come.isEmpty()) {
        changes.add(new Discovery.Change("inventory." + field, gone, come));
      }
    }
  }

  private static <T> List<T> without(List<T> some, List<T> all) {
    Set<T> known = new HashSet<>(some);
    return new LinkedHashSet<>(all)
        .stream().filter(each -> !known.contains(each)).limit(MOST).toList();
  }
}
