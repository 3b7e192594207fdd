package io.vigie.stack;

import java.io.IOException;
import java.net.URI;

/**
 * The platform of {@code deploy/compose.yaml} with demo accounts, behind its proxy.
 *
 * @param domain what its names have in common; {@code audit.} and so on stand before it
 */
record ComposedPlatform(String domain) implements Platform {

  @Override
  public URI url(String service) {
    return URI.create("https://" + service + "." + domain);
  }

  /** The proxy shows nobody a service's health; what the log publishes is for everybody. */
  @Override
  public boolean healthy(String service) {
    try {
      Http.get(URI.create(url("audit") + "/log/vkey"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String token(String account) throws IOException {
    return tokens().account(account);
  }

  @Override
  public String toolToken() throws IOException {
    return tokens().client("vigie-tool");
  }

  @Override
  public String hrToken() throws IOException {
    return tokens().client("vigie-hr");
  }

  private RealmTokens tokens() {
    return new RealmTokens(URI.create(url("sso") + "/realms/vigie"));
  }
}
