package io.vigie.kernel.web;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * An object's past. The log is its only record, so the question goes to audit-service, with the
 * caller's own token: who may not read the log there cannot read it here.
 */
@ApplicationScoped
public class History {

  private static final long TIMEOUT_MILLIS = 5_000;

  private final WebClient client;
  private final String audit;

  History(Vertx vertx, @ConfigProperty(name = "vigie.audit-url") String audit) {
    this.client = WebClient.create(vertx);
    this.audit = audit;
  }

  /**
   * The object's events, oldest first, as audit-service answers them.
   *
   * @throws Problem 503 (as a failure of the Uni) when audit-service is away
   */
  public Uni<RestResponse<String>> of(String kind, UUID id, String authorization) {
    return client
        .getAbs("%s/v1/objects/%s/%s/history".formatted(audit, kind, id))
        .timeout(TIMEOUT_MILLIS)
        .putHeader("Authorization", authorization)
        .send()
        .onFailure()
        .transform(failure -> Problem.unavailable("The log cannot be read right now."))
        .map(
            answer -> {
              if (answer.statusCode() != 200) {
                throw Problem.unavailable("The log answered " + answer.statusCode() + ".");
              }
              return ResponseBuilder.ok(answer.bodyAsString(), MediaType.APPLICATION_JSON).build();
            });
  }
}
