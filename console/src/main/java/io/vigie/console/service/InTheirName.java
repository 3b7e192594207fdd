package io.vigie.console.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.oidc.AccessTokenCredential;

/**
 * A service is asked with the access token of who is there, and judges by that; and under the name
 * of what they asked for, by which its log can be found.
 */
@ApplicationScoped
public class InTheirName implements ClientRequestFilter {

  private final AccessTokenCredential token;

  InTheirName(AccessTokenCredential token) {
    this.token = token;
  }

  @Override
  public void filter(ClientRequestContext request) {
    request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + token.getToken());
    Object id = RequestId.current();
    if (id != null) {
      request.getHeaders().putSingle(RequestId.HEADER, id);
    }
  }
}
