package io.vigie.console.dashboard;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Chart;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AuditService;
import io.vigie.console.service.AuditService.Control;
import io.vigie.console.service.AuditService.Decided;
import io.vigie.console.service.AuditService.State;
import io.vigie.console.service.AuditService.Text;
import io.vigie.console.service.FigureService;
import io.vigie.console.service.FigureService.Behind;
import io.vigie.console.service.FigureService.Better;
import io.vigie.console.service.FigureService.Figure;
import io.vigie.console.service.FigureService.Level;
import io.vigie.console.service.FigureService.Target;
import io.vigie.console.service.FigureService.Unit;
import io.vigie.console.service.FigureService.WholeFigure;
import io.vigie.console.service.Items;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The three dashboards (R15.2), one for each level, and what is behind each of their figures.
 * System administrators see the operational one.
 */
@Path("/dashboards")
@RolesAllowed({Roles.CISO, Roles.AUDITOR, Roles.SYSADMIN})
@Produces(MediaType.TEXT_HTML)
public class DashboardResource {

  /**
   * A figure on a dashboard.
   *
   * @param isMet whether it is as the policy wants it; null where that is not set, or not known now
   * @param ring how much of a ring it fills, of 100; null where it is no share
   */
  record Card(Figure figure, Boolean isMet, Double ring) {

    static Card of(Figure figure) {
      return new Card(
          figure,
          figure.target() == null || figure.value() == null || !figure.current()
              ? null
              : isMet(figure),
          figure.unit() == Unit.PERCENT && figure.value() != null
              ? Double.valueOf(Math.max(0, Math.min(100, figure.value())))
              : null);
    }

    private static boolean isMet(Figure figure) {
      Target target = figure.target();
      return figure.better() == Better.HIGHER
          ? figure.value() >= target.value()
          : figure.value() <= target.value();
    }
  }

  /**
   * A part of a bar, of 100.
   *
   * @param state as it is painted
   */
  record Piece(String state, String from, String width) {}

  /**
   * Where the rules of a section of the policy stand that a query decides.
   *
   * @param unjudged how many are not judged yet
   * @param stale whether any of them stands as it did before what happened of late
   */
  record Section(
      int number,
      Text title,
      long green,
      long amber,
      long red,
      long notApplicable,
      long unjudged,
      boolean stale) {

    static Section of(int number, List<Control> controls) {
      return new Section(
          number,
          controls.get(0).sectionTitle(),
          standing(controls, State.GREEN),
          standing(controls, State.AMBER),
          standing(controls, State.RED),
          standing(controls, State.NOT_APPLICABLE),
          standing(controls, null),
          controls.stream().anyMatch(control -> control.state() != null && !control.current()));
    }

    private static long standing(List<Control> controls, State state) {
      return controls.stream().filter(control -> control.state() == state).count();
    }

    public List<Piece> pieces() {
      double all = green + amber + red + notApplicable + unjudged;
      List<Piece> pieces = new ArrayList<>();
      double from = 0;
      for (Map.Entry<String, Long> part :
          List.of(
              Map.entry("green", green),
              Map.entry("amber", amber),
              Map.entry("red", red),
              Map.entry("none", notApplicable + unjudged))) {
        double width = 100 * part.getValue() / all;
        pieces.add(new Piece(part.getKey(), Chart.number(from), Chart.number(width)));
        from += width;
      }
      return pieces;
    }
  }

  /**
   * What of a dashboard changes.
   *
   * @param cards null where audit-service does not answer
   * @param sections null where it does not, or where they are on another dashboard
   * @param hour of {@code at}, since 1970: how a figure was is kept in the page for as long
   */
  record Figures(Level level, List<Card> cards, List<Section> sections, Instant at, long hour)
      implements TemplateInstance {

    /** Its name in addresses. */
    public String name() {
      return level.name().toLowerCase(Locale.ROOT);
    }
  }

  record Dashboard(Figures figures) implements TemplateInstance {}

  /** The same without anything to choose, for a screen that hangs there. */
  record Wall(Figures figures) implements TemplateInstance {}

  /**
   * How a figure was on each of the last days.
   *
   * @param line null where less than two of them are known
   * @param known whether audit-service can tell
   */
  record Days(Figure figure, Line line, boolean known) implements TemplateInstance {}

  /**
   * An object behind a figure.
   *
   * @param href where it is shown; null where that is not for the viewer
   * @param proof where the log's entry is shown that made it so; null as {@code href} is
   * @param width of its amount as a bar, of 100; null where the amount is not known
   */
  record Shown(Behind behind, String href, String proof, String width) {}

  /**
   * A figure with what is behind it.
   *
   * @param known whether audit-service can tell how it was
   * @param amount those alone that have it; null for all
   * @param behind null where that does not answer
   * @param next what the next page begins after; null where there is none
   */
  record OneFigure(
      WholeFigure whole,
      Card card,
      Line line,
      boolean known,
      Integer amount,
      List<Shown> behind,
      String next)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(DashboardResource.class);

  private static final long SECONDS_OF_AN_HOUR = 3600;

  private final FigureService figures;
  private final AuditService audit;
  private final Viewer viewer;
  private final Clock clock;

  DashboardResource(
      @RestClient FigureService figures,
      @RestClient AuditService audit,
      Viewer viewer,
      Clock clock) {
    this.figures = figures;
    this.audit = audit;
    this.viewer = viewer;
    this.clock = clock;
  }

  /** To the first that the viewer may see. */
  @GET
  public RestResponse<Void> first() {
    return RestResponse.seeOther(
        URI.create("/dashboards/" + (viewer.seesControls() ? "strategic" : "operational")));
  }

  /** A dashboard; with {@code ?wall}, for a screen on a wall; for a script, what changes of it. */
  @GET
  @Path("{level: strategic|steering|operational}")
  public Uni<TemplateInstance> dashboard(
      @RestPath String level, @RestHeader("HX-Request") String script) {
    Level shown = Level.valueOf(level.toUpperCase(Locale.ROOT));
    requireReader(shown);
    return Uni.combine()
        .all()
        .unis(
            orAway(figures.figures(shown), "figures"),
            shown == Level.STRATEGIC
                ? orAway(audit.controls(), "controls")
                : Uni.createFrom().<List<Control>>nullItem())
        .with((asked, controls) -> figures(shown, asked, controls))
        .map(
            figures ->
                script != null
                    ? figures
                    : viewer.asksFor("wall") ? new Wall(figures) : new Dashboard(figures));
  }

  private Figures figures(Level level, List<Figure> asked, List<Control> controls) {
    Instant now = clock.instant();
    return new Figures(
        level, cards(asked), sections(controls), now, now.getEpochSecond() / SECONDS_OF_AN_HOUR);
  }

  private static List<Card> cards(List<Figure> figures) {
    return figures == null ? null : figures.stream().map(Card::of).toList();
  }

  private static List<Section> sections(List<Control> controls) {
    if (controls == null) {
      return null;
    }
    Map<Integer, List<Control>> sections = new TreeMap<>();
    controls.stream()
        .filter(control -> control.decided() == Decided.QUERY)
        .forEach(
            control ->
                sections.computeIfAbsent(control.section(), any -> new ArrayList<>()).add(control));
    return sections.entrySet().stream()
        .map(section -> Section.of(section.getKey(), section.getValue()))
        .toList();
  }

  /** A figure and the objects behind it. */
  @GET
  @Path("figures/{id}")
  public Uni<TemplateInstance> figure(
      @RestPath String id, @RestQuery Integer amount, @RestQuery String after) {
    return Uni.combine()
        .all()
        .unis(figures.figure(id), orAway(figures.behind(id, amount, after), id))
        .with((whole, behind) -> page(whole, amount, behind));
  }

  private OneFigure page(WholeFigure whole, Integer amount, RestResponse<Items<Behind>> answer) {
    List<Behind> behind = answer == null ? null : answer.getEntity().items();
    return new OneFigure(
        whole,
        Card.of(whole.kpi()),
        Line.of(whole.kpi(), whole.days()),
        whole.days() != null,
        amount,
        behind == null ? null : shown(behind),
        behind == null || answer.getHeaderString("Link") == null
            ? null
            : encoded(behind.get(behind.size() - 1).id()));
  }

  private List<Shown> shown(List<Behind> behind) {
    double longest =
        behind.stream()
            .mapToDouble(each -> each.whole() != null ? each.whole() : size(each))
            .max()
            .orElse(0);
    return behind.stream()
        .map(
            each ->
                new Shown(
                    each,
                    href(each),
                    proof(each),
                    each.amount() == null || longest == 0
                        ? null
                        : Chart.number(100 * size(each) / longest)))
        .toList();
  }

  private static double size(Behind behind) {
    return behind.amount() == null ? 0 : Math.abs(behind.amount());
  }

  /** Rules are for those alone who see the policy. */
  private String href(Behind behind) {
    String id = encoded(behind.id());
    return switch (behind.kind()) {
      case "rule" -> viewer.seesControls() ? "/controls/" + id : null;
      case "entry" -> proof(behind);
      default -> "/objects/" + encoded(behind.kind()) + "/" + id;
    };
  }

  /** Who does not read the log sees what the receipt has of an entry. */
  private String proof(Behind behind) {
    if (viewer.seesControls()) {
      return behind.entry() == null ? null : "/trace/entries/" + behind.entry();
    }
    return behind.event() == null ? null : "/trace/receipts/" + behind.event();
  }

  /** How a figure was, for a script alone: the figure's page has it, too. */
  @GET
  @Path("figures/{id}/days")
  public Uni<TemplateInstance> days(@RestPath String id) {
    return figures
        .figure(id)
        .map(
            whole ->
                new Days(whole.kpi(), Line.of(whole.kpi(), whole.days()), whole.days() != null));
  }

  private void requireReader(Level level) {
    if (level != Level.OPERATIONAL && !viewer.seesControls()) {
      throw new ForbiddenException();
    }
  }

  /** A part that does not answer is none; a refusal is the page's. */
  private static <T> Uni<T> orAway(Uni<T> part, String what) {
    return part.onFailure(failure -> !isRefusal(failure))
        .invoke(failure -> LOG.warnf("audit-service does not tell %s: %s", what, failure))
        .onFailure(failure -> !isRefusal(failure))
        .recoverWithNull();
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ClientWebApplicationException refusal
        && (refusal.getResponse().getStatus() == 403 || refusal.getResponse().getStatus() == 404);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
