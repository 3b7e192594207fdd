package io.vigie.console.service;

import java.time.LocalDate;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

@RegisterRestClient(configKey = "access")
@RegisterProvider(InTheirName.class)
public interface AccessService extends TaskService {

  record Person(UUID id) {}

  /** Whether a course waits for somebody. */
  enum Due {
    VALID,
    DUE,
    OVERDUE
  }

  /**
   * How somebody stands with a course that is asked of them.
   *
   * @param dueOn the last day on which it is in time; null where once was enough
   * @param validUntil the last day of the certificate that counts longest; null also where it
   *     counts for ever
   */
  record Standing(UUID course, String code, Due due, LocalDate dueOn, LocalDate validUntil) {}

  /**
   * @param reference where it is: an address, or what people know it by
   */
  record Content(String reference) {}

  /**
   * @param selfStudy whether people do it by themselves, and say so
   */
  record Course(UUID id, String titleFr, String titleEn, Content content, boolean selfStudy) {}

  /**
   * @param validUntil null where its certificate counts for ever
   */
  record Attendance(UUID course, LocalDate attendedOn, LocalDate validUntil, String certificate) {}

  /** Who is there; 404 where their account belongs to nobody. */
  @GET
  @Path("/v1/people/me")
  Uni<Person> me();

  /** Each course that is asked of the person. */
  @GET
  @Path("/v1/people/{person}/training")
  Uni<Items<Standing>> training(@PathParam("person") UUID person);

  @GET
  @Path("/v1/courses")
  Uni<Items<Course>> courses(@QueryParam("limit") int limit);

  /** In the order in which they were recorded; there is a {@code Link} where there is more. */
  @GET
  @Path("/v1/attendances")
  Uni<RestResponse<Items<Attendance>>> attendances(
      @QueryParam("person") UUID person,
      @QueryParam("annulled") boolean annulled,
      @QueryParam("limit") int limit);

  /** The caller did the course today, by themself, and has understood it. */
  @POST
  @Path("/v1/courses/{course}/self-study")
  Uni<RestResponse<Attendance>> selfStudy(
      @PathParam("course") UUID course, @HeaderParam("Idempotency-Key") String key);
}
