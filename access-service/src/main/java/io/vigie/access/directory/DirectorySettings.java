package io.vigie.access.directory;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;

/** Which directory there is, and how it is asked. */
@ConfigMapping(prefix = "vigie.directory")
public interface DirectorySettings {

  /** What kind of directory. */
  enum Kind {
    /** There is none: what is to be changed waits. */
    NONE,
    KEYCLOAK,
    SCIM
  }

  Kind kind();

  /** Of Keycloak, the realm's address, {@code https://<host>/realms/<realm>}. */
  Optional<String> realm();

  /** Of Keycloak, the id of this service's own client. */
  String client();

  /** That client's secret; of SCIM, the bearer token. */
  Optional<String> secret();

  /** Of SCIM, the address under which {@code /Users} stands. */
  Optional<String> scimUrl();

  /** How long one request may take. */
  Duration timeLimit();

  /** How often the queue is looked at. */
  Duration workEvery();

  /** How often the directory's own events are read. */
  Duration lookEvery();

  /** How often it is looked whether the directory has all that this service needs. */
  Duration checkEvery();

  /** The longest time from an attempt that failed to the next. */
  Duration retryWithin();

  /** A change that waits for longer needs an operator. */
  Duration lateAfter();

  /** The time from one comparison of all accounts to the next. */
  Duration reconcileEvery();

  /** How far back events are asked for again, since some become readable after later ones. */
  Duration eventsOverlap();
}
