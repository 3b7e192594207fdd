package io.vigie.console.service;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ProcessingException;

import io.quarkus.oidc.AccessTokenCredential;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientRequest;
import io.vertx.mutiny.core.http.HttpClientResponse;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.ClientWebApplicationException;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Files that services have, of any length: they pass through to the browser no faster than it takes
 * them, and nothing of them is kept here. One of which nothing comes for {@code
 * vigie.console.file-silence} breaks off, be it that the service is silent or that the browser
 * takes nothing. Whoever gets one reads it or cancels.
 */
@ApplicationScoped
public class ServiceFiles {

  /**
   * A file that there is.
   *
   * @param disposition what the service has browsers do with it; null where it does not say
   */
  public record Found(String disposition, Multi<Buffer> content) {}

  /** Milliseconds to wait for a connection. */
  private static final long CONNECT = 1_000;

  /** Milliseconds: a file may be looked together for a while before its first byte. */
  private static final long PATIENCE = 60_000;

  /** Files of a service under way at a time. */
  private static final int MOST = 20;

  private final HttpClient client;
  private final AccessTokenCredential token;
  private final Config config;

  ServiceFiles(
      Vertx vertx,
      AccessTokenCredential token,
      Config config,
      @ConfigProperty(name = "vigie.console.file-silence") Duration silence) {
    // The patience of a request ends with the answer's head; this is of all that follows.
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setIdleTimeout((int) silence.toSeconds()),
            new PoolOptions().setHttp1MaxSize(MOST));
    this.token = token;
    this.config = config;
  }

  /**
   * A file that audit-service makes of the log, once it is known that there is one.
   *
   * @param path below {@code /v1/log}
   * @param asked the query, by names that may repeat
   * @throws ClientWebApplicationException (as a failure) with what audit-service answered instead
   * @throws TimeoutException (as a failure) where it does not answer in a minute, or {@value #MOST}
   *     files are under way
   */
  public Uni<Multi<Buffer>> ofLog(String path, List<Map.Entry<String, String>> asked) {
    StringBuilder address = new StringBuilder("/v1/log/").append(path);
    char separator = '?';
    for (Map.Entry<String, String> each : asked) {
      address.append(separator).append(each.getKey()).append('=');
      address.append(URLEncoder.encode(each.getValue(), UTF_8));
      separator = '&';
    }
    return file("audit", address.toString()).map(Found::content);
  }

  /**
   * A file that somebody attached to something, once it is known that there is one.
   *
   * @throws ClientWebApplicationException (as a failure) with what the service answered instead
   * @throws ProcessingException (as a failure) where it is not reached
   * @throws TimeoutException (as a failure) as above
   */
  public Uni<Found> attached(String service, String path) {
    return file(service, path)
        .onFailure(failure -> failure instanceof IOException || failure instanceof VertxException)
        .transform(ProcessingException::new);
  }

  private Uni<Found> file(String service, String path) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setConnectTimeout(CONNECT)
            .setIdleTimeout(PATIENCE)
            .setAbsoluteURI(config.getValue("vigie." + service + "-url", String.class) + path)
            .putHeader("Authorization", "Bearer " + token.getToken());
    return client.request(request).chain(HttpClientRequest::send).chain(ServiceFiles::found);
  }

  private static Uni<Found> found(HttpClientResponse answer) {
    if (answer.statusCode() != 200) {
      return answer
          .body()
          .map(
              why -> {
                throw new ClientWebApplicationException(answer.statusCode());
              });
    }
    return Uni.createFrom()
        .item(
            new Found(
                answer.getHeader("Content-Disposition"),
                answer
                    .toMulti()
                    .map(io.vertx.mutiny.core.buffer.Buffer::getDelegate)
                    .onCancellation()
                    .invoke(() -> answer.request().reset())));
  }
}
