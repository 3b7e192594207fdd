package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * Sends JSON to addresses of pages as monitors reach theirs: on networks that are allowed, and to
 * the address that was looked at.
 */
@ApplicationScoped
public class WebPost {

  private final HttpProbe http;
  private final MonitorSettings settings;

  WebPost(MonitorSettings settings) {
    this.settings = settings;
    this.http =
        new HttpProbe(
            Probes.networks(settings), TrustAnchors.of(settings.trustAnchors()).context());
  }

  /**
   * Done once it was taken, which any status from 200 to 299 says; fails otherwise, redirects
   * included, without the address. On a thread of its own.
   */
  public Uni<Void> post(URI address, Map<String, String> headers, String json) {
    return Uni.createFrom()
        .item(() -> status(address, headers, json))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .invoke(
            status -> {
              if (status / 100 != 2) {
                throw new IllegalStateException("the other end answered " + status);
              }
            })
        .replaceWithVoid();
  }

  private int status(URI address, Map<String, String> headers, String json) {
    if (!Target.isWeb(address)) {
      throw new IllegalStateException("its address is no address of a page");
    }
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Type", "application/json");
    try {
      return http.post(
              address,
              all,
              json.getBytes(StandardCharsets.UTF_8),
              new TimeLimit(settings.timeLimit()))
          .status();
    } catch (IOException e) {
      throw new IllegalStateException(Probes.words(e), e);
    }
  }
}
