package io.vigie.asset.inventory;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.QueryParam;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.Filter;

/** Which assets a list is to hold; what is left out does not restrict it. */
public class AssetFilter {

  private static final String ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
  private static final String UP_TO_200_IDS = ID + "(," + ID + "){0,199}";

  /** Up to 200, separated by commas. */
  @QueryParam("ids")
  @Pattern(regexp = UP_TO_200_IDS, message = "must be 1 to 200 ids, separated by commas")
  String ids;

  @QueryParam("state")
  AssetState state;

  @QueryParam("kind")
  String kind;

  @QueryParam("owner")
  UUID owner;

  @QueryParam("custodian")
  UUID custodian;

  @QueryParam("zone")
  UUID zone;

  @QueryParam("site")
  UUID site;

  @QueryParam("supplier")
  UUID supplier;

  @QueryParam("client")
  UUID client;

  /** Those that depend directly on this asset. */
  @QueryParam("dependsOn")
  UUID dependsOn;

  /** Those that depend directly on this supplier. */
  @QueryParam("dependsOnSupplier")
  UUID dependsOnSupplier;

  @QueryParam("serialNumber")
  String serialNumber;

  @QueryParam("assetTag")
  String assetTag;

  @QueryParam("production")
  Boolean production;

  /** Those whose owner left, or all others. */
  @QueryParam("toReassign")
  Boolean toReassign;

  /** Networked assets in service without a zone (R9.1), or all others. */
  @QueryParam("unzoned")
  Boolean unzoned;

  /** Media that are here without a custodian or a place that is not gone (R10.2), or all others. */
  @QueryParam("unguarded")
  Boolean unguarded;

  /** Alarms in service whose test is overdue (R6.1), or all others. */
  @QueryParam("testOverdue")
  Boolean testOverdue;

  /** Retired assets without a disposal that goes on (R3.4), or all others. */
  @QueryParam("undisposed")
  Boolean undisposed;

  /** Those in use that serve a client that has ended (R1.2), or all others. */
  @QueryParam("clientEnded")
  Boolean clientEnded;

  /** Those whose warranty has ended by then. */
  @QueryParam("warrantyEndsBefore")
  LocalDate warrantyEndsBefore;

  /** Licences and services in the cloud that have ended by then. */
  @QueryParam("endsBefore")
  LocalDate endsBefore;

  /** Machines of which tools reported before, and none since. */
  @QueryParam("notSeenSince")
  Instant notSeenSince;

  /** A part of the name, of any case. */
  @QueryParam("name")
  @Size(min = 3, max = 200)
  String name;

  /** An attribute with its value, as in {@code engine:PostgreSQL}. */
  @QueryParam("attribute")
  @Size(max = 10)
  List<String> attributes;

  public Filter filter(Kinds kinds, Instant now) {
    kinds.require(kind);
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("details.kind", kind)
            .equal("owner", owner)
            .equal("custody.custodian", custodian)
            .equal("zone", zone)
            .equal("details.site", site)
            .equal("details.supplier", supplier)
            .equal("details.client", client)
            .equal("details.serialNumber", serialNumber)
            .equal("details.assetTag", assetTag)
            .equal("details.production", production)
            .where("details.name ilike :value escape '!'", name == null ? null : contains(name))
            .where(
                "cast(sql('? @> cast(cast(? as text) as uuid[])', dependsOn, :value) as Boolean) = true",
                dependsOn == null ? null : "{" + dependsOn + "}")
            .where(
                "cast(sql('? @> cast(cast(? as text) as uuid[])', dependsOnSuppliers, :value) as Boolean) = true",
                dependsOnSupplier == null ? null : "{" + dependsOnSupplier + "}");
    if (ids != null) {
      filter.in("id", Stream.of(ids.split(",")).map(UUID::fromString).toList());
    }
    if (toReassign != null) {
      filter.where(toReassign ? "reassignment.until is not null" : "reassignment.until is null");
    }
    only(filter, unzoned, PlaceTasks.UNZONED, kinds.named(Kinds.Kind::networked));
    only(filter, unguarded, PlaceTasks.UNGUARDED, kinds.named(Kinds.Kind::medium));
    if (testOverdue != null) {
      filter.where(testOverdue ? AlarmTasks.OVERDUE : "not (" + AlarmTasks.OVERDUE + ")", now);
    }
    only(filter, undisposed, RetiredTasks.UNDISPOSED);
    only(filter, clientEnded, EndedClientTasks.SERVES_ENDED_CLIENT);
    filter
        .where("details.warrantyUntil < :value", warrantyEndsBefore)
        .where(
            "cast(sql('cast(? as jsonb) ->> ''endsOn''', details.attributes) as String) < :value",
            endsBefore == null ? null : endsBefore.toString())
        .where(
            "cast(sql('exists (select from inventory i where i.asset_id = ? and i.seen_at < cast(cast(? as text) as timestamptz))', id, :value) as Boolean) = true",
            notSeenSince == null ? null : notSeenSince.toString());
    if (attributes != null) {
      attributes.forEach(
          wanted ->
              filter.where(
                  "cast(sql('cast(? as jsonb) @> cast(cast(? as text) as jsonb)', details.attributes, :value) as Boolean) = true",
                  json(wanted, kinds)));
    }
    return filter;
  }

  private static void only(Filter filter, Boolean wanted, String condition) {
    if (wanted != null) {
      filter.where(wanted ? condition : "not (" + condition + ")");
    }
  }

  private static void only(Filter filter, Boolean wanted, String condition, Set<String> kinds) {
    if (wanted != null) {
      String among = "details.kind in :value and " + condition;
      filter.where(wanted ? among : "not (" + among + ")", kinds);
    }
  }

  private static String contains(String text) {
    return "%" + text.replaceAll("[!%_]", "!$0") + "%";
  }

  private static String json(String wanted, Kinds kinds) {
    int colon = wanted.indexOf(':');
    if (colon < 1 || colon == wanted.length() - 1) {
      throw Problem.invalid(
          List.of(new FieldError("attribute", "is not a name and a value, as in engine:MariaDB")));
    }
    String name = wanted.substring(0, colon);
    Object value = kinds.value(name, wanted.substring(colon + 1));
    return new AttributesText().convertToDatabaseColumn(Map.of(name, value));
  }
}
