package io.vigie.console;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;

import io.quarkus.oidc.AccessTokenCredential;

/** What services are asked with, where a test only says who is there. */
@Dependent
class TestToken {

  static final String TOKEN = "the-access-token";

  @Produces
  @Dependent
  @Alternative
  @Priority(100)
  AccessTokenCredential token() {
    return new AccessTokenCredential(TOKEN);
  }
}
