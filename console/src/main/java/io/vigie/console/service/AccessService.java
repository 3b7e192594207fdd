package io.vigie.console.service;

import io.quarkus.oidc.token.propagation.common.AccessToken;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

@RegisterRestClient(configKey = "access")
@AccessToken
public interface AccessService extends TaskService {}
