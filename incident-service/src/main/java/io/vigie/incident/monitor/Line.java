package io.vigie.incident.monitor;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A connection to an address that was looked at, closed when its time is over: a server that sends
 * a byte now and then does not keep a probe for longer than that.
 */
final class Line implements Closeable {

  /** So many addresses of one host are looked at. */
  static final int MOST_ADDRESSES = 4;

  private static final ScheduledThreadPoolExecutor CLOSING = closing();

  private final Socket socket;
  private final Future<?> end;

  private Line(Socket socket, TimeLimit limit) throws IOException {
    this.socket = socket;
    this.end = CLOSING.schedule(() -> closeQuietly(socket), limit.millis(), TimeUnit.MILLISECONDS);
  }

  /** To the first of {@code addresses} that answers; not through a proxy, which resolves names. */
  static Line open(List<InetAddress> addresses, int port, TimeLimit limit) throws IOException {
    IOException refusal = null;
    for (InetAddress address : addresses) {
      Socket socket = new Socket(Proxy.NO_PROXY);
      try {
        socket.connect(new InetSocketAddress(address, port), limit.millis());
        socket.setSoTimeout(limit.millis());
        return new Line(socket, limit);
      } catch (IOException e) {
        closeQuietly(socket);
        refusal = refusal == null || e instanceof SocketTimeoutException ? e : refusal;
      }
    }
    throw refusal;
  }

  /**
   * Those of {@code addresses} that take connections, {@value #MOST_ADDRESSES} at most; the one
   * that there is unasked. Whoever comes to one that takes none goes on to the next, as browsers
   * do: it may be of a kind that this machine has no way to.
   *
   * @throws IOException where none does, as {@link #open} has it
   */
  static List<InetAddress> taking(List<InetAddress> addresses, int port, TimeLimit limit)
      throws IOException {
    if (addresses.size() == 1) {
      return addresses;
    }
    List<InetAddress> taking = new ArrayList<>();
    IOException refusal = null;
    for (InetAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
      try {
        open(List.of(address), port, limit.share(MOST_ADDRESSES)).close();
        taking.add(address);
      } catch (IOException e) {
        refusal = refusal == null || e instanceof SocketTimeoutException ? e : refusal;
      }
    }
    if (taking.isEmpty()) {
      throw refusal;
    }
    return taking;
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() {
    end.cancel(false);
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone, which is what was wanted
    }
  }

  private static ScheduledThreadPoolExecutor closing() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "monitor-time-limit");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}
