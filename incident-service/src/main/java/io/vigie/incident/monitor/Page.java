package io.vigie.incident.monitor;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answer to a {@code GET} or a {@code POST} over HTTP/1.1 (RFC 9112). The client of the JDK
 * resolves names by itself, so it cannot be told which address to connect to; this one takes a
 * connection.
 *
 * @param headers by name in lower case; of several of one name the first
 * @param body the first {@value #MAX_BODY} bytes of it
 */
record Page(int status, Map<String, String> headers, byte[] body) {

  static final int MAX_BODY = 1 << 20;

  private static final int MAX_HEAD = 64 * 1024;

  /** What was answered is no HTTP. */
  static final class Malformed extends IOException {
    Malformed(String what) {
      super("It answers no HTTP: " + what + ".");
    }
  }

  /** Asks for {@code address} over a connection to its host, which is of no further use then. */
  static Page get(Socket socket, URI address) throws IOException {
    return ask("GET", socket, address, Map.of(), new byte[0]);
  }

  /** Sends {@code body} there, with these headers beside those that every request has. */
  static Page post(Socket socket, URI address, Map<String, String> headers, byte[] body)
      throws IOException {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Length", Integer.toString(body.length));
    return ask("POST", socket, address, all, body);
  }

  private static Page ask(
      String method, Socket socket, URI address, Map<String, String> headers, byte[] body)
      throws IOException {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    StringBuilder request =
        new StringBuilder(method)
            .append(' ')
            .append(path.isEmpty() ? "/" : path)
            .append(query)
            .append(" HTTP/1.1\r\nHost: ")
            .append(address.getRawAuthority())
            .append("\r\nUser-Agent: vigie-monitor\r\nAccept: */*\r\nConnection: close\r\n");
    headers.forEach(
        (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    request.append("\r\n");
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    Head head = Head.read(in);
    while (head.status / 100 == 1) { // interim (RFC 9110, section 15.2)
      head = Head.read(in);
    }
    return new Page(head.status, head.headers, head.body(in));
  }

  String header(String name) {
    return headers.get(name);
  }

  boolean isRedirect() {
    return header("location") != null
        && (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The status line and the headers. */
  private static final class Head {

    private final Map<String, String> headers = new TreeMap<>();
    private int status;
    private int size;

    static Head read(InputStream in) throws IOException {
      Head head = new Head();
      String first = head.line(in);
      if (!first.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
        throw new Malformed("no status line");
      }
      head.status = Integer.parseInt(first.substring(9, 12));
      for (String line = head.line(in); !line.isEmpty(); line = head.line(in)) {
        int colon = line.indexOf(':');
        if (colon < 1) {
          throw new Malformed("a header without a name");
        }
        head.headers.putIfAbsent(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      return head;
    }

    private String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("It closed the connection before the end of its answer.");
        }
        if (++size > MAX_HEAD) {
          throw new Malformed("too much before the body");
        }
        line.append((char) c);
      }
      int end = line.length();
      return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    /** RFC 9112, section 6.3. */
    private byte[] body(InputStream in) throws IOException {
      if (status == 204 || status == 304) {
        return new byte[0];
      }
      if (headers
          .getOrDefault("transfer-encoding", "")
          .toLowerCase(Locale.ROOT)
          .endsWith("chunked")) {
        return chunks(in);
      }
      String length = headers.get("content-length");
      if (length == null) {
        return in.readNBytes(MAX_BODY);
      }
      if (!length.matches("[0-9]{1,18}")) {
        throw new Malformed("a length that is none");
      }
      return whole(in, (int) Math.min(Long.parseLong(length), MAX_BODY));
    }

    private byte[] chunks(InputStream in) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (body.size() < MAX_BODY) {
        size = 0; // of one line: of small chunks there may be many
        String hex = line(in).replaceFirst(";.*", "").strip();
        if (!hex.matches("[0-9A-Fa-f]{1,8}")) {
          throw new Malformed("a chunk without a length");
        }
        long length = Long.parseLong(hex, 16);
        if (length == 0) {
          break;
        }
        body.write(whole(in, (int) Math.min(length, MAX_BODY - body.size())));
        if (body.size() < MAX_BODY) {
          line(in);
        }
      }
      return body.toByteArray();
    }

    private static byte[] whole(InputStream in, int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("It closed the connection before the end of its answer.");
      }
      return bytes;
    }
  }
}
