package io.vigie.console.trace;

import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.service.LogService;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/**
 * What an event's receipt says, and its proof, which the browser verifies by itself: {@code
 * own/verify.js}. For whoever caused the event, and for whom audit-service lets see it as well.
 */
@Path("/trace/receipts/{event}")
@RolesAllowed({Roles.STAFF, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class TraceReceiptResource {

  /**
   * @param file the receipt as it is kept
   * @param said what it says; null where it cannot be read
   * @param keys of the log, as the log says; empty where it does not
   */
  record Receipt(UUID event, String file, ReceiptFile said, String keys)
      implements TemplateInstance {}

  /**
   * @param address where to ask again
   */
  record Pending(String address) implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(TraceReceiptResource.class);

  private final LogService log;

  TraceReceiptResource(@RestClient LogService log) {
    this.log = log;
  }

  @GET
  public Uni<RestResponse<TemplateInstance>> receipt(@RestPath UUID event) {
    return log.receipt(event)
        .chain(
            answer ->
                answer.getStatus() == Status.OK.getStatusCode()
                    ? page(event, answer.getEntity())
                    : Uni.createFrom()
                        .item(
                            ResponseBuilder.<TemplateInstance>create(Status.ACCEPTED)
                                .entity(new Pending("/trace/receipts/" + event))
                                .build()));
  }

  private Uni<RestResponse<TemplateInstance>> page(UUID event, String file) {
    return log.keys()
        .onFailure()
        .invoke(failure -> LOG.warnf("The log does not say its keys: %s", failure))
        .onFailure()
        .recoverWithItem("")
        .map(keys -> RestResponse.ok(new Receipt(event, file, ReceiptFile.read(file), keys)));
  }
}
