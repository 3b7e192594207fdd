package io.vigie.testkit;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.smallrye.jwt.build.Jwt;
import io.vigie.kernel.security.Roles;

/** Access tokens as the realm issues them, signed with a key of this test run. */
public final class Tokens {

  /** As long as the tests of a service take at most; the realm's own live minutes. */
  static final Duration LIFE = Duration.ofHours(6);

  private static final KeyPair KEYS = keys();

  /** Who calls again does so with the same token, as people do: to sign one takes 25 ms here. */
  private static final Map<Set<String>, Map<UUID, Issued>> ISSUED = new ConcurrentHashMap<>();

  private Tokens() {}

  /**
   * A token of the person with this subject; {@code staff} comes with every role of people who work
   * here.
   */
  public static String of(UUID subject, String... roles) {
    Instant now = Instant.now();
    return ISSUED
        .computeIfAbsent(Set.of(roles), any -> new ConcurrentHashMap<>())
        .compute(
            subject,
            (any, held) ->
                held != null && now.isBefore(held.at().plus(LIFE.dividedBy(2)))
                    ? held
                    : new Issued(now, issuedAt(now, subject, roles)))
        .token();
  }

  private record Issued(Instant at, String token) {}

  /** A token of somebody new. */
  public static String of(String... roles) {
    return of(UUID.randomUUID(), roles);
  }

  public static String issuedAt(Instant at, UUID subject, String... roles) {
    Set<String> granted = new HashSet<>(Set.of(roles));
    if (Stream.of(Roles.TOOL, Roles.HR_IMPORT, Roles.THIRD_PARTY_AUDITOR)
        .noneMatch(granted::contains)) {
      granted.add(Roles.STAFF);
    }
    return sign(at, at.plus(LIFE), subject, granted);
  }

  /** Signed well, but past its time. */
  public static String expired(UUID subject, String... roles) {
    Instant past = Instant.now().minusSeconds(3_600);
    return sign(past, past.plusSeconds(300), subject, Set.of(roles));
  }

  private static String sign(Instant at, Instant until, UUID subject, Set<String> roles) {
    return Jwt.subject(subject.toString())
        .audience("vigie")
        .upn(subject.toString())
        .groups(roles)
        .issuedAt(at)
        .expiresAt(until)
        .sign(KEYS.getPrivate());
  }

  static String publicKey() {
    return Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded());
  }

  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
