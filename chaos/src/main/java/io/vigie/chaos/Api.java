package io.vigie.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.stack.Stack;

/** The services' REST API as any account, with a bound on each request. */
final class Api {

  static final ObjectMapper JSON = new ObjectMapper();

  /** Longer than the services' own limit for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A body that has a JSON document on each line. */
  record Lines(List<?> documents) {}

  /** A body that is another service's or tool's document, as it is. */
  record Document(String type, String text) {}

  private final Stack stack;
  private final Accounts accounts;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  Api(Stack stack) {
    this.stack = stack;
    this.accounts = new Accounts(stack);
  }

  /**
   * Sends a request as an account; any answer is a good one.
   *
   * @param body what is sent as JSON, {@link Lines} or a {@link Document}; null for none
   * @param more sets further headers
   * @throws IOException when there is no answer within 15 s, or no token
   */
  HttpResponse<String> send(
      String account,
      String method,
      String service,
      String path,
      Object body,
      Consumer<HttpRequest.Builder> more)
      throws IOException {
    HttpRequest.Builder request = request(account, service, path);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", type(body))
          .method(method, HttpRequest.BodyPublishers.ofString(text(body)));
    }
    more.accept(request);
    HttpResponse<String> answer =
        exchange(request.timeout(PATIENCE), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == 401) {
      accounts.forget(account);
    }
    return answer;
  }

  private static String type(Object body) {
    if (body instanceof Document document) {
      return document.type();
    }
    return body instanceof Lines ? "application/x-ndjson" : "application/json";
  }

  private static String text(Object body) throws IOException {
    if (body instanceof Document document) {
      return document.text();
    }
    if (!(body instanceof Lines lines)) {
      return JSON.writeValueAsString(body);
    }
    StringBuilder text = new StringBuilder();
    for (Object document : lines.documents()) {
      text.append(JSON.writeValueAsString(document)).append('\n');
    }
    return text.toString();
  }

  /**
   * The body of an answer 200.
   *
   * @throws IOException when there is none
   */
  JsonNode get(String account, String service, String path) throws IOException {
    HttpResponse<String> answer = send(account, "GET", service, path, null, request -> {});
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answers " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** All of a list, page by page. */
  List<JsonNode> all(String account, String service, String path) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    String page = path + "?limit=200";
    while (page != null) {
      HttpResponse<String> answer = send(account, "GET", service, page, null, request -> {});
      if (answer.statusCode() != 200) {
        throw new IOException(page + " answers " + answer.statusCode() + ": " + answer.body());
      }
      JSON.readTree(answer.body()).path("items").forEach(items::add);
      page = next(answer);
    }
    return items;
  }

  private static String next(HttpResponse<String> answer) {
    return answer.headers().allValues("Link").stream()
        .flatMap(links -> List.of(links.split(",\\s*(?=<)")).stream())
        .filter(link -> link.contains("rel=\"next\""))
        .map(link -> URI.create(link.substring(1, link.indexOf('>'))))
        .map(link -> link.getRawPath() + "?" + link.getRawQuery())
        .findFirst()
        .orElse(null);
  }

  /** Keeps an answer that is too large for memory; it may take ten minutes. */
  void download(String account, String service, String path, Path into) throws IOException {
    HttpResponse<Path> answer =
        exchange(
            request(account, service, path).timeout(Duration.ofMinutes(10)),
            HttpResponse.BodyHandlers.ofFile(
                into,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING));
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answers " + answer.statusCode());
    }
  }

  /** The newest checkpoint that the log shows; empty where it shows none. */
  Optional<String> checkpoint() throws IOException {
    HttpResponse<String> answer =
        send("auditor", "GET", "audit", "/log/checkpoint", null, request -> {});
    return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
  }

  /** Who an account is to services; null before it sent anything. */
  String subject(String account) {
    return accounts.subject(account);
  }

  private HttpRequest.Builder request(String account, String service, String path)
      throws IOException {
    return HttpRequest.newBuilder(URI.create(stack.url(service) + path))
        .header("Authorization", "Bearer " + accounts.token(account));
  }

  private <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) throws IOException {
    try {
      return client.send(request.build(), body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
