package io.vigie.audit.detect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.vigie.audit.detect.Memory.Key;
import io.vigie.audit.detect.Memory.State;

/**
 * Signals in the order of the log, and what each means to each rule, found out before anything that
 * a rule remembers is known. So all of that can be read at once, by {@link #windows()}, {@link
 * #states()} and {@link #abouts()}, and {@link #run} needs nothing else.
 */
final class Batch {

  /** A rule that fired, with what it had counted. */
  record Firing(Rule rule, String group, Window counted, Signal by) {}

  /** What one signal means to one rule. */
  private interface Step {
    void take(Memory memory, List<Firing> fired);
  }

  private final List<Step> steps = new ArrayList<>();
  private final Set<Key> windows = new HashSet<>();
  private final Set<Key> states = new HashSet<>();
  private final Set<Key> abouts = new HashSet<>();

  Batch(List<Rule> rules, List<Signal> signals) {
    for (Signal signal : signals) {
      for (Rule rule : rules) {
        if (rule.given() != null) {
          change(rule, signal);
        }
        Rule.Match match = rule.matching(signal);
        if (match != null) {
          count(rule, match, signal);
        }
      }
    }
  }

  private void change(Rule rule, Signal signal) {
    Rule.Given given = rule.given();
    if (given.begins().fits(signal)) {
      Key key = new Key(rule.id(), signal.text(given.begins().key()));
      State state = new State(signal.text(given.begins().about()), signal.time());
      states.add(key);
      steps.add((memory, fired) -> memory.begin(key, state));
    }
    if (given.ends().fits(signal)) {
      Key key = new Key(rule.id(), signal.text(given.ends().key()));
      states.add(key);
      steps.add((memory, fired) -> memory.end(key));
    }
  }

  private void count(Rule rule, Rule.Match match, Signal signal) {
    Key key = new Key(rule.id(), match.group(signal));
    Window.Sample sample = new Window.Sample(signal.time(), match.weight(signal), signal.entry());
    String about = rule.given() == null ? null : signal.text(rule.given().about());
    if (about != null) {
      abouts.add(new Key(rule.id(), about));
    }
    windows.add(key);
    steps.add(
        (memory, fired) -> {
          if (applies(rule, about, signal.time(), memory)) {
            Window window = memory.window(key).with(sample, rule);
            if (window.fires(rule)) {
              window = window.fired();
              fired.add(new Firing(rule, key.name(), window, signal));
            }
            memory.keep(key, window);
          }
        });
  }

  private static boolean applies(Rule rule, String about, Instant time, Memory memory) {
    return rule.given() == null
        || rule.given().holds() == (about != null && memory.holds(rule.id(), about, time));
  }

  /** The windows that the signals count in. */
  Set<Key> windows() {
    return windows;
  }

  /** The states that the signals begin or end. */
  Set<Key> states() {
    return states;
  }

  /** Rules with what they ask a state about. */
  Set<Key> abouts() {
    return abouts;
  }

  /** Applies the rules; the memory changes accordingly. */
  List<Firing> run(Memory memory) {
    List<Firing> fired = new ArrayList<>();
    steps.forEach(step -> step.take(memory, fired));
    return fired;
  }
}
