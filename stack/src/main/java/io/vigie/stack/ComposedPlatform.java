package io.vigie.stack;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The platform of {@code deploy/compose.yaml} with demo accounts, behind its proxy.
 *
 * @param domain what its names have in common; {@code audit.} and so on stand before it
 * @param secrets the directory that {@code deploy/secrets.sh} made
 */
public record ComposedPlatform(String domain, Path secrets) implements Platform {

  /** With the secrets of this checkout, or those that {@code VIGIE_SECRETS} says. */
  public static ComposedPlatform of(Path checkout, Map<String, String> environment, String domain) {
    Path secrets = checkout.resolve("deploy/secrets");
    return new ComposedPlatform(
        domain, Path.of(environment.getOrDefault("VIGIE_SECRETS", secrets.toString())));
  }

  @Override
  public URI url(String service) {
    String name = service.equals(Keycloak.NAME) ? "sso" : service;
    return URI.create("https://" + name + "." + domain);
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
    return tokens().client(Keycloak.TOOL, toolSecret());
  }

  @Override
  public String toolSecret() throws IOException {
    return secret("tool");
  }

  @Override
  public String hrToken() throws IOException {
    return tokens().client(Keycloak.HR, secret("hr_client"));
  }

  /** As the containers name it: the proxy has no way in to it. */
  @Override
  public URI administration() {
    return URI.create("http://keycloak:8180");
  }

  @Override
  public String adminToken() throws IOException {
    return RealmTokens.administrator(administration(), secret("keycloak_admin"));
  }

  private String secret(String name) throws IOException {
    Properties values = new Properties();
    try (Reader file = Files.newBufferedReader(secrets.resolve("values"))) {
      values.load(file);
    } catch (NoSuchFileException e) {
      throw new StackException(
          "deploy/secrets.sh makes " + e.getMessage() + ", which is not there.", e);
    }
    return values.getProperty(name);
  }

  private RealmTokens tokens() {
    return new RealmTokens(URI.create(url(Keycloak.NAME) + "/realms/vigie"));
  }
}
