package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** One account that asks one service, one question after the other. */
final class Caller {

  static final String JSON = "application/json";

  private static final Duration TOKEN_LIFE = Duration.ofMinutes(3);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ObjectMapper json = new ObjectMapper();
  private final Bed bed;
  private final String service;
  private final String account;
  private Pace pace;
  private String token;
  private long fetched;

  Caller(Bed bed, String service, String account) {
    this.bed = bed;
    this.service = service;
    this.account = account;
  }

  /** How often a second {@link #get} asks, whatever the answers do: to be said before it does. */
  void pace(int perSecond) {
    pace = new Pace(perSecond);
  }

  /**
   * How long the answer took, in ms, from when it was to be asked for at the rate that is set;
   * fails where it is no success.
   */
  double get(String path) throws IOException, InterruptedException, SQLException {
    HttpRequest request = request(path).GET().build();
    long start = pace.next();
    send(request);
    return (System.nanoTime() - start) / 1e6;
  }

  JsonNode read(String path) throws IOException, InterruptedException, SQLException {
    return json.readTree(send(request(path).GET().build()));
  }

  JsonNode post(String path, String type, String body)
      throws IOException, InterruptedException, SQLException {
    return json.readTree(
        send(
            request(path)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build()));
  }

  /** About something as it is now. */
  JsonNode act(String path, String step) throws IOException, InterruptedException, SQLException {
    return json.readTree(send(about(path, step).POST(HttpRequest.BodyPublishers.noBody()).build()));
  }

  /** The same, with what is said of it. */
  JsonNode act(String path, String step, String body)
      throws IOException, InterruptedException, SQLException {
    return json.readTree(
        send(
            about(path, step)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build()));
  }

  private HttpRequest.Builder about(String path, String step)
      throws IOException, InterruptedException, SQLException {
    String version = "\"" + read(path).path("version").asLong() + "\"";
    return request(path + "/" + step).header("If-Match", version);
  }

  private byte[] send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          request.uri() + " answers " + answer.statusCode() + " " + new String(answer.body()));
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) throws IOException, SQLException {
    if (token == null || System.nanoTime() - fetched > TOKEN_LIFE.toNanos()) {
      token = bed.token(account);
      fetched = System.nanoTime();
      if (pace != null) {
        pace.restart();
      }
    }
    return HttpRequest.newBuilder(URI.create(bed.stack().url(service) + path))
        .header("Authorization", "Bearer " + token);
  }
}
