package io.vigie.console.register;

import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.SavedViews.View;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.console.register.RegisterResource.REGISTER;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Keeps a filter of a register under a name, for who is there alone. */
@Path("/")
@RolesAllowed(Roles.STAFF)
public class ViewResource {

  /** What became of a view, as the register's page is told. */
  public enum Said {
    DONE,
    DELETED,
    BAD_NAME,
    BAD_QUERY,
    FULL
  }

  private static final int MOST_LETTERS = 60;
  private static final int LONGEST_QUERY = 2_000;

  private final Registers registers;
  private final SavedViews saved;
  private final Me me;

  ViewResource(Registers registers, SavedViews saved, Me me) {
    this.registers = registers;
    this.saved = saved;
    this.me = me;
  }

  /** Who must sign in again while they send a form comes back to the register. */
  @GET
  @Path(REGISTER + "/views")
  public RestResponse<Void> form(@RestPath String register) {
    return RestResponse.seeOther(URI.create("/" + register));
  }

  /**
   * @param query the filters, as in the register's address; of others nothing is kept
   */
  @POST
  @Path(REGISTER + "/views")
  public Uni<RestResponse<Void>> save(
      @RestPath String register, @RestForm String name, @RestForm String query) {
    Register of = me.requireReader(registers.named(register));
    String called = name == null ? "" : name.strip();
    String kept = known(of, query == null ? "" : query);
    if (kept.isEmpty() || kept.length() > LONGEST_QUERY) {
      return Uni.createFrom().item(back(of, "", Said.BAD_QUERY));
    }
    if (called.isEmpty() || called.length() > MOST_LETTERS) {
      return Uni.createFrom().item(back(of, kept + "&", Said.BAD_NAME));
    }
    return saved
        .save(me.account(), new View(of.name(), called, kept))
        .map(isKept -> back(of, kept + "&", isKept ? Said.DONE : Said.FULL));
  }

  @GET
  @Path(REGISTER + "/views/deletion")
  public RestResponse<Void> deletion(@RestPath String register) {
    return form(register);
  }

  @POST
  @Path(REGISTER + "/views/deletion")
  public Uni<RestResponse<Void>> delete(@RestPath String register, @RestForm String name) {
    Register of = me.requireReader(registers.named(register));
    return saved
        .delete(me.account(), of.name(), name == null ? "" : name)
        .map(done -> back(of, "", Said.DELETED));
  }

  private static RestResponse<Void> back(Register of, String query, Said said) {
    return RestResponse.seeOther(URI.create("/" + of.name() + "?" + query + "saved=" + said));
  }

  /** The register's own filters, each written as its page writes it. */
  private static String known(Register of, String query) {
    List<String> names = of.filters().stream().map(Input::name).toList();
    return Stream.of(query.split("&"))
        .map(part -> part.split("=", 2))
        .filter(part -> part.length == 2 && !part[1].isBlank() && names.contains(part[0]))
        .map(part -> part[0] + "=" + Values.encoded(decoded(part[1])))
        .collect(Collectors.joining("&"));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException();
    }
  }
}
