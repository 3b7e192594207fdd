package io.vigie.verifier;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Work that several threads do at once, whose results are taken in the order in which it was given.
 * A bounded amount of it is under way, so memory does not grow with the whole.
 */
final class InOrder<T> implements AutoCloseable {

  private final ExecutorService workers;
  private final Deque<Future<T>> ahead = new ArrayDeque<>();
  private final int most;

  InOrder(int threads) {
    workers = Executors.newFixedThreadPool(threads, InOrder::worker);
    most = 2 * threads;
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "verifier");
    thread.setDaemon(true);
    return thread;
  }

  /** Whether a result has to be taken before more work is given. */
  boolean isFull() {
    return ahead.size() == most;
  }

  boolean isEmpty() {
    return ahead.isEmpty();
  }

  void give(Callable<T> work) {
    ahead.add(workers.submit(work));
  }

  /**
   * The result of the oldest work, once it is there.
   *
   * @throws ExecutionException when that work failed
   */
  T take() throws InterruptedException, ExecutionException {
    return ahead.remove().get();
  }

  /** Ends what is under way; its results are lost. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
