package io.vigie.console.register;

import java.net.URI;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;

import io.quarkus.rest.client.reactive.Url;
import io.smallrye.mutiny.Multi;
import io.vigie.console.service.InTheirName;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** As {@link AnyService}, of files: a service may work on one for a while before it comes. */
@RegisterRestClient(configKey = "file")
@RegisterProvider(InTheirName.class)
public interface FileService {

  @GET
  @Produces({"text/csv", "application/pdf"})
  Multi<byte[]> get(@Url URI address);
}
