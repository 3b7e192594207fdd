package io.vigie.asset.discovery;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Details;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.posture.Postures;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Brings a report and the register together. A machine is known by its serial number, else by its
 * id, else by its tag.
 */
@ApplicationScoped
class Discovery {

  /** What became of a report. */
  enum Result {
    /** The register did not have it: it is a discovered asset now, to be adopted or rejected. */
    DISCOVERED,
    /** Something is not as it was. */
    CHANGED,
    UNCHANGED,
    /** It was rejected before, or is out of use. Nothing of the report was kept. */
    IGNORED
  }

  /**
   * @param state where the asset is in its life: a lost one was seen, or one that is out of use
   * @param changes what the register and the inventory ({@code inventory.…}) said before, and what
   *     they say now, by field; of disks and ports those that went and those that came
   */
  @Schema(name = "InventoryOutcome")
  record Outcome(
      UUID asset,
      Result result,
      AssetState state,
      List<Change> changes,
      SoftwareDifference software)
      implements DiscoveryResource.Answer {}

  record Change(String field, Object before, Object after) {}

  private static final Set<AssetState> PASSED_OVER =
      Set.of(AssetState.REJECTED, AssetState.RETIRED, AssetState.SANITISED);

  private static final int TEXT = 200;

  private final Kinds kinds;
  private final Inventories inventories;
  private final Postures postures;
  private final Outbox outbox;
  private final Clock clock;

  Discovery(Kinds kinds, Inventories inventories, Postures postures, Outbox outbox, Clock clock) {
    this.kinds = kinds;
    this.inventories = inventories;
    this.postures = postures;
    this.outbox = outbox;
    this.clock = clock;
  }

  Uni<Outcome> take(Report report) {
    if (report.serialNumber() == null && report.machineId() == null && report.tag() == null) {
      throw Problem.unprocessable(
          "machine-without-identity",
          "The report has neither a serial number nor a machine id nor an asset tag that tells this"
              + " machine from others.");
    }
    return match(report)
        .chain(
            match ->
                match.asset() == null
                    ? discover(match.report())
                    : update(match.asset(), match.report()));
  }

  private Uni<Match> match(Report report) {
    return by("details.serialNumber", report.serialNumber())
        .chain(
            serial ->
                byMachine(report.machineId())
                    .chain(
                        machine ->
                            by("details.assetTag", report.tag())
                                .map(tag -> match(report, serial, machine, tag))));
  }

  /**
   * The asset that a report is about.
   *
   * @param asset null where the register has none
   * @param report without the id and the tag that other assets have
   */
  private record Match(Asset asset, Report report) {}

  private static Uni<List<Asset>> by(String field, String value) {
    return value == null
        ? Uni.createFrom().item(List.of())
        : Asset.list(field + " = ?1 and state <> ?2", value, AssetState.DISPOSED);
  }

  /**
   * One that was registered in capitals kept them where a duplicate, rejected since, had the id.
   */
  private static Uni<List<Asset>> byMachine(String id) {
    return by("details.machineId", id)
        .chain(
            found ->
                id == null || found.stream().anyMatch(asset -> !isRejected(asset))
                    ? Uni.createFrom().item(found)
                    : by("details.machineId", id.toUpperCase(Locale.ROOT))
                        .map(capitals -> capitals.isEmpty() ? found : capitals));
  }

  private static boolean isRejected(Asset asset) {
    return asset.state().state() == AssetState.REJECTED;
  }

  /** Ids are cloned and tags wander: neither says anything against another serial number. */
  private static Match match(
      Report report, List<Asset> serial, List<Asset> machine, List<Asset> tag) {
    List<Asset> byMachine = machine.stream().filter(asset -> fits(asset, report)).toList();
    List<Asset> byTag =
        tag.stream()
            .filter(asset -> fits(asset, report))
            .filter(asset -> agree(asset.details().machineId(), report.machineId()))
            .toList();
    List<List<Asset>> fitting = List.of(serial, byMachine, byTag);
    Asset asset =
        fitting.stream()
            .map(Discovery::ours)
            .filter(Objects::nonNull)
            .findFirst()
            .or(() -> fitting.stream().flatMap(List::stream).findFirst())
            .orElse(null);
    return new Match(
        asset,
        report.without(
            machine.stream().anyMatch(other -> other != asset),
            tag.stream().anyMatch(other -> other != asset)));
  }

  private static boolean fits(Asset asset, Report report) {
    return agree(asset.details().serialNumber(), report.serialNumber());
  }

  private static boolean agree(String known, String told) {
    return known == null || told == null || known.equals(told);
  }

  /** The one that was not rejected, or null; what was counts only where nothing else fits. */
  private static Asset ours(List<Asset> found) {
    List<Asset> ours =
        found.stream().filter(asset -> asset.state().state() != AssetState.REJECTED).toList();
    if (ours.size() > 1) {
      throw Problem.conflict(
          "machine-is-several-assets",
          "Several assets have this serial number: %s. Correct one of them."
              .formatted(ours.stream().map(asset -> asset.id().toString()).toList()));
    }
    return ours.isEmpty() ? null : ours.get(0);
  }

  private Uni<Outcome> discover(Report report) {
    Details details =
        new Details(
            GlpiReport.cut(report.name(), TEXT),
            report.kind(),
            report.tag() != null && report.tag().matches("[A-Za-z0-9._/-]{1,64}")
                ? report.tag()
                : null,
            report.serialNumber(),
            report.machineId(),
            GlpiReport.cut(report.make(), TEXT),
            GlpiReport.cut(report.model(), TEXT),
            null,
            null,
            null,
            null,
            null,
            false,
            attributes(report, report.kind(), Map.of()));
    Asset asset = Asset.discover(details, clock.instant());
    return outbox
        .append(asset, asset.entered())
        .chain(() -> keep(asset, report))
        .map(
            difference ->
                new Outcome(
                    asset.id(),
                    Result.DISCOVERED,
                    asset.state().state(),
                    List.of(),
                    difference.software()));
  }

  private Uni<Outcome> update(Asset asset, Report report) {
    AssetState state = asset.state().state();
    if (PASSED_OVER.contains(state)) {
      return Uni.createFrom()
          .item(
              new Outcome(
                  asset.id(),
                  Result.IGNORED,
                  state,
                  List.of(),
                  InventoryDifference.NONE.software()));
    }
    Details before = asset.details();
    Details now = completed(before, report);
    String digest = asset.state().inventoryDigest();
    Uni<Void> described =
        state == AssetState.LOST || inventories.isOutdated(asset, report.inventory())
            ? Uni.createFrom().voidItem()
            : outbox.append(asset, asset.describe(now, clock.instant()));
    return described
        .chain(() -> keep(asset, report))
        .map(
            difference -> {
              List<Change> changes = changes(before, asset.details());
              changes.addAll(difference.changes());
              boolean same = changes.isEmpty() && asset.state().inventoryDigest().equals(digest);
              return new Outcome(
                  asset.id(),
                  same ? Result.UNCHANGED : Result.CHANGED,
                  state,
                  changes,
                  difference.software());
            });
  }

  private Uni<InventoryDifference> keep(Asset asset, Report report) {
    return inventories
        .take(asset, report.inventory(), report.partial(), report.software())
        .call(() -> postures.observe(asset.id(), report.facts(), report.inventory().collectedAt()));
  }

  /** What people wrote stays; what they left open and what machines know better is filled in. */
  private Details completed(Details known, Report report) {
    return new Details(
        known.name(),
        known.kind(),
        known.assetTag(),
        or(known.serialNumber(), report.serialNumber()),
        or(known.machineId(), report.machineId()),
        or(known.make(), GlpiReport.cut(report.make(), TEXT)),
        or(known.model(), GlpiReport.cut(report.model(), TEXT)),
        known.site(),
        known.supplier(),
        known.client(),
        known.purchasedOn(),
        known.warrantyUntil(),
        known.production(),
        attributes(report, known.kind(), known.attributes()));
  }

  private Map<String, Object> attributes(Report report, String kind, Map<String, Object> known) {
    Map<String, Object> attributes = new HashMap<>(known);
    report
        .attributes()
        .forEach(
            (name, value) -> {
              if (kinds.accepts(kind, name, value)) {
                attributes.put(name, value);
              }
            });
    return attributes;
  }

  private static List<Change> changes(Details before, Details after) {
    List<Change> changes = new ArrayList<>();
    add(changes, "serialNumber", before.serialNumber(), after.serialNumber());
    add(changes, "machineId", before.machineId(), after.machineId());
    add(changes, "make", before.make(), after.make());
    add(changes, "model", before.model(), after.model());
    after
        .attributes()
        .forEach(
            (name, value) ->
                add(changes, "attributes." + name, before.attributes().get(name), value));
    return changes;
  }

  private static void add(List<Change> changes, String field, Object before, Object after) {
    if (after != null && !after.equals(before)) {
      changes.add(new Change(field, before, after));
    }
  }

  private static <T> T or(T known, T told) {
    return known == null ? told : known;
  }
}
