package io.vigie.incident;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.AffectedAsKnown.Type;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What incidents can affect: the assets, clients and people of whom the other services told. Also
 * those that have ended: what happened to their data before may be found out after.
 */
@ApplicationScoped
public class Affectables implements EventListener {

  /** What tells of one for the first time, or of its kind or name. */
  private static final Set<String> TYPES =
      Set.of(
          "asset.registered.v1",
          "asset.discovered.v1",
          "asset.described.v1",
          "asset.snapshot.v1",
          "client.registered.v1",
          "client.snapshot.v1",
          "person.joined.v1",
          "person.changed.v1",
          "person.snapshot.v1");

  public static final String NO_CLIENT = "is no client of access-service";

  private static final Map<Type, String> UNKNOWN =
      Map.of(
          Type.ASSET, "is no asset of asset-service",
          Type.CLIENT, NO_CLIENT,
          Type.PERSON, "is no person of access-service");

  /** What is null did not change, or is published of none of this type. */
  private record Known(String kind, String name) {}

  private record Told(UUID aggregateId, Known changes, Known state) {

    private Known known() {
      Known known = state == null ? changes : state;
      return known == null ? new Known(null, null) : known;
    }
  }

  private final Instance<Inbox> inbox;

  Affectables(Instance<Inbox> inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "affectables";
  }

  @Incoming("affectables")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return TYPES.contains(type);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    String type = event.type().substring(0, event.type().indexOf('.')).toUpperCase(Locale.ROOT);
    Told told = event.data(Told.class);
    return Affectable.keep(
        told.aggregateId(), Type.valueOf(type), told.known().kind(), told.known().name());
  }

  /**
   * Those of these that are known, as they are now. Fails with 422 where one is not of its type,
   * unless {@code before} affects it already.
   */
  Uni<List<AffectedAsKnown>> require(IncidentResource.Affected named, Incident before) {
    List<UUID> all =
        Stream.of(named.assets(), named.clients(), named.people()).flatMap(List::stream).toList();
    return Affectable.of(all)
        .invoke(
            known -> {
              List<FieldError> errors = new ArrayList<>();
              lacking(errors, "assets", named.assets(), known, Type.ASSET, before.affectedAssets());
              lacking(
                  errors, "clients", named.clients(), known, Type.CLIENT, before.affectedClients());
              lacking(
                  errors, "people", named.people(), known, Type.PERSON, before.affectedPeople());
              if (!errors.isEmpty()) {
                throw unknown(errors);
              }
            });
  }

  /** Fails with 422 where it is no asset that is known; null is none, and fine. */
  Uni<Void> requireAsset(UUID asset) {
    return asset == null ? Uni.createFrom().voidItem() : require("asset", asset, Type.ASSET);
  }

  /** Fails with 422 where it is no person who is known. */
  Uni<Void> requirePerson(UUID person) {
    return require("person", person, Type.PERSON);
  }

  private static Uni<Void> require(String field, UUID id, Type type) {
    return Affectable.of(List.of(id))
        .invoke(
            known -> {
              if (known.stream().noneMatch(one -> one.type() == type)) {
                throw unknown(List.of(new FieldError(field, UNKNOWN.get(type))));
              }
            })
        .replaceWithVoid();
  }

  /** That what these fields name was told of by nobody. */
  public static Problem unknown(List<FieldError> errors) {
    return Problem.unprocessable(
        "unknown-reference",
        "Register it first, or leave it out. Known here is what its service told: if it was"
            + " registered just now, try again in a few seconds; of what nobody touched for 30 days"
            + " its service tells in a snapshot: POST /v1/snapshots.",
        errors);
  }

  private static void lacking(
      List<FieldError> errors,
      String field,
      List<UUID> named,
      List<AffectedAsKnown> known,
      Type type,
      List<UUID> before) {
    Set<UUID> there = new HashSet<>(before);
    known.stream().filter(one -> one.type() == type).forEach(one -> there.add(one.id()));
    for (int i = 0; i < named.size(); i++) {
      if (!there.contains(named.get(i))) {
        errors.add(new FieldError(field + "[" + i + "]", UNKNOWN.get(type)));
      }
    }
  }
}
