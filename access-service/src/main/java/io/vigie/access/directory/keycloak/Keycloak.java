package io.vigie.access.directory.keycloak;

import java.time.Clock;

import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.access.directory.Directory;
import io.vigie.access.directory.DirectoryEvents;
import io.vigie.access.directory.DirectoryRules;
import io.vigie.access.directory.DirectorySettings;

/** A realm, as what keeps accounts and as what tells of them. */
public final class Keycloak {

  private final KeycloakDirectory directory;
  private final KeycloakEvents events;

  public Keycloak(WebClient client, DirectorySettings settings, DirectoryRules rules, Clock clock) {
    KeycloakApi api = new KeycloakApi(client, settings, clock);
    this.directory = new KeycloakDirectory(api, rules);
    this.events = new KeycloakEvents(api);
  }

  public Directory directory() {
    return directory;
  }

  public DirectoryEvents events() {
    return events;
  }
}
