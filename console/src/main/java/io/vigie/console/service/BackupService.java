package io.vigie.console.service;

import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

@RegisterRestClient(configKey = "backup")
@RegisterProvider(InTheirName.class)
public interface BackupService extends TaskService {}
