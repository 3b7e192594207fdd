package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A server of pages on this machine, each of which answers what it is told to. */
final class WebServer implements AutoCloseable {

  private record Says(int status, String location, String body) {}

  private final Map<String, Says> pages = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  WebServer() throws IOException {
    this(InetAddress.getLoopbackAddress(), 0);
  }

  /**
   * @param port any where 0
   */
  WebServer(InetAddress address, int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(address, port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  void says(String path, int status, String body) {
    pages.put(path, new Says(status, null, body));
  }

  void redirects(String path, String location) {
    pages.put(path, new Says(302, location, ""));
  }

  /** What it was not told of, it never answers. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Says says = pages.get(exchange.getRequestURI().toString());
      if (says == null) {
        closing.await();
        return;
      }
      if (says.location() != null) {
        exchange.getResponseHeaders().add("Location", says.location());
      }
      byte[] body = says.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(says.status(), body.length == 0 ? -1 : 0);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
