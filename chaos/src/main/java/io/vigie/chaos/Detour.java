package io.vigie.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A way to a server on this machine that can be cut or made slow: connections to its own port lead
 * to the server's, byte by byte.
 */
final class Detour implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;

  private final ServerSocket entrance;
  private final InetSocketAddress server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile long delayNanos;

  /** Open from now on, on a free port of the loopback address. */
  Detour(int serverPort) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    entrance = new ServerSocket(0, 100, loopback);
    server = new InetSocketAddress(loopback, serverPort);
    inBackground(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** Resets every connection, and closes each that is opened, until {@link #join()}. */
  void cut() {
    cut = true;
    sockets.forEach(Detour::reset);
  }

  void join() {
    cut = false;
  }

  /** Holds back what is sent by this time from now on, in both directions. */
  void slow(long millis) {
    delayNanos = millis * 1_000_000;
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        inBackground(() -> connect(client));
      } catch (IOException e) {
        // closed, or a client that was gone before it came
      }
    }
  }

  private void connect(Socket client) {
    sockets.add(client);
    Socket target = new Socket();
    sockets.add(target);
    try {
      if (cut) {
        throw new SocketException("cut");
      }
      target.connect(server, CONNECT_MILLIS);
      client.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      inBackground(() -> copy(target, client));
      copy(client, target);
    } catch (IOException e) {
      end(client, target);
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (delayNanos > 0) {
          LockSupport.parkNanos(delayNanos);
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // one side is gone, so is the other
    }
    end(from, to);
  }

  private void end(Socket one, Socket other) {
    close(one);
    close(other);
    sockets.remove(one);
    sockets.remove(other);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // closed already
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed already
    }
  }

  private static void inBackground(Runnable work) {
    Thread thread = new Thread(work, "detour");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    cut();
  }
}
