package io.vigie.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.vigie.stack.Stack;
import io.vigie.stack.StackException;

/**
 * Has faults strike and mends them. A component that ends although nobody ended it, and no full
 * disk excuses it, is a difference; it is started again like any other.
 */
final class Faults implements AutoCloseable {

  private static final int SLOW_MILLIS = 25;
  private static final int AHEAD_SECONDS = 120;
  private static final long MENDED_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(3);

  private final Platform platform;
  private final Stack stack;
  private final Timeline timeline;

  /** By component, of how many faults at this moment it may be that it ends. */
  private final Map<String, Integer> excuses = new ConcurrentHashMap<>();

  private final List<Difference> deaths = new ArrayList<>();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(6);

  Faults(Platform platform, Timeline timeline) {
    this.platform = platform;
    this.stack = platform.stack();
    this.timeline = timeline;
    threads.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Lets all of a schedule happen; returns when its time is over and everything is mended and
   * healthy.
   */
  void run(Schedule schedule) throws InterruptedException {
    List<Future<?>> striking = new ArrayList<>();
    striking.add(threads.schedule(() -> {}, schedule.length().toMillis(), TimeUnit.MILLISECONDS));
    for (Schedule.Strike strike : schedule.strikes()) {
      striking.add(
          threads.schedule(() -> happen(strike), strike.at().toMillis(), TimeUnit.MILLISECONDS));
    }
    for (Future<?> each : striking) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a fault could not be mended", e.getCause());
      }
    }
    stack.names().forEach(this::revive);
    stack.names().forEach(stack::awaitHealthy);
  }

  /** What ended by itself. */
  synchronized List<Difference> deaths() {
    return List.copyOf(deaths);
  }

  private Void happen(Schedule.Strike strike) throws IOException {
    Timeline.Entry entry = timeline.begin(strike.fault().toString());
    strike(strike.fault(), entry);
    LockSupport.parkNanos(strike.lasts().toNanos());
    mend(strike.fault());
    entry.end();
    return null;
  }

  private void strike(Fault fault, Timeline.Entry entry) throws IOException {
    String component = fault.component();
    switch (fault.what()) {
      case KILL -> {
        excuse(component);
        stack.kill(component);
      }
      case FREEZE -> stack.freeze(component);
      case CUT -> platform.detour(component).cut();
      case SLOW -> platform.detour(component).slow(SLOW_MILLIS);
      case REPEAT -> entry.tell(Repetition.send(stack.address(component)) + " records");
      case FILL -> {
        excuse(Platform.DATABASE);
        excuse(Platform.BROKER);
        platform.fillDisk();
      }
      case CLOCK -> platform.setClock(component, AHEAD_SECONDS);
      default -> throw new IllegalStateException(fault.toString());
    }
  }

  private void mend(Fault fault) throws IOException {
    String component = fault.component();
    switch (fault.what()) {
      case KILL -> {
        revive(component);
        excuseNoMore(component);
      }
      case FREEZE -> stack.thaw(component);
      case REPEAT -> {} // it happened
      case CUT -> platform.detour(component).join();
      case SLOW -> platform.detour(component).slow(0);
      case FILL -> {
        platform.freeDisk();
        for (String victim : List.of(Platform.DATABASE, Platform.BROKER)) {
          revive(victim);
          excuseNoMore(victim);
        }
      }
      case CLOCK -> platform.setClock(component, 0);
      default -> throw new IllegalStateException(fault.toString());
    }
  }

  private void excuse(String component) {
    excuses.merge(component, 1, Integer::sum);
  }

  /** By the fault that excused it: another that overlaps with that one may go on. */
  private void excuseNoMore(String component) {
    excuses.computeIfPresent(component, (any, count) -> count == 1 ? null : count - 1);
  }

  /**
   * Starts it until it is healthy, or runs: what it needs may itself be away for a while. One that
   * runs and is not well yet has until the end of the run, where all must be.
   */
  private void revive(String component) {
    long deadline = System.nanoTime() + MENDED_WITHIN_NANOS;
    while (stack.pid(component).isEmpty()) {
      try {
        stack.start(component);
      } catch (StackException e) {
        if (System.nanoTime() > deadline && stack.pid(component).isEmpty()) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  private void look() {
    try {
      startWhatEnded();
    } catch (RuntimeException e) {
      synchronized (this) {
        deaths.add(Difference.death("the watch over what ends by itself", e));
      }
      throw e; // no further look
    }
  }

  private void startWhatEnded() {
    for (String component : stack.names()) {
      if (stack.pid(component).isEmpty() && !excuses.containsKey(component)) {
        excuse(component);
        synchronized (this) {
          deaths.add(new Difference(component, "it runs", "it ended by itself; see its log"));
        }
        try {
          revive(component);
        } finally {
          excuseNoMore(component);
        }
      }
    }
  }

  /** Nothing strikes any more, and what ends by itself is not started again. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
