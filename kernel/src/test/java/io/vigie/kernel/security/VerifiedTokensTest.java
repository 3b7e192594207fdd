package io.vigie.kernel.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class VerifiedTokensTest {

  private static final Instant ISSUED = Instant.parse("2026-03-02T08:00:00Z");

  private final List<String> checked = new ArrayList<>();
  private Instant now = ISSUED;
  private Instant expiry = ISSUED.plusSeconds(300);

  private final VerifiedTokens tokens =
      new VerifiedTokens(new Check(), new MovedClock(), Duration.ofMinutes(6));

  @Test
  void aTokenIsCheckedOnce() {
    authenticate("header.claims.signature");

    SecurityIdentity again = authenticate("header.claims.signature");

    assertEquals("ada", again.getPrincipal().getName());
    assertEquals(Set.of("staff"), again.getRoles());
    assertEquals(List.of("header.claims.signature"), checked);
  }

  @Test
  void anotherSignatureIsAnotherToken() {
    authenticate("header.claims.signature");

    assertThrows(AuthenticationFailedException.class, () -> authenticate("header.claims.forged"));
  }

  @Test
  void aTokenIsCheckedAgainFromItsExpiryOn() {
    authenticate("header.claims.signature");
    now = expiry.minusMillis(1);
    authenticate("header.claims.signature");
    assertEquals(1, checked.size());

    now = expiry;
    authenticate("header.claims.signature");

    assertEquals(2, checked.size());
  }

  @Test
  void aTokenThatLivesTooLongIsCheckedAgainWhenItIsTooOld() {
    expiry = ISSUED.plusSeconds(86_400);
    authenticate("header.claims.signature");

    now = ISSUED.plus(Duration.ofMinutes(6));
    authenticate("header.claims.signature");

    assertEquals(2, checked.size());
  }

  @Test
  void aRefusalIsNotKept() {
    assertThrows(AuthenticationFailedException.class, () -> authenticate("header.claims.forged"));
    assertThrows(AuthenticationFailedException.class, () -> authenticate("header.claims.forged"));
    assertEquals(2, checked.size());
  }

  @Test
  void noRequestIsKeptWithItsToken() {
    authenticate("header.claims.signature");

    assertFalse(
        authenticate("header.claims.signature")
            .getAttributes()
            .containsKey(RoutingContext.class.getName()));
  }

  private SecurityIdentity authenticate(String token) {
    return tokens
        .authenticate(new TokenAuthenticationRequest(new AccessTokenCredential(token)), null)
        .await()
        .indefinitely();
  }

  /** What checks signatures: those that say so are well. */
  private final class Check implements IdentityProvider<TokenAuthenticationRequest> {
    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
      return TokenAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
        TokenAuthenticationRequest request, AuthenticationRequestContext context) {
      String token = request.getToken().getToken();
      checked.add(token);
      return token.endsWith(".signature")
          ? Uni.createFrom()
              .item(
                  QuarkusSecurityIdentity.builder()
                      .setPrincipal(new Claims())
                      .addRole("staff")
                      .addAttribute(RoutingContext.class.getName(), "a request")
                      .build())
          : Uni.createFrom().failure(new AuthenticationFailedException());
    }
  }

  private final class Claims implements JsonWebToken {
    private final Map<String, Object> claims =
        Map.of("exp", expiry.getEpochSecond(), "iat", ISSUED.getEpochSecond());

    @Override
    public String getName() {
      return "ada";
    }

    @Override
    public Set<String> getClaimNames() {
      return claims.keySet();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getClaim(String name) {
      return (T) claims.get(name);
    }
  }

  private final class MovedClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
