package io.vigie.console.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Names;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.AuditService.Attested;
import io.vigie.console.service.AuditService.Cause;
import io.vigie.console.service.AuditService.Control;
import io.vigie.console.service.AuditService.Decided;
import io.vigie.console.service.AuditService.RuleException;
import io.vigie.console.service.AuditService.State;
import io.vigie.console.service.AuditService.Statement;
import io.vigie.console.service.AuditService.Text;
import io.vigie.console.service.AuditService.Turn;
import io.vigie.console.service.AuditService.Verdict;
import io.vigie.console.service.AuditService.VerdictException;
import io.vigie.console.service.AuditService.VerdictTurn;
import io.vigie.console.service.AuditService.WholeControl;
import io.vigie.console.service.Items;
import io.vigie.console.service.PolicyReport;
import io.vigie.console.service.PolicyReport.Format;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

@Path("/controls")
@RolesAllowed({Roles.CISO, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class ControlResource {

  /** The rules of a section of the policy, in its order. */
  record Section(int number, List<Control> controls) {

    public Text title() {
      return controls.get(0).sectionTitle();
    }

    long red() {
      return controls.stream().filter(control -> control.state() == State.RED).count();
    }
  }

  /**
   * @param green how many rules stand so; as are {@code amber}, {@code red} and {@code
   *     notApplicable}
   * @param elsewhere how many no query decides
   */
  record Controls(
      List<Section> sections, long green, long amber, long red, long notApplicable, long elsewhere)
      implements TemplateInstance {}

  /**
   * An object that does not keep a rule.
   *
   * @param why in the viewer's language
   * @param inCharge the role that is, where it has no owner by its nature; null elsewhere
   * @param exception under which it fails; null where there is none
   * @param entry the log's entry that made it so; null for another cause
   */
  record Failing(
      String kind,
      UUID id,
      String why,
      String owner,
      String inCharge,
      VerdictException exception,
      Instant since,
      Long entry) {}

  /**
   * @param isContinued whether the failing objects are those after some that were seen
   * @param exceptions those in force; null where audit-service does not tell them, where no query
   *     decides, and for who audits from outside
   * @param names of those who own, ask, approve and attest, by id or account, as far as they are
   *     told
   * @param next what the next page of failing objects begins after; null where there is none
   * @param nextException what the next page of exceptions begins after; null where there is none
   */
  record Rule(
      WholeControl whole,
      List<Failing> failing,
      boolean isContinued,
      List<RuleException> exceptions,
      Map<String, String> names,
      UUID next,
      UUID nextException)
      implements TemplateInstance {}

  /**
   * When a rule turned.
   *
   * @param next what the next page begins after; null where there is none
   */
  record History(Control control, List<Turn> turns, Long next) implements TemplateInstance {}

  /**
   * That an object turned as to a rule.
   *
   * @param why in the viewer's language; null where it left the scope
   * @param owner who answered for it then; null for nobody by name
   * @param entry the log's entry that made it turn; null for another cause
   */
  record Turned(State state, String why, String owner, Instant at, Cause cause, Long entry) {}

  /**
   * When an object turned as to a rule.
   *
   * @param kind null where it never did
   * @param next what the next page begins after; null where there is none
   */
  record ObjectHistory(
      Control control,
      String kind,
      UUID id,
      List<Turned> turns,
      Map<String, String> names,
      Long next)
      implements TemplateInstance {}

  /** Which controls of Annex A apply, and what serves them. */
  record Applicability(Statement statement) implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(ControlResource.class);

  private final AuditService audit;
  private final PolicyReport report;
  private final Names names;
  private final Viewer viewer;

  ControlResource(
      @RestClient AuditService audit, @RestClient PolicyReport report, Names names, Viewer viewer) {
    this.audit = audit;
    this.report = report;
    this.names = names;
    this.viewer = viewer;
  }

  @GET
  public Uni<TemplateInstance> list() {
    return audit.controls().map(ControlResource::bySection);
  }

  private static Controls bySection(List<Control> controls) {
    Map<Integer, List<Control>> sections = new TreeMap<>();
    controls.forEach(
        control ->
            sections.computeIfAbsent(control.section(), any -> new ArrayList<>()).add(control));
    return new Controls(
        sections.entrySet().stream()
            .map(section -> new Section(section.getKey(), section.getValue()))
            .toList(),
        standing(controls, State.GREEN),
        standing(controls, State.AMBER),
        standing(controls, State.RED),
        standing(controls, State.NOT_APPLICABLE),
        controls.stream().filter(control -> control.decided() != Decided.QUERY).count());
  }

  private static long standing(List<Control> controls, State state) {
    return controls.stream().filter(control -> control.state() == state).count();
  }

  /**
   * A rule, and the objects on which it fails.
   *
   * @param after the last of them that was seen; null for the first
   * @param afterException the last exception that was seen; null for the first
   */
  @GET
  @Path("{rule}")
  public Uni<TemplateInstance> rule(
      @RestPath String rule, @RestQuery UUID after, @RestQuery UUID afterException) {
    return audit
        .control(rule)
        .chain(
            whole ->
                whole.query() == null
                    ? undecided(whole)
                    : Uni.combine()
                        .all()
                        .unis(audit.objects(rule, false, after), exceptions(rule, afterException))
                        .asTuple()
                        .chain(
                            both -> named(whole, both.getItem1(), after != null, both.getItem2())));
  }

  /** A rule of which no query knows any objects. */
  private Uni<TemplateInstance> undecided(WholeControl whole) {
    Attested attested = whole.control().attested();
    return names
        .ofPeople(Stream.ofNullable(attested == null ? null : attested.by()))
        .map(called -> new Rule(whole, List.of(), false, null, called, null, null));
  }

  /** Who audits from outside has those of the objects that they see, beside these. */
  private Uni<RestResponse<Items<RuleException>>> exceptions(String rule, UUID after) {
    if (!viewer.seesHouse()) {
      return Uni.createFrom().nullItem();
    }
    return audit
        .exceptions(rule, true, after)
        .onFailure()
        .invoke(failure -> LOG.warnf("audit-service does not tell exceptions: %s", failure))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<TemplateInstance> named(
      WholeControl whole,
      RestResponse<Items<Verdict>> failing,
      boolean isContinued,
      RestResponse<Items<RuleException>> answer) {
    List<RuleException> exceptions = answer == null ? List.of() : answer.getEntity().items();
    return names
        .ofPeople(
            Stream.concat(
                failing.getEntity().items().stream().map(Verdict::owner),
                exceptions.stream()
                    .flatMap(each -> Stream.of(each.requestedBy(), each.decidedBy()))))
        .map(called -> page(whole, failing, isContinued, answer, called));
  }

  private Rule page(
      WholeControl whole,
      RestResponse<Items<Verdict>> failed,
      boolean isContinued,
      RestResponse<Items<RuleException>> answer,
      Map<String, String> called) {
    List<Verdict> failing = failed.getEntity().items();
    List<RuleException> exceptions = answer == null ? null : answer.getEntity().items();
    return new Rule(
        whole,
        failing.stream()
            .map(
                verdict ->
                    new Failing(
                        verdict.kind(),
                        verdict.id(),
                        why(whole.whys(), verdict.why()),
                        verdict.owner(),
                        verdict.inCharge(),
                        verdict.exception(),
                        verdict.since(),
                        verdict.entry()))
            .toList(),
        isContinued,
        exceptions,
        called,
        isLast(failed) ? null : failing.get(failing.size() - 1).id(),
        isLast(answer) ? null : exceptions.get(exceptions.size() - 1).id());
  }

  private static boolean isLast(RestResponse<?> page) {
    return page == null || page.getHeaderString("Link") == null;
  }

  /**
   * When a rule turned, and why.
   *
   * @param after the last turn that was seen; null for the first
   */
  @GET
  @Path("{rule}/history")
  public Uni<TemplateInstance> history(@RestPath String rule, @RestQuery Long after) {
    return Uni.combine()
        .all()
        .unis(audit.control(rule), audit.history(rule, after))
        .with(
            (whole, answer) -> {
              List<Turn> turns = answer.getEntity().items();
              return new History(
                  whole.control(),
                  turns,
                  isLast(answer) ? null : turns.get(turns.size() - 1).number());
            });
  }

  /**
   * When an object turned as to a rule, why, and who answered for it then.
   *
   * @param after the last turn that was seen; null for the first
   */
  @GET
  @Path("{rule}/objects/{id}/history")
  public Uni<TemplateInstance> objectHistory(
      @RestPath String rule, @RestPath UUID id, @RestQuery Long after) {
    return Uni.combine()
        .all()
        .unis(audit.control(rule), audit.objectHistory(rule, id, after))
        .asTuple()
        .chain(
            both ->
                names
                    .ofPeople(both.getItem2().getEntity().items().stream().map(VerdictTurn::owner))
                    .map(called -> page(both.getItem1(), id, both.getItem2(), called)));
  }

  private ObjectHistory page(
      WholeControl whole,
      UUID id,
      RestResponse<Items<VerdictTurn>> answer,
      Map<String, String> called) {
    List<VerdictTurn> turns = answer.getEntity().items();
    return new ObjectHistory(
        whole.control(),
        turns.isEmpty() ? null : turns.get(0).kind(),
        id,
        turns.stream()
            .map(
                turn ->
                    new Turned(
                        state(turn),
                        turn.why() == null ? null : why(whole.whys(), turn.why()),
                        turn.owner(),
                        turn.at(),
                        turn.cause(),
                        turn.entry()))
            .toList(),
        called,
        isLast(answer) ? null : turns.get(turns.size() - 1).number());
  }

  /** As of a rule that nothing else is in scope of. */
  private static State state(VerdictTurn turn) {
    if (turn.holds() == null) {
      return State.NOT_APPLICABLE;
    }
    if (turn.holds()) {
      return State.GREEN;
    }
    return turn.exception() == null ? State.RED : State.AMBER;
  }

  @GET
  @Path("statement")
  @RolesAllowed({Roles.CISO, Roles.AUDITOR})
  public Uni<TemplateInstance> statement() {
    return audit.statement().map(Applicability::new);
  }

  /** The statement for a spreadsheet, as audit-service makes it. */
  @GET
  @Path("statement.csv")
  @RolesAllowed({Roles.CISO, Roles.AUDITOR})
  @Produces("text/csv; charset=utf-8")
  public Uni<RestResponse<String>> statementAsTable() {
    return audit
        .statementAsTable()
        .map(
            table ->
                ResponseBuilder.ok(table)
                    .header(
                        "Content-Disposition",
                        "attachment; filename=\"statement-of-applicability.csv\"")
                    .build());
  }

  /** The statement on pages, as audit-service makes it, in the language of the pages. */
  @GET
  @Path("statement.pdf")
  @RolesAllowed({Roles.CISO, Roles.AUDITOR})
  @Produces("application/pdf")
  public Uni<RestResponse<byte[]>> statementOnPages() {
    return attached(
        report.statement(viewer.language().getLanguage()), "statement-of-applicability.pdf");
  }

  /** The report on the policy, as audit-service makes it, in the language of the pages. */
  @GET
  @Path("report.pdf")
  @RolesAllowed({Roles.CISO, Roles.AUDITOR})
  @Produces("application/pdf")
  public Uni<RestResponse<byte[]>> reportOnPages() {
    return report(Format.PDF, "policy.pdf");
  }

  /** The same for a spreadsheet. */
  @GET
  @Path("report.csv")
  @RolesAllowed({Roles.CISO, Roles.AUDITOR})
  @Produces("text/csv; charset=utf-8")
  public Uni<RestResponse<byte[]>> reportAsTable() {
    return report(Format.CSV, "policy.csv");
  }

  private Uni<RestResponse<byte[]>> report(Format format, String name) {
    return attached(report.now(format, viewer.language().getLanguage()), name);
  }

  private static Uni<RestResponse<byte[]>> attached(Uni<byte[]> made, String name) {
    return made.map(
        file ->
            ResponseBuilder.ok(file)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .build());
  }

  /** As the rule explains it, or as it is named where it does not. */
  private String why(Map<String, Text> whys, String name) {
    Text text = whys.get(name);
    return text == null ? name : viewer.text(text);
  }
}
