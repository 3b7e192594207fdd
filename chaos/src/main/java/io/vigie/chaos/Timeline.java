package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What struck when, and what clients saw of it, in seconds since the load began. */
final class Timeline {

  /** How a request ended, in its client's eyes. */
  enum Answer {
    DONE,
    /** The client tries it again: 429, 5xx, or a refusal that holds for a while alone. */
    LATER,
    /** Any other refusal. */
    REFUSED,
    /** No answer: the connection broke, or none came in time. */
    NONE
  }

  private static final class Second {
    private final int[] answers = new int[Answer.values().length];
    private long slowest;
  }

  /** A fault from its beginning to its end. */
  final class Entry {
    private String what;
    private final long began = millis();
    private long ended = -1;

    private Entry(String what) {
      this.what = what;
    }

    /** What more there is to say of it. */
    void tell(String more) {
      synchronized (Timeline.this) {
        what = what + ", " + more;
      }
    }

    void end() {
      synchronized (Timeline.this) {
        ended = millis();
      }
    }
  }

  private volatile long start = System.nanoTime();
  private final Map<Long, Second> seconds = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, List<String>> failures = new TreeMap<>();

  /** The load begins. */
  void begin() {
    start = System.nanoTime();
  }

  private long millis() {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  synchronized Entry begin(String what) {
    Entry entry = new Entry(what);
    entries.add(entry);
    return entry;
  }

  synchronized void answered(Answer answer, Duration after) {
    Second second = seconds.computeIfAbsent(millis() / 1_000, any -> new Second());
    second.answers[answer.ordinal()]++;
    second.slowest = Math.max(second.slowest, after.toMillis());
  }

  /**
   * A request was answered 500, which says that a service did not know what to say.
   *
   * @param answer which has the request's id, by which the service's log is found
   */
  synchronized void failed(String request, String answer) {
    failures
        .computeIfAbsent(request, none -> new ArrayList<>())
        .add("%.1f s %s".formatted(millis() / 1e3, answer));
  }

  /** The answers to requests that were answered so, by what they were. */
  synchronized Map<String, List<String>> failures() {
    return new TreeMap<>(failures);
  }

  synchronized int count(Answer answer) {
    return seconds.values().stream().mapToInt(second -> second.answers[answer.ordinal()]).sum();
  }

  /**
   * A line for each fault: when, what, how long, and what clients saw in the seconds from its
   * beginning to its end.
   */
  synchronized List<String> lines() {
    return entries.stream().map(this::line).toList();
  }

  private String line(Entry entry) {
    long until = entry.ended < 0 ? millis() : entry.ended;
    int[] answers = new int[Answer.values().length];
    long slowest = 0;
    for (long at = entry.began / 1_000; at <= until / 1_000; at++) {
      Second second = seconds.getOrDefault(at, new Second());
      for (int i = 0; i < answers.length; i++) {
        answers[i] += second.answers[i];
      }
      slowest = Math.max(slowest, second.slowest);
    }
    return String.format(
        Locale.ROOT,
        "%6.1f s  %-22s %5.1f s   done %5d, later %4d, refused %4d, no answer %3d; slowest %5.1f s; %s",
        entry.began / 1e3,
        entry.what,
        (until - entry.began) / 1e3,
        answers[Answer.DONE.ordinal()],
        answers[Answer.LATER.ordinal()],
        answers[Answer.REFUSED.ordinal()],
        answers[Answer.NONE.ordinal()],
        slowest / 1e3,
        well(until));
  }

  /**
   * Within how long a request was done again: until the end of the first second in which one was,
   * after the second in which the fault was over.
   */
  private String well(long until) {
    for (Map.Entry<Long, Second> second : seconds.entrySet()) {
      if (second.getKey() > until / 1_000 && second.getValue().answers[Answer.DONE.ordinal()] > 0) {
        return "done again within " + (second.getKey() + 1 - until / 1_000) + " s";
      }
    }
    return "nothing was done afterwards";
  }
}
