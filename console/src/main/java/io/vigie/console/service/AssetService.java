package io.vigie.console.service;

import io.quarkus.oidc.token.propagation.common.AccessToken;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

@RegisterRestClient(configKey = "asset")
@AccessToken
public interface AssetService extends TaskService {}
