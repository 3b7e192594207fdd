package io.vigie.backup.tool;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** backup-service, for which a token is fetched once (OAuth 2.0, RFC 6749 section 4.4). */
final class Platform {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A JWT, or any other token of RFC 6750: it has nothing that JSON would escape. */
  private static final Pattern TOKEN =
      Pattern.compile("\"access_token\"\\s*:\\s*\"([A-Za-z0-9._~+/=-]+)\"");

  /** Of the answer whether a plan's copies may be pruned. */
  private static final Pattern ALLOWED = Pattern.compile("\"allowed\"\\s*:\\s*true");

  private static final Pattern REFUSED = Pattern.compile("\"allowed\"\\s*:\\s*false");
  private static final Pattern REASON = Pattern.compile("\"reason\"\\s*:\\s*\"([^\"\\\\]*)\"");

  /** Of a plan, and of a restore that is to be tested. */
  private static final Pattern ASSET = Pattern.compile("\"asset\"\\s*:\\s*\"([0-9a-f-]{36})\"");

  private static final Pattern ITEMS = Pattern.compile("\"items\"\\s*:\\s*\\[");

  /**
   * That a request is not right, and repeating it changes nothing. 401 and 403 are not among them:
   * the client may get its role tomorrow.
   */
  private static final Set<Integer> FINAL = Set.of(400, 404, 409, 413, 415, 422);

  private final HttpClient http;
  private final URI api;
  private final String token;

  private Platform(HttpClient http, URI api, String token) {
    this.http = http;
    this.api = api;
    this.token = token;
  }

  /**
   * @throws IOException when it is away, or the environment does not say where it is
   */
  static Platform of(Map<String, String> environment) throws IOException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    URI api = uri(environment, "VIGIE_BACKUP_URL", "/v1/");
    return new Platform(http, api, token(http, environment));
  }

  private static String token(HttpClient http, Map<String, String> environment) throws IOException {
    String credentials =
        encoded(required(environment, "VIGIE_CLIENT_ID")) + ":" + encoded(secret(environment));
    HttpRequest request =
        HttpRequest.newBuilder(uri(environment, "VIGIE_TOKEN_URL", ""))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    HttpResponse<String> answer = send(http, request);
    Matcher token = TOKEN.matcher(answer.body());
    if (answer.statusCode() != 200 || !token.find()) {
      throw new IOException("no token was given, status " + answer.statusCode());
    }
    return token.group(1);
  }

  /**
   * Reports a run, a test of a restore, or copies that were deleted, once, however often the same
   * key is sent: as the tool tells it, or where that is not understood in the platform's own form.
   *
   * @return why it is not taken, now and later, or null
   * @throws IOException when it may be taken later
   */
  String report(Report report, String key) throws IOException {
    if (report.form() != null) {
      Form form = report.form();
      String refusal =
          send(
              report.about() + form.target(report.plan(), report.startedAt()),
              form.contentType(),
              report.output(),
              key + "-" + form);
      if (refusal == null) {
        return null;
      }
    }
    return send(report.about() + "?plan=" + report.plan(), "application/json", report.run(), key);
  }

  /**
   * Why no copy of the plan may be pruned now, or null where they may.
   *
   * @throws IOException when it does not say
   */
  String hold(UUID plan) throws IOException {
    HttpResponse<String> answer = get("plans/" + plan + "/pruning");
    String body = answer.body();
    if (answer.statusCode() == 200 && REFUSED.matcher(body).find()) {
      Matcher reason = REASON.matcher(body);
      return reason.find() ? reason.group(1) : body;
    }
    if (answer.statusCode() == 200 && ALLOWED.matcher(body).find()) {
      return null;
    }
    throw new IOException("the platform answers " + answer.statusCode() + " of plan " + plan);
  }

  /**
   * Whether a restore of the plan's asset is to be tested before this time.
   *
   * @throws IOException when it does not say
   */
  boolean isTestDue(UUID plan, Instant before) throws IOException {
    HttpResponse<String> answer = get("plans/" + plan);
    Matcher asset = ASSET.matcher(answer.body());
    if (answer.statusCode() == 200 && asset.find()) {
      answer = get("restore-duties?asset=" + asset.group(1) + "&dueBefore=" + before);
      if (answer.statusCode() == 200 && ITEMS.matcher(answer.body()).find()) {
        return ASSET.matcher(answer.body()).find();
      }
    }
    throw new IOException("the platform answers " + answer.statusCode() + " of plan " + plan);
  }

  private HttpResponse<String> get(String target) throws IOException {
    return send(
        http,
        HttpRequest.newBuilder(URI.create(api + target))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .build());
  }

  private String send(String target, String contentType, String body, String key)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + target))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", contentType)
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = send(http, request);
    int status = answer.statusCode();
    if (status >= 200 && status < 300) {
      return null;
    }
    // The same report on its way at this moment is no refusal of it.
    if (FINAL.contains(status) && !answer.body().contains("request-in-flight")) {
      return status + " " + answer.body();
    }
    throw new IOException("the platform answers " + status);
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest request)
      throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("told to stop", e);
    } catch (IOException e) {
      throw new IOException(request.uri() + " is away (" + e + ")", e);
    }
  }

  private static URI uri(Map<String, String> environment, String name, String path)
      throws IOException {
    try {
      return URI.create(required(environment, name).replaceAll("/+$", "") + path);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + " is no address", e);
    }
  }

  private static String secret(Map<String, String> environment) throws IOException {
    String file = environment.get("VIGIE_CLIENT_SECRET_FILE");
    return file == null
        ? required(environment, "VIGIE_CLIENT_SECRET")
        : Files.readString(Path.of(file)).strip();
  }

  private static String required(Map<String, String> environment, String name) throws IOException {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IOException(name + " is not set");
    }
    return value;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
