package io.vigie.console.session;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.oidc.AuthorizationCodeTokens;
import io.quarkus.oidc.runtime.CodeAuthenticationMechanism;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import io.vigie.console.Database;
import io.vigie.console.Logged;
import io.vigie.console.Services;
import io.vigie.console.page.RefusalLines;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
class SessionsTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration LIFE = Duration.ofMinutes(30);

  @Inject Pool database;

  private Sessions at(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Sessions(database, clock, new RefusalLines(clock, 1));
  }

  /** The request of a sign-in, of which a session's life alone is asked. */
  private static RoutingContext request() {
    return request("/", false);
  }

  private static RoutingContext request(String path, boolean renewed) {
    return (RoutingContext)
        Proxy.newProxyInstance(
            RoutingContext.class.getClassLoader(),
            new Class<?>[] {RoutingContext.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("normalizedPath")) {
                return path;
              }
              assertEquals("get", method.getName());
              return switch ((String) arguments[0]) {
                case CodeAuthenticationMechanism.SESSION_MAX_AGE_PARAM -> LIFE.toSeconds();
                case "refresh_token_grant_response" -> renewed;
                default -> throw new IllegalArgumentException((String) arguments[0]);
              };
            });
  }

  private String begun(Instant now) {
    return at(now)
        .createTokenState(
            request(),
            null,
            new AuthorizationCodeTokens("the-id", "the-access", "the-refresh", 300L, "profile"),
            null)
        .await()
        .indefinitely();
  }

  private AuthorizationCodeTokens tokens(String cookie, Instant now) {
    return at(now).getTokens(null, null, cookie, null).await().indefinitely();
  }

  private String rows() {
    StringBuilder all = new StringBuilder();
    database
        .query("select id || ' ' || sealed as row from session")
        .execute()
        .await()
        .indefinitely()
        .forEach(row -> all.append(row.getString("row")).append('\n'));
    return all.toString();
  }

  @Test
  void aCookieOpensItsTokensUntilTheSessionEnds() {
    String cookie = begun(NOW);
    AuthorizationCodeTokens tokens = tokens(cookie, NOW.plus(LIFE).minusSeconds(1));
    assertEquals("the-id", tokens.getIdToken());
    assertEquals("the-access", tokens.getAccessToken());
    assertEquals("the-refresh", tokens.getRefreshToken());
    assertEquals(300L, tokens.getAccessTokenExpiresIn());
    assertEquals("profile", tokens.getAccessTokenScope());

    assertThrows(AuthenticationFailedException.class, () -> tokens(cookie, NOW.plus(LIFE)));
    begun(NOW.plus(LIFE));
    assertFalse(rows().contains(SessionKey.of(cookie).id()), "what has ended goes");
  }

  @Test
  void neitherTheCookieNorTheDatabaseHasATokenNorHasEitherTheOther() {
    String cookie = begun(NOW);
    for (String kept : new String[] {cookie, rows()}) {
      assertFalse(kept.contains("the-"), kept);
    }
    assertFalse(rows().contains(cookie));
    assertTrue(rows().contains(SessionKey.of(cookie).id()));
    assertNotEquals(cookie, begun(NOW));
  }

  @Test
  void whatSomebodyElseMadeOrThatWasSignedOutOpensNothing() {
    String cookie = begun(NOW);
    String forged = SessionKey.fresh().cookie();
    String id = SessionKey.of(cookie).id();
    for (String other : new String[] {forged, id, "", "no base64 %", cookie.substring(1)}) {
      try (Logged log = new Logged(Sessions.class.getName())) {
        assertThrows(AuthenticationFailedException.class, () -> tokens(other, NOW), other);
        assertEquals(List.of("refused: a session that has ended, or never was"), log.messages());
      }
      at(NOW).deleteTokens(request(), null, other, null).await().indefinitely();
    }
    // A row that was put in another's place
    String another = begun(NOW);
    database
        .query(
            "update session set sealed = (select sealed from session where id = '%s') where id = '%s'"
                .formatted(SessionKey.of(another).id(), id))
        .execute()
        .await()
        .indefinitely();
    assertThrows(IllegalStateException.class, () -> tokens(cookie, NOW));

    at(NOW).deleteTokens(request(), null, another, null).await().indefinitely();
    assertThrows(AuthenticationFailedException.class, () -> tokens(another, NOW));
  }

  @Test
  void whatLeftTheBrowserBeforeItHadTheNewCookieIsStillKnownForAMoment() {
    String cookie = begun(NOW);

    at(NOW).deleteTokens(request("/", true), null, cookie, null).await().indefinitely();

    assertEquals("the-id", tokens(cookie, NOW.plusSeconds(29)).getIdToken());
    assertThrows(AuthenticationFailedException.class, () -> tokens(cookie, NOW.plusSeconds(30)));
    at(NOW).deleteTokens(request("/logout", true), null, cookie, null).await().indefinitely();
    assertThrows(AuthenticationFailedException.class, () -> tokens(cookie, NOW));
  }
}
