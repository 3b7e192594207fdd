package io.vigie.asset.software;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What needs what in a bill of materials, by reference. */
final class DependencyGraph {

  private record Step(String reference, Iterator<String> rest) {}

  private final Map<String, List<String>> needs = new HashMap<>();

  void add(String reference, List<String> needed) {
    needs.computeIfAbsent(reference, first -> new ArrayList<>()).addAll(needed);
  }

  /** References of which each needs the next, from one back to the same; empty where none does. */
  List<String> cycle() {
    Map<String, Boolean> onWay = new HashMap<>();
    Deque<Step> way = new ArrayDeque<>(); // may be as long as the bill: too deep for calls
    for (String start : needs.keySet()) {
      if (onWay.putIfAbsent(start, true) == null) {
        way.addLast(step(start));
      }
      while (!way.isEmpty()) {
        Step last = way.getLast();
        if (!last.rest().hasNext()) {
          onWay.put(way.removeLast().reference(), false);
          continue;
        }
        String next = last.rest().next();
        Boolean met = onWay.putIfAbsent(next, true);
        if (met == null) {
          way.addLast(step(next));
        } else if (met) {
          return back(way, next);
        }
      }
    }
    return List.of();
  }

  private Step step(String reference) {
    return new Step(reference, needs.getOrDefault(reference, List.of()).iterator());
  }

  private static List<String> back(Deque<Step> way, String to) {
    List<String> cycle = new ArrayList<>();
    way.stream()
        .map(Step::reference)
        .dropWhile(reference -> !reference.equals(to))
        .forEach(cycle::add);
    cycle.add(to);
    return cycle;
  }
}
