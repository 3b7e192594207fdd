package io.vigie.incident.monitor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A web server over TLS on this machine. What the JDK's TLS would refuse, it can be told to take:
 * it answers such an offer with a ServerHello by hand, and passes all others on to the JDK.
 */
final class TlsServer implements AutoCloseable {

  /** What of an offer is taken, or null to pass it on. */
  @FunctionalInterface
  interface Taking {
    int[] versionAndSuite(int version, List<Integer> suites);
  }

  static final String A_YEAR = "max-age=31536000; includeSubDomains";

  private final ServerSocket front;
  private final ServerSocket back;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Taking taking;
  private final String hsts;

  /**
   * @param hsts what it says of Strict-Transport-Security, or null
   * @param taking by hand
   */
  TlsServer(SSLContext context, String hsts, Taking taking) throws IOException {
    this(InetAddress.getLoopbackAddress(), 0, context, hsts, taking);
  }

  /** The same at another address of this machine, and a port, any where 0. */
  TlsServer(InetAddress address, int port, SSLContext context, String hsts, Taking taking)
      throws IOException {
    this.front = new ServerSocket(port, 50, address);
    this.back =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.hsts = hsts;
    this.taking = taking;
    threads.submit(() -> accept(front, this::front));
    threads.submit(() -> accept(back, this::page));
  }

  int port() {
    return front.getLocalPort();
  }

  private interface Work {
    void with(Socket socket) throws IOException;
  }

  private void accept(ServerSocket server, Work work) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.submit(() -> run(socket, work));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void run(Socket socket, Work work) {
    try (socket) {
      work.with(socket);
    } catch (IOException e) {
      // the other end hung up
    }
  }

  private void front(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] header = in.readNBytes(5);
    byte[] hello = in.readNBytes(two(header, 3));
    int[] taken = taking.versionAndSuite(two(hello, 4), suites(hello));
    if (taken != null) {
      socket.getOutputStream().write(serverHello(taken[0], taken[1]));
      return;
    }
    try (Socket other = new Socket(back.getInetAddress(), back.getLocalPort())) {
      other.getOutputStream().write(header);
      other.getOutputStream().write(hello);
      threads.submit(() -> run(other, from -> from.getInputStream().transferTo(answers(socket))));
      in.transferTo(other.getOutputStream());
    }
  }

  /** Closed with its socket when all was passed on. */
  private static OutputStream answers(Socket socket) throws IOException {
    return socket.getOutputStream();
  }

  private static List<Integer> suites(byte[] hello) {
    int at = 4 + 2 + 32;
    at += 1 + hello[at];
    List<Integer> suites = new ArrayList<>();
    for (int i = 0; i < two(hello, at); i += 2) {
      suites.add(two(hello, at + 2 + i));
    }
    return suites;
  }

  /** In two records, as RFC 5246 section 6.2.1 allows. */
  private static byte[] serverHello(int version, int suite) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(new byte[] {2, 0, 0, 38, (byte) (version >> 8), (byte) version});
    message.writeBytes(new byte[32]);
    message.writeBytes(new byte[] {0, (byte) (suite >> 8), (byte) suite, 0});
    byte[] whole = message.toByteArray();
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int[] part : new int[][] {{0, 7}, {7, whole.length - 7}}) {
      records.writeBytes(new byte[] {22, (byte) (version >> 8), (byte) version, 0, (byte) part[1]});
      records.write(whole, part[0], part[1]);
    }
    return records.toByteArray();
  }

  private void page(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return;
      }
      request.append((char) c);
    }
    String header = hsts == null ? "" : "Strict-Transport-Security: " + hsts + "\r\n";
    socket
        .getOutputStream()
        .write(("HTTP/1.1 200 OK\r\n" + header + "Content-Length: 0\r\n\r\n").getBytes(US_ASCII));
  }

  private static int two(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    front.close();
    back.close();
    threads.shutdownNow();
  }
}
