package io.vigie.asset.disposal;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where the log proves what happened. The question goes to audit-service, with the caller's own
 * token: who gets no receipt there gets none here.
 */
@ApplicationScoped
class Receipts {

  private static final long TIMEOUT_MILLIS = 5_000;
  private static final String FORMAT = "c2sp.org/tlog-proof@v1\n";

  private final WebClient client;
  private final String receipts;

  Receipts(Vertx vertx, @ConfigProperty(name = "vigie.audit-url") String audit) {
    this.client = WebClient.create(vertx);
    this.receipts = audit + "/v1/receipts/";
  }

  String address(UUID event) {
    return receipts + event;
  }

  /**
   * The receipt as a file to keep (c2sp.org/tlog-proof). Null where the log has not published the
   * event yet, does not give it to the caller, or is away.
   */
  Uni<byte[]> file(UUID event, String authorization) {
    return client
        .getAbs(address(event))
        .timeout(TIMEOUT_MILLIS)
        .putHeader("Authorization", authorization)
        .send()
        .map(Receipts::file)
        .onFailure()
        .recoverWithNull();
  }

  private static byte[] file(HttpResponse<Buffer> answer) {
    String file = answer.statusCode() == 200 ? answer.bodyAsString() : null;
    return file != null && file.startsWith(FORMAT) ? file.getBytes(StandardCharsets.UTF_8) : null;
  }
}
