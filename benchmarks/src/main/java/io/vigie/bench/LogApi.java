package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** audit-service as an auditor's tool uses it: one connection, one request after the other. */
final class LogApi {

  private static final Duration TOKEN_LIFE = Duration.ofMinutes(3);

  /**
   * An answer, and the time from when the request was to be sent to its last byte.
   *
   * @param goesOn whether it names a next page
   */
  record Timed(JsonNode body, double millis, boolean goesOn) {}

  private final Bed bed;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ObjectMapper json = new ObjectMapper();
  private Pace pace;
  private String token;
  private long fetched;

  LogApi(Bed bed) {
    this.bed = bed;
  }

  /** Asks this, and again, until the service's compiler rests; 300 times in a quick run. */
  void warmUp(Supplier<String> paths) throws Exception {
    for (int i = 0; i < 300; i++) {
      get(paths.get());
    }
    if (!bed.quick()) {
      try (Connection log = bed.log()) {
        new Processor(log, bed.service("audit").pid()).warmUp(() -> get(paths.get()));
      }
    }
  }

  /** From now on {@link #get} asks so many times a second, whatever the answers do. */
  void pace(int perSecond) {
    pace = new Pace(perSecond);
  }

  /** Asks at the set rate; at once where there is none. */
  Timed get(String path) throws IOException, InterruptedException, SQLException {
    HttpRequest request = request(path);
    long start = pace == null ? System.nanoTime() : pace.next();
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    double millis = (System.nanoTime() - start) / 1e6;
    requireOk(path, answer);
    boolean goesOn =
        answer.headers().allValues("Link").stream().anyMatch(link -> link.contains("rel=\"next\""));
    return new Timed(json.readTree(answer.body()), millis, goesOn);
  }

  /** Keeps an answer that is too large for memory. */
  void download(String path, Path into) throws IOException, InterruptedException, SQLException {
    requireOk(path, client.send(request(path), HttpResponse.BodyHandlers.ofFile(into)));
  }

  private HttpRequest request(String path) throws IOException, SQLException {
    if (token == null || System.nanoTime() - fetched > TOKEN_LIFE.toNanos()) {
      token = bed.token("auditor");
      fetched = System.nanoTime();
      if (pace != null) {
        pace.restart();
      }
    }
    return HttpRequest.newBuilder(URI.create(bed.stack().url("audit") + path))
        .header("Authorization", "Bearer " + token)
        .build();
  }

  private static void requireOk(String path, HttpResponse<?> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + " answers " + answer.statusCode());
    }
  }
}
