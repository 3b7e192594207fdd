package io.vigie.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Feeds on this machine: every path is an RSS document of two items that no other path has, or an
 * index of two advisories, or one of these.
 */
final class FeedServer implements AutoCloseable {

  static final int ITEMS = 2;

  private static final String INDEX = "/modified_id.csv";
  private static final String DOCUMENT = ".json";
  private static final String CHANGED = "2026-01-02T03:04:05Z";

  private final HttpServer server;

  /** Open from now on, on a free port of the loopback address. */
  FeedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", FeedServer::answer);
    server.start();
  }

  String url(String feed) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + feed;
  }

  String index(String mark) {
    return url(mark + INDEX);
  }

  /** What an index calls one of its advisories, by a number from 1. */
  static String advisory(String mark, int number) {
    return "CHAOS-" + mark + "-" + number;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.endsWith(INDEX)) {
      String mark = path.substring(1, path.length() - INDEX.length());
      answer(
          exchange,
          IntStream.rangeClosed(1, ITEMS)
              .mapToObj(number -> CHANGED + "," + advisory(mark, number))
              .collect(Collectors.joining("\n")));
    } else if (path.endsWith(DOCUMENT)) {
      String id = path.substring(path.lastIndexOf('/') + 1, path.length() - DOCUMENT.length());
      answer(exchange, "{\"id\": \"%s\", \"modified\": \"%s\"}".formatted(id, CHANGED));
    } else {
      answerNews(exchange);
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      byte[] document = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, document.length);
      exchange.getResponseBody().write(document);
    }
  }

  private static void answerNews(HttpExchange exchange) throws IOException {
    try (exchange) {
      StringBuilder items = new StringBuilder();
      for (int number = 1; number <= ITEMS; number++) {
        String item = "CHAOS-%d : %s".formatted(number, exchange.getRequestURI().getPath());
        items.append("<item><title>").append(item).append("</title><guid>").append(item);
        items.append("</guid></item>");
      }
      byte[] document =
          """
          <?xml version="1.0"?><rss version="2.0"><channel><title>chaos</title>
          <link>https://localhost/</link><description>chaos</description>%s</channel></rss>"""
              .formatted(items)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/rss+xml");
      exchange.sendResponseHeaders(200, document.length);
      exchange.getResponseBody().write(document);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
