package io.vigie.audit.siem;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;

/** A syslog receiver (octet counting) that can die after so many messages and come back. */
final class SyslogReceiver implements AutoCloseable {

  private static final Pattern MESSAGE =
      Pattern.compile("<1[01]\\d>1 \\S+ vigie\\.local vigie - (\\d+) - CEF:0\\|.*", Pattern.DOTALL);

  private final ServerSocket server;
  private final int diesAfter;
  private final List<Long> indexes = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::receive, "syslog-receiver");
  private volatile Socket sender;

  /**
   * @param port 0 for any
   * @param diesAfter messages that it reads before it closes everything
   */
  SyslogReceiver(ServerSocketFactory factory, int port, int diesAfter) throws IOException {
    server = factory.createServerSocket(port, 10, InetAddress.getLoopbackAddress());
    this.diesAfter = diesAfter;
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** The indexes of the messages, as they came. */
  List<Long> indexes() {
    return indexes;
  }

  private void receive() {
    while (!server.isClosed()) {
      try (Socket accepted = server.accept()) {
        sender = accepted;
        if (server.isClosed()) {
          return;
        }
        InputStream in = new BufferedInputStream(accepted.getInputStream());
        for (int length = length(in); length >= 0; length = length(in)) {
          Matcher message =
              MESSAGE.matcher(new String(in.readNBytes(length), StandardCharsets.UTF_8));
          indexes.add(message.matches() ? Long.parseLong(message.group(1)) : -1);
          if (indexes.size() == diesAfter) {
            server.close();
            return;
          }
        }
      } catch (IOException e) {
        // that connection is over, or the receiver is closed
      }
    }
  }

  private static int length(InputStream in) throws IOException {
    int length = 0;
    for (int digit = in.read(); digit != ' '; digit = in.read()) {
      if (digit < '0' || digit > '9') {
        return -1;
      }
      length = length * 10 + digit - '0';
    }
    return length;
  }

  /** Returns once who sent can know. */
  @Override
  public void close() throws IOException, InterruptedException {
    server.close();
    if (sender != null) {
      sender.close();
    }
    thread.join();
  }
}
