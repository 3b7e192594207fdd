package io.vigie.console.dashboard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import io.quarkus.oidc.runtime.OidcUtils;
import io.smallrye.mutiny.Multi;
import io.vigie.console.dashboard.Beats.Beat;
import io.vigie.console.page.Roles;
import io.vigie.console.session.OpenSessions;
import org.jboss.resteasy.reactive.RestCookie;
import org.jboss.resteasy.reactive.RestHeader;

/**
 * Tells dashboards when to ask for their figures again, and nothing of the figures: each asks in
 * its viewer's name. A stream ends with its session, and with its cookie; a browser comes back.
 */
@Path("/dashboards/changes")
@RolesAllowed({Roles.CISO, Roles.AUDITOR, Roles.SYSADMIN})
public class ChangeResource {

  static final int MOST = 300;
  static final int MOST_OF_A_SESSION = 4;

  private final Beats beats;
  private final OpenSessions sessions;
  private final Map<String, Integer> streams = new ConcurrentHashMap<>();

  ChangeResource(Beats beats, OpenSessions sessions) {
    this.beats = beats;
    this.sessions = sessions;
  }

  /**
   * An event a beat: {@code changed} where figures may be others than before, else {@code beat}.
   *
   * @param last the last one that the browser had before it came back
   * @throws ServiceUnavailableException when too many look already
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public Multi<OutboundSseEvent> changes(
      @RestCookie(OidcUtils.SESSION_COOKIE_NAME) String cookie,
      @RestHeader("Last-Event-ID") String last,
      @Context Sse sse) {
    String session = sessions.id(cookie);
    if (session == null || !enter(session)) {
      throw new ServiceUnavailableException();
    }
    AtomicReference<String> seen = new AtomicReference<>(last);
    return beats
        .all()
        .onItem()
        .transformToUniAndConcatenate(
            beat -> sessions.isOpen(session).map(open -> open ? event(sse, beat, seen) : END))
        .select()
        .first(event -> event != END)
        .map(Told::event)
        .onTermination()
        .invoke(() -> leave(session));
  }

  private record Told(OutboundSseEvent event) {}

  private static final Told END = new Told(null);

  private static Told event(Sse sse, Beat beat, AtomicReference<String> seen) {
    String before = seen.getAndSet(beat.head());
    boolean changed = beat.moved() || before != null && !before.equals(beat.head());
    return new Told(
        sse.newEventBuilder()
            .name(changed ? "changed" : "beat")
            .id(beat.head())
            .data(beat.head())
            .build());
  }

  private synchronized boolean enter(String session) {
    int open = streams.values().stream().mapToInt(Integer::intValue).sum();
    if (open >= MOST || streams.getOrDefault(session, 0) >= MOST_OF_A_SESSION) {
      return false;
    }
    streams.merge(session, 1, Integer::sum);
    return true;
  }

  private synchronized void leave(String session) {
    streams.computeIfPresent(session, (any, open) -> open == 1 ? null : open - 1);
  }
}
