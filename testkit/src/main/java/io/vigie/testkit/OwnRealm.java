package io.vigie.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.build.Jwt;
import org.eclipse.microprofile.config.ConfigProvider;

import static java.util.Map.entry;

/**
 * A realm whose private keys the tests have, found by the service under test as it finds
 * Keycloak's: by its address alone, which says who issues and where the keys are, by their ids. The
 * service has little patience, too, so that tests see it end, and believes a proxy.
 */
public final class OwnRealm implements QuarkusTestResourceLifecycleManager {

  /** The id of the key that signs, the only one that the realm has still. */
  public static final String KEY = "of-this-year";

  /** The id of the one before. */
  public static final String STALE_KEY = "of-last-year";

  /** Argument of a realm at whose address nobody listens before {@link #starts()}. */
  public static final String LATE = "late";

  /** {@code vigie.http.at-once}. */
  public static final int AT_ONCE = 4;

  private static final KeyPair KEYS = Tokens.keys();

  private static HttpServer server;

  /** Nobody else gets its port, and whoever connects to it is refused. */
  private static Socket place;

  private static volatile boolean hasDatabase;

  private boolean isLate;

  /** As Keycloak without its database: it answers 500, until {@link #findsItsDatabase()}. */
  public static void starts() {
    hasDatabase = false;
    listen();
  }

  /** From now on it answers as it should. */
  public static void findsItsDatabase() {
    hasDatabase = true;
  }

  private static void listen() {
    try {
      InetSocketAddress address =
          new InetSocketAddress(place.getLocalAddress(), place.getLocalPort());
      place.close();
      server.bind(address, 0);
    } catch (IOException e) {
      throw new IllegalStateException("no realm for the tests", e);
    }
    server.start();
  }

  public static KeyPair keys() {
    return KEYS;
  }

  /** A token of somebody with these roles, as the realm issues it. */
  public static String token(String... roles) {
    return Jwt.issuer(ConfigProvider.getConfig().getValue("vigie.oidc", String.class))
        .subject(UUID.randomUUID().toString())
        .audience("vigie")
        .groups(Set.of(roles))
        .jws()
        .keyId(KEY)
        .sign(KEYS.getPrivate());
  }

  /** After {@link ServiceEnvironment}, whose one key this replaces. */
  @Override
  public int order() {
    return 1;
  }

  @Override
  public void init(Map<String, String> args) {
    isLate = args.containsKey(LATE);
  }

  @Override
  public Map<String, String> start() {
    try {
      place = new Socket();
      place.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server = HttpServer.create();
    } catch (IOException e) {
      throw new IllegalStateException("no realm for the tests", e);
    }
    String issuer = "http://127.0.0.1:" + place.getLocalPort() + "/realms/vigie";
    answer(
        "/realms/vigie/.well-known/openid-configuration",
        """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "token_endpoint": "%1$s/token",
         "authorization_endpoint": "%1$s/auth"}"""
            .formatted(issuer));
    RSAPublicKey key = (RSAPublicKey) KEYS.getPublic();
    answer(
        "/realms/vigie/keys",
        """
        {"keys": [{"kid": "%s", "kty": "RSA", "alg": "RS256", "use": "sig", "n": "%s", "e": "%s"}]}"""
            .formatted(
                KEY,
                base64(key.getModulus().toByteArray()),
                base64(key.getPublicExponent().toByteArray())));
    if (!isLate) {
      findsItsDatabase();
      listen();
    }
    return Map.ofEntries(
        entry("vigie.oidc", issuer),
        entry("quarkus.oidc.public-key", ""),
        entry("vigie.http.at-once", Integer.toString(AT_ONCE)),
        entry("vigie.http.requests-per-minute", "200"),
        entry("vigie.http.body-within", "8s"),
        entry("quarkus.http.idle-timeout", "5s"),
        entry("quarkus.http.proxy.proxy-address-forwarding", "true"),
        entry("quarkus.http.proxy.allow-x-forwarded", "true"),
        entry("quarkus.http.limits.max-connections", "100"),
        entry("vigie.db.statement-timeout", "3s"),
        entry("vigie.db.lock-timeout", "1s"),
        entry("vigie.db.idle-in-transaction-timeout", "2s"),
        entry("vigie.forget-every", "1s"));
  }

  private static String base64(byte[] number) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(number);
  }

  private static void answer(String path, String body) {
    server.createContext(path, exchange -> answer(exchange, body.getBytes(StandardCharsets.UTF_8)));
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      if (hasDatabase) {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } else {
        exchange.sendResponseHeaders(500, -1);
      }
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
