package io.vigie.audit.detect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a rule has counted of one group, over the time before the newest event of that group. Events
 * may come late: they count where their time puts them, whatever the order they come in. Never more
 * events than the threshold are kept, the newest.
 *
 * @param samples in the order of their time
 * @param firedAt time of the event that made the rule fire last; null when it never did
 */
record Window(List<Sample> samples, Instant firedAt) {

  static final Window EMPTY = new Window(List.of(), null);

  private static final Comparator<Sample> BY_TIME = Comparator.comparing(Sample::at);

  /**
   * One event.
   *
   * @param entry its index in the log; null for a finding of the log's own watch
   */
  record Sample(Instant at, long weight, Long entry) {}

  /** With one more event, without those that are too old by now and those beyond the threshold. */
  Window with(Sample added, Rule rule) {
    if (rule.threshold() == null) {
      return new Window(List.of(added), firedAt);
    }
    List<Sample> kept = new ArrayList<>(samples);
    kept.add(added);
    kept.sort(BY_TIME);
    Instant start = kept.get(kept.size() - 1).at().minus(rule.threshold().within());
    kept.removeIf(sample -> !sample.at().isAfter(start));
    long more = weight(kept) - needed(rule);
    int superfluous = 0;
    while (superfluous < kept.size() - 1 && kept.get(superfluous).weight() <= more) {
      more -= kept.get(superfluous++).weight();
    }
    return new Window(List.copyOf(kept.subList(superfluous, kept.size())), firedAt);
  }

  /** Whether what is counted is enough, and the quiet time since the last alert is over. */
  boolean fires(Rule rule) {
    return weight(samples) >= needed(rule)
        && (firedAt == null
            || rule.quiet().isZero()
            || !last().isBefore(firedAt.plus(rule.quiet())));
  }

  Window fired() {
    return new Window(samples, last());
  }

  long weight() {
    return weight(samples);
  }

  Instant first() {
    return samples.get(0).at();
  }

  Instant last() {
    return samples.get(samples.size() - 1).at();
  }

  /** Indexes of the newest events, at most so many. */
  List<Long> entries(int most) {
    List<Long> entries =
        samples.stream().map(Sample::entry).filter(entry -> entry != null).toList();
    return entries.subList(Math.max(0, entries.size() - most), entries.size());
  }

  private static long needed(Rule rule) {
    return rule.threshold() == null ? 1 : rule.threshold().count();
  }

  private static long weight(List<Sample> samples) {
    return samples.stream().mapToLong(Sample::weight).sum();
  }
}
