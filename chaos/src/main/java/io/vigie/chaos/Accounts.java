package io.vigie.chaos;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.vigie.stack.Stack;

/** Tokens, each fetched once in half of its life. */
final class Accounts {

  /** The internal tool, which signs in by its client's secret. */
  static final String TOOL = "tool";

  /** Keycloak's own administrator. */
  static final String ADMIN = "admin";

  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(150);
  private static final long ADMIN_KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private record Token(String value, long fetched) {}

  private final Stack stack;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();
  private final Map<String, String> subjects = new ConcurrentHashMap<>();
  private final Map<String, Object> signIns = new ConcurrentHashMap<>();

  Accounts(Stack stack) {
    this.stack = stack;
  }

  /**
   * A token that is good for half of its life or more: two and a half minutes of a demo account,
   * half of one of the administrator.
   *
   * @throws IOException while Keycloak is away and the last token is too old
   */
  String token(String account) throws IOException {
    // Keycloak refuses the second of two sign-ins of one account at once, as guessed passwords.
    synchronized (signIns.computeIfAbsent(account, name -> new Object())) {
      Token known = tokens.get(account);
      long kept = account.equals(ADMIN) ? ADMIN_KEPT_NANOS : KEPT_NANOS;
      if (known == null || System.nanoTime() - known.fetched() > kept) {
        known = new Token(fetch(account), System.nanoTime());
        tokens.put(account, known);
        subjects.put(account, subjectOf(known.value()));
      }
      return known.value();
    }
  }

  private String fetch(String account) throws IOException {
    return switch (account) {
      case TOOL -> stack.toolToken();
      case ADMIN -> stack.adminToken();
      default -> stack.token(account);
    };
  }

  /** Who an account is to services; null before it had a token. */
  String subject(String account) {
    return subjects.get(account);
  }

  private static String subjectOf(String token) throws IOException {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return Api.JSON.readTree(claims).path("sub").asText();
  }

  /** That of a demo account, and of whoever is to sign in as one does. */
  static String password(String account) {
    return account + "-demo-only";
  }

  /** The account's token was refused: the next one is fetched anew. */
  void forget(String account) {
    tokens.remove(account);
  }
}
