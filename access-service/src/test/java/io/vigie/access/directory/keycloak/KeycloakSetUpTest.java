package io.vigie.access.directory.keycloak;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KeycloakSetUpTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8180/realms/vigie",
        "https://[::1]:8180/realms/vigie",
        "http://localhost:8180/realms/vigie",
        "https://sso.vigie.localhost/realms/vigie"
      })
  void whatIsOfThisMachineIsKnownByItsName(String issuer) {
    assertTrue(KeycloakSetUp.isThisMachine(issuer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://sso.vigie.example.org/realms/vigie",
        "https://127.0.0.1.example.org/realms/vigie",
        "https://localhost.example.org/realms/vigie",
        "https://10.0.0.1/realms/vigie",
        "https://no_name/realms/vigie",
        ""
      })
  void everythingElseIsElsewhere(String issuer) {
    assertFalse(KeycloakSetUp.isThisMachine(issuer));
  }
}
