package io.vigie.console.audit;

import java.util.concurrent.TimeoutException;

import jakarta.ws.rs.ProcessingException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.console.page.ServiceProblem;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestResponse.Status;

/**
 * That something which was sent was not taken.
 *
 * @param problem why the service did not take it
 */
record Refusal(Why why, ServiceProblem problem) {

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
    return new Refusal(why, ServiceProblem.NONE);
  }

  /** Null for what a form can do nothing about, such as a role that is missing. */
  static Refusal of(Throwable failure) {
    if (failure instanceof ClientWebApplicationException refusal) {
      return switch (refusal.getResponse().getStatus()) {
        case 401, 403, 404 -> null;
        case 400, 409, 422 -> new Refusal(Why.REFUSED, problem(refusal));
        case 412 -> of(Why.CHANGED);
        default -> of(Why.AWAY);
      };
    }
    return failure instanceof ProcessingException || failure instanceof TimeoutException
        ? of(Why.AWAY)
        : null;
  }

  private static ServiceProblem problem(ClientWebApplicationException refusal) {
    try {
      return ServiceProblem.of(JSON.readTree(refusal.getResponse().readEntity(String.class)));
    } catch (JsonProcessingException e) {
      return ServiceProblem.NONE;
    }
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
