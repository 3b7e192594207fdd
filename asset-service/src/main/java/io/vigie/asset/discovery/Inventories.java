package io.vigie.asset.discovery;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetEvent;
import io.vigie.asset.software.Holdings;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import io.vigie.kernel.outbox.Outbox;
import org.hibernate.reactive.mutiny.Mutiny;

/** The inventory documents of machines, beside the assets: an asset is read often, they are not. */
@ApplicationScoped
class Inventories {

  private static final int MOST_PACKAGES = 20_000;

  private final ObjectMapper json;
  private final Holdings holdings;
  private final ReportRules rules;
  private final Outbox outbox;
  private final Clock clock;

  Inventories(ObjectMapper json, Holdings holdings, ReportRules rules, Outbox outbox, Clock clock) {
    this.json = json;
    this.holdings = holdings;
    this.rules = rules;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Keeps {@code inventory} as the asset's present one, on top of the former one where it is {@code
   * partial}. One that says what is known has no event; it is noted that the machine was seen. One
   * that is older than the known one changes nothing. A time to come counts as now: no later report
   * would count before it.
   *
   * @return how it differs from before; no difference for a first inventory
   */
  Uni<InventoryDifference> take(Asset asset, Inventory inventory, boolean partial) {
    return take(asset, inventory, partial, List.of());
  }

  /**
   * {@link #take(Asset, Inventory, boolean)} with programs that came and went since.
   *
   * @throws Problem 409 when there are such, this is no older than what is known, and it is not
   *     known which were there before
   */
  Uni<InventoryDifference> take(
      Asset asset, Inventory inventory, boolean partial, List<SoftwareChange> software) {
    Inventory found = inventory.noLaterThan(clock.instant());
    return find(asset).chain(known -> take(asset, found, partial, software, known));
  }

  /** Whether the asset's present inventory is of a later time. */
  boolean isOutdated(Asset asset, Inventory inventory) {
    return isBefore(inventory, asset.state().inventoriedAt());
  }

  /** What is known from a time to come is not known from then. */
  private boolean isBefore(Inventory found, Instant known) {
    return known != null && !known.isAfter(clock.instant()) && found.collectedAt().isBefore(known);
  }

  private Uni<InventoryDifference> take(
      Asset asset,
      Inventory found,
      boolean partial,
      List<SoftwareChange> software,
      Optional<Inventory> known) {
    if (known.filter(before -> isBefore(found, before.collectedAt())).isPresent()) {
      return Uni.createFrom().item(InventoryDifference.NONE);
    }
    Inventory now =
        changed(partial && known.isPresent() ? found.onto(known.get()) : found, software);
    InventoryDifference difference =
        known
            .map(before -> InventoryDifference.between(before, now))
            .orElse(InventoryDifference.NONE);
    if (known.map(Inventory::withoutTime).filter(now.withoutTime()::equals).isPresent()) {
      return seen(asset).chain(() -> hold(asset, now)).replaceWith(difference);
    }
    List<AssetEvent> events = new ArrayList<>();
    events.add(
        asset.inventoried(
            now.collectedAt(),
            Sha256.hex(write(now.withoutTime())),
            list(now.packages()).size(),
            list(now.listeningPorts()).size(),
            clock.instant()));
    SoftwareDifference programs = difference.software();
    if (!programs.nothing()) {
      events.add(
          new AssetEvent.SoftwareChanged(
              asset.id(),
              programs.added(),
              programs.removed(),
              programs.updated(),
              programs.examples(),
              clock.instant()));
    }
    return outbox
        .append(asset, events)
        .chain(() -> keep(asset, now))
        .chain(() -> hold(asset, now))
        .replaceWith(difference);
  }

  private static Inventory changed(Inventory inventory, List<SoftwareChange> changes) {
    if (changes.isEmpty()) {
      return inventory;
    }
    if (inventory.packages() == null) {
      throw Problem.conflict(
          "software-unknown",
          "The report says which programs came and went, and it is not known which were there. Send all of them once, as a snapshot.");
    }
    Set<Inventory.SoftwarePackage> packages = new LinkedHashSet<>(inventory.packages());
    for (SoftwareChange change : changes) {
      if (change.added()) {
        packages.add(change.software());
      } else {
        packages.remove(change.software());
      }
    }
    return inventory.withPackages(packages.stream().limit(MOST_PACKAGES).toList());
  }

  /** What is installed is matched with advisories from now on (R11.15). */
  private Uni<Void> hold(Asset asset, Inventory inventory) {
    return inventory.packages() == null
        ? Uni.createFrom().voidItem()
        : holdings
            .replaceInstalled(
                asset.id(),
                inventory.packages().stream()
                    .map(installed -> rules.packageUrl(installed, inventory.operatingSystem()))
                    .flatMap(Optional::stream)
                    .toList())
            .replaceWithVoid();
  }

  private static <T> List<T> list(List<T> told) {
    return told == null ? List.of() : told;
  }

  private Uni<Void> keep(Asset asset, Inventory inventory) {
    return Panache.getSession()
        .call(Mutiny.Session::flush)
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into inventory (asset_id, document, seen_at) values (?1, ?2, ?3)
                        on conflict (asset_id) do update
                        set document = excluded.document, seen_at = excluded.seen_at""")
                    .setParameter(1, asset.id())
                    .setParameter(2, write(inventory))
                    .setParameter(3, now())
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> seen(Asset asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("update inventory set seen_at = ?1 where asset_id = ?2")
                    .setParameter(1, now())
                    .setParameter(2, asset.id())
                    .executeUpdate())
        .replaceWithVoid();
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  /** The asset's present inventory, or 404. */
  Uni<Inventory> of(Asset asset) {
    return find(asset)
        .map(
            found ->
                found.orElseThrow(
                    () -> Problem.notFound("No inventory of this asset was taken yet.")));
  }

  private Uni<Optional<Inventory>> find(Asset asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select document from inventory where asset_id = ?1", String.class)
                    .setParameter(1, asset.id())
                    .getSingleResultOrNull())
        .map(document -> Optional.ofNullable(document).map(this::read));
  }

  private String write(Inventory inventory) {
    try {
      return json.writeValueAsString(inventory);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Inventory read(String document) {
    try {
      return json.readValue(document, Inventory.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored inventory cannot be read", e);
    }
  }
}
