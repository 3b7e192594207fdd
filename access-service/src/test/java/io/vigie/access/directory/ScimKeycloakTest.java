package io.vigie.access.directory;

import java.util.Map;
import java.util.Set;

import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A product. */
class ScimKeycloakTest extends ScimScenarios {

  private static ScimKeycloak keycloak;

  private String realm;

  @BeforeAll
  static void aServer() throws Exception {
    keycloak = new ScimKeycloak();
  }

  @AfterAll
  static void goesHome() {
    if (keycloak != null) {
      keycloak.close();
    }
  }

  @Override
  Provider provider(Map<String, String> groups) {
    realm = keycloak.makeRealm(groups);
    return new Provider(keycloak.url(realm), keycloak.token(realm));
  }

  private JsonPath ofUser(String subject, String what) {
    return keycloak.admin().get("/" + realm + "/users/" + subject + what).jsonPath();
  }

  @Test
  void whatIsDoneIsWhatItsOwnAdministratorSees() {
    // Given
    String subject = create("katherine.johnson");
    assertTrue(ofUser(subject, "").getBoolean("enabled"));

    // When
    await(
        directory()
            .change(
                subject, change(true, Set.of("staff", "responder"), Set.of(), Set.of("on-call"))));

    // Then
    assertEquals(
        Set.of("Staff", "Responders", "On call"),
        Set.copyOf(ofUser(subject, "/groups").getList("name")));

    // And when
    await(
        directory()
            .change(subject, change(false, Set.of(), Set.of("staff", "responder"), Set.of())));

    // Then
    assertFalse(ofUser(subject, "").getBoolean("enabled"));
    assertEquals(Set.of("On call"), Set.copyOf(ofUser(subject, "/groups").getList("name")));
  }
}
