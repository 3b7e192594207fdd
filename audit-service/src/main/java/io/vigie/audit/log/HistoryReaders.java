package io.vigie.audit.log;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/**
 * Who may read what happened to which kind of object: ciso and auditor to any, an auditor from
 * outside too, of what is within their reach ({@link io.vigie.audit.room.Rooms}), others as {@code
 * vigie.log.history-readers} says. Reading about a kind that is sensitive is itself an event.
 */
@ApplicationScoped
public class HistoryReaders {

  private static final String READERS = "vigie.log.history-readers.";

  private final Actor actor;
  private final Config config;
  private final Readings readings;
  private final List<String> sensitive;

  HistoryReaders(
      Actor actor,
      Config config,
      Readings readings,
      @ConfigProperty(name = "vigie.log.sensitive") List<String> sensitive) {
    this.actor = actor;
    this.config = config;
    this.readings = readings;
    this.sensitive = sensitive;
  }

  /**
   * @throws Problem 403 unless the caller may read about this kind of object
   */
  void require(String kind) {
    if (!readsAll() && !mayRead(kind)) {
      throw Problem.forbidden(
          "Your roles do not allow reading the history of this kind of object.");
    }
  }

  /** The kinds that the caller may read about; null for all of them. */
  public List<String> kinds() {
    if (readsAll()) {
      return null;
    }
    List<String> kinds = new ArrayList<>();
    for (String name : config.getPropertyNames()) {
      if (name.startsWith(READERS) && mayRead(name.substring(READERS.length()))) {
        kinds.add(name.substring(READERS.length()));
      }
    }
    return kinds;
  }

  /** Puts into the log that the caller reads about this object, where that is sensitive. */
  Uni<Void> record(String object) {
    String kind = object.substring(0, object.indexOf('/'));
    return sensitive.contains(kind) ? readings.recordHistory(object) : Uni.createFrom().voidItem();
  }

  private boolean readsAll() {
    return actor.hasRole(CISO) || actor.hasRole(AUDITOR) || actor.hasRole(THIRD_PARTY_AUDITOR);
  }

  private boolean mayRead(String kind) {
    return config.getOptionalValues(READERS + kind, String.class).orElse(List.of()).stream()
        .anyMatch(actor::hasRole);
  }
}
