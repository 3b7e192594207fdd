package io.vigie.stack;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The accounts of the one-machine realm that take part in the demo. */
final class Accounts {
  final Caller staff;
  final Caller assetManager;
  final Caller accessManager;
  final Caller responder;
  final Caller sysadmin;
  final Caller ciso;
  final Caller auditor;
  final Caller tool;
  final Caller hr;

  private final Platform platform;
  private final Map<String, String> names = new HashMap<>();

  Accounts(Platform platform) throws IOException {
    this.platform = platform;
    staff = account("staff");
    assetManager = account("asset-manager");
    accessManager = account("access-manager");
    responder = account("responder");
    sysadmin = account("sysadmin");
    ciso = account("ciso");
    auditor = account("auditor");
    tool = known(caller("vigie-tool", platform::toolToken));
    hr = caller("vigie-hr", platform::hrToken);
  }

  private Caller account(String name) throws IOException {
    return known(caller(name, () -> platform.token(name)));
  }

  private Caller caller(String name, Caller.Tokens tokens) {
    return new Caller(platform, name, tokens);
  }

  private Caller known(Caller caller) throws IOException {
    names.put(caller.subject(), caller.name());
    return caller;
  }

  /** The name of the account with this id, or the id where it is none of these. */
  String name(String subject) {
    return names.getOrDefault(subject, subject);
  }
}
