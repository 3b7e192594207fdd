package io.vigie.chaos;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.vigie.stack.Stack;

/** Tokens of the demo accounts, each fetched once in three minutes: they live five. */
final class Accounts {

  /** The internal tool, which signs in by its client's secret. */
  static final String TOOL = "tool";

  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(3);

  private record Token(String value, long fetched) {}

  private final Stack stack;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  Accounts(Stack stack) {
    this.stack = stack;
  }

  /**
   * A token that is good for two minutes or more.
   *
   * @throws IOException while Keycloak is away and the last token is too old
   */
  String token(String account) throws IOException {
    Token known = tokens.get(account);
    if (known == null || System.nanoTime() - known.fetched() > KEPT_NANOS) {
      known =
          new Token(
              account.equals(TOOL) ? stack.toolToken() : stack.token(account), System.nanoTime());
      tokens.put(account, known);
    }
    return known.value();
  }

  /** The account's token was refused: the next one is fetched anew. */
  void forget(String account) {
    tokens.remove(account);
  }
}
