package io.vigie.access.directory;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The double: it checks every resource and patch against the schemas, and can be away. */
class ScimDirectoryTest extends ScimScenarios {

  private ScimServer server;

  @Override
  Provider provider(Map<String, String> groups) throws Exception {
    server = new ScimServer();
    for (var group : groups.entrySet()) {
      server.makeGroup(group.getKey(), group.getValue());
    }
    return new Provider(server.url(), ScimServer.TOKEN);
  }

  @AfterEach
  void goesHome() {
    server.close();
  }

  @Test
  void aDirectoryThatIsAwayIsToldFromOneThatRefuses() {
    server.isAway(true);

    assertTrue(
        assertThrows(DirectoryFailure.class, () -> await(directory().accounts(null, 1))).isAway());
  }
}
