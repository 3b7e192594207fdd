package io.vigie.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * The HTTP side of a witness: {@code POST /add-checkpoint} and {@code GET /<origin
 * hash>/checkpoint}. It runs on the server of the JDK (module {@code jdk.httpserver}), the one
 * class here that needs more than {@code java.*}.
 */
final class WitnessServer implements AutoCloseable {

  private static final int THREADS = 16;
  private static final Pattern LATEST = Pattern.compile("/([0-9a-f]{64})/checkpoint");

  private final Witness witness;
  private final PrintStream err;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private WitnessServer(Witness witness, PrintStream err, HttpServer server) {
    this.witness = witness;
    this.err = err;
    this.server = server;
  }

  /** Starts to serve. Failures that are not the client's are reported to {@code err}. */
  static WitnessServer start(Witness witness, InetSocketAddress address, PrintStream err)
      throws IOException {
    // In seconds: a client that sends or reads too slowly does not hold a thread for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "20");
    System.setProperty("sun.net.httpserver.maxRspTime", "20");
    WitnessServer started = new WitnessServer(witness, err, HttpServer.create(address, 0));
    started.server.setExecutor(started.threads);
    started.server.createContext("/", started::serve);
    started.server.start();
    return started;
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Witness.Answer answer;
      try {
        answer = answer(exchange);
      } catch (IOException | RuntimeException e) {
        err.println("a request failed: " + e);
        answer = Witness.Answer.refusal(500, "the witness cannot remember, and so does not cosign");
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Witness.Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Matcher latest = LATEST.matcher(path);
    String expected = path.equals("/add-checkpoint") ? "POST" : latest.matches() ? "GET" : null;
    if (expected == null) {
      return Witness.Answer.refusal(404, "nothing is here");
    }
    if (!exchange.getRequestMethod().equals(expected)) {
      exchange.getResponseHeaders().set("Allow", expected);
      return Witness.Answer.refusal(405, "the method here is " + expected);
    }
    if (expected.equals("GET")) {
      return witness.latest(latest.group(1));
    }
    byte[] body = exchange.getRequestBody().readNBytes(Submission.MAX_LENGTH + 1);
    return body.length > Submission.MAX_LENGTH
        ? Witness.Answer.refusal(400, "the request is longer than any that is valid")
        : witness.add(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
