package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * How far clients got. Books balance by themselves where next to nothing was written, so whoever
 * got nowhere is a difference.
 */
final class Progress {

  /**
   * Who began so often and never came to an end was not kept from it by faults alone. A short run
   * begins the longest journeys less often, and nothing is asked of them.
   */
  static final int ENOUGH = 8;

  /**
   * @param stop where the last one that ended early did
   */
  private record Walks(AtomicInteger begun, AtomicInteger ended, AtomicReference<String> stop) {
    Walks() {
      this(new AtomicInteger(), new AtomicInteger(), new AtomicReference<>());
    }
  }

  private final Map<String, Walks> walks = new ConcurrentSkipListMap<>();
  private final Queue<Difference> deaths = new ConcurrentLinkedQueue<>();

  /**
   * The same journey; each walk counts for this name, as begun and, unless it ends early, ended.
   */
  Journey counted(String name, Journey journey) {
    Walks counts = walks.computeIfAbsent(name, any -> new Walks());
    return client -> {
      counts.begun().incrementAndGet();
      try {
        journey.walk(client);
      } catch (Client.GaveUp e) {
        counts.stop().set(e.getMessage());
        throw e;
      }
      counts.ended().incrementAndGet();
    };
  }

  void died(String who, Throwable cause) {
    deaths.add(Difference.death(who, cause));
  }

  /**
   * Who ended by an exception, what never came to its end, and whether less was done than a write a
   * second, which clients of a platform that works do many times over.
   *
   * @param done how many writes were
   */
  List<Difference> differences(long done, Duration worked) {
    List<Difference> differences = new ArrayList<>(deaths);
    walks.forEach(
        (name, counts) -> {
          if (counts.begun().get() >= ENOUGH && counts.ended().get() == 0) {
            differences.add(
                new Difference(
                    name,
                    "one walk to its end",
                    "none of " + counts.begun() + " begun, the last up to " + counts.stop()));
          }
        });
    if (done < worked.toSeconds()) {
      differences.add(
          new Difference(
              "all clients together",
              worked.toSeconds() + " writes done, one a second",
              Long.toString(done)));
    }
    return differences;
  }

  /** The walks of each, for people to read. */
  String line() {
    return walks.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue().ended() + "/" + each.getValue().begun())
        .collect(Collectors.joining(", ", "Walks to their end, of those begun: ", "."));
  }
}
