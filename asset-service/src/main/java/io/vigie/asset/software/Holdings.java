package io.vigie.asset.software;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;

/** Which components each asset holds, each component kept once for all assets. */
@ApplicationScoped
public class Holdings {

  /** Where it is known from that an asset holds a component. */
  public enum Source {
    /** The asset's bill of materials. */
    BOM,
    /** What a machine was found to have installed. */
    INVENTORY
  }

  /** Both lists that statements work on go to the database as JSON: one parameter, any length. */
  private static final String COMPONENTS =
      """
      insert into component (id, purl, type, namespace, name, version, distro)
      select cast(n.id as uuid), n.purl, n.type, n.namespace, n.name, n.version, n.distro
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as n(
        id text, purl text, type text, namespace text, name text, version text, distro text)
      on conflict (purl) do nothing""";

  private static final String HOLD =
      """
      insert into holding (id, asset_id, component_id, source)
      select cast(n.id as uuid), ?2, c.id, ?3
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as n(id text, purl text)
      join component c on c.purl = n.purl order by n.id
      on conflict do nothing""";

  private static final String LET_GO =
      """
      delete from holding h using component c
      where h.component_id = c.id and h.asset_id = ?2 and h.source = ?3
        and c.purl in (select jsonb_array_elements_text(cast(cast(?1 as text) as jsonb)))""";

  private static final String HELD =
      """
      select c.purl from holding h join component c on c.id = h.component_id
      where h.asset_id = ?1 and h.source = ?2""";

  private final Matching matching;
  private final ObjectMapper json;

  Holdings(Matching matching, ObjectMapper json) {
    this.matching = matching;
    this.json = json;
  }

  /**
   * Replaces what a machine is known to have installed, and matches what came or went with the
   * advisories. In the caller's transaction, which waits for others only if something did.
   *
   * @param purls package URLs; what is none, or malformed, is left out
   * @return how many were left out
   */
  public Uni<Integer> replaceInstalled(UUID asset, Collection<String> purls) {
    List<Component> components =
        purls.stream().map(Component::of).flatMap(Optional::stream).toList();
    Map<String, Component> after = BillOfMaterials.byPurl(components);
    return held(asset, Source.INVENTORY)
        .chain(
            before ->
                before.keySet().equals(after.keySet())
                    ? Uni.createFrom().voidItem()
                    : matching
                        .begin()
                        .chain(
                            () ->
                                replace(
                                    asset,
                                    Source.INVENTORY,
                                    after,
                                    change -> Uni.createFrom().voidItem())))
        .replaceWith(purls.size() - components.size());
  }

  /**
   * Replaces what one source says; behind {@link Matching#begin()}.
   *
   * @param told publishes the change, before anything that follows from it is
   */
  Uni<Void> replace(
      UUID asset,
      Source source,
      Map<String, Component> after,
      Function<BomChange, Uni<Void>> told) {
    return held(asset, source)
        .chain(
            before -> {
              List<Component> come =
                  after.values().stream().filter(c -> !before.containsKey(c.purl())).toList();
              List<String> gone =
                  before.keySet().stream().filter(purl -> !after.containsKey(purl)).toList();
              List<String> all =
                  java.util.stream.Stream.concat(come.stream().map(Component::purl), gone.stream())
                      .toList();
              return letGo(asset, source, gone)
                  .chain(() -> hold(asset, source, come))
                  .chain(() -> told.apply(BomChange.between(before, after)))
                  .chain(() -> matching.rematch(asset, all));
            });
  }

  private Uni<Map<String, Component>> held(UUID asset, Source source) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(HELD, String.class)
                    .setParameter(1, asset)
                    .setParameter(2, source.name())
                    .getResultList())
        .map(
            purls ->
                BillOfMaterials.byPurl(
                    purls.stream().map(Component::of).flatMap(Optional::stream).toList()));
  }

  private Uni<Void> hold(UUID asset, Source source, List<Component> components) {
    if (components.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return update(COMPONENTS, components.stream().map(Holdings::row).toList())
        .chain(
            () ->
                update(
                    HOLD,
                    components.stream()
                        .map(c -> Map.of("id", Ids.next().toString(), "purl", c.purl()))
                        .toList(),
                    asset,
                    source.name()));
  }

  private Uni<Void> letGo(UUID asset, Source source, List<String> purls) {
    return purls.isEmpty()
        ? Uni.createFrom().voidItem()
        : update(LET_GO, purls, asset, source.name());
  }

  private static Map<String, String> row(Component component) {
    Map<String, String> row = new HashMap<>();
    row.put("id", Ids.next().toString());
    row.put("purl", component.purl());
    row.put("type", component.type());
    row.put("namespace", component.namespace());
    row.put("name", component.name());
    row.put("version", component.version());
    row.put("distro", component.distro());
    return row;
  }

  private Uni<Void> update(String statement, List<?> rows, Object... others) {
    return Panache.getSession()
        .chain(
            session -> {
              var query = session.createNativeQuery(statement).setParameter(1, write(rows));
              for (int i = 0; i < others.length; i++) {
                query.setParameter(i + 2, others[i]);
              }
              return query.executeUpdate();
            })
        .replaceWithVoid();
  }

  private String write(List<?> rows) {
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
