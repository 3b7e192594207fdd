package io.vigie.console.register;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.register.Parts.Part;
import io.vigie.console.register.Parts.Wanted;
import org.jboss.logging.Logger;

/** What is one's own: rights and requests, assets, and reviews to answer. */
@Path("/my")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class MineResource {

  /**
   * @param person null where nobody has the caller's account
   * @param isAway whether access-service does not say who the caller is
   */
  record Mine(String person, boolean isAway, List<Part> parts) implements TemplateInstance {}

  /**
   * A list of one's own: its name in words, and as data of a register has it.
   *
   * @param unless roles whose list is everybody's
   */
  private record Own(
      String name, String register, String query, List<String> columns, List<String> unless) {

    Own(String name, String register, String query, List<String> columns) {
      this(name, register, query, columns, List.of());
    }
  }

  private static final List<Own> OF_A_PERSON =
      List.of(
          new Own(
              "my-rights",
              "rights",
              "person=%s",
              List.of("entitlement", "asset", "state", "validUntil")),
          new Own("owned-assets", "assets", "owner=%s", List.of("name", "kind", "state")),
          new Own("kept-assets", "assets", "custodian=%s", List.of("name", "kind", "state")));

  private static final List<Own> OF_AN_ACCOUNT =
      List.of(
          new Own(
              "to-approve",
              "rights",
              "awaiting=me",
              List.of("entitlement", "person", "asset", "state")),
          new Own("reviews", "campaigns", "state=OPEN", List.of("name", "dueAt")),
          new Own(
              "my-reports",
              "reports",
              "",
              List.of("title", "state", "reportedAt"),
              List.of("responder", "ciso", "auditor")));

  private static final Logger LOG = Logger.getLogger(MineResource.class);

  private final Registers registers;
  private final Parts parts;
  private final Me me;

  MineResource(Registers registers, Parts parts, Me me) {
    this.registers = registers;
    this.parts = parts;
    this.me = me;
  }

  @GET
  public Uni<TemplateInstance> mine() {
    return me.person()
        .ifNoItem()
        .after(Parts.PATIENCE)
        .fail()
        .onFailure()
        .invoke(failure -> LOG.warnf("access-service does not say who asks: %s", failure))
        .onItemOrFailure()
        .transformToUni((person, failure) -> mine(person, failure != null));
  }

  private Uni<TemplateInstance> mine(String person, boolean isAway) {
    List<Wanted> wanted = new ArrayList<>();
    if (person != null) {
      OF_A_PERSON.forEach(own -> wanted.add(wanted(own, own.query().formatted(person))));
    }
    OF_AN_ACCOUNT.stream()
        .filter(own -> !me.hasOneOf(own.unless()))
        .forEach(own -> wanted.add(wanted(own, own.query())));
    return parts
        .read(null, MissingNode.getInstance(), wanted)
        .map(page -> new Mine(person, isAway, page.parts()));
  }

  /** An open campaign leads to what it asks; all else to its page. */
  private Wanted wanted(Own own, String query) {
    Register register = registers.named(own.register());
    String asked = query.isEmpty() ? "" : "?" + query;
    return new Wanted(
        own.name(),
        register.service(),
        register.path() + asked,
        own.columns(),
        Map.of(),
        own.name().equals("reviews") ? "/campaigns/{id}/review" : register.address(),
        "/" + register.name() + asked);
  }
}
