package io.vigie.access.directory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DirectoryRulesTest {

  private final DirectoryRules rules = new DirectoryRules();

  private static JsonNode realm() throws IOException {
    Path root = Path.of(System.getProperty("vigie.root"));
    return new ObjectMapper().readTree(root.resolve("deploy/keycloak/vigie-realm.json").toFile());
  }

  @Test
  void thePolicyHasARuleForEachKindOfFinding() {
    assertEquals(Set.of(DriftKind.values()), Set.copyOf(rules.kinds()));
    assertFalse(rules.repairs(DriftKind.MISSING_ACCOUNT));
  }

  @Test
  void onlyWhatBearsTheMarkIsOwned() throws Exception {
    ObjectMapper json = new ObjectMapper();

    assertTrue(rules.owns(json.readTree("{\"vigie.owned\":[\"true\"]}")));
    for (String other :
        new String[] {"{}", "{\"vigie.owned\":[\"false\"]}", "{\"x\":[\"true\"]}"}) {
      assertFalse(rules.owns(json.readTree(other)), other);
    }
  }

  @Test
  void theBreakGlassAccountIsUntouchableWhateverItsCase() {
    assertThrows(DirectoryFailure.class, () -> rules.requireTouchable("Break-Glass"));
  }

  @Test
  void theRealmAsksOfPasswordsWhatThePolicySaysAndDemoAccountsKeepToIt() throws Exception {
    // Given
    JsonNode realm = realm();
    assertTrue(rules.shortestPassword() >= 12, "as ANSSI asks where a lock stands before it");
    assertEquals(
        Set.of(
            "length(" + rules.shortestPassword() + ")",
            "passwordHistory(" + rules.rememberedPasswords() + ")",
            "notUsername(undefined)",
            "notEmail(undefined)"),
        Set.of(realm.path("passwordPolicy").asText().split(" and ")));

    // Then
    int people = 0;
    for (JsonNode user : realm.path("users")) {
      for (JsonNode credential : user.path("credentials")) {
        String password = credential.path("value").asText();
        assertTrue(password.length() >= rules.shortestPassword(), password);
        assertNotEquals(user.path("username").asText(), password);
        assertNotEquals(user.path("email").asText(), password);
        people++;
      }
    }
    assertEquals(7, people);
  }

  @Test
  void thePlatformsOwnProgramsAreThoseOfItsRealmWithTheRolesThatItGivesThem() throws Exception {
    int programs = 0;
    for (JsonNode user : realm().path("users")) {
      String client = user.path("serviceAccountClientId").asText();
      if (!client.isEmpty() && !client.equals("vigie-directory")) {
        Set<String> roles = new TreeSet<>();
        user.path("realmRoles").forEach(role -> roles.add(role.asText()));
        assertTrue(rules.isOwn(client), client);
        assertEquals(roles, rules.rolesOfProgram(client), client);
        programs++;
      }
    }
    assertEquals(5, programs);
  }

  @Test
  void anotherProgramIsNotThePlatformsOwnAndMayHaveWhatToolsHave() {
    assertFalse(rules.isOwn("nightly-export"));
    assertEquals(Set.of("internal-tool"), rules.rolesOfProgram("nightly-export"));
  }

  @ParameterizedTest
  @CsvSource({
    "Ada, Lovelace, ada.lovelace",
    "Zoé, Œhlenschläger, zoe.oehlenschlager",
    "Anne-Marie, d'Arc, annemarie.darc",
    "李, Straße, x.strasse"
  })
  void theNameOfANewAccountIsMadeOfItsHolders(String given, String family, String name) {
    assertEquals(name, NewAccounts.name(new AccountChange.Holder(given, family, "a@example.org")));
  }
}
