package io.vigie.console.service;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** access-service, asked who somebody is. */
@RegisterRestClient(configKey = "access")
@RegisterProvider(InTheirName.class)
public interface PeopleService {

  /**
   * @param subject their account; null where they have none
   */
  record Person(String subject, String state) {

    public boolean isHere() {
      return subject != null && !"LEFT".equals(state);
    }
  }

  /** Up to fifty people whose name has this. */
  @GET
  @Path("/v1/people")
  Uni<Items<Person>> named(@QueryParam("name") String name);
}
