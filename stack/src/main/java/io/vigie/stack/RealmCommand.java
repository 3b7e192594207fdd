package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an operator does about a realm that was imported by an earlier version. */
@Command(
    name = "realm",
    description = {
      "Add to a realm what a newer version needs; nothing is removed.",
      "The administrator's password is in KEYCLOAK_ADMIN_PASSWORD. VIGIE_DIRECTORY_SECRET, where it is set,",
      "becomes the secret of the client that keeps accounts; else Keycloak makes one up. VIGIE_CONSOLE_SECRET is the",
      "same for the console's client."
    },
    mixinStandardHelpOptions = true)
final class RealmCommand implements java.util.concurrent.Callable<Integer> {
  private final Site site;
  private final Map<String, String> environment;

  @Option(
      names = "--keycloak",
      required = true,
      description = "Its address, as https://sso.example.org")
  private URI keycloak;

  @Option(
      names = "--admin",
      defaultValue = "admin",
      description = "An administrator of the realm master; ${DEFAULT-VALUE} unless told otherwise.")
  private String admin;

  @Option(
      names = "--console",
      description =
          "Where people reach the console, as https://vigie.example.org; without it they cannot sign in there.")
  private URI console;

  RealmCommand(Site site, Map<String, String> environment) {
    this.site = site;
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    String password = environment.get("KEYCLOAK_ADMIN_PASSWORD");
    if (password == null || password.isEmpty()) {
      throw new StackException("Set KEYCLOAK_ADMIN_PASSWORD to the password of " + admin + ".");
    }
    List<String> done;
    try {
      RealmUpdate realm =
          new RealmUpdate(
              URI.create(withoutSlash(keycloak)), Keycloak.realmFile(site), admin, password);
      done = realm.run(environment.get("VIGIE_DIRECTORY_SECRET"));
      if (console != null) {
        realm.console(withoutSlash(console), environment.get("VIGIE_CONSOLE_SECRET"));
      }
    } catch (IOException e) {
      throw new StackException("The realm was not changed, or not all of it: " + e.getMessage(), e);
    }
    done.forEach(System.out::println);
    System.out.println(
        done.isEmpty() ? "Nothing was missing." : "Done. docs/operations.md says what comes next.");
    return 0;
  }

  private static String withoutSlash(URI address) {
    return address.toString().replaceAll("/+$", "");
  }
}
