package io.vigie.stack;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Does work side by side, a few at a time, and stops at the first failure. */
final class Crew implements AutoCloseable {
  /** More only wait for one another on a machine of two cores. */
  static final int HANDS = 6;

  /** Something that calls services. */
  interface Work {
    void run() throws IOException;
  }

  private final ExecutorService hands = Executors.newFixedThreadPool(HANDS);

  /**
   * Returns when all of it is done.
   *
   * @throws IOException what the first piece that failed threw; none is begun after that
   */
  void together(Collection<? extends Work> works) throws IOException, InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Callable<Void>> pieces =
        works.stream().<Callable<Void>>map(work -> () -> attempt(work, failure)).toList();
    hands.invokeAll(pieces);
    if (failure.get() instanceof IOException refused) {
      throw refused;
    }
    if (failure.get() instanceof RuntimeException unexpected) {
      throw unexpected;
    }
    if (failure.get() instanceof Error fatal) {
      throw fatal;
    }
  }

  private static Void attempt(Work work, AtomicReference<Throwable> failure) {
    if (failure.get() == null) {
      try {
        work.run();
      } catch (Throwable e) { // an Error would be kept in a result that nobody reads
        failure.compareAndSet(null, e);
      }
    }
    return null;
  }

  @Override
  public void close() {
    hands.shutdownNow();
  }
}
