package io.vigie.kernel.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.oidc.runtime.OidcIdentityProvider;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * A caller sends the same token with many requests, and checking its signature and reading it cost
 * more than most of what they ask for. Whose token it is, is kept until it expires or is too old;
 * whatever differs from it in a single character, the signature included, is another token. Who
 * lost access is refused all the same: {@link Revocations} is asked after this, each time. A token
 * that was refused is not kept.
 */
@ApplicationScoped
class VerifiedTokens implements IdentityProvider<TokenAuthenticationRequest> {

  /** More tokens than this are checked each time, the least used of them. */
  private static final int MOST = 10_000;

  private record Verified(SecurityIdentity identity, Instant end) {}

  private final IdentityProvider<TokenAuthenticationRequest> check;
  private final Clock clock;
  private final Duration longest;
  private final Cache<String, Verified> verified;

  @Inject
  VerifiedTokens(
      OidcIdentityProvider check,
      Clock clock,
      @ConfigProperty(name = "quarkus.oidc.token.age") Duration longest) {
    this((IdentityProvider<TokenAuthenticationRequest>) check, clock, longest);
  }

  VerifiedTokens(
      IdentityProvider<TokenAuthenticationRequest> check, Clock clock, Duration longest) {
    this.check = check;
    this.clock = clock;
    this.longest = longest;
    this.verified = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(longest).build();
  }

  @Override
  public Class<TokenAuthenticationRequest> getRequestType() {
    return TokenAuthenticationRequest.class;
  }

  /** Before the one that checks each token. */
  @Override
  public int priority() {
    return check.priority() + 1;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TokenAuthenticationRequest request, AuthenticationRequestContext context) {
    String token = request.getToken().getToken();
    Verified known = verified.getIfPresent(token);
    return known != null && clock.instant().isBefore(known.end())
        ? Uni.createFrom().item(known.identity())
        : check.authenticate(request, context).invoke(identity -> keep(token, identity));
  }

  private void keep(String token, SecurityIdentity identity) {
    if (identity != null && identity.getPrincipal() instanceof JsonWebToken claims) {
      Instant expiry = Instant.ofEpochSecond(claims.getExpirationTime());
      Instant tooOld = Instant.ofEpochSecond(claims.getIssuedAtTime()).plus(longest);
      verified.put(token, new Verified(alone(identity), expiry.isBefore(tooOld) ? expiry : tooOld));
    }
  }

  /** Without the request that it came with, which would be kept with it. */
  private static SecurityIdentity alone(SecurityIdentity identity) {
    Map<String, Object> attributes = new HashMap<>(identity.getAttributes());
    attributes.remove(RoutingContext.class.getName());
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(identity.getPrincipal())
        .addRoles(identity.getRoles())
        .addCredentials(identity.getCredentials())
        .addAttributes(attributes)
        .build();
  }
}
