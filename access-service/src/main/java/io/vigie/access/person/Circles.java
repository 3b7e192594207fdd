package io.vigie.access.person;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds rows of a table that would have people lead themselves, directly or not. */
final class Circles {

  private static final int MOST_NAMED = 10;

  private final Map<UUID, HrRow> rows = new HashMap<>();
  private final Map<UUID, UUID> managers;

  /**
   * @param managers who leads whom today, by the led one's id
   */
  Circles(HrTable table, Map<UUID, UUID> managers) {
    this.managers = new HashMap<>(managers);
    for (HrRow row : table.rows()) {
      if (!row.isRefused()) {
        rows.put(row.id(), row);
        this.managers.put(row.id(), row.manager());
      }
    }
  }

  /** Refuses each row in a circle, which it names, and each below too many levels of managers. */
  void refuse() {
    Map<UUID, Integer> levels = new HashMap<>();
    for (UUID start : rows.keySet()) {
      List<UUID> path = new ArrayList<>();
      Set<UUID> onPath = new HashSet<>();
      UUID next = start;
      while (next != null && !levels.containsKey(next) && onPath.add(next)) {
        path.add(next);
        next = managers.get(next);
      }
      if (next != null && onPath.contains(next)) {
        refuse(path.subList(path.indexOf(next), path.size()));
      }
      int level = next == null ? 0 : levels.getOrDefault(next, 0);
      for (int i = path.size() - 1; i >= 0; i--) {
        levels.put(path.get(i), ++level);
        if (level > Relations.MOST_LEVELS && rows.containsKey(path.get(i))) {
          rows.get(path.get(i)).refuse("manager", "leads up more than 100 levels");
        }
      }
    }
  }

  private void refuse(List<UUID> circle) {
    List<UUID> named = circle.size() > MOST_NAMED ? circle.subList(0, MOST_NAMED) : circle;
    String text =
        named.stream().map(this::name).collect(Collectors.joining(" → "))
            + (named.size() < circle.size() ? " → …" : "")
            + " → "
            + name(circle.get(0));
    circle.stream()
        .filter(rows::containsKey)
        .forEach(id -> rows.get(id).refuse("manager", "leads back to themselves: " + text));
  }

  private String name(UUID id) {
    return rows.containsKey(id) ? "row " + rows.get(id).number() : "person " + id;
  }
}
