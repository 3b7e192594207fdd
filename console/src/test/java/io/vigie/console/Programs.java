package io.vigie.console;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

/** Programs of this machine that run what browsers run. */
public final class Programs {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Programs() {}

  /** The first of these that is on the path; null where none is. */
  public static Path find(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** What a program prints. */
  public static String said(Path folder, String... command)
      throws IOException, InterruptedException {
    Path out = folder.resolve("said");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command[0] + " does not end: " + Files.readString(log));
    }
    if (process.exitValue() != 0) {
      throw new IOException(command[0] + " failed: " + Files.readString(log));
    }
    return Files.readString(out);
  }

  /** A Chromium without a window, told what to do by its DevTools protocol. */
  public static final class Chromium implements AutoCloseable {

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;

    private Chromium(Process process, String address) {
      this.process = process;
      this.address = address;
    }

    /** Whether there is one to start. */
    public static boolean isHere() {
      return program() != null;
    }

    private static Path program() {
      return find("chromium", "chromium-browser", "google-chrome");
    }

    /** Starts one that keeps its files in this folder. */
    public static Chromium start(Path folder) throws IOException, InterruptedException {
      Path log = folder.resolve("chromium.log");
      Process process =
          new ProcessBuilder(
                  program().toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + folder.resolve("profile"),
                  "about:blank")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Path port = folder.resolve("profile/DevToolsActivePort");
      try {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .failFast(() -> !process.isAlive())
            .until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
      } catch (ConditionTimeoutException | TerminalFailureException e) {
        process.destroyForcibly();
        throw new IOException("Chromium does not start: " + Files.readString(log), e);
      }
      return new Chromium(process, "http://127.0.0.1:" + Files.readAllLines(port).get(0));
    }

    /** The page at an address, as it stands once an expression of its own is true. */
    public String page(String page, String until) throws Exception {
      String made =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create(address + "/json/new?" + URLEncoder.encode(page, UTF_8)))
                      .PUT(BodyPublishers.noBody())
                      .build(),
                  BodyHandlers.ofString())
              .body();
      String socket = JSON.readTree(made).get("webSocketDebuggerUrl").textValue();
      String script =
          """
          new Promise((done) => {
            const look = () =>
              document.readyState === 'complete' && (%s) ? done(document.documentElement.outerHTML) : setTimeout(look, 20);
            look();
          })"""
              .formatted(until);
      // A page that is replaced while it is looked at forgets who looks: it is looked at again.
      return await("the page comes to its end")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> JSON.readTree(asked(socket, script)).at("/result/result/value").textValue(),
              html -> html != null && !html.contains("<body></body>"));
    }

    private String asked(String socket, String script) throws Exception {
      CompletableFuture<String> answer = new CompletableFuture<>();
      WebSocket connection =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(socket), new Listener(answer))
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String question =
          JSON.createObjectNode()
              .put("id", 1)
              .put("method", "Runtime.evaluate")
              .set(
                  "params",
                  JSON.createObjectNode()
                      .put("expression", script)
                      .put("awaitPromise", true)
                      .put("returnByValue", true))
              .toString();
      connection.sendText(question, true);
      try {
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } finally {
        connection.abort();
      }
    }

    /** Ends it and all it started: what still writes keeps its folder from being deleted. */
    @Override
    public void close() {
      List<ProcessHandle> started =
          Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
      process.destroy();
      started.forEach(
          each ->
              each.onExit()
                  .completeOnTimeout(each, 10, TimeUnit.SECONDS)
                  .thenAccept(ProcessHandle::destroyForcibly)
                  .thenCompose(killed -> each.onExit())
                  .join());
    }

    /** Puts an answer together of its parts. */
    private static final class Listener implements WebSocket.Listener {

      private final StringBuilder parts = new StringBuilder();
      private final CompletableFuture<String> answer;

      Listener(CompletableFuture<String> answer) {
        this.answer = answer;
      }

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
        parts.append(part);
        if (isLast) {
          answer.complete(parts.toString());
        }
        socket.request(1);
        return null;
      }

      @Override
      public void onError(WebSocket socket, Throwable failure) {
        answer.completeExceptionally(failure);
      }
    }
  }
}
