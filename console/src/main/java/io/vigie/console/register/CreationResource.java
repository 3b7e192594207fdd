package io.vigie.console.register;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Inputs.Filled;
import io.vigie.console.register.Register.Action;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.RegisterResource.Detail;
import io.vigie.console.register.RegisterResource.Failed;
import io.vigie.console.register.RegisterResource.Form;
import io.vigie.console.register.RegisterResource.Problem;
import io.vigie.console.register.Services.Answer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

import static io.vigie.console.register.RegisterResource.REGISTER;
import static io.vigie.console.register.RegisterResource.page;

/** Makes a new object of a register. */
@Path("/")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class CreationResource {

  private static final Logger LOG = Logger.getLogger(CreationResource.class);

  private final Registers registers;
  private final Services services;
  private final Inputs inputs;
  private final Me me;
  private final Viewer viewer;

  CreationResource(Registers registers, Services services, Inputs inputs, Me me, Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.inputs = inputs;
    this.me = me;
    this.viewer = viewer;
  }

  /**
   * The form; who must sign in again while they send it comes back to it, too. What the address has
   * of its fields is typed already.
   */
  @GET
  @Path(REGISTER + "/new")
  public RestResponse<Object> form(@RestPath String register, UriInfo uri) {
    Register of = requireMaker(register);
    Map<String, String> typed = new HashMap<>();
    for (Input input : of.create().inputs()) {
      String text = uri.getQueryParameters().getFirst(input.name());
      if (text != null) {
        typed.put(input.name(), text);
      }
    }
    return page(Status.OK, blank(of, typed, null, UUID.randomUUID().toString(), null));
  }

  private Register requireMaker(String register) {
    Register of = me.requireReader(registers.named(register));
    if (of.create() == null) {
      throw new NotFoundException();
    }
    if (!me.hasOneOf(of.create().roles())) {
      throw new ForbiddenException();
    }
    return of;
  }

  /** Makes it, and leads to it; what is refused is told above the form, with what was typed. */
  @POST
  @Path(REGISTER + "/new")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Object>> create(@RestPath String register, @RestForm String key) {
    Register of = requireMaker(register);
    Map<String, String> typed =
        RegisterResource.typed(CurrentRequestManager.get().getFormData(), of.create());
    return inputs
        .fill(of.create().inputs(), typed)
        .chain(
            filled ->
                filled.isWhole()
                    ? send(of, filled, typed, key)
                    : Uni.createFrom()
                        .item(
                            again(of, typed, filled, key, Problem.INCOMPLETE, ServiceProblem.NONE)))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(
            failure -> {
              LOG.warnf("%s-service does not answer: %s", of.service(), failure);
              return again(of, typed, null, key, Problem.AWAY, ServiceProblem.NONE);
            });
  }

  private Uni<RestResponse<Object>> send(
      Register of, Filled filled, Map<String, String> typed, String key) {
    return services
        .send(
            of.create().method(),
            of.service(),
            of.create().at(of.path()),
            null,
            key,
            of.create().body(MissingNode.getInstance(), filled.body()))
        .map(
            answer ->
                answer.isOk()
                    ? made(of, answer)
                    : again(
                        of,
                        typed,
                        filled,
                        key,
                        RegisterResource.problem(answer),
                        answer.problem()));
  }

  private static RestResponse<Object> made(Register of, Answer answer) {
    String receipt = answer.receipt() == null ? "" : "&receipt=" + Values.encoded(answer.receipt());
    return ResponseBuilder.<Object>seeOther(
            URI.create(
                Registers.filled(of.address(), answer.body())
                    + "?done="
                    + of.create().name()
                    + receipt))
        .build();
  }

  /** Under its key where it may have been taken; what was refused is another request when sent. */
  private RestResponse<Object> again(
      Register of,
      Map<String, String> typed,
      Filled filled,
      String key,
      Problem problem,
      ServiceProblem said) {
    boolean isSame = problem == Problem.AWAY || problem == Problem.UNDER_WAY;
    Failed failed = new Failed(problem, label(of.create()), said, List.of());
    return page(
        isSame ? Status.SERVICE_UNAVAILABLE : Status.BAD_REQUEST,
        blank(of, typed, filled, isSame ? key : UUID.randomUUID().toString(), failed));
  }

  private Detail blank(
      Register of, Map<String, String> typed, Filled filled, String key, Failed failed) {
    Action action = of.create();
    Form form =
        new Form(
            action.name(),
            label(action),
            "/" + of.name() + "/new",
            false,
            inputs.fields(action.inputs(), typed, filled),
            key,
            null,
            true);
    return new Detail(
        of.name(),
        DataWords.named("register." + of.name(), viewer.language()),
        label(action),
        "",
        List.of(),
        List.of(),
        List.of(form),
        List.of(),
        null,
        null,
        failed);
  }

  private String label(Action action) {
    return DataWords.named("action." + action.name(), viewer.language());
  }
}
