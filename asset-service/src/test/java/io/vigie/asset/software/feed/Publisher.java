package io.vigie.asset.software.feed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A server of feeds on this machine, which says what it is told to say. */
public final class Publisher implements AutoCloseable {

  private final HttpServer server;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<String> conditions = Collections.synchronizedList(new ArrayList<>());
  private volatile int status = 200;
  private volatile int statusBeside = 200;
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final List<String> fetched = Collections.synchronizedList(new ArrayList<>());
  private volatile byte[] body = {};
  private volatile String contentType = "application/rss+xml";
  private volatile String location;
  private volatile boolean silent;

  public Publisher() throws IOException {
    this("127.0.0.1");
  }

  /** At this address of this machine. */
  Publisher(String address) throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), 0), 0));
  }

  /** Over TLS. */
  static Publisher over(SSLContext identity) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity));
    return new Publisher(server);
  }

  private Publisher(HttpServer server) {
    this.server = server;
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return url("127.0.0.1");
  }

  /** By another name or address of its machine. */
  String url(String host) {
    return (server instanceof HttpsServer ? "https://" : "http://")
        + host
        + ":"
        + server.getAddress().getPort()
        + "/feed";
  }

  public void says(String document) {
    says(document.getBytes(UTF_8), "application/rss+xml");
  }

  /** In whatever encoding. */
  void says(byte[] document, String type) {
    status = 200;
    contentType = type;
    body = document;
  }

  /** Beside the feed. */
  void has(String path, String document) {
    documents.put(path, document);
  }

  /** The paths of documents beside the feed that were asked for, in order. */
  List<String> fetched() {
    return List.copyOf(fetched);
  }

  /** 200 for no more. */
  void failsBeside(int code) {
    statusBeside = code;
  }

  void fails(int code) {
    status = code;
  }

  void leadsTo(String address) {
    status = 302;
    location = address;
  }

  void says(boolean nothing) {
    silent = nothing;
  }

  /** What readers sent as If-None-Match and If-Modified-Since, in order. */
  List<String> conditions() {
    return List.copyOf(conditions);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/feed")) {
      answerBeside(exchange, path);
      return;
    }
    try (exchange) {
      String etag = "\"" + Integer.toHexString(Arrays.hashCode(body)) + "\"";
      String known = exchange.getRequestHeaders().getFirst("If-None-Match");
      conditions.add(known + " " + exchange.getRequestHeaders().getFirst("If-Modified-Since"));
      if (silent) {
        closing.await();
        return;
      }
      if (location != null && status == 302) {
        exchange.getResponseHeaders().add("Location", location);
      }
      if (status != 200) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.getResponseHeaders().add("ETag", etag);
      exchange.getResponseHeaders().add("Last-Modified", "Mon, 02 Mar 2026 08:00:00 GMT");
      exchange.getResponseHeaders().add("Content-Type", contentType);
      if (etag.equals(known)) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answerBeside(HttpExchange exchange, String path) throws IOException {
    try (exchange) {
      fetched.add(path);
      String document = documents.get(path);
      int code = statusBeside != 200 ? statusBeside : document == null ? 404 : 200;
      exchange.sendResponseHeaders(code, code == 200 ? 0 : -1);
      if (code == 200) {
        exchange.getResponseBody().write(document.getBytes(UTF_8));
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
