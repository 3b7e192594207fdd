package io.vigie.verifier;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * A log behind its URL prefix. The token goes to entry bundles alone, and never to another host. It
 * may live shorter than the log takes to read: when the log refuses it, it is asked for again.
 */
final class LogOverHttp implements LogSource {

  /** Where the bearer token that opens entry bundles comes from, as it is now. */
  interface Token {
    String read() throws IOException, Unusable;
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 4;

  /** By how much what cannot be compressed may grow, beside a share of its length. */
  private static final int GZIP_OVERHEAD = 128;

  private final String prefix;
  private final Token tokens;
  private volatile String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * A log at a URL.
   *
   * @param tokens null when there is none
   */
  LogOverHttp(String url, Token tokens) throws IOException, Unusable {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
        throw new Unusable(Terminal.quoted(url) + " is not the URL of a log");
      }
    } catch (IllegalArgumentException e) {
      throw new Unusable(Terminal.quoted(url) + " is no URL");
    }
    this.prefix = url.endsWith("/") ? url : url + "/";
    this.tokens = tokens;
    this.token = tokens == null ? null : checked(tokens.read());
  }

  private static String checked(String token) throws Unusable {
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new Unusable("the token holds a character that no token has");
    }
    return token;
  }

  @Override
  public byte[] read(String path, int limit) throws IOException {
    String sent = token;
    HttpResponse<byte[]> answer = get(path, limit, sent);
    if (answer.statusCode() == 401 && sent != null && isRenewed(sent)) {
      answer = get(path, limit, token);
    }
    return switch (answer.statusCode()) {
      case 200 -> decoded(answer, limit);
      case 404, 410 -> null;
      default -> throw new IOException(prefix + path + " answered " + answer.statusCode());
    };
  }

  @Override
  public boolean showsEntries(String firstBundle) throws IOException {
    if (token != null) {
      return true;
    }
    int status = get(firstBundle, 0, null).statusCode();
    return status != 401 && status != 403;
  }

  /** Whether there is another token by now than the one that was refused. */
  private synchronized boolean isRenewed(String refused) throws IOException {
    if (token.equals(refused)) {
      try {
        token = checked(tokens.read());
      } catch (Unusable e) {
        throw new IOException("the token was refused, and there is no other: " + e.getMessage());
      }
    }
    return !token.equals(refused);
  }

  private HttpResponse<byte[]> get(String path, int limit, String bearer) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(prefix + path))
            .header("Accept-Encoding", "gzip, identity");
    if (bearer != null && path.startsWith("tile/entries/")) {
      request.header("Authorization", "Bearer " + bearer);
    }
    IOException failure = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        pause(attempt);
        HttpResponse<byte[]> answer = exchange(request.build(), limit);
        if (answer.statusCode() != 429 && answer.statusCode() < 500) {
          return answer;
        }
        failure = new IOException(prefix + path + " answered " + answer.statusCode());
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        failure = new IOException(prefix + path + " cannot be read: " + reason(e), e);
      }
    }
    throw failure;
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** 0, 1, 2, 4 seconds: a log that limits its readers' rate is given time. */
  private static void pause(int attempt) throws InterruptedIOException {
    try {
      TimeUnit.SECONDS.sleep(attempt == 0 ? 0 : 1L << attempt - 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, int limit) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, status -> new LimitedBody(limit + limit / 64 + GZIP_OVERHEAD));
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no whole answer within " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private static byte[] decoded(HttpResponse<byte[]> answer, int limit) throws IOException {
    String encoding = answer.headers().firstValue("Content-Encoding").orElse("identity");
    return switch (encoding) {
      case "identity" -> answer.body();
      case "gzip" -> {
        try (GZIPInputStream unzipped =
            new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
          yield unzipped.readNBytes(limit + 1);
        }
      }
      default -> throw new IOException("an encoding that was not asked for: " + encoding);
    };
  }
}
