package io.vigie.asset;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Topic;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Tokens that the realm did not issue for this platform, at a service that finds the realm's keys
 * as it finds Keycloak's. All services look at tokens in one place; shown on this one.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedTokensTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KeyPair OF_A_STRANGER = stranger();

  @Inject MovableClock clock;

  private final String issuer = ConfigProvider.getConfig().getValue("vigie.oidc", String.class);

  /** A token that is refused, and why it should be. */
  record Forged(String why, String token) {
    @Override
    public String toString() {
      return why;
    }
  }

  private int minutes;

  private static KeyPair stranger() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the realm says it of somebody who may register assets, for five minutes from now on. */
  private Map<String, Object> claims() {
    Instant now = Instant.now();
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", UUID.randomUUID().toString());
    claims.put("aud", "vigie");
    claims.put("groups", Set.of(STAFF, ASSET_MANAGER));
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plusSeconds(300).getEpochSecond());
    return claims;
  }

  private Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = claims();
    claims.put(name, value);
    return claims;
  }

  private Map<String, Object> claimsAt(Instant begin) {
    Map<String, Object> claims = claims();
    claims.put("iat", begin.getEpochSecond());
    claims.put("nbf", begin.getEpochSecond());
    claims.put("exp", begin.plusSeconds(300).getEpochSecond());
    return claims;
  }

  private Map<String, Object> claimsWithout(String name) {
    Map<String, Object> claims = claims();
    claims.remove(name);
    return claims;
  }

  private static String signed(Map<String, Object> claims, KeyPair keys, String keyId) {
    return signed(Map.of("alg", "RS256", "kid", keyId), claims, keys);
  }

  /** By hand: what builds tokens adds what they lack. */
  private static String signed(Map<String, ?> header, Map<String, Object> claims, KeyPair keys) {
    String content = part(header) + "." + part(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String byTheRealm(Map<String, Object> claims) {
    return signed(claims, OwnRealm.keys(), OwnRealm.KEY);
  }

  private static String part(Map<String, ?> content) {
    try {
      return base64(JSON.writeValueAsBytes(content));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What everybody knows, the public key, taken for a secret that signs. */
  private String signedWithThePublicKey(byte[] key) {
    String content = part(Map.of("alg", "HS256", "kid", OwnRealm.KEY)) + "." + part(claims());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String unsigned(String algorithm) {
    return part(Map.of("alg", algorithm, "kid", OwnRealm.KEY)) + "." + part(claims()) + ".";
  }

  /** Under a key that the token brings along. */
  private String signedUnderItsOwnKey() {
    RSAPublicKey key = (RSAPublicKey) OF_A_STRANGER.getPublic();
    return signed(
        Map.of(
            "alg",
            "RS256",
            "jwk",
            Map.of(
                "kty", "RSA",
                "n", base64(key.getModulus().toByteArray()),
                "e", base64(key.getPublicExponent().toByteArray()))),
        claims(),
        OF_A_STRANGER);
  }

  private String withOtherClaims() {
    String[] parts = byTheRealm(claims()).split("\\.");
    return parts[0] + "." + part(claims()) + "." + parts[2];
  }

  Stream<Forged> forged() {
    byte[] key = OwnRealm.keys().getPublic().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
            + "\n-----END PUBLIC KEY-----\n";
    Instant now = Instant.now();
    return Stream.of(
        new Forged("nobody signed it", unsigned("none")),
        new Forged("nobody signed it, in other letters", unsigned("nOnE")),
        new Forged("the signature is gone", byTheRealm(claims()).replaceFirst("[^.]+$", "")),
        new Forged("the signature is of other claims", withOtherClaims()),
        new Forged("a stranger signed it", signed(claims(), OF_A_STRANGER, OwnRealm.KEY)),
        new Forged("a stranger signed it, and brought the key", signedUnderItsOwnKey()),
        new Forged("the public key signed it", signedWithThePublicKey(key)),
        new Forged(
            "the public key signed it, in letters",
            signedWithThePublicKey(pem.getBytes(StandardCharsets.US_ASCII))),
        new Forged("its key is gone", signed(claims(), OF_A_STRANGER, OwnRealm.STALE_KEY)),
        new Forged("its key is of another id", signed(claims(), OwnRealm.keys(), "unheard-of")),
        new Forged("another realm issued it", byTheRealm(claims("iss", issuer + "-of-others"))),
        new Forged("nobody issued it", byTheRealm(claimsWithout("iss"))),
        new Forged("it is for another platform", byTheRealm(claims("aud", "others"))),
        new Forged("it is for another client", byTheRealm(claims("aud", List.of("account")))),
        new Forged("it is for nobody", byTheRealm(claimsWithout("aud"))),
        new Forged("it is over", byTheRealm(claimsAt(now.minusSeconds(600)))),
        new Forged("it has not begun", byTheRealm(claimsAt(now.plusSeconds(600)))),
        new Forged("it has no end", byTheRealm(claimsWithout("exp"))),
        new Forged("it is of nobody", byTheRealm(claimsWithout("sub"))),
        new Forged(
            "it is for years",
            byTheRealm(claims("iat", now.minusSeconds(3 * 365 * 86_400L).getEpochSecond()))));
  }

  private static Response register(String token, String name) {
    return Rest.as(token)
        .body(Map.of("name", name, "kind", "SERVER", "production", true))
        .post("/v1/assets");
  }

  /** In which nobody else is refused as nobody, of whom a minute has few in the log. */
  @BeforeEach
  void aMinuteOfItsOwn() {
    minutes += 2;
    clock.move(Duration.ofHours(6).plusMinutes(minutes));
  }

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void whatTheRealmIssuedForThisPlatformOpensIt() {
    register(byTheRealm(claims()), "of the realm").then().statusCode(201);
  }

  @ParameterizedTest
  @MethodSource("forged")
  void whatIsForgedOpensNothingAndChangesNothing(Forged forged) {
    String name = "forged-" + UUID.randomUUID();

    problem(register(forged.token(), name), 401, "unauthenticated")
        .header("WWW-Authenticate", startsWith("Bearer"));
    problem(Rest.as(forged.token()).get("/v1/assets"), 401, "unauthenticated");

    // And it is in the log
    String path = "/v1/assets/" + UUID.randomUUID();
    problem(Rest.as(forged.token()).get(path), 401, "unauthenticated");
    try (Topic topic = Topic.named("vigie.asset.events")) {
      assertEquals(
          List.of("anonymous"),
          topic
              .await(
                  1, ofType("security.refused.v1").and(r -> new String(r.value()).contains(path)))
              .stream()
              .map(r -> header(r, "ce_actor"))
              .toList());
    }

    Rest.as(byTheRealm(claims()))
        .get("/v1/assets?name=" + name)
        .then()
        .statusCode(200)
        .body("items", hasSize(0));
  }
}
