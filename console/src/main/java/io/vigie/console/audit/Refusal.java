package io.vigie.console.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import jakarta.ws.rs.ProcessingException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestResponse.Status;

/**
 * That something which was sent was not taken.
 *
 * @param words the service's own
 */
record Refusal(Why why, List<String> words) {

  enum Why {
    INCOMPLETE,
    BAD_DAY,
    BAD_ENTRIES,
    NOBODY,
    SEVERAL,
    CHANGED,
    REFUSED,
    AWAY
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  static Refusal of(Why why) {
    return new Refusal(why, List.of());
  }

  /** Null for what a form can do nothing about, such as a role that is missing. */
  static Refusal of(Throwable failure) {
    if (failure instanceof ClientWebApplicationException refusal) {
      return switch (refusal.getResponse().getStatus()) {
        case 401, 403, 404 -> null;
        case 400, 409, 422 -> new Refusal(Why.REFUSED, words(refusal));
        case 412 -> of(Why.CHANGED);
        default -> of(Why.AWAY);
      };
    }
    return failure instanceof ProcessingException || failure instanceof TimeoutException
        ? of(Why.AWAY)
        : null;
  }

  private static List<String> words(ClientWebApplicationException refusal) {
    List<String> words = new ArrayList<>();
    try {
      JsonNode problem = JSON.readTree(refusal.getResponse().readEntity(String.class));
      problem
          .path("errors")
          .forEach(
              error ->
                  words.add(error.path("field").asText() + " " + error.path("message").asText()));
      if (words.isEmpty() && problem.has("detail")) {
        words.add(problem.path("detail").asText());
      }
    } catch (JsonProcessingException e) {
      // It says nothing that people could read.
    }
    return words;
  }

  /** Of the page that says it. */
  Status status() {
    return switch (why) {
      case AWAY -> Status.SERVICE_UNAVAILABLE;
      case CHANGED -> Status.CONFLICT;
      default -> Status.BAD_REQUEST;
    };
  }
}
