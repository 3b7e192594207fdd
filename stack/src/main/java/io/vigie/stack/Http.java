package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Requests to the components, with a bound on each. */
final class Http {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<X509Certificate> AUTHORITIES = new HashSet<>();
  private static volatile HttpClient client = client().build();

  private Http() {}

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(10));
  }

  /** Believes from now on what this authority vouches for, too: that of a stack here. */
  static synchronized void trust(X509Certificate authority) {
    if (AUTHORITIES.add(authority)) {
      client = client().sslContext(Tls.believing(AUTHORITIES)).build();
    }
  }

  /** As the body of a form. */
  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  static String get(URI address) throws IOException {
    return send(HttpRequest.newBuilder(address), HttpResponse.BodyHandlers.ofString()).body();
  }

  static JsonNode json(HttpRequest.Builder request) throws IOException {
    return JSON.readTree(send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /**
   * Sends the request.
   *
   * @throws IOException when there is no answer within 30 s, or one outside 2xx; the message holds
   *     the status and, where it is text, the body
   */
  static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    HttpResponse<T> answer = exchange(request, body);
    if (answer.statusCode() / 100 != 2) {
      throw refusal(answer);
    }
    return answer;
  }

  /** What to throw for an answer that is not the one hoped for. */
  static IOException refusal(HttpResponse<?> answer) {
    HttpRequest sent = answer.request();
    String detail = answer.body() instanceof String text && !text.isBlank() ? ": " + text : "";
    return new IOException(
        sent.method() + " " + sent.uri() + " answered " + answer.statusCode() + detail);
  }

  /** What a service says of why it refused; the status where that is the word of no service. */
  static String detail(HttpResponse<?> answer, String body) {
    String said;
    try {
      said = JSON.readTree(body).path("detail").asText(body);
    } catch (JsonProcessingException e) {
      said = "";
    }
    return said.isBlank() ? "the answer was " + answer.statusCode() : said;
  }

  /**
   * Sends the request; any answer is a good one.
   *
   * @throws IOException when there is none within 30 s; the message says to what
   */
  static <T> HttpResponse<T> exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    return exchange(request, body, Duration.ofSeconds(30));
  }

  /** The same, for what may take longer. */
  static <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body, Duration patience)
      throws IOException {
    HttpRequest sent = request.timeout(patience).build();
    try {
      return client.send(sent, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted.", e);
    } catch (IOException e) {
      throw new IOException(sent.method() + " " + sent.uri() + " got no answer: " + e, e);
    }
  }
}
