package io.vigie.access.directory;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.access.directory.keycloak.Keycloak;
import io.vigie.access.directory.scim.ScimDirectory;

/** The one directory that the configuration names. */
@ApplicationScoped
class ConnectedDirectory {

  private static final int CONNECTIONS = 8;

  /** Tells nothing of itself. */
  private static final class Silent implements DirectoryEvents {
    @Override
    public Uni<List<SignIn>> signIns(Instant from, int first, int limit) {
      return Uni.createFrom().item(List.of());
    }

    @Override
    public Uni<List<Change>> changes(Instant from, int first, int limit) {
      return Uni.createFrom().item(List.of());
    }
  }

  private final WebClient client;
  private final DirectorySettings settings;
  private final DirectoryRules rules;
  private final Clock clock;

  ConnectedDirectory(Vertx vertx, DirectorySettings settings, DirectoryRules rules, Clock clock) {
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setMaxPoolSize(CONNECTIONS)
                .setConnectTimeout((int) settings.timeLimit().toMillis())
                .setFollowRedirects(false));
    this.settings = settings;
    this.rules = rules;
    this.clock = clock;
  }

  private Keycloak keycloak() {
    return new Keycloak(client, settings, rules, clock);
  }

  @Produces
  @ApplicationScoped
  Directory directory() {
    return switch (settings.kind()) {
      case KEYCLOAK -> keycloak().directory();
      case SCIM -> new ScimDirectory(client, settings, rules);
      case NONE -> throw new IllegalStateException("nobody asks a directory that is not there");
    };
  }

  @Produces
  @ApplicationScoped
  DirectoryEvents events() {
    return settings.kind() == DirectorySettings.Kind.KEYCLOAK ? keycloak().events() : new Silent();
  }
}
