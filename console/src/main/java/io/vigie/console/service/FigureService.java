package io.vigie.console.service;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.console.service.AuditService.Text;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

/** The figures of the dashboards, as audit-service computes them. */
@RegisterRestClient(configKey = "audit")
@RegisterProvider(InTheirName.class)
public interface FigureService {

  /** Whose dashboard a figure is on. */
  enum Level {
    STRATEGIC,
    STEERING,
    OPERATIONAL
  }

  enum Unit {
    COUNT,
    PERCENT,
    SECONDS,
    MINUTES,
    HOURS,
    DAYS
  }

  /** Which direction is good. */
  enum Better {
    HIGHER,
    LOWER
  }

  /**
   * What the policy wants.
   *
   * @param value in the figure's unit
   * @param rule that sets it
   */
  record Target(double value, String rule) {}

  /** Why there is no figure. */
  record Unknown(Text says) {}

  /**
   * A figure.
   *
   * @param target null where the policy sets none
   * @param value in {@code unit}; null where it cannot be computed
   * @param unknown why not; null where there is a value
   * @param objects how many are behind it; null where that cannot be computed
   * @param unmeasured how many of them are not in the value; null as {@code objects} is
   * @param current whether that counts all that happened until a minute ago
   * @param history whether there is a series
   */
  record Figure(
      String id,
      Level level,
      Text title,
      Text explanation,
      Unit unit,
      Better better,
      Target target,
      Double value,
      Unknown unknown,
      Long objects,
      Long unmeasured,
      boolean current,
      boolean history) {}

  /**
   * @param day in UTC
   * @param value at its end; null where no amount was known
   */
  record Day(LocalDate day, Double value, long objects) {}

  /**
   * @param days the last of them is today; null where the log cannot tell
   */
  record WholeFigure(Figure kpi, String query, List<Day> days) {}

  /**
   * An object behind a figure.
   *
   * @param kind of object; {@code rule} is a rule of the policy, {@code entry} one of the log
   * @param amount that it has in the figure; null where it is not known
   * @param whole of a share, what the amount is part of; null for others
   * @param entry the log's entry that made it so; null where time or another query did
   * @param event that it is of; null to who may not read what happened to its object
   */
  record Behind(String kind, String id, Double amount, Double whole, Long entry, UUID event) {}

  @GET
  @Path("/v1/kpis")
  Uni<List<Figure>> figures(@QueryParam("level") Level level);

  @GET
  @Path("/v1/kpis/{id}")
  Uni<WholeFigure> figure(@PathParam("id") String id);

  /**
   * What is behind a figure; there is a {@code Link} where there is more.
   *
   * @param amount those with this amount alone; null for all
   * @param after the last that was seen; null for the first page
   */
  @GET
  @Path("/v1/kpis/{id}/objects")
  Uni<RestResponse<Items<Behind>>> behind(
      @PathParam("id") String id,
      @QueryParam("amount") Integer amount,
      @QueryParam("after") String after);
}
