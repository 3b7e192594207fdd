package io.vigie.testkit;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the realm and the databases promise of passwords, tokens and sessions (R11.11, R11.12). */
class SignInTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final Pattern COMMENT = Pattern.compile("--.*");
  private static final Pattern PASSWORD = Pattern.compile("(?i)passw|pwd|credential");

  private static JsonNode realm() throws IOException {
    return new ObjectMapper().readTree(ROOT.resolve("deploy/keycloak/vigie-realm.json").toFile());
  }

  @Test
  void noDatabaseOfAServiceHasAPlaceForPasswords() throws IOException {
    List<Path> migrations = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path folder : modules.map(each -> each.resolve("src/main/resources/db")).toList()) {
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".sql")).forEach(migrations::add);
          }
        }
      }
    }
    List<Path> wrong = new ArrayList<>();
    for (Path migration : migrations) {
      String statements = COMMENT.matcher(Files.readString(migration)).replaceAll("");
      if (PASSWORD.matcher(statements).find()) {
        wrong.add(migration);
      }
    }

    assertTrue(migrations.size() >= 6, "the kernel and five services have migrations");
    assertEquals(List.of(), wrong);
  }

  @Test
  void tokensOfTheRealmLiveForFiveMinutesAtMost() throws IOException {
    JsonNode realm = realm();
    int seconds = realm.get("accessTokenLifespan").intValue();

    assertTrue(seconds > 0 && seconds <= 300, () -> seconds + " s");
    for (JsonNode client : realm.get("clients")) {
      assertTrue(client.at("/attributes/access.token.lifespan").isMissingNode(), client::toString);
    }
  }

  @Test
  void anAuthorizationCodeOfTheRealmIsGoodForAMinute() throws IOException {
    assertEquals(60, realm().get("accessCodeLifespan").intValue());
  }

  /** An account that was guessed at opens by itself again. */
  @Test
  void whoGuessesPasswordsWaitsAfterTenFailuresAndNeverForEver() throws IOException {
    JsonNode realm = realm();

    assertTrue(realm.get("bruteForceProtected").booleanValue());
    assertEquals(10, realm.get("failureFactor").intValue());
    assertEquals(60, realm.get("waitIncrementSeconds").intValue());
    assertEquals(900, realm.get("maxFailureWaitSeconds").intValue());
    assertFalse(realm.get("permanentLockout").booleanValue());
  }

  @Test
  void theRealmKeepsWhoSignedInOrFailedToAndWhatAdministratorsDidForAMonth() throws IOException {
    JsonNode realm = realm();
    Set<String> kept = new TreeSet<>();
    realm.get("enabledEventTypes").forEach(type -> kept.add(type.asText()));

    assertTrue(realm.get("eventsEnabled").booleanValue());
    assertTrue(realm.get("adminEventsEnabled").booleanValue());
    assertEquals("[\"jboss-logging\"]", realm.get("eventsListeners").toString());
    assertEquals(Set.of("LOGIN", "LOGIN_ERROR", "LOGOUT", "CLIENT_LOGIN_ERROR"), kept);
    assertEquals(2_592_000, realm.get("eventsExpiration").intValue());
    assertEquals("2592000", realm.at("/attributes/adminEventsExpiration").asText());
  }

  @Test
  void aSessionEndsAfterHalfAnHourWithoutUseAndAfterTenHoursInAnyCase() throws IOException {
    JsonNode realm = realm();
    Properties console = new Properties();
    try (Reader file =
        Files.newBufferedReader(
            ROOT.resolve("console/src/main/resources/application.properties"))) {
      console.load(file);
    }
    Duration tokens = Duration.ofSeconds(realm.get("accessTokenLifespan").intValue());
    Duration longer =
        Duration.parse(
            "PT" + console.getProperty("quarkus.oidc.authentication.session-age-extension"));

    assertEquals(Duration.ofMinutes(30), tokens.plus(longer));
    assertEquals("true", console.getProperty("quarkus.oidc.token.refresh-expired"));
    assertEquals(1_800, realm.get("ssoSessionIdleTimeout").intValue());
    assertEquals(36_000, realm.get("ssoSessionMaxLifespan").intValue());
    assertFalse(realm.path("rememberMe").booleanValue(), "what is remembered lives longer");
    for (JsonNode client : realm.get("clients")) {
      client
          .path("attributes")
          .fieldNames()
          .forEachRemaining(name -> assertFalse(name.startsWith("client.session."), name));
    }
  }

  /** Keycloak lets accounts with this role end all sessions that they have themselves. */
  @Test
  void peopleOfTheDemoMaySignOutEverywhere() throws IOException {
    for (JsonNode user : realm().get("users")) {
      if (!user.has("serviceAccountClientId")) {
        assertEquals("[\"manage-account\"]", user.at("/clientRoles/account").toString());
      }
    }
  }

  /** A browser's client keeps its tokens on its server: it has a secret, which no browser keeps. */
  @Test
  void noClientHandsATokenToABrowser() throws IOException {
    for (JsonNode client : realm().get("clients")) {
      boolean secret = !client.path("publicClient").booleanValue();

      assertTrue(!isForBrowsers(client) || secret, client::toString);
      assertEquals(false, client.path("implicitFlowEnabled").booleanValue(), client::toString);
    }
  }

  @Test
  void peopleComeBackFromASignInToOnePathOfTheConsoleAlone() throws IOException {
    List<String> paths = new ArrayList<>();
    for (JsonNode client : realm().get("clients")) {
      if (isForBrowsers(client)) {
        client.get("redirectUris").forEach(path -> paths.add(path.asText()));
      } else {
        assertTrue(client.path("redirectUris").isEmpty(), client::toString);
      }
    }

    assertEquals(List.of("/callback"), paths);
  }

  /** Neither to whoever else got hold of it (RFC 7636). */
  @Test
  void aCodeIsWorthNothingWithoutProofOfWhoAskedForIt() throws IOException {
    int asked = 0;
    for (JsonNode client : realm().get("clients")) {
      if (isForBrowsers(client)) {
        asked++;
        assertEquals("S256", client.at("/attributes/pkce.code.challenge.method").asText());
      }
    }

    assertEquals(1, asked, "the console's alone");
  }

  /** Keycloak enables what is not said, but of a client that only takes tokens. */
  private static boolean isForBrowsers(JsonNode client) {
    return client.path("standardFlowEnabled").asBoolean(!client.path("bearerOnly").booleanValue());
  }
}
