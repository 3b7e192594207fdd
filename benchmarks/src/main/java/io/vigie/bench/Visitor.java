package io.vigie.bench;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Somebody who is signed in at the console, as their browser has it: it went where pages led, sent
 * Keycloak's form, and keeps cookies. It runs no scripts.
 */
final class Visitor {

  private static final Pattern FORM = Pattern.compile("<form [^>]*action=\"([^\"]+)\"");

  private final Jar jar = new Jar();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .cookieHandler(jar)
          .build();
  private final URI console;

  private Visitor(URI console) {
    this.console = console;
  }

  /**
   * As one of the realm's accounts for demos. Their cookies are others after four minutes, when the
   * console renews their tokens.
   *
   * @throws IllegalStateException when they do not come back to the console
   */
  static Visitor signIn(URI console, String account) throws IOException, InterruptedException {
    Visitor visitor = new Visitor(console);
    HttpResponse<byte[]> asked = visitor.send(HttpRequest.newBuilder(console.resolve("/")));
    Matcher form = FORM.matcher(text(asked));
    if (!form.find()) {
      throw new IllegalStateException(asked.uri() + " does not ask who is there");
    }
    String typed =
        "username=%s&password=%s".formatted(encoded(account), encoded(account + "-demo-only"));
    visitor.requireHere(
        visitor.send(
            HttpRequest.newBuilder(asked.uri().resolve(form.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(typed))));
    return visitor;
  }

  /** What a request to the console is sent with, so that it comes from here. */
  String cookies() {
    return jar.of(console.resolve("/"));
  }

  /**
   * A page of the console, or a part or a file of one; fails where it is not there, or where they
   * are not signed in any more.
   */
  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(console.resolve(path));
    return requireHere(send(headers.length == 0 ? request : request.headers(headers)));
  }

  private HttpResponse<byte[]> requireHere(HttpResponse<byte[]> answer) {
    if (answer.uri().getPort() != console.getPort()) {
      throw new IllegalStateException("not signed in, but at " + answer.uri());
    }
    return answer;
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        client.send(
            request.header("Accept", "text/html, */*").build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.uri() + " answers " + answer.statusCode());
    }
    return answer;
  }

  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Cookies by their names, which are each given at one place only. Keycloak marks its own as for
   * secure connections: a browser sends them to its own machine without one, Java's jar does not.
   */
  private static final class Jar extends CookieHandler {

    private final Map<String, HttpCookie> cookies = new ConcurrentHashMap<>();

    @Override
    public Map<String, List<String>> get(URI address, Map<String, List<String>> request) {
      String sent = of(address);
      return sent.isEmpty() ? Map.of() : Map.of("Cookie", List.of(sent));
    }

    @Override
    public void put(URI address, Map<String, List<String>> answer) {
      answer.getOrDefault("Set-Cookie", List.of()).stream()
          .flatMap(line -> HttpCookie.parse(line).stream())
          .forEach(this::put);
    }

    private void put(HttpCookie cookie) {
      if (cookie.hasExpired()) {
        cookies.remove(cookie.getName());
      } else {
        cookies.put(cookie.getName(), cookie);
      }
    }

    String of(URI address) {
      return cookies.values().stream()
          .filter(
              cookie -> cookie.getPath() == null || address.getPath().startsWith(cookie.getPath()))
          .map(cookie -> cookie.getName() + "=" + cookie.getValue())
          .collect(Collectors.joining("; "));
    }
  }
}
