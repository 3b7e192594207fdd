package io.vigie.access.directory;

import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A directory that speaks SCIM, and tells nothing of itself, for the service under test. */
public class ScimProvider implements QuarkusTestResourceLifecycleManager {

  private ScimServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = new ScimServer();
      server.makeGroup("Staff", "vigie.owned:role:staff");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "vigie.directory.kind",
        "SCIM",
        "vigie.directory.scim-url",
        server.url(),
        "vigie.directory.secret",
        ScimServer.TOKEN,
        "vigie.directory.look-every",
        "1s");
  }

  @Override
  public void stop() {
    server.close();
  }
}
