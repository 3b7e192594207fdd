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

  private final Map<String, String> names = new HashMap<>();

  Accounts(Stack stack) throws IOException {
    staff = account(stack, "staff");
    assetManager = account(stack, "asset-manager");
    accessManager = account(stack, "access-manager");
    responder = account(stack, "responder");
    sysadmin = account(stack, "sysadmin");
    ciso = account(stack, "ciso");
    auditor = account(stack, "auditor");
    tool = known(new Caller(stack, "vigie-tool", stack::toolToken));
    hr = new Caller(stack, "vigie-hr", stack::hrToken);
  }

  private Caller account(Stack stack, String name) throws IOException {
    return known(new Caller(stack, name, () -> stack.token(name)));
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
