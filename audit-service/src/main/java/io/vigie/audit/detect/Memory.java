package io.vigie.audit.detect;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What rules remember: the part of it that one batch of events asks for. Whoever fills and stores
 * it sees to it that nothing that a batch asks for is missing.
 */
final class Memory {

  /** A rule's window of one group, or one of the states it asks for. */
  record Key(String rule, String name) {}

  /** A state that holds: what it is about, and since when. */
  record State(String about, Instant since) {}

  private final Map<Key, Window> windows = new HashMap<>();
  private final Map<Key, State> states = new HashMap<>();
  private final Map<Key, Map<String, State>> byAbout = new HashMap<>();
  private final Set<Key> changedWindows = new HashSet<>();
  private final Set<Key> changedStates = new HashSet<>();

  Window window(Key key) {
    return windows.getOrDefault(key, Window.EMPTY);
  }

  /** Takes what was stored. */
  void load(Key key, Window window) {
    windows.put(key, window);
  }

  /** Takes what was stored. */
  void load(Key key, State state) {
    states.put(key, state);
    byAbout
        .computeIfAbsent(new Key(key.rule(), state.about()), about -> new HashMap<>())
        .put(key.name(), state);
  }

  void keep(Key key, Window window) {
    windows.put(key, window);
    changedWindows.add(key);
  }

  void begin(Key key, State state) {
    end(key);
    load(key, state);
  }

  void end(Key key) {
    State ended = states.remove(key);
    if (ended != null) {
      byAbout.get(new Key(key.rule(), ended.about())).remove(key.name());
    }
    changedStates.add(key);
  }

  /** Whether a state of the rule about this held at that time, as far as the log says by now. */
  boolean holds(String rule, String about, Instant time) {
    return byAbout.getOrDefault(new Key(rule, about), Map.of()).values().stream()
        .anyMatch(state -> !state.since().isAfter(time));
  }

  /** The states that began or ended; those that hold no more lead to null. */
  Map<Key, State> changedStates() {
    Map<Key, State> changed = new HashMap<>();
    changedStates.forEach(key -> changed.put(key, states.get(key)));
    return changed;
  }

  Map<Key, Window> changedWindows() {
    Map<Key, Window> changed = new HashMap<>();
    changedWindows.forEach(key -> changed.put(key, windows.get(key)));
    return changed;
  }
}
