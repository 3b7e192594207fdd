package io.vigie.console.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;

import io.quarkus.logging.Log;
import io.quarkus.oidc.AuthorizationCodeTokens;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TokenStateManager;
import io.quarkus.oidc.runtime.CodeAuthenticationMechanism;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.console.page.RefusalLines;

/**
 * The tokens of a session lie in the database, sealed with what its cookie alone has, a random
 * number: the browser has no token, and the database nothing that opens anything. A session without
 * a row has ended; so has one past its end.
 */
@ApplicationScoped
@Alternative
@Priority(1)
class Sessions implements TokenStateManager {

  private static final String TABLE =
      """
      create table if not exists session (
        id text primary key, sealed text not null, ends_at timestamptz not null)""";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What Quarkus notes of a request in which it renewed the tokens. */
  private static final String REFRESHED = "refresh_token_grant_response";

  private static final String LOGOUT = "/logout";

  private final Pool database;
  private final Clock clock;
  private final RefusalLines lines;

  Sessions(Pool database, Clock clock, RefusalLines lines) {
    this.database = database;
    this.clock = clock;
    this.lines = lines;
  }

  void makeTable(@Observes StartupEvent start) {
    database.query(TABLE).execute().await().atMost(PATIENCE);
  }

  /** What has ended goes at the same time. */
  @Override
  public Uni<String> createTokenState(
      RoutingContext request,
      OidcTenantConfig config,
      AuthorizationCodeTokens tokens,
      OidcRequestContext<String> context) {
    Long seconds = request.get(CodeAuthenticationMechanism.SESSION_MAX_AGE_PARAM);
    Instant now = clock.instant();
    SessionKey key = SessionKey.fresh();
    return database
        .preparedQuery("delete from session where ends_at <= $1")
        .execute(Tuple.of(time(now)))
        .chain(
            () ->
                database
                    .preparedQuery("insert into session (id, sealed, ends_at) values ($1, $2, $3)")
                    .execute(
                        Tuple.of(
                            key.id(), key.seal(write(tokens)), time(now.plusSeconds(seconds)))))
        .replaceWith(key.cookie());
  }

  @Override
  public Uni<AuthorizationCodeTokens> getTokens(
      RoutingContext request,
      OidcTenantConfig config,
      String cookie,
      OidcRequestContext<AuthorizationCodeTokens> context) {
    SessionKey key = SessionKey.of(cookie);
    if (key == null) {
      return Uni.createFrom().failure(ended());
    }
    return database
        .preparedQuery("select sealed from session where id = $1 and ends_at > $2")
        .execute(Tuple.of(key.id(), time(clock.instant())))
        .map(
            rows -> {
              RowIterator<Row> row = rows.iterator();
              if (!row.hasNext()) {
                throw ended();
              }
              return read(key.open(row.next().getString("sealed")));
            });
  }

  @Override
  public Uni<Void> deleteTokens(
      RoutingContext request,
      OidcTenantConfig config,
      String cookie,
      OidcRequestContext<Void> context) {
    SessionKey key = SessionKey.of(cookie);
    if (key == null) {
      return Uni.createFrom().voidItem();
    }
    // A request that left the browser before it has the new cookie still comes with this one.
    boolean goesOn =
        Boolean.TRUE.equals(request.get(REFRESHED)) && !request.normalizedPath().equals(LOGOUT);
    Duration left = goesOn ? Duration.ofSeconds(30) : Duration.ZERO;
    return database
        .preparedQuery("update session set ends_at = least(ends_at, $2) where id = $1")
        .execute(Tuple.of(key.id(), time(clock.instant().plus(left))))
        .replaceWithVoid();
  }

  /** Also of one that never was, which somebody made up or planted. */
  private AuthenticationFailedException ended() {
    if (lines.hasOne(RefusalLines.ANONYMOUS)) {
      Log.info("refused: a session that has ended, or never was");
    }
    return new AuthenticationFailedException("The session has ended.");
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static String write(AuthorizationCodeTokens tokens) {
    return new JsonArray()
        .add(tokens.getIdToken())
        .add(tokens.getAccessToken())
        .add(tokens.getRefreshToken())
        .add(tokens.getAccessTokenExpiresIn())
        .add(tokens.getAccessTokenScope())
        .encode();
  }

  private static AuthorizationCodeTokens read(String written) {
    JsonArray tokens = new JsonArray(written);
    return new AuthorizationCodeTokens(
        tokens.getString(0),
        tokens.getString(1),
        tokens.getString(2),
        tokens.getLong(3),
        tokens.getString(4));
  }
}
