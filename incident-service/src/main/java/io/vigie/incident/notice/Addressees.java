package io.vigie.incident.notice;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.quarkus.oidc.client.OidcClient;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where people get mail, as access-service tells, which is asked each time. */
@ApplicationScoped
class Addressees {

  private static final long TIMEOUT_MILLIS = 5_000;

  /**
   * A person.
   *
   * @param language a tag of {@link NoticeTemplate.Language}, or another one, or null
   */
  record Addressee(UUID id, String email, String language, String state) {

    boolean isHere() {
      return !"LEFT".equals(state);
    }
  }

  private record Answer(List<Addressee> items) {}

  private final WebClient client;
  private final OidcClient tokens;
  private final ObjectReader answers;
  private final String access;

  Addressees(
      Vertx vertx,
      OidcClient tokens,
      ObjectMapper json,
      @ConfigProperty(name = "vigie.access-url") String access) {
    this.client = WebClient.create(vertx);
    this.tokens = tokens;
    this.answers =
        json.readerFor(Answer.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    this.access = access;
  }

  /**
   * Those of these people, 200 at most, whom access-service knows; with the credentials of this
   * service. Fails while either Keycloak or access-service is away.
   */
  Uni<Map<UUID, Addressee>> of(Collection<UUID> people) {
    if (people.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    String ids = people.stream().map(UUID::toString).distinct().collect(Collectors.joining(","));
    return ask("ids", ids);
  }

  /** Whoever has this account, a subject; null where nobody who is here has. Fails as above. */
  Uni<UUID> withAccount(String subject) {
    return ask("subject", subject)
        .map(
            people ->
                people.values().stream()
                    .filter(Addressee::isHere)
                    .map(Addressee::id)
                    .findFirst()
                    .orElse(null));
  }

  private Uni<Map<UUID, Addressee>> ask(String filter, String value) {
    return tokens
        .getTokens()
        .chain(
            token ->
                client
                    .getAbs(access + "/v1/people")
                    .addQueryParam(filter, value)
                    .bearerTokenAuthentication(token.getAccessToken())
                    .timeout(TIMEOUT_MILLIS)
                    .send())
        .map(this::read);
  }

  private Map<UUID, Addressee> read(HttpResponse<Buffer> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("access-service answered " + answer.statusCode());
    }
    try {
      Map<UUID, Addressee> people = new HashMap<>();
      Answer page = answers.readValue(answer.bodyAsString());
      page.items().forEach(person -> people.put(person.id(), person));
      return people;
    } catch (JsonProcessingException e) {
      // Without its words, which quote what it could not read.
      throw new IllegalStateException(
          "access-service's answer is no list of people: " + e.getClass().getSimpleName());
    }
  }
}
