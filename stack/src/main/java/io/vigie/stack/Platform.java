package io.vigie.stack;

import java.io.IOException;
import java.net.URI;

/** A platform as those who use it reach it, wherever it runs; its realm has the demo accounts. */
public interface Platform {

  /** The address of a service, without a path. */
  URI url(String service);

  /** Whether a service answers. */
  boolean healthy(String service);

  /** A fresh access token of a demo account; it lives five minutes. */
  String token(String account) throws IOException;

  /** A fresh access token of the internal tool. */
  String toolToken() throws IOException;

  /** The secret of the internal tool's client {@code vigie-tool}, for a program that is one. */
  String toolSecret() throws IOException;

  /** A fresh access token of the HR software. */
  String hrToken() throws IOException;

  /** The address at which Keycloak is administered, without a path. */
  URI administration();

  /** A fresh access token of Keycloak's own administrator, for what is done by hand; a minute. */
  String adminToken() throws IOException;
}
