package io.vigie.console.service;

import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

@RegisterRestClient(configKey = "asset")
@RegisterProvider(InTheirName.class)
public interface AssetService extends TaskService {}
